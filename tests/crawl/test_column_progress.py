"""Tests what the pages of a column's listing, and the way it was followed, make of its coverage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.history.listed_lines import identity
from lufeng_crawler.column_progress import ColumnProgress, ListingEnd
from lufeng_crawler.items import Entry, Extent, Listing


def page(first: int, last: int, **extent: Any) -> Listing:
    """A page with those lines."""
    lines = tuple(Entry(f"第{one}条", f"http://h/{one}.htm", str(one)) for one in range(first, last + 1))
    return Listing(lines, extent=Extent(**{"rows": len(lines)} | extent))


def progress(*pages: Listing, end: ListingEnd | None = "last page", **more: Any) -> ColumnProgress:
    """A column after these pages."""
    column = ColumnProgress("要闻", **more)
    for one in pages:
        column.add_page(one, identity)
    column.end = end
    return column


def state(column: ColumnProgress, was_swept: bool = False) -> str:
    return column.coverage(None, was_swept).state


STATED = {"total": 30, "pages": 2}


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([page(1, 9)], "unstated"),
        ([page(1, 9, is_last=True)], "complete"),
        ([page(1, 20), page(21, 30, is_last=True)], "complete"),
        ([page(1, 20, is_last=True), page(21, 30)], "unstated"),
        ([page(1, 20, **STATED), page(21, 30, **STATED)], "complete"),
        ([page(1, 20, **STATED), page(21, 29, **STATED)], "partial"),
        ([page(1, 20, **STATED), page(21, 29, total=30, pages=2, rows=10)], "complete"),  # a repeated line is a line
        ([page(1, 20, **STATED)], "partial"),
        ([page(1, 20, pages=2)], "partial"),
        ([page(1, 20, more=("goPage(2)",))], "partial"),
        ([page(1, 20, more=("goPage(2)",)), page(21, 30)], "unstated"),
        ([page(1, 20, hidden=5)], "partial"),
        ([page(1, 20, total=20, hidden=5)], "partial"),
        ([page(1, 20, total=31), page(21, 30, total=30)], "complete"),  # one went while it was paged
    ],
)
def test_a_listing_that_was_followed_to_its_last_page(pages: Sequence[Listing], expected: str) -> None:
    assert state(progress(*pages)) == expected


@pytest.mark.parametrize("end", ["known lines", "enough pages", "limit", None])
def test_a_listing_that_was_not_is_no_sweep_whatever_its_pages_say(end: ListingEnd | None) -> None:
    assert state(progress(page(1, 20, total=20, is_last=True), end=end)) == "partial"


@pytest.mark.parametrize(("was_swept", "expected"), [(True, "connected"), (False, "partial")])
def test_known_lines_connect_it_to_the_time_when_all_were_seen(was_swept: bool, expected: str) -> None:
    assert state(progress(page(1, 20), end="known lines"), was_swept) == expected


def test_hidden_lines_among_the_known_are_not_connected() -> None:
    assert state(progress(page(1, 20, hidden=2), end="known lines"), was_swept=True) == "partial"


@pytest.mark.parametrize(
    ("column", "accepted", "limited"),
    [
        (progress(page(1, 20, total=50), end="enough pages", max_pages=1), True, False),
        (progress(page(1, 20, total=50), max_pages=1), True, False),
        (progress(page(1, 20, total=50)), False, False),
        (progress(page(1, 20, total=50), end="limit"), False, True),
        (progress(page(1, 20, total=50), end="limit", max_pages=3), False, True),
        (progress(page(1, 20, is_last=True), max_pages=1), False, False),
    ],
)
def test_who_wanted_no_more(column: ColumnProgress, accepted: bool, limited: bool) -> None:
    coverage = column.coverage(None, False)
    assert (coverage.accepted, coverage.limited) == (accepted, limited)


def test_a_total_that_changes_while_it_is_paged_may_hide_a_line() -> None:
    coverage = progress(page(1, 20, total=31), page(21, 30, total=30)).coverage(None, False)
    assert coverage.shifted and not coverage.is_sweep
    assert not progress(page(1, 20, total=30), page(21, 30, total=30)).coverage(None, False).shifted


@pytest.mark.parametrize(
    ("had_lines", "is_any_known", "gap"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_lines_none_of_which_is_known_have_a_gap_before_them(had_lines: bool, is_any_known: bool, gap: bool) -> None:
    column = progress(page(1, 20), had_lines=had_lines, is_any_known=is_any_known)
    coverage = column.coverage(None, True)
    assert (coverage.state, coverage.gap) == ("partial" if gap else "unstated", gap)


def test_where_a_total_says_that_these_are_all_there_is_no_gap() -> None:
    column = progress(page(1, 20, total=20), had_lines=True)
    assert column.coverage(None, True).state == "complete"


PARTIAL = Coverage("partial", seen=20, stated=50, pages=1, more=("加载更多",))


@pytest.mark.parametrize(
    ("earlier", "was_swept", "expected"),
    [
        (None, True, Coverage("connected")),
        (None, False, Coverage("partial")),
        (Coverage("complete", seen=20, stated=20), True, Coverage("connected", seen=20, stated=20)),
        (PARTIAL, False, PARTIAL),
        (PARTIAL, True, PARTIAL),
        (Coverage("partial", seen=20, limited=True), False, Coverage("partial", seen=20)),
        (Coverage("partial", seen=20, gap=True), True, Coverage("connected", seen=20)),
        (Coverage("partial", seen=20, gap=True), False, Coverage("partial", seen=20)),
    ],
)
def test_a_first_page_that_is_as_it_was(earlier: Coverage | None, was_swept: bool, expected: Coverage) -> None:
    column = ColumnProgress("要闻", answered=True, end="unchanged")
    assert column.coverage(earlier, was_swept) == expected


def test_what_was_not_read_or_failed_on_the_way_failed() -> None:
    assert ColumnProgress("要闻").coverage(None, True) == Coverage("failed")
    broken = progress(page(1, 20, is_last=True))
    broken.problem = "timed out"
    assert broken.coverage(None, True) == Coverage("failed", seen=20)


def test_lines_are_counted_once_and_those_of_the_first_page_apart() -> None:
    column = progress(page(1, 20), page(18, 25))
    assert (column.entries, column.pages, column.coverage(None, False).seen) == (20, 2, 25)


def test_lines_that_lead_nowhere_are_lines_by_their_titles() -> None:
    lines = tuple(Entry(title, "", "") for title in ("甲", "乙", "甲"))
    column = progress(Listing(lines, extent=Extent(rows=3, total=3)))
    assert (len(column.lines), state(column)) == (2, "complete")


@pytest.mark.parametrize(("most", "enough"), [(None, False), (1, True), (2, True), (3, False)])
def test_enough_pages_are_what_the_site_file_says(most: int | None, enough: bool) -> None:
    assert progress(page(1, 2), page(3, 4), max_pages=most).has_enough_pages is enough
