"""Makes an address of a site's own pattern that cannot exist, to learn what the site answers where nothing is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lufeng_crawler.pages.html.conventions import known_conventions

_HEX = r"(?<![0-9A-Za-z])(?=[0-9A-Fa-f-]*[A-Fa-f])(?=[0-9A-Fa-f-]*\d)(?:%s)(?![0-9A-Za-z])"
_HEX_ID = re.compile(_HEX % r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-Fa-f]{16,64}")
_MONTH, _DAY = r"(?:0[1-9]|1[0-2])", r"(?:0[1-9]|[12]\d|3[01])"
_DATES = re.compile(
    rf"(?<!\d)(?:19|20)\d\d(?:[-_/.]?{_MONTH}(?:[-_/.]?{_DAY})?|[-_/.](?:[1-9]|1[0-2])(?:[-_/.](?:[1-9]|[12]\d|3[01]))?)?"
    r"(?!\d)"
)
_NUMBER = re.compile(r"\d+")
_ID_PARAMETER = re.compile(
    r"[?&](?:wbnewsid|news_?id|article_?id|info_?id|doc_?id|content_?id|art_?id|archive_?id|item_?id|detail_?id|nid|aid|iid|tid|guid|uuid|key|id)=([0-9A-Za-z-]+)(?=&|$)",
    re.I,
)
_COLUMN_PARAMETER = re.compile(
    r"(?:page|p|pn|cat|catid|cid|lm|lmid|column\w*|channel\w*|site\w*|type\w*|tree\w*|wbtreeid|urltype|class\w*|unit\w*|web\w*|size|year|month|day|date|t|v|_)\Z",
    re.I,
)
_ANY_PARAMETER = re.compile(r"[?&]([^=&]+)=(\d{2,})(?=&|$)")
_MIN_DIGITS = 9
"""Digits of an id that no site has come to: fewer may be somebody's, more would not fit into 32 bits everywhere."""


def impossible_url(url: str) -> str | None:
    """Return an article's address with an id of the same form that cannot exist; None where it has none.

    Digits become 999999999, or as many as there were; hex digits f. Dates and columns in the address stay.
    """
    for start, end in _id_places(url):
        found = url[start:end]
        other = _impossible_id(found)
        if other and other != found:
            return url[:start] + other + url[end:]
    return None


def _impossible_id(found: str) -> str | None:
    if found.isdecimal():
        return "9" * max(_MIN_DIGITS, len(found))
    if re.fullmatch(r"[0-9A-Fa-f-]+", found):
        return re.sub(r"[0-9A-Fa-f]", "F" if found.upper() == found else "f", found)
    return None


def _id_places(url: str) -> Iterator[tuple[int, int]]:
    """Yield where an id may stand in an address, the likeliest first."""
    yield from (match.span(1) for pattern in known_conventions().article_ids if (match := pattern.search(url)))
    if match := _ID_PARAMETER.search(url):
        yield match.span(1)
    path_end = url.find("?") if "?" in url else len(url)
    path_start = url.find("/", url.find("://") + 3) if "://" in url else 0
    if path_start < 0:
        return
    for match in list(_HEX_ID.finditer(url, path_start, path_end))[::-1]:
        yield match.span()
    others = [match for match in _ANY_PARAMETER.finditer(url, path_end) if not _COLUMN_PARAMETER.match(match[1])]
    yield from (match.span(2) for match in others[::-1])
    yield from _numbers_in_path(url, path_start, path_end)


def _numbers_in_path(url: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of a path that are no dates, the last first; behind it that of a page of the text (`9_2`)."""
    name = url.rfind("/", start, end)
    # a page's own name may be a date and is no part of one that its folders begin (`/2026/3.htm`)
    dated = [match.span() for part in ((start, name), (name, end)) for match in _DATES.finditer(url, *part)]
    numbers = [
        match.span()
        for match in _NUMBER.finditer(url, start, end)
        if not any(first <= match.start() and match.end() <= last for first, last in dated)
    ]
    inside = [place for place in numbers if place[0] > name]
    if len(inside) > 1 and inside[-1][1] - inside[-1][0] == 1 and inside[-2][1] - inside[-2][0] > 2:
        inside[-2:] = inside[:-3:-1]
    yield from inside[::-1]
    yield from [place for place in numbers if place[0] <= name][::-1]
