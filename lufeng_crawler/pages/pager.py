"""Finds the next page of a listing where the page itself offers one."""

from __future__ import annotations

from lxml import etree

from lufeng_crawler.pages.addresses import canonical, host
from lufeng_crawler.pages.page import Element, Page, text_of
from lufeng_crawler.pages.text import squeezed

_WORDS = frozenset(["下页", "下一页", "后页", "后一页", "下一頁", "next", "nextpage", ">", "»", "›"])
_LINKS = etree.XPath("//a[@href]")


def next_page(page: Page) -> str | None:
    """The address behind 下页: of this host, never this page itself, and None where the link leads nowhere."""
    for link in _LINKS(page.root):
        if _offers_next(link) and (address := allowed(link.get("href"), page)):
            return address
    return None


def allowed(href: str, page: Page) -> str | None:
    """The address of `href` where a listing may be followed to it."""
    address = canonical(href, page.url)
    return address if address and address != page.url and host(address) == host(page.url) else None


def _offers_next(link: Element) -> bool:
    name = squeezed(text_of(link)).lower()
    if len(name) < 10 and (name in _WORDS or name.strip("[]【】>»›") in _WORDS):
        return True
    return not name and squeezed(link.get("title", "")).lower() in _WORDS
