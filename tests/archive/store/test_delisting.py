"""Tests when a line is delisted: two sweeps of two runs that prove, apart, and only between lines still shown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.history.listed_lines import identity
from lufeng_crawler.items import Capture, Entry
from tests.support.archive_builder import Story, address, answer, article, everything, listing, rebuilt, rows

WHOLE = {"要闻": Coverage("complete", pages=1)}
TEXTS = [article(number, f"第{number}条") for number in (1, 2, 3)]
WITHOUT = listing(1, 3)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """An archive of three articles, listed in their order, all of them seen."""
    told = Story(tmp_path)
    told.run(1, listing(1, 2, 3), *TEXTS, rules=1, proves=True, coverage=WHOLE)
    return told


def sweep(story: Story, day: float, page: Capture, *answers: Capture, **more: Any) -> list[str]:
    """A run that sweeps the column and sees its articles; what it tells."""
    told: dict[str, Any] = {"rules": 1, "proves": True, "coverage": WHOLE} | more
    return [f"{one['kind']} {one['article']}" for one in story.run(day, page, *(answers or TEXTS), **told)]


def test_two_sweeps_that_miss_a_line_prove_it(story: Story) -> None:
    assert sweep(story, 2, WITHOUT) == []
    assert sweep(story, 3, WITHOUT) == ["delisted 2"]
    assert sweep(story, 4, WITHOUT) == []
    (event,) = story.events("kind = 'delisted'")
    assert json.loads(event["evidence"]) == [5, 9], "the listings of both sweeps"
    assert everything(story.folder) == rebuilt(story.folder)
    assert sweep(story, 5, listing(1, 2, 3)) == ["relisted 2"]
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(
    "more",
    [
        {"proves": False},
        {"outcome": "interrupted"},
        {"coverage": {"要闻": Coverage("connected")}},
        {"coverage": {"要闻": Coverage("partial", limited=True)}},
        {"coverage": {"要闻": Coverage("complete", shifted=True)}},
        {"coverage": {}},
        {"outcome": None},
    ],
)
def test_a_second_run_that_does_not_count_proves_nothing(story: Story, more: dict[str, Any]) -> None:
    more = {"proves": None} | more
    sweep(story, 2, WITHOUT)
    assert sweep(story, 3, WITHOUT, **more) == []
    assert sweep(story, 4, WITHOUT) == ["delisted 2"]


def test_two_sweeps_too_close_prove_nothing(story: Story) -> None:
    sweep(story, 2, WITHOUT)
    assert sweep(story, 2.9, WITHOUT) == []
    assert sweep(story, 3, WITHOUT) == ["delisted 2"]


def test_a_sweep_that_shows_it_again_begins_anew(story: Story) -> None:
    sweep(story, 2, WITHOUT)
    sweep(story, 3, listing(1, 2, 3))
    assert sweep(story, 4, WITHOUT) == []
    assert sweep(story, 5, WITHOUT) == ["delisted 2"]


@pytest.mark.parametrize("page", [listing(2, 3), listing(1, 2)], ids=["the first line", "the last line"])
def test_at_the_ends_of_a_listing_without_dates_nothing_is_missing(story: Story, page: Capture) -> None:
    sweep(story, 2, page)
    assert sweep(story, 3, page) == []


DATED = [[1, "第1条", "2026-11-09"], [2, "第2条", "2026-11-05"], [3, "第3条", "2026-11-01"]]


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ([0, 2], ["delisted 2"]),
        ([1, 2], []),  # the newest: nothing above it
        ([0, 1], []),  # the oldest has scrolled off
    ],
)
def test_between_dates(tmp_path: Path, left: Sequence[int], told: list[str]) -> None:
    story, page = Story(tmp_path), listing(*(DATED[place] for place in left))
    sweep(story, 1, listing(*DATED))
    assert (sweep(story, 2, page), sweep(story, 3, page)) == ([], told)


def test_the_last_line_of_its_page_lies_above_older_lines_of_the_next(tmp_path: Path) -> None:
    story, second = Story(tmp_path), listing(DATED[2], name="list_2.htm")
    sweep(story, 1, listing(*DATED[:2]), second, *TEXTS)
    for day, told in ((2, []), (3, ["delisted 2"])):
        assert sweep(story, day, listing(DATED[0]), second, *TEXTS) == told


def test_pinned_lines_have_no_place(tmp_path: Path) -> None:
    """What was pinned may go; what lay below a pinned line alone has nothing above it."""
    story = Story(tmp_path)
    pinned, page = [1, "第1条", None, True], listing([1, "第1条", None, True], 3)
    sweep(story, 1, listing(pinned, 2, 3))
    assert (sweep(story, 2, page), sweep(story, 3, page)) == ([], [])
    assert everything(story.folder) == rebuilt(story.folder)


def test_a_line_that_is_repeated_has_no_place_either(tmp_path: Path) -> None:
    """The headline stands once more under the list: what has scrolled off above it is not between."""
    story = Story(tmp_path)
    sweep(story, 1, listing(1, 2, 3, 1))
    for day in (2, 3):
        assert sweep(story, day, listing(1, 2, 1)) == []


@pytest.mark.parametrize("seen", [[TEXTS[0], TEXTS[2]], [TEXTS[0], answer(2, status=503), TEXTS[2]]])
def test_an_article_that_this_run_did_not_see_live_is_not_delisted(story: Story, seen: list[Capture]) -> None:
    sweep(story, 2, WITHOUT)
    assert sweep(story, 3, WITHOUT, *seen) == []
    assert sweep(story, 4, WITHOUT) == ["delisted 2"]


def test_an_article_that_was_taken_down_is_missing_and_nothing_else(story: Story) -> None:
    sweep(story, 2, WITHOUT)
    assert sweep(story, 3, WITHOUT, TEXTS[0], answer(2, status=404), TEXTS[2]) == ["missing 2"]


BOTH = WHOLE | {"通知": Coverage("complete", pages=1)}


def notices(*lines: Any) -> Capture:
    return listing(*lines, column="通知", name="tz.htm")


def test_an_article_that_another_column_lists_has_moved_and_nothing_else(story: Story) -> None:
    for day in (2, 3, 4):
        assert sweep(story, day, WITHOUT, notices("info/7/2.htm"), *TEXTS, coverage=BOTH) == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (Coverage("complete", pages=1), ["delisted 2"]),
        (Coverage("partial", pages=1), []),
        (Coverage("failed"), []),
    ],
)
def test_where_another_column_is_out_of_sight_it_may_stand_there(
    story: Story, other: Coverage, told: list[str]
) -> None:
    for day, expected in ((2, []), (3, told)):
        page = notices(3)
        assert sweep(story, day, WITHOUT, page, *TEXTS, coverage=WHOLE | {"通知": other}) == expected


def test_a_line_that_leads_nowhere_is_waited_for_no_longer(tmp_path: Path) -> None:
    story = Story(tmp_path)
    sweep(story, 1, listing(1, [None, "一行字"], 3))
    for day in (2, 3):
        assert sweep(story, day, WITHOUT) == []
    assert rows(story.folder, "SELECT key FROM entries WHERE delisted_at IS NOT NULL") == [{"key": "一行字"}]


def test_lines_of_two_spellings_are_two_and_of_one_title_are_told_by_their_articles() -> None:
    one, other = Entry("公告", address(1), "1"), Entry("公告", address(2), "2")
    assert (identity(one), identity(other), identity(Entry("公告", "", ""))) == ("1", "2", "公告")
