"""Finds the lines of a listing on a page whose system is not known: what repeats, holds links and is dated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lufeng_crawler.pages.html.page import Element, Page, iter_links, text_of
from lufeng_crawler.pages.listing import row_dates
from lufeng_crawler.pages.text import dates

_DEEPEST = 7
_LONGEST = 1500
_MOST = 2000
"""Links that a page of a column may have; whoever serves more would only keep the reader busy."""

_DIGIT = re.compile(r"\d")
# begins with what it looks behind of: digits are sought faster than places without one before them
_MONTH_DAY = re.compile(r"\d(?<!\d\d)\d?[-/.月]\d{1,2}(?!\d)")
_JOINED = re.compile(r"[\d日月]\s*(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d年?\s*\d")
"""A year beside another number, as where the boxes of a split date meet."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Alike siblings that hold links: how many of them state a date, and how much text they have."""

    rows: list[Element]
    dated: int
    length: int


def find_row_groups(page: Page) -> list[RowGroup]:
    """Every group that could be the lines of a listing, best first: the most dated lines, then the most text."""
    found = [group for rows in _alike(page.root) if (group := _group(rows))]
    return sorted(found, key=lambda group: (group.dated, group.length), reverse=True)


def innermost_rows(rows: list[Element]) -> Iterator[Element]:
    """The rows; in the place of one that holds dated rows itself, as unclosed tables make them, what it holds."""
    for row in rows:
        inner = [each for each in row.iter(row.tag) if each is not row and _is_line(each)]
        yield from inner or [row]


def _is_line(row: Element) -> bool:
    return (
        next(row.iter("a"), None) is not None
        and next(row.iterdescendants(row.tag), None) is None
        and _is_dated(row, text_of(row))
    )


def _alike(root: Element) -> Iterator[list[Element]]:
    """Siblings of one tag that hold links; lists of five lines each that follow one another are one list."""
    known: dict[tuple[Element, str, str, str], list[Element]] = defaultdict(list)
    climbed: dict[Element, int] = {}  # how far above each element has been looked at, from one of its links
    for link in islice(iter_links(root), _MOST):
        row = link
        for left in range(_DEEPEST, 0, -1):
            before, holder = climbed.get(row, 0), row.getparent()
            if holder is None or before >= left:
                break
            climbed[row] = left
            if not before:
                above = holder.getparent()
                known[above if above is not None else holder, holder.tag, holder.get("class", ""), row.tag].append(row)
            row = holder
    return iter(known.values())


def _group(rows: list[Element]) -> RowGroup | None:
    """The rows that have the length of a line; a lone one only where it is a dated `li` or `tr`."""
    if len(rows) == 1 and rows[0].tag not in {"li", "tr"}:
        return None
    fitting = [(row, text) for row in rows if 5 <= len(text := text_of(row).strip()) <= _LONGEST]
    dated = sum(_is_dated(row, text) for row, text in fitting)
    if not fitting or (len(fitting) == 1 and not dated):
        return None
    return RowGroup([row for row, _ in fitting], dated, sum(min(len(text), 40) for _, text in fitting))


def _is_dated(row: Element, text: str) -> bool:
    """Whether a row states a date, in one place or split over boxes, which inline ones do not show in its text."""
    if not _DIGIT.search(text):
        return False
    if _MONTH_DAY.search(text) or dates.find_date(text):
        return True
    return (
        _JOINED.search(text) is not None
        and row_dates.parse_boxes(" ".join(row_dates.select_numbers(row.itertext()))) is not None
    )
