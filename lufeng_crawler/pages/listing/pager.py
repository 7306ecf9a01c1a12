"""Finds the next page of a listing where the page itself offers one: a link, or what a script would go to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from urllib.parse import urlsplit

from lxml import etree

from lufeng_crawler.pages.html.page import Element, Page
from lufeng_crawler.pages.listing import script_pager
from lufeng_crawler.pages.text.urls import is_same_page, site_host
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

NEXT_WORDS = frozenset(["下页", "下一页", "后页", "后一页", "下一頁", "下頁", "next", "nextpage"])
ARROWS = frozenset([">", "»", "›", "→"])
BACK_WORDS = frozenset(
    ["上页", "上一页", "前页", "前一页", "上一頁", "首页", "第一页", "prev", "previous", "<", "«", "‹", "<<"]
)
SIGNS = "[]【】>»›→▶·"
_ALL_SIGNS = SIGNS + "<«‹"
_MAX_NAME_LENGTH = 30
"""Characters that the text of a pager's link may have, white space included."""
_MIN_HEADLINE_LENGTH = 12
"""Characters from which a link's text is no longer a pager's."""
_MAX_SEARCHED = 12
"""Elements that are searched for the name of a link: searching all takes time with the square of their depth."""
_MAX_LINKS, _MAX_TRIED = 4000, 100
"""Links that are read, and those of them that are tried: of the pages seen, none has a tenth of either."""
_click_handlers = etree.XPath("/descendant::*/@onclick[contains(.,'location')]")
NEXT_CLASS = re.compile(r"(?:^|[\s_-]|page|pg|btn)next(?:page|btn)?(?:$|[\s_-])", re.I)
DISABLED_CLASS = re.compile(r"(?:^|[\s_-])disabled?(?:$|[\s_-])", re.I)
CURRENT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:current(?:page)?|curr?|active|on|now|hover|sel(?:ected)?|this(?:class|page)?|page_?cur)(?:$|[\s_-])",
    re.I,
)
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_NUMBER_NAME = re.compile(r"第?\s{0,2}([1-9]\d{0,5})\s{0,2}页?")
_NUMBERED_ADDRESS = re.compile(r"[?&/_-](?:[a-z]{0,12}=)?\d{1,6}(?=&|\.|/|\Z)", re.I)
_BOX_TAGS = frozenset(("li", "span", "em", "b", "strong", "i", "div"))
_NAME_STEM = re.compile(r"(?!index|default|main)[A-Za-z]*")
_PAGE_FOLDER = re.compile(r"(?<=/)(?:page/)?\d{1,6}/$")


def find_next_page(page: Page) -> str | None:
    """Return the URL behind 下页, or the one that a script makes; None where there is none.

    It is on this host and never this page itself.

    Words go before signs and numbers, which count only where they stay beside this page's URL. A link that leads to an
    earlier page, or where a headline leads as well, is no next page whatever it is called.
    """
    links = [
        (link, link_name(link)) for link in islice(page.root.iter("a"), _MAX_LINKS) if link.get("href") is not None
    ]
    refused = {link.get("href") for link, name in links if name in BACK_WORDS or _is_headline(name)}
    for href in islice(_links_by_word(page, links), _MAX_TRIED):
        if href not in refused and (url := followable_url(href, page)):
            return url
    for href in islice(_links_by_sign(page, links), _MAX_TRIED):
        if href not in refused and (url := followable_url(href, page)) and is_beside(url, page.url):
            return url
    scripted = script_pager.next_from_script(page.source, page.url)
    return followable_url(scripted, page) if scripted else None


def followable_url(href: str, page: Page) -> str | None:
    """Return the absolute URL of `href` if it is another page of this site, http or https, with or without www."""
    url = page.resolve(href)
    is_followable = url and site_host(url) == site_host(page.url) and not is_same_page(url, page.url)
    return url if is_followable else None


def _links_by_word(page: Page, links: Sequence[tuple[Element, str]]) -> Iterator[str]:
    """Yield where links and buttons lead that are named 下一页, and what is marked as `rel="next"`."""
    for link, name in links:
        if name.strip(SIGNS) in NEXT_WORDS and not _has_class(link, DISABLED_CLASS):
            yield link.get("href")
            yield script_pager.click_target(link.get("onclick", ""))
    for handler in _click_handlers(page.root):
        if link_name(handler.getparent()).strip(SIGNS) in NEXT_WORDS:
            yield script_pager.click_target(handler)
    for link, name in (*links, *((mark, "") for mark in page.root.iter("link"))):
        if link.get("rel") == "next" and (not name or _NUMBER.fullmatch(name)):
            yield link.get("href", "")


