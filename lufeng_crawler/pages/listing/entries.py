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
from lufeng_crawler.pages.text.urls import site_host
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces, split_lines

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PIN_CLASSES = ("zhiding", "top-tag", "istop", "isTop")
_has_pin_mark = etree.XPath(
    f"boolean(descendant-or-self::*/@class[{' or '.join(f'contains(.,{name!r})' for name in _PIN_CLASSES)}] or "
    "descendant::img/@*[contains(.,'zhiding') or contains(.,'置顶')])"
)
_PIN_WORD = re.compile(r"[【\[(（]?\s*置\s*顶\s*[】\])）]?\s*[:：]?")
_COLUMN_TAG = re.compile(r"[【\[〔〖「(（<].{1,14}[】\]〕〗」)）>]|[·•\s]*[\u4e00-\u9fff]{2,6}\s?[|｜丨:：>»·]*")
_LISTING_URL = re.compile(r"[\w-]/$|/(?:index|list)\.\w+$|^#|^javascript:")
_MORE_LINK = re.compile(
    r"[\[【]?(?:(?:点击)?(?:查看|阅读|了解)?(?:更多|详情|全文|详细)|more)[\]】]?\s?[>»›＞]*|>+", re.I
)
_TRAILING_DATE = re.compile(r"[\[(（]?\s*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s*[\])）]?$")
_DATE_ENDS = frozenset("0123456789日])）")
_BULLET = re.compile(r"^[\s·•●○◆◇■□▪►▶>»›※★☆]+(?=\S)|^\d{1,3}\s?[.、]\s?(?=[\u4e00-\u9fff《“])")
_PIN_PREFIX = re.compile(r"^[【\[(（]\s*置\s*顶\s*[】\])）]\s*")
_TITLE_LABEL = re.compile(r"^(?:文章)?标\s?题\s?[:：]\s?")
_EDGE_DIGIT = re.compile(r"^\s*[\[(（]?\d|[\d日][\])）]?\s*$")
_DIGIT_OR_COLON = re.compile(r"[:：]|\d{4}")
_MAX_PIN_CELL = 40
_MAX_WORD_LENGTH = 6
"""A text with more characters may be a headline, cut short or beside its link."""
_ELLIPSIS = re.compile(r"(?:\.{2,}|…+)$")


def has_pin_class(page: Page) -> bool:
    """Return whether a page has a class by which lines are marked as pinned: else no line need be searched for one."""
    return any(name in page.names for name in _PIN_CLASSES)


def read_entry(row: Element, page: Page, page_has_pins: bool = True) -> Entry | None:
    """Return the entry in a row, or None where it links to nothing with a title.

    A row whose link leads nowhere (`javascript:`) is an entry without URL: `url` and `key` are empty.
    `page_has_pins` is what `has_pin_class` returns for its page.
    """
    link = _article_link(
        [(link, text) for link in row.iter("a") if _is_clickable(link) and (text := _link_words(link))]
    )
    if link is None:
        return None
    lines, title = split_lines(text_of(row)), _link_title(link)
    if _MORE_LINK.fullmatch(title):  # the headline stands beside its link
        title = _row_headline(row, lines)
    if len(title) < 2:
        return None
    around, url = _cells_without_title(lines, title), _link_url(link, row, page)
    return Entry(
        _PIN_PREFIX.sub("", _BULLET.sub("", title)),
        url,
        article_key(url) if site_host(url) == site_host(page.url) else url,  # ids are each site's own
        row_dates.find_row_date(row, around, url),
        _is_pinned(row, around, title, page_has_pins),
    )


