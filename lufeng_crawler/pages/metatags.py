"""The meta tags that 《政府网站发展指引》(国办发〔2017〕47号) prescribes, for what no visible line states."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from lufeng_crawler.pages import dates
from lufeng_crawler.pages.evidence import Finding
from lufeng_crawler.pages.page import Page
from lufeng_crawler.pages.text import clean, squeezed

_TAGS = etree.XPath("//meta[@name and @content]")
_FIELDS = {"articletitle": "title", "pubdate": "published", "contentsource": "source"}
"""`Author` is left out: sites fill it with who put the page up, an editor or an account, not with who wrote it."""


def read(page: Page) -> dict[str, str]:
    """What the page's tags state, by the tag's name in lower case; the first of a name counts."""
    stated: dict[str, str] = {}
    for tag in _TAGS(page.root):
        if content := clean(tag.get("content")):
            stated.setdefault(tag.get("name").strip().lower(), content)
    return stated


def findings(tags: dict[str, str]) -> Iterator[Finding]:
    """The tags' word on an article; a source that only names the site itself is none."""
    for name, field in _FIELDS.items():
        value = tags.get(name)
        if not value or (field != "title" and squeezed(value) == squeezed(tags.get("sitename", ""))):
            continue
        if field == "published":
            value = dates.stated(value)
        if value:
            yield Finding(field, value, f"meta {name}")
