"""Tests single rows in and out: ids that are right, values that stay values, answers one at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.db.rows import dicts, first, insert, update, value

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


def table() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.execute('CREATE TABLE columns (id INTEGER PRIMARY KEY, name TEXT UNIQUE, "column" TEXT)')
    return db


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(table()) as made:
        yield made


def test_an_inserted_row_is_found_by_the_id_that_is_given_back(db: sqlite3.Connection) -> None:
    one, other = (insert(db, "columns", name=name, column="x") for name in ("要闻", "通知"))
    assert first(db, "SELECT name FROM columns WHERE id = ?", one) == ("要闻",)
    assert first(db, "SELECT name FROM columns WHERE id = ?", other) == ("通知",)


def test_only_the_row_of_that_id_is_changed_and_only_what_is_named(db: sqlite3.Connection) -> None:
    one, other = (insert(db, "columns", name=name, column="x") for name in ("要闻", "通知"))
    update(db, "columns", one, column=None)
    assert list(dicts(db, "SELECT * FROM columns ORDER BY id")) == [
        {"id": one, "name": "要闻", "column": None},
        {"id": other, "name": "通知", "column": "x"},
    ]


@given(WORDS)
def test_a_value_is_never_taken_for_sql(text: str) -> None:
    with closing(table()) as db:
        id = insert(db, "columns", name=text)
        update(db, "columns", id, column=text + "'; DROP TABLE columns --")
        assert first(db, 'SELECT id, "column" FROM columns WHERE name = ?', text) == (
            id,
            text + "'; DROP TABLE columns --",
        )


def test_nothing_found_is_none_and_so_is_a_null(db: sqlite3.Connection) -> None:
    insert(db, "columns", name=None)
    assert first(db, "SELECT name FROM columns WHERE id = 9") is None
    assert value(db, "SELECT name FROM columns WHERE id = 9") is None
    assert value(db, "SELECT name FROM columns WHERE id = 1") is None
    assert first(db, "SELECT name FROM columns WHERE id = 1") == (None,)
    assert value(db, "SELECT count(*) FROM columns") == 1


def test_rows_are_read_as_they_are_asked_for(db: sqlite3.Connection) -> None:
    endless = "WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n) SELECT number FROM n"
    found = iter(dicts(db, f"{endless} WHERE number > ?", [3]))
    assert [next(found), next(found)] == [{"number": 4}, {"number": 5}]


def test_a_row_that_is_not_allowed_is_an_error(db: sqlite3.Connection) -> None:
    insert(db, "columns", name="要闻")
    with pytest.raises(sqlite3.IntegrityError):
        insert(db, "columns", name="要闻")