def distinct_entries(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """Return the entries with each URL once, in page order.

    A picture and a headline that lead to one article are one entry.
    """
    by_url: dict[str, Entry] = {}
    for place, entry in enumerate(entries):
        if entry:
            url = entry.url or f"without address {place}"
            known = by_url.get(url)
            by_url[url] = replace(known, published=known.published or entry.published) if known else entry
    return tuple(by_url.values())


def _is_clickable(link: Element) -> bool:
    return link.get("href") is not None or link.get("onclick") is not None


def _link_words(link: Element) -> str:
    return clean_line(text_of(link)) or clean_line(link.get("title", ""))


def _link_url(link: Element, row: Element, page: Page) -> str:
    """Return where a link leads, or else where a click on it or its row leads; empty where nothing says so."""
    if url := page.resolve(link.get("href", "")):
        return url
    clicked = (script_pager.click_target(element.get("onclick", "")) for element in (link, row))
    return next((url for href in clicked if (url := page.resolve(href))), "")


def _article_link(links: list[tuple[Element, str]]) -> Element | None:
    """Return the link to the article: not that of its column before it, by words or URL, nor 查看详情 behind it."""
    if len(links) > 1:
        links = [(link, text) for link, text in links if not _MORE_LINK.fullmatch(text)] or links
        links = [(link, text) for link, text in links if not _COLUMN_TAG.fullmatch(text)] or links
        links = [(link, text) for link, text in links if not _LISTING_URL.search(link.get("href", ""))] or links
    return links[0][0] if links else None


def _link_title(link: Element) -> str:
    """Return the link's heading or first line; its `title` where the text is cut short or there is none."""
    heading = _heading_text(link) if len(link) else ""
    texts = split_lines(_text_without_date_boxes(link)) if len(link) else [clean_line(link.text or "")]
    text = heading or next((line for line in texts if not dates.is_date(line)), "")
    text = text.replace("\t", " ")
    attribute = _title_attribute(link)
    if attribute and (not text or _is_cut(text, attribute)):
        return attribute
    return _without_trailing_date(text) or attribute


def _heading_text(element: Element) -> str:
    return next((text for heading in element.iter(*_HEADINGS) if (text := clean_line(text_of(heading)))), "")


def _row_headline(row: Element, lines: Sequence[str]) -> str:
    """Return the heading, or else the first line, of a row whose link says only 查看详情."""
    cells = (cell for line in lines for cell in line.split("\t") if len(cell) > _MAX_WORD_LENGTH)
    texts = (cell for cell in cells if not dates.is_date(cell) and not _MORE_LINK.fullmatch(cell))
    return _heading_text(row) or next(texts, "")


def _text_without_date_boxes(link: Element) -> str:
    """Return a link's text without the boxes of a date at its start or end: `<b>11</b><i>2024-05</i>标题`."""
    text = text_of(link)
    if not len(link) or not _EDGE_DIGIT.search(text):
        return text
    texts = list(link.itertext())
    worded = [place for place, each in enumerate(texts) if each.strip() and not any(row_dates.select_numbers([each]))]
    first, last = (worded[0], worded[-1] + 1) if worded else (0, len(texts))
    boxes = " ".join(row_dates.select_numbers([*texts[:first], *texts[last:]]))
    return "".join(texts[first:last]) if row_dates.parse_boxes(boxes) or dates.is_date(boxes) else text


def _title_attribute(link: Element) -> str:
    """Return the `title` attribute of the link or of what it holds: its first line, without the word 标题."""
    stated = link.get("title") or next((title for each in link.iterchildren() if (title := each.get("title"))), "")
    return clean_line(_TITLE_LABEL.sub("", stated.strip().partition("\n")[0])) if stated else ""


def _is_cut(text: str, full: str) -> bool:
    """Return whether a title breaks off: in an ellipsis, or in the middle of the full one."""
    if _ELLIPSIS.search(text):
        return collapse_spaces(full).startswith(collapse_spaces(_ELLIPSIS.sub("", text))[:6])
    rest = full.removeprefix(text)
    if rest == full or not _MAX_WORD_LENGTH < len(text) < len(full):
        return False
    return rest[0].isalpha() and not _DIGIT_OR_COLON.search(rest)


def _without_trailing_date(text: str) -> str:
    """Return a link's text without a date at its end (`标题 2023-06-29`)."""
    return clean_line(_TRAILING_DATE.sub("", text)) if text and text[-1] in _DATE_ENDS else text


def _cells_without_title(texts: Iterable[str], title: str) -> list[str]:
    """Return the row's lines and cells without its title: dates inside a headline are not the row's date."""
    texts = (text.replace(title, " ") for text in texts)
    return [cell for text in texts for cell in text.split("\t") if cell.strip()]


def _is_pinned(row: Element, around: list[str], title: str, page_has_pins: bool) -> bool:
    texts = (text for text in around if len(text) <= _MAX_PIN_CELL and "置" in text)
    if _PIN_WORD.match(title) or any(map(_PIN_WORD.search, texts)):
        return True
    return bool((page_has_pins or next(row.iter("img"), None) is not None) and _has_pin_mark(row))
