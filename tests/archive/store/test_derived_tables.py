"""Tests that what follows from versions is brought up to date with them: by any path, in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.store import derived_tables
from lufeng_crawler.archive.store.transaction import transaction
from tests.support.archive_builder import Story, answer, article, listing, rows

Told = list[list[int]]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = Story(tmp_path)
    made.run(1, listing(1, 2), article(1), article(2, "二"))
    return made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    calls: Told = []

    def follower(db: sqlite3.Connection, stale: Sequence[int]) -> None:
        calls.append(list(stale))

    monkeypatch.setattr(derived_tables, "DERIVED_TABLES", (*derived_tables.DERIVED_TABLES, follower))
    return calls


@pytest.fixture
def db(story: Story, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "archive.db")) as opened:
        yield opened


def test_a_look_that_finds_nothing_new_makes_nothing_stale(story: Story, told: Told) -> None:
    story.run(2, listing(1, 2), article(1), answer(2, status=404))
    assert told == []


def test_new_and_edited_articles_are_stale(story: Story, told: Told) -> None:
    story.run(2, article(1, body="改"), article(2, "二"), article(3))
    assert told == [[1, 3]]


def test_of_two_that_become_one_both_are_stale(story: Story, told: Told) -> None:
    story.run(2, answer(1, status=301, to=2), article(2, "二"))
    assert told == [[1, 2]]
    assert rows(story.folder, "SELECT article FROM latest") == [{"article": 1}]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("UPDATE versions SET last_seen = '2027'", []),
        ("UPDATE articles SET last_seen = '2027', presence = 'gone'", []),
        ("UPDATE versions SET body = 'x' WHERE article = 2", [[2]]),
        ("UPDATE versions SET article = 1, number = 2 WHERE article = 2", [[1, 2]]),
        ("UPDATE articles SET \"column\" = '通知' WHERE id = 1", [[1]]),
        ("DELETE FROM versions WHERE article = 1", [[1]]),
        ("DELETE FROM articles WHERE id = 2", [[2]]),
    ],
)
def test_no_path_is_forgotten(db: sqlite3.Connection, told: Told, sql: str, expected: Told) -> None:
    with transaction(db):
        db.execute(sql)
    assert told == expected
    assert db.execute("SELECT * FROM stale").fetchall() == []


def test_each_commit_on_the_way_brings_what_was_stale_then(db: sqlite3.Connection, told: Told) -> None:
    with transaction(db) as commit:
        db.execute("UPDATE versions SET title = 'x' WHERE article = 1")
        commit()
        assert told == [[1]]
        db.execute("UPDATE versions SET title = 'y' WHERE article = 2")
    assert told == [[1], [2]]


def test_what_is_rolled_back_leaves_what_follows_as_it_was(db: sqlite3.Connection) -> None:
    before = db.execute("SELECT * FROM latest").fetchall()
    with pytest.raises(ZeroDivisionError), transaction(db):
        db.execute("DELETE FROM versions")
        derived_tables.update_derived_tables(db)
        raise ZeroDivisionError
    assert db.execute("SELECT * FROM latest").fetchall() == before
