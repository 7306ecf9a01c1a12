"""Finds the next page where no link names it: in the call of a script that draws a pager, or in a box of pages."""

from __future__ import annotations

import re
from itertools import pairwise

from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.text.urls import canonical_url

_NAMED = r"""\s*['"]([\w-]{1,60})['"]\s*"""
_FROM_ZERO = re.compile(rf"createPageHTML\(\s*(\d{{1,6}})\s*,\s*(\d{{1,6}})\s*,{_NAMED},{_NAMED}[,)]")
_FROM_ONE = re.compile(rf"createPageHTML\({_NAMED},\s*(\d{{1,6}})\s*,\s*(\d{{1,6}})\s*,{_NAMED},{_NAMED}[,)]")
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d{1,6})\b")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,6})\b")
_STEM = re.compile(r"""["']?\b([\w-]{1,60})\\?["']\s*\+\s*["']_["']""")
_OPTION = re.compile(
    r"<option\b([^<>]{0,400})>\s{0,40}第?\s{0,9}(\d{1,6})\s{0,9}(?:页|/\s?\d{1,6}\s?页?)?\s{0,40}<", re.I
)
_VALUE = re.compile(r"""\bvalue\s?=\s?["']?([^\s"'<>]{0,300}[./?][^\s"'<>]{0,300})""", re.I)
_GOES = re.compile(
    r"""\b(?:location(?:\.href)?\s?=\s?|location\.assign\(\s?|window\.open\(\s?)["']([^"'\s]{1,300})["'](?!\s?\+)"""
)
_LONGEST = 1000
"""Characters of a handler that are read."""


def click_target(handler: str) -> str:
    """The address that `onclick="location.href='index_2.html'"` goes to; empty where it is not written out."""
    found = _GOES.search(handler[:_LONGEST]) if "location" in handler or "window.open" in handler else None
    return found[1] if found else ""


def next_from_script(source: str) -> str | None:
    """What the scripts of TRS and of the provincial platforms make of the numbers that they are called with.

    `createPageHTML(20, 0, "index", "html")` counts from 0 and so do the variables countPage and currentPage;
    `createPageHTML('page_div', 50, 1, 'list', 'shtml', 1000)` counts from 1.
    """
    if "createPageHTML" not in source and "countPage" not in source:
        return None
    if call := _FROM_ONE.search(source):
        count, current, stem, ending = int(call[2]), int(call[3]), call[4], call[5]
        return f"{stem}_{current + 1}.{ending}" if 1 <= current < count else None
    if call := _FROM_ZERO.search(source):
        return _from_zero(int(call[1]), int(call[2]), call[3], call[4])
    count_, current_, stem_ = _COUNT.search(source), _CURRENT.search(source), _STEM.search(source)
    if not count_ or not current_:
        return None
    return _from_zero(int(count_[1]), int(current_[1]), stem_[1] if stem_ else "index", "html")


def next_from_options(page: Page) -> str | None:
    """The option behind this page's in `<select onchange="location.href=this.value">`, its value an address.

    This page's is the one that holds its address, else the selected one. The tree has no options: they are no text.
    """
    if "<option" not in page.source and "<OPTION" not in page.source:
        return None
    options = [(attributes, int(number)) for attributes, number in _OPTION.findall(page.source)]
    steps = [(one, two) for (one, first), (two, second) in pairwise(options) if second == first + 1]
    here = [two for one, two in steps if canonical_url(_value(one), page.url) == page.url]
    chosen = here or [two for one, two in steps if "selected" in one.lower()]
    return _value(chosen[0]) if chosen else None


def _value(attributes: str) -> str:
    found = _VALUE.search(attributes)
    return found[1].replace("&amp;", "&") if found else ""


def _from_zero(count: int, current: int, stem: str, ending: str) -> str | None:
    return f"{stem}_{current + 1}.{ending}" if current + 1 < count else None
