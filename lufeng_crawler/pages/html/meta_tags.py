"""Reads the meta tags that 《政府网站发展指引》(国办发〔2017〕47号) prescribes, and others: for what no line states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.page import Page
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.whitespace import clean_line

PRESCRIBED = frozenset(
    (
        *("SiteName", "SiteDomain", "SiteIDCode"),
        *("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"),
        *("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"),
    )
)
_SEPARATOR = re.compile(r"\s*[,，;；、|]\s*")
_OTHER_DATE_TAGS = (
    *("publishdate", "publish_date", "publishtime", "publish_time", "publishedtime", "firstpublishedtime"),
    *("article:published_time", "og:published_time", "og:article:published_time", "datepublished"),
)
"""Names that other systems give to what the standard calls PubDate."""
_KNOWN_TAGS = frozenset((*map(str.lower, PRESCRIBED), *_OTHER_DATE_TAGS, "og:title"))


def read_meta_tags(page: Page) -> dict[str, str]:
    """Return what the known tags of a page state, by name (or property) in lower case; the first of a name counts."""
    stated: dict[str, str] = {}
    for name, value in page.meta:
        name = name.lower()
        if name in _KNOWN_TAGS and name not in stated and (content := clean_line(value)):
            stated[name] = content
    return stated


def select_prescribed(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags that the standard names, by its names; what else sites write into their heads is left out."""
    return {name: tags[name.lower()] for name in sorted(PRESCRIBED) if name.lower() in tags}


def split_keywords(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of `Keywords`, each once; they are separated by commas, or by spaces where there are none."""
    words = tags.get("keywords", "")
    parts = _SEPARATOR.split(words) if _SEPARATOR.search(words) else words.split()
    return tuple(dict.fromkeys(part for part in parts if part))


def find_tagged_fields(tags: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the date and source that the tags state; `title` weighs the headline.

    `Author` is left out: sites fill it with who put the page up, an editor or an account, not with who wrote it.
    """
    if published := dates.parse_date(tags.get("pubdate", "")):
        yield Finding("published", published, "meta pubdate")
    if source := tags.get("contentsource"):
        yield Finding("source", source, "meta contentsource")


def find_other_dates(tags: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the date in a tag that the standard does not know, for pages that state none otherwise."""
    for name in _OTHER_DATE_TAGS:
        if published := dates.parse_timestamp(tags.get(name, "")):
            yield Finding("published", published, f"meta {name}")
            return
