"""Finds the rows of a listing on a page whose CMS is not known: what repeats, holds links and is dated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lufeng_crawler.pages.html.page import Element, Page, iter_links, text_of
from lufeng_crawler.pages.listing import row_dates
from lufeng_crawler.pages.text import dates

_MAX_DEPTH = 7
_MAX_ROW_LENGTH = 1500
_MAX_LINKS = 2000
"""Links of a page that are read: a page with more would only cost time."""

_DIGIT = re.compile(r"\d")
# The lookbehind follows the first digit: a pattern that begins with a digit is searched for faster.
_MONTH_DAY = re.compile(r"\d(?<!\d\d)\d?[-/.月]\d{1,2}(?!\d)")
_SPLIT_YEAR = re.compile(r"[\d日月]\s*(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d年?\s*\d")
"""A year beside another number, as where the boxes of a split date meet."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Similar siblings that hold links: how many of them state a date, and how much text they have."""

    rows: list[Element]
    dated: int
    length: int


def find_row_groups(page: Page) -> list[RowGroup]:
    """Return every group that could be the rows of a listing, best first: the most dated rows, then the most text."""
    groups = [group for rows in _similar_siblings(page.root) if (group := _make_group(rows))]
    return sorted(groups, key=lambda group: (group.dated, group.length), reverse=True)


def innermost_rows(rows: list[Element]) -> Iterator[Element]:
    """Yield the rows; in the place of one that holds dated rows itself, as unclosed tables make them, what it holds."""
    for row in rows:
        inner = [each for each in row.iter(row.tag) if each is not row and _is_line(each)]
        yield from inner or [row]


def _is_line(row: Element) -> bool:
    return (
        next(row.iter("a"), None) is not None
        and next(row.iterdescendants(row.tag), None) is None
        and _is_dated(row, text_of(row))
    )


def _similar_siblings(root: Element) -> Iterator[list[Element]]:
    """Return siblings of one tag that hold links; lists of five rows each that follow one another are one list."""
    known: dict[tuple[Element, str, str, str], list[Element]] = defaultdict(list)
    climbed: dict[Element, int] = {}  # how many levels above each element have been visited, from one of its links
    for link in islice(iter_links(root), _MAX_LINKS):
        row = link
        for left in range(_MAX_DEPTH, 0, -1):
            before, holder = climbed.get(row, 0), row.getparent()
            if holder is None or before >= left:
                break
            climbed[row] = left
            if not before:
                above = holder.getparent()
                known[above if above is not None else holder, holder.tag, holder.get("class", ""), row.tag].append(row)
            row = holder
    return iter(known.values())


def _make_group(rows: list[Element]) -> RowGroup | None:
    """Group the rows that have the length of a line; a lone one only where it is a dated `li` or `tr`."""
    if len(rows) == 1 and rows[0].tag not in {"li", "tr"}:
        return None
    fitting = [(row, text) for row in rows if 5 <= len(text := text_of(row).strip()) <= _MAX_ROW_LENGTH]
    dated = sum(_is_dated(row, text) for row, text in fitting)
    if not fitting or (len(fitting) == 1 and not dated):
        return None
    return RowGroup([row for row, _ in fitting], dated, sum(min(len(text), 40) for _, text in fitting))


def _is_dated(row: Element, text: str) -> bool:
    """Return whether a row states a date, in one place or split over boxes (inline ones do not show in its text)."""
    if not _DIGIT.search(text):
        return False
    if _MONTH_DAY.search(text) or dates.find_date(text):
        return True
    return (
        _SPLIT_YEAR.search(text) is not None
        and row_dates.parse_boxes(" ".join(row_dates.select_numbers(row.itertext()))) is not None
    )
