"""Reads one line of a listing: its link, title and date, and whether it is pinned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from lufeng_crawler.items import Entry
from lufeng_crawler.pages import dates
from lufeng_crawler.pages.addresses import canonical, host, key
from lufeng_crawler.pages.page import Element, text_of
from lufeng_crawler.pages.text import clean, lines, squeezed

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PINNED = etree.XPath(
    "boolean(descendant-or-self::*/@class[contains(.,'zhiding') or contains(.,'top-tag') or contains(.,'istop') or "
    "contains(.,'isTop')] or descendant::img/@*[contains(.,'zhiding') or contains(.,'置顶')])"
)
_TOP = re.compile(r"[【\[(（]?\s*置\s*顶\s*[】\])）]?\s*[:：]?")
_TAG = re.compile(r"[【\[〔].{1,14}[】\]〕]|[\u4e00-\u9fff]{2,6}")
_MORE = re.compile(r"(?:查看|阅读|了解)?(?:更多|详情|全文|详细)|\[?(?:详细|more)\]?|>+", re.I)
_TRAILING_DATE = re.compile(r"[\[(（]?\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[\])）]?$")
_DATE_ENDS = frozenset("0123456789日])）")
_BULLET = re.compile(r"^[\s·•●○◆◇■□▪►▶>»›※★☆]+(?=\S)|^\d{1,3}\s?[.、]\s?(?=[\u4e00-\u9fff《“])")
_MARK = re.compile(r"^[【\[(（]\s*置\s*顶\s*[】\])）]\s*")
_PART = re.compile(r"[\d\s年月日./-]+")
_BOX = 40
_CUT = re.compile(r"(?:\.{2,}|…+)$")


def entry(row: Element, base: str) -> Entry | None:
    """The entry that `row` is, or None where it links to nothing with a title.

    A row whose link leads nowhere (`javascript:`) is an entry without address: `url` and `key` are empty.
    """
    link = _main([(link, text) for link in row.iter("a") if _leads(link) and (text := _words(link))])
    title = _title(link) if link is not None else ""
    if link is None or len(title) < 2:
        return None
    around = _around(lines(text_of(row)), title)
    address = canonical(link.get("href", ""), base)
    return Entry(
        _MARK.sub("", _BULLET.sub("", title)),
        address,
        key(address) if host(address) == host(base) else address,  # ids are each site's own
        _date(around, row),
        _is_pinned(row, around, title),
    )


def distinct(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """Each address once, in page order: a picture and a headline that lead to one article are one line."""
    seen: dict[str, Entry] = {}
    for place, found in enumerate(entries):
        if found:
            name = found.url or f"without address {place}"
            known = seen.get(name)
            seen[name] = replace(known, published=known.published or found.published) if known else found
    return tuple(seen.values())


def _leads(link: Element) -> bool:
    return link.get("href") is not None or link.get("onclick") is not None


def _words(link: Element) -> str:
    return clean(text_of(link)) or clean(link.get("title", ""))


def _main(links: list[tuple[Element, str]]) -> Element | None:
    """The link to the article: not the tag of its column before it, nor 查看详情 behind it."""
    if len(links) > 1:
        links = [(link, text) for link, text in links if not _MORE.fullmatch(text)] or links
        links = [(link, text) for link, text in links if not _TAG.fullmatch(text)] or links
    return links[0][0] if links else None


def _title(link: Element) -> str:
    """The link's heading or first line; its `title` where the text is cut short or there is none."""
    heading = (
        next((text for element in link.iter(*_HEADINGS) if (text := clean(text_of(element)))), "") if len(link) else ""
    )
    shown = heading or next((line for line in lines(text_of(link)) if not dates.is_date(line)), "")
    shown = shown.replace("\t", " ")
    full = clean(link.get("title", ""))
    if full and not heading and (not shown or (_CUT.search(shown) and _begins(full, shown))):
        return full
    return _undated(shown) or full


def _begins(full: str, shown: str) -> bool:
    return squeezed(full).startswith(squeezed(_CUT.sub("", shown))[:6])


def _undated(text: str) -> str:
    """A link that holds its date too (`标题 2023-06-29`) without it."""
    return clean(_TRAILING_DATE.sub("", text)) if text and text[-1] in _DATE_ENDS else text


def _around(texts: Iterable[str], title: str) -> list[str]:
    """The row's lines and cells without its title: dates inside a headline are not the line's date."""
    texts = (text.replace(title, " ") for text in texts)
    return [cell for text in texts for cell in text.split("\t") if cell.strip()]


def _date(around: list[str], row: Element) -> str | None:
    """The date of a box of its own; else of a short one or split over several; else any, a summary's dates last."""
    alone = [text for text in around if dates.is_date(text)]
    short = [text for text in around if len(text) <= _BOX]
    for texts in (alone, [" ".join(alone)], short, _split(row), around):
        if found := next((found for text in texts if (found := dates.first(text))), None):
            return found
    return None


def _split(row: Element) -> Iterator[str]:
    """What stands in boxes that hold numbers only, joined: 10/23 in one and 2020 in another."""
    yield " ".join(box for text in row.itertext() if _PART.fullmatch(box := clean(text)))


def _is_pinned(row: Element, around: list[str], title: str) -> bool:
    return bool(_TOP.match(title) or any(_TOP.search(text) for text in around if len(text) <= _BOX) or _PINNED(row))
