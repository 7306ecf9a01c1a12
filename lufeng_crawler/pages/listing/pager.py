"""Finds the next page of a listing where the page itself offers one: a link, or what a script would go to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from lufeng_crawler.pages.html.page import Element, Page
from lufeng_crawler.pages.listing import script_pager
from lufeng_crawler.pages.text.urls import canonical_url, url_host
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

_WORDS = frozenset(["下页", "下一页", "后页", "后一页", "下一頁", "下頁", "next", "nextpage"])
_ARROWS = frozenset([">", "»", "›", "→"])
_BACK = frozenset(
    ["上页", "上一页", "前页", "前一页", "上一頁", "首页", "第一页", "prev", "previous", "<", "«", "‹", "<<"]
)
_SIGNS = "[]【】>»›→▶·"
_ALL_SIGNS = _SIGNS + "<«‹"
_LONGEST = 30
"""Characters that the text of a pager's link may have, white space included."""
_HEADLINE = 12
"""Characters from which a link's text is no longer a pager's."""
_FEW = 12
"""Elements that are looked into for the name of a link: looking into all takes time with the square of their depth."""
_MOST, _TRIED = 4000, 100
"""Links that are looked at, and those of them that are tried: of the pages seen, none has a tenth of either."""
_CLICKED = etree.XPath("/descendant::*/@onclick[contains(.,'location')]")
_NEXT = re.compile(r"(?:^|[\s_-]|page|pg|btn)next(?:page|btn)?(?:$|[\s_-])", re.I)
_DISABLED = re.compile(r"(?:^|[\s_-])disabled?(?:$|[\s_-])", re.I)
_MARKED = re.compile(
    r"(?:^|[\s_-])(?:current(?:page)?|curr?|active|on|now|hover|sel(?:ected)?|this(?:class|page)?|page_?cur)(?:$|[\s_-])",
    re.I,
)
_NUMBER = re.compile(r"[1-9]\d{0,5}")
_BOXES = frozenset(("li", "span", "em", "b", "strong", "i", "div"))
_STEM = re.compile(r"(?!index|default|main)[A-Za-z]*")
_COUNTED = re.compile(r"(?<=/)(?:page/)?\d{1,6}/$")


def find_next_page(page: Page) -> str | None:
    """The address behind 下页, or drawn by a script: of this host, never this page itself; None where there is none.

    Words go before signs and numbers, which are believed only where they stay beside this page's address. What leads
    to an earlier page, or to what a headline leads to as well, is no next page whatever it is called.
    """
    links = [(link, _name(link)) for link in islice(page.root.iter("a"), _MOST) if link.get("href") is not None]
    refused = {link.get("href") for link, name in links if name in _BACK or _is_headline(name)}
    for href in islice(_worded(page, links), _TRIED):
        if href not in refused and (address := followable_url(href, page)):
            return address
    for href in islice(_signed(page, links), _TRIED):
        if href not in refused and (address := followable_url(href, page)) and _is_beside(address, page.url):
            return address
    told = script_pager.next_from_script(page.source)
    return followable_url(told, page) if told else None


def followable_url(href: str, page: Page) -> str | None:
    """The address of `href` where a listing may be followed to it."""
    address = canonical_url(href, page.url)
    return address if address and address != page.url and url_host(address) == url_host(page.url) else None


def _worded(page: Page, links: Sequence[tuple[Element, str]]) -> Iterator[str]:
    """Where links and buttons lead that are named 下一页, and what is marked as `rel="next"`."""
    for link, name in links:
        if name.strip(_SIGNS) in _WORDS and not _has_class(link, _DISABLED):
            yield link.get("href")
            yield script_pager.click_target(link.get("onclick", ""))
    for handler in _CLICKED(page.root):
        if _name(handler.getparent()).strip(_SIGNS) in _WORDS:
            yield script_pager.click_target(handler)
    for link, name in (*links, *((mark, "") for mark in page.root.iter("link"))):
        if link.get("rel") == "next" and (not name or _NUMBER.fullmatch(name)):
            yield link.get("href", "")


def _signed(page: Page, links: Sequence[tuple[Element, str]]) -> Iterator[str]:
    """Where links lead that are an arrow, an icon of the class `next`, or the number behind this page's."""
    for link, name in links:
        if (name in _ARROWS or (not name.strip(_SIGNS) and _has_class(link, _NEXT))) and not _has_class(
            link, _DISABLED
        ):
            yield link.get("href")
    for link, name in links:
        if _NUMBER.fullmatch(number := name.strip("[]【】")) and _is_current(page, link, int(number) - 1):
            yield link.get("href")
    yield script_pager.next_from_options(page) or ""


def _name(element: Element) -> str:
    """What a link is called, in small letters: its text, or where this is a sign its title or its picture's."""
    inside = list(islice(element.iterdescendants(), _FEW)) if len(element) else []
    text = element.text or ""
    for each in inside:
        text += (each.text or "") + (each.tail or "")
    if len(text) > _LONGEST and len(text := clean_line(text)) > _LONGEST:
        return text
    name = collapse_spaces(text).lower()
    if name.strip(_ALL_SIGNS):
        return name
    labels = (each.get(key) for each in (element, *inside) for key in ("title", "aria-label", "alt", "value"))
    return next((found for label in labels if label and (found := collapse_spaces(label).lower())), name)


def _is_headline(name: str) -> bool:
    return len(name) >= _HEADLINE and "页" not in name


def _has_class(link: Element, wanted: re.Pattern[str]) -> bool:
    """Whether a link, the box it is in, or what it begins with is of a class."""
    elements = (link, link.getparent(), *link[:1])
    return any(wanted.search(names) for element in elements if (names := element.get("class")))


def _is_current(page: Page, link: Element, number: int) -> bool:
    """Whether `number` stands directly before `link`, as the page that is shown: no link, one to here, or marked."""
    before = link.getprevious()
    between = collapse_spaces((link.getparent().text if before is None else before.tail) or "").strip("[]【】|")
    if between:
        return between == str(number)
    if before is None and link.getparent().tag in _BOXES:
        before = link.getparent().getprevious()
    if before is None or _name(before).strip("[]【】") != str(number):
        return False
    inside = [before, *islice(before.iterdescendants(), _FEW)]
    leads = any(each.tag == "a" and followable_url(each.get("href", ""), page) for each in inside)
    return not leads or any(_MARKED.search(each.get("class", "")) for each in inside)


def _is_beside(address: str, url: str) -> bool:
    """Whether an address lies where the further pages of `url` would: in its folder, below it, or named as it is."""
    path = urlsplit(url).path
    folder, _, name = path.rpartition("/")
    folder = _COUNTED.sub("", folder + "/")
    stem = _STEM.match(name) if folder == "/" else None
    return urlsplit(address).path.startswith(folder + (stem[0] if stem else ""))
