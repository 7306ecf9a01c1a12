"""Backdating: an article that appears in a column known whole, with a date long before that, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.coverage import Coverage
from tests.support.archive_builder import Story, answer, article, everything, listing, moment, rebuilt

OLD = {"published": "2026-01-01"}
WHOLE: dict[str, Any] = {"sweeps": {"要闻": "complete"}}


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A column read to its end on day 2, with article 1 in it."""
    told = Story(tmp_path)
    told.run(2, listing(1), article(1, "一", **OLD), **WHOLE)
    return told


def backdated(story: Story) -> dict[int, int]:
    return {event["article"]: event["backdated"] for event in story.events("kind = 'new'")}


def test_what_appears_after_a_whole_sweep_with_a_date_long_past(story: Story) -> None:
    (event,) = story.run(4, listing(2, 1), article(2, "二", **OLD))
    assert (event["kind"], event["backdated"], json.loads(event["evidence"])) == ("new", 1, [1, 3, 4])
    assert backdated(story) == {1: 0, 2: 1}
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(("published", "expected"), [("2026-10-31", 1), ("2026-11-02", 0), ("2026-11-04", 0)])
def test_a_date_must_lie_over_a_day_before_the_sweep(story: Story, published: str, expected: int) -> None:
    story.run(4, listing(2, 1), article(2, "二", published=published))
    assert backdated(story)[2] == expected


@pytest.mark.parametrize("sweep", ["settled", "broken"])
def test_a_column_that_was_never_read_to_its_end_proves_nothing(tmp_path: Path, sweep: Any) -> None:
    story = Story(tmp_path)
    story.run(2, listing(1), article(1, "一", **OLD), sweeps={"要闻": sweep})
    story.run(4, listing(2, 1), article(2, "二", **OLD))
    assert backdated(story) == {1: 0, 2: 0}


def test_what_was_listed_by_then_and_only_shown_later_is_not_backdated(story: Story) -> None:
    story.run(4, listing(2, 1), answer(2, status=521), **WHOLE)
    story.run(6, listing(2, 1), article(2, "二", **OLD), **WHOLE)
    assert backdated(story) == {1: 0, 2: 0}


def test_what_no_listing_names_may_have_been_there_all_along(story: Story) -> None:
    story.run(4, article(2, "二", column="要闻", **OLD))
    assert backdated(story)[2] == 0


def test_what_was_captured_before_the_sweep_and_comes_late_is_not_backdated(story: Story) -> None:
    late = [answer("list.htm", {"lines": [2]}, column="要闻", fetched_at=moment(1)), article(2, "二", **OLD)]
    story.run(5, *late, kind="ingest")
    assert backdated(story)[2] == 0


def test_a_copy_of_what_the_site_showed_by_then_is_not_backdated(story: Story) -> None:
    story.run(4, listing(2, 1), article(2, "一", **OLD))
    assert backdated(story)[2] == 0


def test_an_earlier_sight_takes_the_claim_back(story: Story) -> None:
    story.run(4, listing(2, 1), article(2, "二", **OLD))
    story.run(5, article(2, "二", fetched_at=moment(1), **OLD), kind="ingest")
    event = story.events("kind = 'new' AND article = 2")[0]
    assert (event["backdated"], event["at"], json.loads(event["evidence"])) == (0, moment(1), [5])


SWEPT: dict[str, Any] = {
    "rules": 1,
    "proves": True,
    "coverage": {"要闻": Coverage("complete", seen=2, stated=2, pages=1)},
}
"""A run by today's rules that saw the whole column."""


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2026-10-30", 1),
        ("2026-10-31", 1),
        ("2026-10-31T08:30:00+08:00", 1),
        ("2026-11-01T08:30:00+08:00", 0),
        ("2026-11-01", 0),  # it may have come at the end of that day, less than a day before
    ],
)
def test_a_day_lasts_until_its_end(tmp_path: Path, published: str, expected: int) -> None:
    """The sweep is on November 2 at 8 in the morning in China; what is dated with the day before is no old news."""
    story = Story(tmp_path)
    story.run(2, listing(1, 3), article(1, "一", **OLD), article(3, "三", **OLD), **SWEPT)
    story.run(4, listing(1, 2, 3), article(2, "二", published=published), **SWEPT)
    assert backdated(story)[3] == expected
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([1, 3], [1, 2, 3], 1),
        ([1, 3], [2, 1, 3], 0),  # nothing that was seen then is above it
        ([1, 3], [1, 3, 2], 0),  # it may have scrolled into sight
        ([1, 3, 1], [1, 3, 2, 1], 0),  # a headline that is repeated below has no place
        ([1, 3], [1, 2, 3, 2], 0),
    ],
)
def test_it_must_stand_between_lines_that_were_seen(
    tmp_path: Path, before: list[int], after: list[int], expected: int
) -> None:
    seen: dict[str, Any] = {"rules": 1, "proves": True, "coverage": {"要闻": Coverage("unstated", seen=2, pages=1)}}
    story = Story(tmp_path)
    story.run(2, listing(*before), article(1, "一", **OLD), article(3, "三", **OLD), **seen)
    story.run(4, listing(*after), article(2, "二", **OLD), **seen)
    assert backdated(story)[3] == expected
