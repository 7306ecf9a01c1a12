"""Tests that an article's versions are the same whatever order its states come in, live or from old files."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from archiving import Story, article, moment, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.items import Capture

STATES = ("一", "二", "三")
histories = st.lists(st.sampled_from(STATES), min_size=1, max_size=6)


def on(day: int, body: str) -> Capture:
    return article(1, body=body, fetched_at=moment(day))


def told(folder: Path) -> list[tuple[Any, ...]]:
    """Versions and events as a reader has them: no ids, which are given in the order of capture."""
    versions = rows(folder, "SELECT number, body, first_seen, last_seen FROM versions ORDER BY number")
    events = rows(folder, "SELECT kind, at, fields, from_version, to_version FROM changes ORDER BY at, kind")
    return [tuple(row.values()) for row in (*versions, *events)]


def lived(days: list[tuple[int, str]]) -> list[tuple[Any, ...]]:
    """What an archive tells that got these answers in this order, each in an ingest of its own."""
    with TemporaryDirectory() as name:
        story = Story(Path(name))
        for number, (day, body) in enumerate(days):
            story.run(20 + number, on(day, body), kind="ingest")
        return told(story.folder)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(1, 2), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_any_order_of_ingests_tells_the_same_life(times: list[int], random: Random) -> None:
    """A life whose states each stand for a while, and do not come back."""
    bodies = [body for body, count in zip(STATES, times, strict=False) for _ in range(count)]
    days = list(enumerate(bodies, 1))
    assert lived(random.sample(days, len(days))) == lived(days)


@settings(max_examples=8, deadline=None)
@given(histories)
def test_versions_are_the_runs_of_equal_states(bodies: list[str]) -> None:
    runs = [body for before, body in zip([None, *bodies], bodies, strict=False) if body != before]
    found = lived(list(enumerate(bodies, 1)))
    assert [(row[0], row[1]) for row in found[: len(runs)]] == list(enumerate(runs, 1))
    assert [row[0] for row in found[len(runs) :]] == ["new"] + ["edited"] * (len(runs) - 1)


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
