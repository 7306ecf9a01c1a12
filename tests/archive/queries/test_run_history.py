"""Tests what is told of a site's last crawls: outcomes, counts, what was blocked, what was not what it should be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries import run_history
from tests.support.archive_builder import Story, article, listing, moment
from tests.support.demo_archive import AllDays


@pytest.fixture
def db(all_days: AllDays) -> Iterator[sqlite3.Connection]:
    with closing(connect_for_reading(all_days.folder)) as connection:
        yield connection


def test_the_last_runs_newest_first(db: sqlite3.Connection) -> None:
    runs = run_history.recent_runs(db, "demo", 20)
    assert [run["id"] for run in runs] == list(range(11, 0, -1))
    assert [run["outcome"] for run in runs[2:5]] == ["below_expectation", "below_expectation", "blocked"]
    assert (runs[-1]["new"], runs[-1]["gone"], runs[4]["blocked"]) == (51, 0, 67)
    assert all(0 <= run["seconds"] < 300 for run in runs)
    assert [run["id"] for run in run_history.recent_runs(db, "demo", 2)] == [11, 10]
    assert run_history.recent_runs(db, "nowhere", 2) == []


def test_a_run_that_never_ended_counts_nothing(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1))
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute("UPDATE runs SET finished_at = NULL, outcome = NULL, counts = NULL")
        [run] = run_history.recent_runs(db, "gulou", 5)
    assert (run["outcome"], run["finished_at"], run["seconds"], run["new"]) == (None, None, None, None)


def test_blocks_by_their_signature(db: sqlite3.Connection) -> None:
    blocks = run_history.recent_blocks(db, range(1, 12))
    assert [(block["reason"], block["status"], block["times"]) for block in blocks] == [
        ("412 加速乐", 412, 67),
        ("系统提示: 没有访问当前栏目的权限", 200, 1),
        ("521 加速乐", 521, 1),
    ]
    url = db.execute("SELECT outcome FROM captures WHERE id = ?", (blocks[0]["capture"],)).fetchone()
    assert url == ("blocked",)
    assert run_history.recent_blocks(db, []) == []


def test_alarms_are_of_pages_alone_that_should_be_listings_or_articles(db: sqlite3.Connection) -> None:
    [alarm] = run_history.layout_alarms(db, range(1, 12), 5)
    assert (alarm["kind"], alarm["url"].rpartition("/")[2]) == ("listing", "zwgk.htm")
    assert run_history.layout_alarms(db, [1], 5) == run_history.layout_alarms(db, range(1, 12), 0) == []


def test_columns_as_they_are_listed(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, listing(1, 2, 3), *(article(n, f"题{n}", f"文{n}") for n in (1, 2, 3)), sweeps={"要闻": "complete"})
    story.run(2, listing(1, 2), article(1, "题1", "文1"), article(3, "题3", "文3"), sweeps={"要闻": "complete"})
    with closing(connect_for_reading(tmp_path)) as db:
        [column] = run_history.column_counts(db, "gulou")
    assert (column["name"], column["listed"], column["swept_at"]) == ("要闻", 2, moment(2, 4))
