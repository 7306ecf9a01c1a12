"""Tests what a column's coverage lets a run conclude, and how it is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lufeng_crawler.archive.coverage import Coverage

WHOLE = Coverage("complete", seen=20, stated=20, pages=2, stated_pages=2)


@pytest.mark.parametrize(
    ("coverage", "is_sweep", "is_sure", "leaves_no_gap"),
    [
        (WHOLE, True, True, True),
        (Coverage("unstated", seen=9, pages=1), True, True, True),
        (Coverage("unstated", seen=19, pages=2), True, False, True),
        (Coverage("complete", seen=19, pages=2), True, False, True),
        (replace(WHOLE, shifted=True), False, False, False),
        (Coverage("connected", seen=20, pages=1), False, False, True),
        (Coverage("partial", seen=20, pages=1), False, False, False),
        (Coverage("partial", seen=20, pages=1, accepted=True), False, False, True),
        (Coverage("partial", seen=20, pages=1, gap=True), False, False, True),
        (Coverage("partial", seen=20, pages=1, gap=True, shifted=True), False, False, False),
        (Coverage("failed"), False, False, False),
    ],
)
def test_what_may_be_concluded(coverage: Coverage, is_sweep: bool, is_sure: bool, leaves_no_gap: bool) -> None:
    assert (coverage.is_sweep, coverage.is_sure, coverage.leaves_no_gap) == (is_sweep, is_sure, leaves_no_gap)


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (WHOLE, None),
        (Coverage("connected"), None),
        (Coverage("failed"), None),  # the column's own problem says why
        (Coverage("partial", seen=3, stated=50, accepted=True), None),
        (Coverage("partial", seen=3, stated=50, limited=True), None),
        (Coverage("partial", seen=20, stated=41), "20 of 41 lines seen"),
        (Coverage("partial", seen=20, pages=1, stated_pages=3), "20 lines seen, page 1 of 3"),
        (Coverage("partial", seen=20, stated=41, pages=2, stated_pages=3), "20 of 41 lines seen, page 2 of 3"),
        (
            Coverage("partial", seen=20, more=("goPage(2)", "加载更多")),
            "20 lines seen; cannot follow goPage(2) · 加载更多",
        ),
        (Coverage("partial", seen=20), "its listing was not followed to what is known"),
        (
            Coverage("partial", seen=20, gap=True),
            "none of its 20 lines was known: others may have come and gone since the last crawl",
        ),
    ],
)
def test_what_is_missing_is_said(coverage: Coverage, words: str | None) -> None:
    assert coverage.shortfall == words


@pytest.mark.parametrize("coverage", [WHOLE, Coverage("partial", 3, 9, 1, 3, ("更多",), True, True, True, True)])
def test_it_is_the_same_after_it_was_stored(coverage: Coverage) -> None:
    assert Coverage.from_json(coverage.as_json()) == coverage


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert Coverage.from_json({"state": "complete", "hidden": 3}) == Coverage("complete")
