"""Reads one line of a listing: its link, title and date, and whether it is pinned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lxml import etree

from lufeng_crawler.items import Entry
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.html.page import Element, Page, text_of
from lufeng_crawler.pages.listing import row_dates, script_pager
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.urls import canonical_url, url_host
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces, split_lines

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PINS = ("zhiding", "top-tag", "istop", "isTop")
_PINNED = etree.XPath(
    f"boolean(descendant-or-self::*/@class[{' or '.join(f'contains(.,{name!r})' for name in _PINS)}] or "
    "descendant::img/@*[contains(.,'zhiding') or contains(.,'置顶')])"
)
_TOP = re.compile(r"[【\[(（]?\s*置\s*顶\s*[】\])）]?\s*[:：]?")
_TAG = re.compile(r"[【\[〔〖「(（<].{1,14}[】\]〕〗」)）>]|[·•\s]*[\u4e00-\u9fff]{2,6}\s?[|｜丨:：>»·]*")
_NO_FILE = re.compile(r"[\w-]/$|/(?:index|list)\.\w+$|^#|^javascript:")
_MORE = re.compile(r"[\[【]?(?:(?:点击)?(?:查看|阅读|了解)?(?:更多|详情|全文|详细)|more)[\]】]?\s?[>»›＞]*|>+", re.I)
_TRAILING_DATE = re.compile(r"[\[(（]?\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[\])）]?$")
_DATE_ENDS = frozenset("0123456789日])）")
_BULLET = re.compile(r"^[\s·•●○◆◇■□▪►▶>»›※★☆]+(?=\S)|^\d{1,3}\s?[.、]\s?(?=[\u4e00-\u9fff《“])")
_MARK = re.compile(r"^[【\[(（]\s*置\s*顶\s*[】\])）]\s*")
_LABEL = re.compile(r"^(?:文章)?标\s?题\s?[:：]\s?")
_EDGE_DIGIT = re.compile(r"^\s*[\[(（]?\d|[\d日][\])）]?\s*$")
_DIGIT_OR_COLON = re.compile(r"[:：]|\d{4}")
_BOX = 40
_WORD = 6
"""Characters that a text needs more of to be a headline, cut short or beside its link."""
_CUT = re.compile(r"(?:\.{2,}|…+)$")


def has_pin_class(page: Page) -> bool:
    """Whether a page has a class by which lines are marked as pinned: else each line need not be searched for one."""
    return any(name in page.names for name in _PINS)


def read_entry(row: Element, base: str, marked: bool = True) -> Entry | None:
    """The entry that `row` is, or None where it links to nothing with a title.

    A row whose link leads nowhere (`javascript:`) is an entry without address: `url` and `key` are empty. `marked` is
    what `marks_pins` says of its page.
    """
    link = _main([(link, text) for link in row.iter("a") if _leads(link) and (text := _words(link))])
    if link is None:
        return None
    shown, title = split_lines(text_of(row)), _title(link)
    if _MORE.fullmatch(title):  # the headline stands beside its link
        title = _headline(row, shown)
    if len(title) < 2:
        return None
    around, address = _around(shown, title), _address(link, row, base)
    return Entry(
        _MARK.sub("", _BULLET.sub("", title)),
        address,
        article_key(address) if url_host(address) == url_host(base) else address,  # ids are each site's own
        row_dates.find_row_date(row, around, address),
        _is_pinned(row, around, title, marked),
    )


def distinct_entries(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
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
    return clean_line(text_of(link)) or clean_line(link.get("title", ""))


def _address(link: Element, row: Element, base: str) -> str:
    """Where a link leads, or else what it or its row goes to when it is clicked; empty where nothing says so."""
    if address := canonical_url(link.get("href", ""), base):
        return address
    clicked = (script_pager.click_target(element.get("onclick", "")) for element in (link, row))
    return next((address for href in clicked if (address := canonical_url(href, base))), "")


def _main(links: list[tuple[Element, str]]) -> Element | None:
    """The link to the article: not that of its column before it, by words or address, nor 查看详情 behind it."""
    if len(links) > 1:
        links = [(link, text) for link, text in links if not _MORE.fullmatch(text)] or links
        links = [(link, text) for link, text in links if not _TAG.fullmatch(text)] or links
        links = [(link, text) for link, text in links if not _NO_FILE.search(link.get("href", ""))] or links
    return links[0][0] if links else None


def _title(link: Element) -> str:
    """The link's heading or first line; its `title` where the text is cut short or there is none."""
    heading = _heading(link) if len(link) else ""
    texts = split_lines(_undressed(link)) if len(link) else [clean_line(link.text or "")]
    shown = heading or next((line for line in texts if not dates.is_date(line)), "")
    shown = shown.replace("\t", " ")
    full = _stated(link)
    return full if full and (not shown or _is_cut(shown, full)) else _undated(shown) or full


def _heading(element: Element) -> str:
    return next((text for heading in element.iter(*_HEADINGS) if (text := clean_line(text_of(heading)))), "")


def _headline(row: Element, shown: Sequence[str]) -> str:
    """The heading, or else the first line, of a row whose link says 查看详情 only."""
    texts = (text for line in shown for text in line.split("\t") if len(text) > _WORD and not dates.is_date(text))
    return _heading(row) or next((text for text in texts if not _MORE.fullmatch(text)), "")


def _undressed(link: Element) -> str:
    """A link's text without the boxes of a date that it begins or ends with: `<b>11</b><i>2024-05</i>标题`."""
    text = text_of(link)
    if not len(link) or not _EDGE_DIGIT.search(text):
        return text
    texts = list(link.itertext())
    worded = [place for place, each in enumerate(texts) if each.strip() and not any(row_dates.select_numbers([each]))]
    first, last = (worded[0], worded[-1] + 1) if worded else (0, len(texts))
    boxes = " ".join(row_dates.select_numbers([*texts[:first], *texts[last:]]))
    return "".join(texts[first:last]) if row_dates.parse_boxes(boxes) or dates.is_date(boxes) else text


def _stated(link: Element) -> str:
    """What `title` says, of the link or of what it holds: its first line, without the word 标题."""
    stated = link.get("title") or next((title for each in link.iterchildren() if (title := each.get("title"))), "")
    return clean_line(_LABEL.sub("", stated.strip().partition("\n")[0])) if stated else ""


def _is_cut(shown: str, full: str) -> bool:
    """Whether a title that is shown breaks off: in an ellipsis, or in the middle of what the whole one says."""
    if _CUT.search(shown):
        return collapse_spaces(full).startswith(collapse_spaces(_CUT.sub("", shown))[:6])
    rest = full.removeprefix(shown)
    return _WORD < len(shown) < len(full) and rest != full and rest[0].isalpha() and not _DIGIT_OR_COLON.search(rest)


def _undated(text: str) -> str:
    """A link that holds its date too (`标题 2023-06-29`) without it."""
    return clean_line(_TRAILING_DATE.sub("", text)) if text and text[-1] in _DATE_ENDS else text


def _around(texts: Iterable[str], title: str) -> list[str]:
    """The row's lines and cells without its title: dates inside a headline are not the line's date."""
    texts = (text.replace(title, " ") for text in texts)
    return [cell for text in texts for cell in text.split("\t") if cell.strip()]


def _is_pinned(row: Element, around: list[str], title: str, marked: bool) -> bool:
    texts = (text for text in around if len(text) <= _BOX and "置" in text)
    if _TOP.match(title) or any(map(_TOP.search, texts)):
        return True
    return bool((marked or next(row.iter("img"), None) is not None) and _PINNED(row))
