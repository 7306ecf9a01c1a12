"""Tests what is said to be gone, missing and back: each article in one state, with the event that says so."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from lufeng_crawler.archive.queries.deletions import STATES, DeletionState, count_deletions, list_deletions
from tests.support.archive_builder import Story, answer, article, moment


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 and 2 are gone, 3 is missing, 4 was missing and is back, 5 was never away, 6 of another site is missing."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, *(article(n, f"题{n}", f"文{n}") for n in range(1, 6)), article(6, "六", "文6", site="gongguan"))
    story.run(2, answer(1, status=404), answer(2, status=404), answer(4, status=404))
    story.run(4, answer(1, status=404), answer(2, status=404), answer(4, status=404))
    story.run(6, answer(3, status=410), article(4, "题4", "文4"), answer(6, status=404, site="gongguan"))
    return story.folder


@pytest.mark.parametrize(
    ("state", "site", "expected"),
    [
        ("gone", None, [2, 1]),
        ("missing", None, [6, 3]),
        ("missing", "gulou", [3]),
        ("restored", None, [4]),
        ("restored", "gongguan", []),
        ("gone", "nowhere", []),
    ],
)
def test_those_in_a_state_newest_first(
    db: sqlite3.Connection, state: DeletionState, site: str | None, expected: list[int]
) -> None:
    assert [row["id"] for row in list_deletions(db, state, site)] == expected


def test_how_many_there_are(db: sqlite3.Connection) -> None:
    assert count_deletions(db) == {"gone": 2, "missing": 2, "restored": 1}
    assert count_deletions(db, "gongguan") == {"gone": 0, "missing": 1, "restored": 0}
    assert all(
        len(list_deletions(db, state)) == count
        for state, count in zip(STATES, count_deletions(db).values(), strict=True)
    )


def test_each_comes_with_its_last_text_and_its_proof(db: sqlite3.Connection) -> None:
    row = list_deletions(db, "gone", most=1)[0]
    assert (row["title"], row["body"], row["site"], row["absent_since"]) == ("题2", "文2", "gulou", None)
    assert (row["first_seen"], row["last_seen"]) == (moment(1, 2), moment(1, 2))
    assert row["event"].sentence == "taken down: seen gone on 2026-11-02 and 2026-11-04, by 2 runs"
    assert [proof.status for proof in row["event"].evidence] == [404, 404]


def test_what_came_back_says_since_when_it_was_away(db: sqlite3.Connection) -> None:
    [row] = list_deletions(db, "restored", language="zh")
    assert (row["absent_since"], row["event"].at) == (moment(2, 3), moment(6, 2))
    assert row["event"].sentence == "已恢复：2026-11-06 又能看到"


@pytest.mark.parametrize("state", STATES)
def test_pages_are_the_whole(db: sqlite3.Connection, state: DeletionState) -> None:
    before, ids = None, list[int]()
    while rows := list_deletions(db, state, before=before, most=1):
        before = rows[0]["id"]
        ids.append(before)
    assert ids == [row["id"] for row in list_deletions(db, state)]
