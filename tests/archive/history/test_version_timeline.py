"""Tests that an article's life is told the same whatever order its states come in, live or from old files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import Reader
from lufeng_crawler.items import Article, Capture, Other, Reading
from tests.support.archive_builder import Story, answer, article, everything, moment, read, rebuilt, rows

STATES = ("一", "二", "三")
GONE = ""
histories = st.lists(st.sampled_from(STATES), min_size=1, max_size=6)


def on(day: int, body: str, fresh: bool = False) -> Capture:
    """What the site answers on that day. `fresh`: in another template, which is the same content all the same."""
    if body == GONE:
        return answer(1, status=404, fetched_at=moment(day))
    page = {"title": "题", "body": body, "published": "2026-11-01"}
    return answer(1, page | ({"day": day} if fresh else {}), fetched_at=moment(day))


CAPTURED = "(SELECT json_group_array(fetched_at) FROM captures, json_each(evidence) WHERE captures.id = value)"


def told(folder: Path) -> list[tuple[Any, ...]]:
    """Versions, events and presence as a reader has them: no ids, which are given in the order of capture."""
    versions = rows(
        folder,
        "SELECT number, body, v.first_seen, v.last_seen, c.fetched_at FROM versions v"
        " JOIN captures c ON c.id = v.capture ORDER BY number",
    )
    events = rows(
        folder,
        f"SELECT kind, at, fields, from_version, to_version, silent, {CAPTURED} AS evidence FROM changes"
        " ORDER BY at, kind, from_version",
    )
    lives = rows(folder, "SELECT presence, presence_since, first_seen, last_seen FROM articles")
    return [tuple(row.values()) for row in (*versions, *events, *lives)]


def lived(commands: Iterable[Sequence[Capture]]) -> list[tuple[Any, ...]]:
    """What an archive tells that took these answers in by these ingests; a rebuild tells all of it again."""
    with TemporaryDirectory() as name:
        story = Story(Path(name))
        for day, answers in enumerate(commands, 20):
            story.run(day, *answers, kind="ingest")
        found, before = told(story.folder), everything(story.folder)
        assert before == rebuilt(story.folder)
        return found


Days = list[tuple[str, bool]]


@settings(max_examples=15)
@given(
    st.lists(st.tuples(st.sampled_from((*STATES[:2], GONE)), st.booleans()), min_size=2, max_size=8),
    st.data(),
    st.randoms(use_true_random=False),
)
def test_any_order_and_grouping_of_ingests_tells_the_same_life(days: Days, data: st.DataObject, random: Random) -> None:
    """Within a command the answers come in date order, as an ingest has them."""
    answers = [on(day, *state) for day, state in enumerate(days, 1)]
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(answers), max_size=len(answers)))
    commands = [[one for one, mine in zip(answers, groups, strict=True) if mine == group] for group in set(groups)]
    assert lived(random.sample(commands, len(commands))) == lived([answers])


@pytest.mark.parametrize("late", range(5))
def test_what_comes_late_divides_the_span_it_falls_into(tmp_path: Path, late: int) -> None:
    answers = [on(day, body, True) for day, body in enumerate("一二一一二", 1)]
    assert lived([answers[:late] + answers[late + 1 :], [answers[late]]]) == lived([answers])


def test_the_later_part_of_a_divided_span_is_a_version_of_its_own(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(20, on(1, "一"), on(5, "一", True), on(7, "一"), kind="ingest")
    assert story.kinds() == ["new"]
    story.run(21, on(3, "二"), kind="ingest")
    said = rows(tmp_path, "SELECT number, body, capture, first_seen, last_seen FROM versions ORDER BY number")
    assert [tuple(row.values()) for row in said] == [
        (1, "一", 1, moment(1), moment(1)),
        (2, "二", 4, moment(3), moment(3)),
        (3, "一", 2, moment(5), moment(7)),
    ]
    steps = [(json.loads(event["evidence"]), event["at"], event["run"]) for event in story.events("kind = 'edited'")]
    assert steps == [([1, 4], moment(3), 2), ([4, 2], moment(5), 1)]
    assert rows(tmp_path, "SELECT version FROM latest_articles") == [{"version": 3}]
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_the_later_part_has_the_files_of_the_earlier(tmp_path: Path) -> None:
    story, file = Story(tmp_path), ["http://gulou.example/a.doc", "附件"]
    story.run(20, *(article(1, files=[file], fetched_at=moment(day)) for day in (1, 5)), kind="ingest")
    story.run(21, on(3, "二"), kind="ingest")
    said = rows(tmp_path, "SELECT number, url FROM versions v JOIN attachments a ON a.version = v.id ORDER BY number")
    assert [tuple(row.values()) for row in said] == [(1, file[0]), (3, file[0])]


def editing(capture: Capture) -> Reading:
    """A reader that finds an editor, who is no part of the content, in the page itself."""
    found = read(capture)
    if not isinstance(found, Article):
        return found
    return Article(found.key, found.url, found.title, found.body, editor=str(json.loads(capture.body).get("day")))


def test_the_later_part_says_what_its_own_page_says(tmp_path: Path) -> None:
    story = Story(tmp_path, Reader(editing, "reader 1"))
    story.run(20, on(1, "一", True), on(5, "一", True), kind="ingest")
    story.run(21, on(3, "二", True), kind="ingest")
    said = rows(tmp_path, "SELECT editor FROM versions ORDER BY number")
    assert [row["editor"] for row in said] == ["1", "3", "5"]


def test_a_span_is_divided_though_its_pages_can_be_read_no_more(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(20, on(1, "一"), on(5, "一", True), kind="ingest")
    story.reader = Reader(lambda capture: read(capture) if "二" in capture.body.decode() else Other("no"), "reader 2")
    story.run(21, on(3, "二"), kind="ingest")
    said = rows(tmp_path, "SELECT body, reader FROM versions ORDER BY number")
    assert [tuple(row.values()) for row in said] == [("一", "reader 1"), ("二", "reader 2"), ("一", "reader 1")]


def test_a_304_after_a_state_that_came_back_says_that_it_still_stands(tmp_path: Path) -> None:
    story = Story(tmp_path)
    for day, body in enumerate("一二一", 1):
        story.run(day, on(day, body))
    story.run(4, answer(1, status=304))
    assert story.kinds() == ["new", "edited", "edited"]
    assert rows(tmp_path, "SELECT last_seen FROM versions WHERE number = 3") == [{"last_seen": moment(4, 1)}]
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_a_304_that_comes_late_means_what_stood_in_its_time(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(20, on(1, "一"), on(5, "二"), kind="ingest")
    story.run(21, answer(1, status=304, fetched_at=moment(3)), kind="ingest")
    assert rows(tmp_path, "SELECT last_seen FROM versions ORDER BY number") == [
        {"last_seen": moment(3)},
        {"last_seen": moment(5)},
    ]
    assert story.kinds() == ["new", "edited"]


@settings(max_examples=8)
@given(histories)
def test_versions_are_the_runs_of_equal_states(bodies: list[str]) -> None:
    runs = [body for before, body in zip([None, *bodies], bodies, strict=False) if body != before]
    found = lived([[on(day, body)] for day, body in enumerate(bodies, 1)])
    assert [(row[0], row[1]) for row in found[: len(runs)]] == list(enumerate(runs, 1))
    assert [row[0] for row in found[len(runs) : -1]] == ["new"] + ["edited"] * (len(runs) - 1)


def test_an_earlier_sight_of_the_first_state_moves_its_beginning(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(10, article(1))
    story.run(11, on(4, "文"), kind="ingest")
    (new,) = story.events()
    assert (new["kind"], new["at"], json.loads(new["evidence"]), new["run"]) == ("new", moment(4), [2], 2)
    (row,) = rows(tmp_path, "SELECT first_seen, last_seen FROM latest_articles")
    assert (row["first_seen"], row["last_seen"]) == (moment(4), moment(10, 1))


def test_an_edit_keeps_its_id_while_older_states_come_in_before_it(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(10, on(8, "二"), on(9, "三"), kind="ingest")
    (known,) = story.events("kind = 'edited'")
    story.run(11, on(2, "一"), kind="ingest")
    same = story.events(f"id = {known['id']}")[0]
    assert (same["from_version"], same["to_version"]) == (2, 3)
    assert {name: same[name] for name in ("at", "evidence", "fields")} == {
        name: known[name] for name in ("at", "evidence", "fields")
    }


def test_numbers_run_from_one_without_a_gap(tmp_path: Path) -> None:
    story = Story(tmp_path)
    for run, day in enumerate((9, 2, 7, 4, 1, 8), 10):
        story.run(run, on(day, f"第{day}天"), kind="ingest")
    numbers = rows(tmp_path, "SELECT number, first_seen FROM versions ORDER BY first_seen")
    assert [row["number"] for row in numbers] == [1, 2, 3, 4, 5, 6]
    steps = story.events("kind = 'edited' ORDER BY at --")
    assert [(row["from_version"], row["to_version"]) for row in steps] == [(n, n + 1) for n in range(1, 6)]
