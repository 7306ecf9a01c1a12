"""Reads listings that a page's script would fetch: JSON in the forms of gov.cn and Guangdong's gkmlpt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lufeng_crawler.items import CHINA, Entry, Listing, Other
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.listing.entries import distinct_entries
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.pages.text.whitespace import clean_line

_TITLE_KEYS = ("title", "doctitle", "articletitle", "name", "subject")
_URL_KEYS = ("url", "docpuburl", "puburl", "link", "href", "linkurl", "articleurl")
_DATE_KEYS = ("docrelpubtime", "display_publish_time", "publishtime", "publish_time", "pubdate", "pubtime", "pub_time",
          "publishdate", "docreltime", "date", "time", "created_at")  # fmt: skip
_MARKUP = re.compile(r"<[^<>]*>")
_PAGE_PARAMETER = re.compile(r"(?<=[?&]page=)\d{1,6}\b")
_CALLBACK = re.compile(r"[\w.$]{1,60}\(\s*(?=[\[{])")
_MAX_DEPTH = 4
_MAX_ENTRIES = 3000
"""Entries of a document that are read: gov.cn's lists, the longest seen, hold some hundreds."""


def is_json(text: str) -> bool:
    """Return whether a body looks like JSON, or like JSON handed to a callback, and not like a page."""
    start = text[:200].lstrip("\ufeff \t\r\n")
    return start.startswith(("{", "[")) or _CALLBACK.match(start) is not None


def read_json_listing(text: str, url: str) -> Listing | Other:
    """Read the listing in `text`; Other where it is no JSON or names no articles."""
    try:
        document = json.loads(_CALLBACK.sub("", text.lstrip("\ufeff \t\r\n"), count=1).rstrip(" \t\r\n;)"))
    except (ValueError, RecursionError):
        return Other("not a page: JSON that cannot be read")
    for rows in _iter_lists(document, 0):
        if entries := distinct_entries(_read_entry(row, url) for row in rows[:_MAX_ENTRIES]):
            return Listing(entries, _next_page(document, url, len(rows)))
    return Other("not a page: JSON that lists no articles")


def _iter_lists(node: Any, depth: int) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Yield the lists of objects in a document, outermost first."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, list):
        if rows := [row for row in node if isinstance(row, dict)]:
            yield rows
    elif isinstance(node, dict):
        for value in node.values():
            yield from _iter_lists(value, depth + 1)


def _read_entry(row: Mapping[str, Any], base: str) -> Entry | None:
    fields = {name.lower(): value for name, value in row.items()}
    title = clean_line(_MARKUP.sub("", _first_text(fields, _TITLE_KEYS)))
    href = _first_text(fields, _URL_KEYS)
    url = canonical_url(href, base) if href else ""
    if len(title) < 2 or not url:
        return None
    return Entry(title, url, article_key(url), _entry_date(fields))


def _first_text(fields: Mapping[str, Any], keys: Sequence[str]) -> str:
    return next((fields[key] for key in keys if isinstance(fields.get(key), str)), "")


def _entry_date(fields: Mapping[str, Any]) -> str | None:
    """Return the date of a row; a number is seconds since 1970, or milliseconds."""
    for name in _DATE_KEYS:
        value = fields.get(name)
        if isinstance(value, str) and (iso_date := dates.parse_date(value)):
            return iso_date
        if isinstance(value, int) and 10**8 < value < 10**13:
            seconds = value // 1000 if value > 10**11 else value
            return datetime.fromtimestamp(seconds, CHINA).isoformat()
    return None


def _next_page(document: Any, url: str, count: int) -> str | None:
    """Return the URL of the next page, where the URL counts pages and the document states the total of entries."""
    page = _PAGE_PARAMETER.search(urlsplit(url).geturl())
    total = document.get("total") if isinstance(document, dict) else None
    if not page or not isinstance(total, int) or int(page[0]) * count >= total:
        return None
    return f"{url[: page.start()]}{int(page[0]) + 1}{url[page.end() :]}"
