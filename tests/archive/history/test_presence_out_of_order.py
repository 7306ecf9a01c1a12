"""Tests that presence is told anew where an observation comes late: each event once, at its time, with its proof."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, answer, article, everything, moment, rebuilt, rows


def live(day: int) -> Capture:
    return article(1, fetched_at=moment(day))


def gone(day: int) -> Capture:
    return answer(1, status=404, fetched_at=moment(day))


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def told(story: Story) -> list[tuple[str, int, list[int]]]:
    events = story.events("kind NOT IN ('new', 'edited') ORDER BY at, kind DESC --")
    return [(event["kind"], int(event["at"][8:10]), json.loads(event["evidence"])) for event in events]


def presence(story: Story) -> tuple[Any, ...]:
    (row,) = rows(story.folder, "SELECT presence, substr(presence_since, 9, 2) AS since, next_visit FROM articles")
    return row["presence"], int(row["since"]), row["next_visit"]


def test_a_good_answer_between_two_bad_ones_restores_for_that_while(story: Story) -> None:
    story.run(20, live(1), gone(3), gone(5), kind="ingest")
    (missing,) = story.events("kind = 'missing'")
    story.run(21, live(4), kind="ingest")
    assert told(story) == [("missing", 3, [2]), ("restored", 4, [4]), ("missing", 5, [3])]
    assert story.events(f"id = {missing['id']}") == [missing]
    assert presence(story) == ("missing", 5, moment(6))


def test_a_bad_answer_between_two_good_ones_is_told_of_the_past(story: Story) -> None:
    story.run(20, live(1), live(5), kind="ingest")
    story.run(21, gone(3), kind="ingest")
    assert told(story) == [("missing", 3, [3]), ("restored", 5, [2])]
    assert presence(story)[:2] == ("live", 5)
    assert [event["run"] for event in story.events("kind = 'restored'")] == [1]


def test_an_earlier_bad_answer_moves_the_beginning(story: Story) -> None:
    story.run(20, live(1), gone(5), kind="ingest")
    story.run(21, gone(3), kind="ingest")
    assert told(story) == [("missing", 3, [3])]
    assert presence(story)[:2] == ("missing", 3)


def test_a_bad_answer_before_the_first_good_one_says_nothing(story: Story) -> None:
    story.run(20, live(5), kind="ingest")
    story.run(21, gone(3), kind="ingest")
    assert told(story) == []
    assert presence(story)[:2] == ("live", 5)


def test_a_bad_answer_from_before_anybody_knew_the_article_counts(story: Story) -> None:
    story.run(20, gone(5), kind="ingest")
    story.run(21, live(3), kind="ingest")
    assert told(story) == [("missing", 5, [1])]
    assert presence(story)[:2] == ("missing", 5)
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_redirect_that_restored_an_article_still_does(story: Story) -> None:
    story.run(2, article(1), article(2))
    story.run(4, answer(1, status=404))
    story.run(6, answer(1, status=301, to=2))
    before = told(story)
    assert [event[:2] for event in before] == [("missing", 4), ("restored", 6), ("moved", 6)]
    story.run(20, live(3), kind="ingest")
    assert told(story) == before
    assert everything(story.folder) == rebuilt(story.folder)


def test_what_an_address_says_that_was_left_is_not_told_of_the_past_either(story: Story) -> None:
    told_once = {"title": "水利", "body": "县人民政府召开常务会议，研究部署冬春农田水利建设。" * 8}
    story.run(1, article(1, **told_once))
    story.run(3, answer(1, status=404))
    story.run(5, article(9, **told_once))
    story.run(7, answer(1, status=404))
    before = told(story)
    assert [event[:2] for event in before] == [("missing", 3), ("restored", 5), ("moved", 5)]
    story.run(20, article(1, fetched_at=moment(2), **told_once), kind="ingest")
    assert told(story) == before
    assert presence(story)[:2] == ("live", 5)
    assert everything(story.folder) == rebuilt(story.folder)


def test_a_redirect_to_nothing_is_told_of_the_past_as_well(story: Story) -> None:
    story.run(1, article(1))
    story.run(3, answer(1, status=302, to=7), answer(7, status=404))
    before = told(story)
    assert [event[:2] for event in before] == [("missing", 3)]
    story.run(20, live(2), kind="ingest")
    assert told(story) == before
    story.run(21, live(5), kind="ingest")
    assert [event[:2] for event in told(story)] == [("missing", 3), ("restored", 5)]
    assert everything(story.folder) == rebuilt(story.folder)
