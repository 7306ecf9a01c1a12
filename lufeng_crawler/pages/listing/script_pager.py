"""Finds the next page where no link names it: in a script that draws a pager, or in a `<select>` of pages."""

from __future__ import annotations

import re
from itertools import pairwise

from lufeng_crawler.pages.html.page import Page

_QUOTED_NAME = r"""\s*['"]([\w-]{1,60})['"]\s*"""
_FROM_ZERO = re.compile(rf"createPageHTML\(\s*(\d{{1,6}})\s*,\s*(\d{{1,6}})\s*,{_QUOTED_NAME},{_QUOTED_NAME}[,)]")
_FROM_ONE = re.compile(
    rf"createPageHTML\({_QUOTED_NAME},\s*(\d{{1,6}})\s*,\s*(\d{{1,6}})\s*,{_QUOTED_NAME},{_QUOTED_NAME}[,)]"
)
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d{1,6})\b")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,6})\b")
_NAME_STEM = re.compile(r"""["']?\b([\w-]{1,60})\\?["']\s*\+\s*["']_["']""")
_JOINED_STEM = re.compile(r"""\b([\w-]{1,59})_\\?["']\s{0,9}\+\s{0,9}\(?nextPage\b""")
_ENDING = re.compile(
    r"""\bnextPage\b\s{0,9}\)?\s{0,9}\+\s{0,9}["'](?:\.["']\s{0,9}\+\s{0,9}["']|\.)([a-z]{1,6})\b""", re.I
)
_URL_ENDING = re.compile(r"\.(s?html?)(?:[?#]|\Z)", re.I)
_OPTION = re.compile(
    r"<option\b([^<>]{0,400})>\s{0,40}第?\s{0,9}(\d{1,6})\s{0,9}(?:页|/\s?\d{1,6}\s?页?)?\s{0,40}<", re.I
)
_VALUE_ATTRIBUTE = re.compile(r"""\bvalue\s?=\s?["']?([^\s"'<>]{0,300}[./?][^\s"'<>]{0,300})""", re.I)
_LOCATION = re.compile(
    r"""\b(?:location(?:\.href)?\s?=\s?|location\.assign\(\s?|window\.open\(\s?)["']([^"'\s]{1,300})["'](?!\s?\+)"""
)
_MAX_HANDLER_LENGTH = 1000
"""Characters of a handler that are searched."""


def click_target(handler: str) -> str:
    """Return the URL that `onclick="location.href='index_2.html'"` goes to; empty where it is not written out."""
    match = (
        _LOCATION.search(handler[:_MAX_HANDLER_LENGTH]) if "location" in handler or "window.open" in handler else None
    )
    return match[1] if match else ""


def next_from_script(source: str, url: str = "") -> str | None:
    """Return the next page that the scripts of TRS and of the provincial platforms make of the numbers in their call.

    `createPageHTML(20, 0, "index", "html")` counts from 0 and so do the variables countPage and currentPage;
    `createPageHTML('page_div', 50, 1, 'list', 'shtml', 1000)` counts from 1. `url` is the page's: its ending is that of
    the next page where the script writes none.
    """
    if "createPageHTML" not in source and "countPage" not in source:
        return None
    if call := _FROM_ONE.search(source):
        count, current, stem, ending = int(call[2]), int(call[3]), call[4], call[5]
        return f"{stem}_{current + 1}.{ending}" if 1 <= current < count else None
    if call := _FROM_ZERO.search(source):
        return _next_from_zero(int(call[1]), int(call[2]), call[3], call[4])
    count_, current_ = _COUNT.search(source), _CURRENT.search(source)
    return _next_from_zero(int(count_[1]), int(current_[1]), *_name_parts(source, url)) if count_ and current_ else None


def _name_parts(source: str, url: str) -> tuple[str, str]:
    """Return the stem and the ending by which a script names the next page: `"list_" + nextPage + ".htm"`."""
    stem = _NAME_STEM.search(source) or _JOINED_STEM.search(source)
    ending = _ENDING.search(source) or _URL_ENDING.search(url)
    return stem[1] if stem else "index", ending[1] if ending else "html"


def next_from_options(page: Page) -> str | None:
    """Return the option behind this page's in `<select onchange="location.href=this.value">`, its value a URL.

    This page's option is the one that holds its URL, else the selected one. The tree has no options: they are no text.
    """
    if "<option" not in page.source and "<OPTION" not in page.source:
        return None
    options = [(attributes, int(number)) for attributes, number in _OPTION.findall(page.source)]
    steps = [
        (first_attributes, second_attributes)
        for (first_attributes, first), (second_attributes, second) in pairwise(options)
        if second == first + 1
    ]
    by_url = [
        second_attributes
        for first_attributes, second_attributes in steps
        if page.resolve(_option_value(first_attributes)) == page.url
    ]
    following = by_url or [
        second_attributes for first_attributes, second_attributes in steps if "selected" in first_attributes.lower()
    ]
    return _option_value(following[0]) if following else None


def option_of_page(page: Page, options: str) -> int | None:
    """Return the number of the option whose value is this page's URL; None where there is none."""
    found = _OPTION.findall(options)
    return next(
        (int(number) for attributes, number in found if page.resolve(_option_value(attributes)) == page.url), None
    )


def _option_value(attributes: str) -> str:
    match = _VALUE_ATTRIBUTE.search(attributes)
    return match[1].replace("&amp;", "&") if match else ""


def _next_from_zero(count: int, current: int, stem: str, ending: str) -> str | None:
    return f"{stem}_{current + 1}.{ending}" if current + 1 < count else None
