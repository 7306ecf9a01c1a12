"""Reads what a page says of its site: name, SiteIDCode, the CMS with its marks, and the links that may be columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lufeng_crawler.items import Capture
from lufeng_crawler.pages.families.registry import recognise
from lufeng_crawler.pages.html import meta_tags
from lufeng_crawler.pages.html.conventions import is_article_url
from lufeng_crawler.pages.html.page import Element, Page, parse, text_of
from lufeng_crawler.pages.html.page import iter_links as page_links
from lufeng_crawler.pages.text import content_encoding
from lufeng_crawler.pages.text.charset import decode_text
from lufeng_crawler.pages.text.urls import canonical_url, clean_url, is_root
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

_DECORATION = re.compile(r"^[\W_]+|[^\w)）》”]+$")
_PARTING = re.compile(r"\s*[-_|—–·>»]+\s*")
_NOT_A_NAME = re.compile(
    r"(?:网站|门户)?(?:首页|主页)|home(?:page)?|index|更多|more|详情|[上下尾末后前].?页|(?:查看|了解|返回).*|.*(?:登录|注册)",
    re.I,
)
_NOT_A_COLUMN = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|zip|rar|jpe?g|png|gif|mp[34]|apk|xml)$|/(?:19|20)\d{6}[_/]\w+", re.I
)
"""Files, and articles that are named by their day."""

_CODE = re.compile(r"(?:bm|BM)?\d{8,10}")
"""Ten digits, or two letters and eight; templates that nobody filled in say other things."""

_SHORTEST, _LONGEST = 2, 14
_MOST = 1500


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A link that has the length of a column's name."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What a page says of its site. `title` is empty where it has none; `marks` are the pieces of markup by which
    the family was known; `page_title` is the `<title>` whole; `links` are in page order, a link for each of its names.
    """

    title: str = ""
    page_title: str = ""
    site_id_code: str | None = None
    family: str = "generic"
    marks: tuple[str, ...] = ()
    links: tuple[ColumnLink, ...] = ()

    def urls_named(self, name: str) -> tuple[str, ...]:
        """Where the links of that name lead, each address once."""
        wanted = collapse_spaces(name).lower()
        return tuple(dict.fromkeys(link.url for link in self.links if collapse_spaces(link.name).lower() == wanted))


def read_site_profile(capture: Capture) -> SiteProfile:
    """What a captured page says of its site; an empty Front where it is no text."""
    try:
        body = content_encoding.decode_payload(capture.body, capture.header("Content-Encoding") or "")
    except ValueError:
        return SiteProfile()
    page = parse(clean_url(capture.url), decode_text(body, capture.header("Content-Type")))
    tags, family = meta_tags.read_meta_tags(page), recognise(page)
    marks = (text for mark in family.marks for text in mark.texts if text in page.source)
    return SiteProfile(
        title=tags.get("sitename") or _site_name(page),
        page_title=page.title,
        site_id_code=code if _CODE.fullmatch(code := tags.get("siteidcode", "")) else None,
        family=family.name,
        marks=tuple(marks),
        links=tuple(dict.fromkeys(_links(page))),
    )


def _site_name(page: Page) -> str:
    """What is left of a home page's title without 首页."""
    parts = [part for part in _PARTING.split(page.title) if part and not _NOT_A_NAME.fullmatch(part)]
    return parts[0] if parts else ""


def _links(page: Page) -> Iterator[ColumnLink]:
    for link in islice(page_links(page.root), _MOST):
        url = canonical_url(link.get("href"), page.url)
        if not url or url == page.url or is_root(url) or is_article_url(url) or _NOT_A_COLUMN.search(url):
            continue
        for name in _names(link):
            if _SHORTEST <= len(name) <= _LONGEST and name.isprintable() and not _NOT_A_NAME.fullmatch(name):
                yield ColumnLink(name, url)


def _names(link: Element) -> list[str]:
    """Its text, its title, and those of its picture: whatever `find_column` finds it by."""
    pictures = [picture.get(name, "") for picture in link.iter("img") for name in ("alt", "title")]
    return [_DECORATION.sub("", clean_line(text)) for text in (text_of(link), link.get("title", ""), *pictures) if text]
