"""The meta tags that 《政府网站发展指引》(国办发〔2017〕47号) prescribes, for what no visible line states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from lufeng_crawler.pages import dates
from lufeng_crawler.pages.evidence import Finding
from lufeng_crawler.pages.page import Page
from lufeng_crawler.pages.text import clean

PRESCRIBED = frozenset(
    (
        *("SiteName", "SiteDomain", "SiteIDCode"),
        *("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"),
        *("ArticleTitle", "PubDate", "ContentSource", "Keywords", "Author", "Description", "Image", "Url"),
    )
)
_DASHED = re.compile(r"(\d)-(\d\d:\d\d)")
_PARTED = re.compile(r"\s*[,，;；、|]\s*")
_TAGS = etree.XPath("/descendant::meta[(@name or @property) and @content]")
_DATES = ("pubdate", "publishdate", "article:published_time", "og:published_time", "firstpublishedtime")
"""The standard's tag, and what else sites state a date in: Open Graph's, UCAP's."""
_KNOWN = frozenset((*map(str.lower, PRESCRIBED), *_DATES, "og:title"))


def read(page: Page) -> dict[str, str]:
    """What the page's tags state, by the tag's name in lower case; the first of a name counts, and only known ones."""
    stated: dict[str, str] = {}
    for tag in _TAGS(page.root):
        name = (tag.get("name") or tag.get("property")).strip().lower()
        if name not in stated and name in _KNOWN and (content := clean(tag.get("content"))):
            stated[name] = content
    return stated


def prescribed(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that the standard names, by its names; what else sites write into their heads is left out."""
    return {name: tags[name.lower()] for name in sorted(PRESCRIBED) if name.lower() in tags}


def keywords(tags: Mapping[str, str]) -> tuple[str, ...]:
    """The words of `Keywords`, each once; parted by commas, or by spaces where there are none."""
    words = tags.get("keywords", "")
    parts = _PARTED.split(words) if _PARTED.search(words) else words.split()
    return tuple(dict.fromkeys(part for part in parts if part))


def findings(tags: Mapping[str, str]) -> Iterator[Finding]:
    """The tags' word on an article's date and source; `headline` weighs the title.

    `Author` is left out: sites fill it with who put the page up, an editor or an account, not with who wrote it.
    """
    for name in _DATES:
        if published := dates.stated(_DASHED.sub(r"\1 \2", tags.get(name, ""))):
            yield Finding("published", published, f"meta {name}")
            break
    if source := tags.get("contentsource"):
        yield Finding("source", source, "meta contentsource")
