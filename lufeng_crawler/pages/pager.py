"""Finds the next page of a listing where the page itself offers one: a link, or the call of a script that draws one."""

from __future__ import annotations

import re

from lxml import etree

from lufeng_crawler.pages.addresses import canonical, host
from lufeng_crawler.pages.page import Element, Page, text_of
from lufeng_crawler.pages.text import squeezed

_WORDS = frozenset(["下页", "下一页", "后页", "后一页", "下一頁", "next", "nextpage", ">", "»", "›"])
_LONGEST = 30
"""Characters that the text of a pager's link may have, white space included."""
_LINKS = etree.XPath("//a[@href]")
_NAMED = r"""\s*['"]([\w-]{1,60})['"]\s*"""
_FROM_ZERO = re.compile(rf"createPageHTML\(\s*(\d{{1,6}})\s*,\s*(\d{{1,6}})\s*,{_NAMED},{_NAMED}[,)]")
_FROM_ONE = re.compile(rf"createPageHTML\({_NAMED},\s*(\d{{1,6}})\s*,\s*(\d{{1,6}})\s*,{_NAMED},{_NAMED}[,)]")
_COUNT = re.compile(r"\bcountPage\s*=\s*(\d{1,6})\b")
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,6})\b")
_STEM = re.compile(r"""["']?\b([\w-]{1,60})\\?["']\s*\+\s*["']_["']""")


def next_page(page: Page) -> str | None:
    """The address behind 下页, or drawn by a script: of this host, never this page itself; None where there is none."""
    for link in _LINKS(page.root):
        if _offers_next(link) and (address := allowed(link.get("href"), page)):
            return address
    drawn = _drawn(page.source) if "createPageHTML" in page.source or "countPage" in page.source else None
    return allowed(drawn, page) if drawn else None


def allowed(href: str, page: Page) -> str | None:
    """The address of `href` where a listing may be followed to it."""
    address = canonical(href, page.url)
    return address if address and address != page.url and host(address) == host(page.url) else None


def _offers_next(link: Element) -> bool:
    text = text_of(link)
    if len(text) > _LONGEST:
        return False
    name = squeezed(text).lower() or squeezed(link.get("title", "")).lower()
    return name in _WORDS or name.strip("[]【】>»›") in _WORDS


def _drawn(source: str) -> str | None:
    """What the scripts of TRS and of the provincial platforms make of the numbers that they are called with.

    `createPageHTML(20, 0, "index", "html")` counts from 0 and so do the variables countPage and currentPage;
    `createPageHTML('page_div', 50, 1, 'list', 'shtml', 1000)` counts from 1.
    """
    if call := _FROM_ONE.search(source):
        count, current, stem, ending = int(call[2]), int(call[3]), call[4], call[5]
        return f"{stem}_{current + 1}.{ending}" if 1 <= current < count else None
    if call := _FROM_ZERO.search(source):
        return _from_zero(int(call[1]), int(call[2]), call[3], call[4])
    count_, current_, stem_ = _COUNT.search(source), _CURRENT.search(source), _STEM.search(source)
    if not count_ or not current_:
        return None
    return _from_zero(int(count_[1]), int(current_[1]), stem_[1] if stem_ else "index", "html")


def _from_zero(count: int, current: int, stem: str, ending: str) -> str | None:
    return f"{stem}_{current + 1}.{ending}" if current + 1 < count else None
