"""A family as somebody would add it: all that its CMS does in its own way stands in this module."""

from __future__ import annotations

import re

from lufeng_crawler.items import Entry, Listing
from lufeng_crawler.pages.html.conventions import Conventions, article_key
from lufeng_crawler.pages.html.family import Family, Mark
from lufeng_crawler.pages.text.urls import canonical_url

_ROW = re.compile(r"^row (\S+) (.+)$", re.M)


def read_document(text: str, url: str) -> Listing | None:
    """Return the listing in the CMS's own data format: `row URL TITLE`, one a line."""
    if not text.startswith("made-up list\n"):
        return None
    rows = [(canonical_url(href, url), title) for href, title in _ROW.findall(text)]
    return Listing(tuple(Entry(title, href, article_key(href)) for href, title in rows), family=FAMILY.name)


FAMILY = Family(
    name="made-up",
    marks=(Mark(("Made by Made-Up CMS",)),),
    read_document=read_document,
    conventions=Conventions(
        article_ids=(re.compile(r"/made-up/(\d+)\.view$"),),
        article_urls=(re.compile(r"/made-up/old/"),),
        download_urls=(re.compile(r"/made-up/file\?"),),
        title_tags=("muheadline",),
        body_tags=("mutext",),
        block_tags=("mu",),
        href_attributes=("mu-href",),
        src_attributes=("mu-src",),
    ),
)
