"""Reads listings that a page's script would fetch: JSON in the forms of gov.cn and Guangdong's gkmlpt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lufeng_crawler.items import CHINA, Entry, Extent, Listing, Other
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.listing.entries import distinct_entries
from lufeng_crawler.pages.listing.stated_counts import Counts, named_count
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.urls import canonical_url, site_host
from lufeng_crawler.pages.text.whitespace import clean_line

_TITLE_KEYS = ("title", "doctitle", "articletitle", "name", "subject")
_URL_KEYS = ("url", "docpuburl", "puburl", "link", "href", "linkurl", "articleurl")
_DATE_KEYS = ("docrelpubtime", "display_publish_time", "publishtime", "publish_time", "pubdate", "pubtime", "pub_time",
          "publishdate", "docreltime", "date", "time", "created_at")  # fmt: skip
_MARKUP = re.compile(r"<[^<>]*>")
_PAGE_PARAMETER = re.compile(r"[?&](?:page|page_?no|page_?num|curr?ent_?page|cur_?page)=(\d{1,6})\b", re.I)
_OFFSET_PARAMETER = re.compile(r"[?&](?:start|offset|skip)=(\d{1,7})\b", re.I)
_MORE_KEYS = ("hasnext", "hasnextpage", "hasmore")
_LAST_KEYS = ("islastpage", "last", "islast")
_CALLBACK = re.compile(r"[\w.$]{1,60}\(\s*(?=[\[{])")
_NOTHING = Counts()
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
            return _make_listing(entries, len(rows), _read_stated(document), url)
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
    return Entry(title, url, article_key(url) if site_host(url) == site_host(base) else url, _entry_date(fields))


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


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a document says of its length; `is_last` None where it does not say."""

    counts: Counts = _NOTHING
    is_last: bool | None = None

    def or_else(self, other: _Stated) -> _Stated:
        """Return this, completed by another where nothing is stated."""
        return _Stated(self.counts.or_else(other.counts), other.is_last if self.is_last is None else self.is_last)


def _read_stated(node: Any, depth: int = 0) -> _Stated:
    """Return what the objects round a list state: `total`, `pageNo`, `hasNextPage`; the outer ones go first."""
    stated, inner = _Stated(), _Stated()
    for name, value in node.items() if isinstance(node, dict) and depth <= _MAX_DEPTH else ():
        key = name.lower()
        if isinstance(value, dict):
            inner = inner.or_else(_read_stated(value, depth + 1))
        elif isinstance(value, bool):
            if key in (*_MORE_KEYS, *_LAST_KEYS):
                stated = stated.or_else(_Stated(is_last=value == (key in _LAST_KEYS)))
        elif isinstance(value, int | str) and (text := str(value)).isdecimal():
            stated = stated.or_else(_Stated(named_count("totalcount" if key in {"total", "count"} else key, text)))
    return stated.or_else(inner)


def _make_listing(entries: tuple[Entry, ...], rows: int, stated: _Stated, url: str) -> Listing:
    """Return a listing with its next page, where the URL counts pages or lines and the total says that more follow."""
    counts, page, offset = stated.counts, _PAGE_PARAMETER.search(url), _OFFSET_PARAMETER.search(url)
    number = int(page[1]) if page else None if offset else counts.page
    seen = int(offset[1]) + rows if offset else (number or 1) * rows
    is_last, next_page = stated.is_last, None
    if is_last is None and counts.total is not None and (number or offset or rows >= counts.total):
        is_last = seen >= counts.total or (number is not None and number == counts.pages)
    if page and number and is_last is False:
        next_page = f"{url[: page.start(1)]}{number + 1}{url[page.end(1) :]}"
    elif offset and is_last is False:
        next_page = f"{url[: offset.start(1)]}{seen}{url[offset.end(1) :]}"
    has_pager = is_last is not None or counts != Counts()
    extent = Extent(rows, 0, counts.total, counts.pages, number, has_pager=has_pager, is_last=bool(is_last))
    return Listing(entries, next_page, extent=extent)
