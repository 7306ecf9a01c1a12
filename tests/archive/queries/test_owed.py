"""Tests the lists of what is owed and what is out of reach, as commands and reports show them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries.owed import hosts_out_of_reach, list_owed
from tests.support.archive_builder import Story, address, answer, listing, rows, unanswered


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of five lines of one column two are owed; one is gone, one forbidden, and two hosts are not named."""
    story = Story(tmp_path_factory.mktemp("owed"))
    elsewhere = ["http://a.example/1", "http://a.example/2", "http://b.example/1"]
    story.run(1, listing(1, 2, 3, *elsewhere), rules=1, hosts=("gulou.example",))
    story.run(
        2,
        listing(1, 2, 3, 4, *elsewhere),
        listing(elsewhere[0], column="通知", name="tz.htm"),
        rules=1,
        hosts=("gulou.example",),
    )
    story.run(
        3, answer(1, status=404), unanswered(2, "forbidden"), answer(4, status=503), rules=1, hosts=("gulou.example",)
    )
    return story.folder


@pytest.mark.parametrize(("site", "urls"), [(None, [3, 4]), ("gulou", [3, 4]), ("other", []), ("", [])])
def test_the_oldest_first(folder: Path, site: str | None, urls: list[int]) -> None:
    with closing(connect_for_reading(folder)) as db:
        assert [row["url"] for row in list_owed(db, site)] == [address(one) for one in urls]


@pytest.mark.parametrize("site", [None, "gulou"])
def test_lines_out_of_reach_are_counted_once_by_what_is_in_the_way(folder: Path, site: str | None) -> None:
    with closing(connect_for_reading(folder)) as db:
        found: list[dict[str, Any]] = [dict(row) for row in hosts_out_of_reach(db, site)]
    assert [(row["obstacle"], row["host"], row["lines"]) for row in found] == [
        ("host", "a.example", 2),
        ("host", "b.example", 1),
        ("robots.txt", "gulou.example", 1),
    ]


def test_the_counts_of_the_run_say_the_same(folder: Path) -> None:
    sql = "SELECT counts ->> 'owed' AS owed, counts ->> 'out_of_reach' AS beyond FROM runs ORDER BY id DESC LIMIT 1"
    assert rows(folder, sql) == [{"owed": 2, "beyond": 4}]


def test_an_archive_whose_schema_is_older_owes_nothing_that_is_known() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        assert (list_owed(db, None), hosts_out_of_reach(db, None)) == ([], [])