def _links_by_sign(page: Page, links: Sequence[tuple[Element, str]]) -> Iterator[str]:
    """Yield where links lead that are an arrow, an icon of the class `next`, or the number behind this page's."""
    for link, name in links:
        is_sign = name in ARROWS or (not name.strip(SIGNS) and _has_class(link, NEXT_CLASS))
        if is_sign and not _has_class(link, DISABLED_CLASS):
            yield link.get("href")
    for link, name in links:
        if (number := page_number(name)) and _is_current(page, link, number - 1):
            yield link.get("href")
    yield from _links_by_row(page, links)
    yield script_pager.next_from_options(page) or ""


def _links_by_row(page: Page, links: Sequence[tuple[Element, str]]) -> Iterator[str]:
    """Yield where the number behind this page's leads, in a row of links that are numbers one after another.

    This page's is the one that leads here; where none does and none is marked, it is 1 if this leads to the same
    address but for its query, and the page's own has no number.
    """
    numbered = [(number, link) for link, name in links if (number := page_number(name))]
    steps = [
        (first, second)
        for (first_number, first), (number, second) in pairwise(numbered)
        if number == first_number + 1 and _stand_together(first, second)
    ]
    here = [pair for pair in steps if is_same_page(page.resolve(pair[0].get("href")), page.url)]
    is_marked = any(_has_class(link, CURRENT_CLASS) for _, link in numbered)
    if not here and not is_marked and not is_numbered(page.url):
        path = urlsplit(page.url).path
        firsts = [pair for pair in steps if page_number(link_name(pair[0])) == 1]
        here = [pair for pair in firsts if urlsplit(page.resolve(pair[0].get("href"))).path == path]
    yield from (second.get("href") for _, second in here if is_numbered(page.resolve(second.get("href"))))


def _stand_together(first: Element, second: Element) -> bool:
    """Return whether two links stand in one box, or in boxes that follow each other."""
    one, other = first.getparent(), second.getparent()
    return one is other or (one is not None and other is not None and one.getnext() is other and one.tag in _BOX_TAGS)


def page_number(name: str) -> int | None:
    """Return the number of the page that a link is named after: 3, [3], 第3页."""
    match = _NUMBER_NAME.fullmatch(name.strip("[]【】"))
    return int(match[1]) if match else None


def is_numbered(url: str) -> bool:
    """Return whether the last part of an address or its query has a number of its own, as those of further pages."""
    parts = urlsplit(url)
    return _NUMBERED_ADDRESS.search(f"/{parts.path.rpartition('/')[2]}?{parts.query}") is not None


def link_name(element: Element) -> str:
    """Return what a link is called, in small letters: its text, or where this is a sign its title or its picture's."""
    inside = list(islice(element.iterdescendants(), _MAX_SEARCHED)) if len(element) else []
    text = element.text or ""
    for each in inside:
        text += (each.text or "") + (each.tail or "")
    if len(text) > _MAX_NAME_LENGTH and len(text := clean_line(text)) > _MAX_NAME_LENGTH:
        return text
    name = collapse_spaces(text).lower()
    if name.strip(_ALL_SIGNS):
        return name
    labels = (each.get(key) for each in (element, *inside) for key in ("title", "aria-label", "alt", "value"))
    return next((label_name for label in labels if label and (label_name := collapse_spaces(label).lower())), name)


def _is_headline(name: str) -> bool:
    return len(name) >= _MIN_HEADLINE_LENGTH and "页" not in name


def _has_class(link: Element, pattern: re.Pattern[str]) -> bool:
    """Return whether a link, the box it is in, or its first child has a class."""
    elements = (link, link.getparent(), *link[:1])
    return any(pattern.search(names) for element in elements if (names := element.get("class")))


def _is_current(page: Page, link: Element, number: int) -> bool:
    """Return whether `number` stands before `link` as the page that is shown: no link, one to here, or marked."""
    before = link.getprevious()
    between = collapse_spaces((link.getparent().text if before is None else before.tail) or "").strip("[]【】|")
    if between:
        return between == str(number)
    if before is None and link.getparent().tag in _BOX_TAGS:
        before = link.getparent().getprevious()
    if before is None or page_number(link_name(before)) != number:
        return False
    inside = [before, *islice(before.iterdescendants(), _MAX_SEARCHED)]
    leads = any(each.tag == "a" and followable_url(each.get("href", ""), page) for each in inside)
    return not leads or any(CURRENT_CLASS.search(each.get("class", "")) for each in inside)


def is_beside(candidate: str, url: str) -> bool:
    """Return whether a URL lies where the further pages of `url` would: in its folder, below it, or named as it is."""
    path = urlsplit(url).path
    folder, _, name = path.rpartition("/")
    folder = _PAGE_FOLDER.sub("", folder + "/")
    stem = _NAME_STEM.match(name) if folder == "/" else None
    return urlsplit(candidate).path.startswith(folder + (stem[0] if stem else ""))
