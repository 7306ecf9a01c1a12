"""Reads listings that a page's script would fetch: JSON as gov.cn and Guangdong's gkmlpt answer it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lufeng_crawler.items import Entry, Listing, Other
from lufeng_crawler.pages.html.conventions import article_key
from lufeng_crawler.pages.listing.entries import distinct_entries
from lufeng_crawler.pages.text import dates
from lufeng_crawler.pages.text.urls import canonical_url
from lufeng_crawler.pages.text.whitespace import clean_line

_TITLES = ("title", "doctitle", "articletitle", "name", "subject")
_ADDRESSES = ("url", "docpuburl", "puburl", "link", "href", "linkurl", "articleurl")
_DATES = ("docrelpubtime", "display_publish_time", "publishtime", "publish_time", "pubdate", "pubtime", "pub_time",
          "publishdate", "docreltime", "date", "time", "created_at")  # fmt: skip
_MARKUP = re.compile(r"<[^<>]*>")
_PAGE = re.compile(r"(?<=[?&]page=)\d{1,6}\b")
_CALLBACK = re.compile(r"[\w.$]{1,60}\(\s*(?=[\[{])")
_DEEPEST = 4
_MOST = 3000
"""Lines of an answer that are read: gov.cn's lists, the longest seen, hold some hundreds."""


def is_json(text: str) -> bool:
    """Whether a body looks like JSON, or like JSON handed to a callback, and not like a page."""
    start = text[:200].lstrip("\ufeff \t\r\n")
    return start.startswith(("{", "[")) or _CALLBACK.match(start) is not None


def read_json_listing(text: str, url: str) -> Listing | Other:
    """The listing that `text` is; Other where it is no JSON or names no articles."""
    try:
        answer = json.loads(_CALLBACK.sub("", text.lstrip("\ufeff \t\r\n"), count=1).rstrip(" \t\r\n;)"))
    except (ValueError, RecursionError):
        return Other("not a page: JSON that cannot be read")
    for rows in _lists(answer, 0):
        if found := distinct_entries(_entry(row, url) for row in rows[:_MOST]):
            return Listing(found, _next(answer, url, len(rows)))
    return Other("not a page: JSON that lists no articles")


def _lists(answer: Any, depth: int) -> Iterator[Sequence[Mapping[str, Any]]]:
    """The lists of objects in an answer, outermost first."""
    if depth > _DEEPEST:
        return
    if isinstance(answer, list):
        if rows := [row for row in answer if isinstance(row, dict)]:
            yield rows
    elif isinstance(answer, dict):
        for value in answer.values():
            yield from _lists(value, depth + 1)


def _entry(row: Mapping[str, Any], base: str) -> Entry | None:
    named = {name.lower(): value for name, value in row.items()}
    title = next((clean_line(_MARKUP.sub("", named[name])) for name in _TITLES if isinstance(named.get(name), str)), "")
    href = next((named[name] for name in _ADDRESSES if isinstance(named.get(name), str)), "")
    address = canonical_url(href, base) if href else ""
    if len(title) < 2 or not address:
        return None
    return Entry(title, address, article_key(address), _date(named))


def _date(named: Mapping[str, Any]) -> str | None:
    """The date of a row; a number is seconds since 1970, or thousandths of them."""
    for name in _DATES:
        value = named.get(name)
        if isinstance(value, str) and (found := dates.parse_date(value)):
            return found
        if isinstance(value, int) and 10**8 < value < 10**13:
            seconds = value // 1000 if value > 10**11 else value
            return datetime.fromtimestamp(seconds, dates.SHANGHAI).isoformat()
    return None


def _next(answer: Any, url: str, count: int) -> str | None:
    """The address of the next page, where the address counts pages and the answer names how many lines there are."""
    page, total = _PAGE.search(urlsplit(url).geturl()), answer.get("total") if isinstance(answer, dict) else None
    if not page or not isinstance(total, int) or int(page[0]) * count >= total:
        return None
    return f"{url[: page.start()]}{int(page[0]) + 1}{url[page.end() :]}"
