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
from lufeng_crawler.pages.html.page import Element, Page, iter_links, link_texts, parse
from lufeng_crawler.pages.text import content_encoding
from lufeng_crawler.pages.text.charset import decode_page
from lufeng_crawler.pages.text.urls import clean_url, is_root
from lufeng_crawler.pages.text.whitespace import clean_line, collapse_spaces

_DECORATION = re.compile(r"^[\W_]+|[^\w)）》”]+$")
_TITLE_SEPARATOR = re.compile(r"\s*[-_|—–·>»]+\s*")
_NOT_A_NAME = re.compile(
    r"(?:网站|门户)?(?:首页|主页)|home(?:page)?|index|更多|more|详情|[上下尾末后前].?页|(?:查看|了解|返回).*|.*(?:登录|注册)",
    re.I,
)
_NOT_A_COLUMN = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|zip|rar|jpe?g|png|gif|mp[34]|apk|xml)$|/(?:19|20)\d{6}[_/]\w+", re.I
)
"""Files, and articles that are named by their day."""

_SITE_ID_CODE = re.compile(r"(?:bm|BM)?\d{8,10}")
"""Ten digits, or two letters and eight; unfilled templates state other things."""

_MIN_NAME_LENGTH, _MAX_NAME_LENGTH = 2, 14
_MAX_LINKS = 1500


@dataclass(frozen=True, slots=True)
class ColumnLink:
    """A link whose text has the length of a column's name."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SiteProfile:
    """What a page says of its site.

    `title` is empty where it has none; `marks` are the pieces of markup by which the family was recognised;
    `page_title` is the whole `<title>`; `links` are in page order, one for each name of a link.
    """

    title: str = ""
    page_title: str = ""
    site_id_code: str | None = None
    family: str = "generic"
    marks: tuple[str, ...] = ()
    links: tuple[ColumnLink, ...] = ()

    def urls_named(self, name: str) -> tuple[str, ...]:
        """Return where the links of that name lead, each URL once."""
        bare_name = collapse_spaces(name).lower()
        return tuple(dict.fromkeys(link.url for link in self.links if collapse_spaces(link.name).lower() == bare_name))


def read_site_profile(capture: Capture) -> SiteProfile:
    """Return what a captured page says of its site; an empty profile where it is no text."""
    try:
        body = content_encoding.decode_payload(capture.body, capture.header("Content-Encoding") or "")
    except ValueError:
        return SiteProfile()
    decoded = decode_page(body, capture.header("Content-Type"))
    page = parse(clean_url(capture.url), decoded.text, decoded.utf8, decoded.encoding)
    tags, family = meta_tags.read_meta_tags(page), recognise(page)
    marks = (text for mark in family.marks for text in mark.texts if text in page.source)
    return SiteProfile(
        title=tags.get("sitename") or _site_name(page),
        page_title=page.title,
        site_id_code=code if _SITE_ID_CODE.fullmatch(code := tags.get("siteidcode", "")) else None,
        family=family.name,
        marks=tuple(marks),
        links=tuple(dict.fromkeys(_column_links(page))),
    )


def _site_name(page: Page) -> str:
    """Return what is left of a home page's title without 首页."""
    parts = [part for part in _TITLE_SEPARATOR.split(page.title) if part and not _NOT_A_NAME.fullmatch(part)]
    return parts[0] if parts else ""


def _column_links(page: Page) -> Iterator[ColumnLink]:
    for link in islice(iter_links(page.root), _MAX_LINKS):
        url = page.resolve(link.get("href"))
        if not url or url == page.url or is_root(url) or is_article_url(url) or _NOT_A_COLUMN.search(url):
            continue
        for name in _link_names(link):
            if (
                _MIN_NAME_LENGTH <= len(name) <= _MAX_NAME_LENGTH
                and name.isprintable()
                and not _NOT_A_NAME.fullmatch(name)
            ):
                yield ColumnLink(name, url)


def _link_names(link: Element) -> list[str]:
    return [_DECORATION.sub("", clean_line(text)) for text in link_texts(link)]
