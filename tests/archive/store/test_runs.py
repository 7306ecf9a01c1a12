"""Tests what a run amounts to: its row, its site's, its counts, and what its end concludes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler.archive import RunEnd, RunStart
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.store import runs
from lufeng_crawler.items import Unchanged
from tests.support.archive_builder import Story, answer, article, listing, moment, rows

RUN = RunStart("run-1", "crawl", moment(1), "gulou", "鼓楼区人民政府", "http://gulou.example/", "vsb", "5300000001")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "archive.db")) as opened:
        yield opened


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def sites(db: sqlite3.Connection) -> list[tuple[object, ...]]:
    return db.execute("SELECT name, title, start, family, site_id_code FROM sites ORDER BY id").fetchall()


def test_a_run_brings_its_site_up_to_date(db: sqlite3.Connection) -> None:
    runs.insert_run(db, RUN)
    runs.insert_run(db, replace(RUN, name="run-2", title="鼓楼区政府", start="http://www.gulou.example/"))
    assert sites(db) == [("gulou", "鼓楼区政府", "http://www.gulou.example/", "vsb", "5300000001")]


def test_a_family_that_was_recognised_once_is_not_forgotten(db: sqlite3.Connection) -> None:
    runs.insert_run(db, RUN)
    runs.insert_run(db, replace(RUN, name="run-2", family=None))
    assert sites(db)[0][3] == "vsb"


def test_an_ingest_belongs_to_no_site(db: sqlite3.Connection) -> None:
    runs.insert_run(db, RunStart("in", "ingest", moment(1)))
    assert sites(db) == []
    assert db.execute("SELECT kind, site FROM runs").fetchall() == [("ingest", None)]


def test_a_site_is_known_by_its_name_alone(db: sqlite3.Connection) -> None:
    one, other = runs.site_id(db, "gulou"), runs.site_id(db, "www.gulou.example")
    assert one != other
    assert runs.site_id(db, "gulou") == one
    assert sites(db)[0][:2] == ("gulou", "gulou")


def test_unfinished_is_what_has_no_end_and_when_it_was_last_heard_of(db: sqlite3.Connection) -> None:
    for number in (1, 2):
        runs.insert_run(db, replace(RUN, name=f"run-{number}", started_at=moment(number)))
    runs.finish_run(db, RunEnd("run-1", moment(1, 9), "good"), "head", lambda capture: Unchanged())
    assert runs.unfinished(db) == [("run-2", moment(2))]
    assert db.execute("SELECT outcome, finished_at, head FROM runs").fetchall()[0] == ("good", moment(1, 9), "head")


def test_a_run_that_nobody_knows_counts_nothing(db: sqlite3.Connection) -> None:
    assert runs.count_run(db, "run-9") == {}


def test_what_the_crawl_itself_counted_is_kept_as_it_was_said(db: sqlite3.Connection) -> None:
    runs.insert_run(db, RUN)
    said = RunEnd("run-1", moment(2), "below_expectation", "要闻: 空", 7, 2, 1, {}, {"b": "二", "a": 1})
    runs.finish_run(db, said, "", lambda capture: Unchanged())
    counts = runs.count_run(db, "run-1")
    assert (counts["requests"], counts["errors"], counts["layout_alarms"], counts["captures"]) == (7, 2, 1, 0)
    (row,) = db.execute("SELECT outcome, reason, stats FROM runs").fetchall()
    assert row == ("below_expectation", "要闻: 空", '{"a": 1, "b": "二"}')


def counts(story: Story, day: int) -> dict[str, int]:
    (row,) = rows(story.folder, "SELECT counts FROM runs WHERE name = ?", f"run-{day - 1:03}")
    found: dict[str, int] = json.loads(row["counts"])
    return {name: count for name, count in found.items() if count}


def test_counts_are_of_this_run_alone(story: Story) -> None:
    story.run(1, listing(1, 2, 3), article(1), article(2), article(3))
    story.run(2, listing(1, 2), article(1, body="改"), article(2), answer(3, status=404), answer(4, status=521))
    assert counts(story, 1) == {"captures": 4, "entries": 3, "new": 3}
    assert counts(story, 2) == {"captures": 5, "entries": 2, "edited": 1, "unchanged": 1, "missing": 1, "blocked": 1}


@pytest.mark.parametrize(("sweep", "swept", "settled"), [("complete", 2, 3), ("settled", 1, 3), ("broken", 1, 1)])
def test_only_a_whole_sweep_tells_that_a_column_is_known_to_its_end(
    story: Story, sweep: runs.Sweep, swept: int, settled: int
) -> None:
    story.run(1, listing(1), article(1), sweeps={"要闻": "complete"})
    story.run(2, listing(1), article(1), sweeps={"要闻": sweep})
    (row,) = rows(story.folder, "SELECT swept_at, settled_by FROM columns")
    assert row == {"swept_at": moment(swept, 3), "settled_by": settled}


def test_only_a_good_run_says_that_something_is_gone(story: Story) -> None:
    story.run(1, article(1))
    story.run(3, answer(1, status=404))
    story.run(5, answer(1, status=404), outcome="below_expectation")
    assert story.kinds() == ["new", "missing"]
    story.run(7, answer(1, status=404))
    assert story.kinds() == ["new", "missing", "gone"]
    assert story.events("kind = 'gone'")[0]["at"] == moment(7, 1)
