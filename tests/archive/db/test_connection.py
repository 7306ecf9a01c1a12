"""Tests archive.db's door: transactions that are whole or nothing, one writer, readers that cannot write."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect, connect_for_reading, exclusive_lock
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "archive.db")) as opened:
        yield opened


def add(db: sqlite3.Connection, name: str) -> None:
    db.execute("INSERT INTO sites (name) VALUES (?)", (name,))


def names(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM sites ORDER BY id")]


def test_a_transaction_that_ends_well_is_there_for_others(db: sqlite3.Connection, tmp_path: Path) -> None:
    with transaction(db):
        add(db, "gulou")
        with closing(connect_for_reading(tmp_path)) as other:
            assert names(other) == []
    with closing(connect_for_reading(tmp_path)) as other:
        assert names(other) == ["gulou"]


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SystemExit(1)])
def test_whatever_is_raised_leaves_nothing_behind(db: sqlite3.Connection, error: BaseException) -> None:
    with pytest.raises(type(error)), transaction(db):
        add(db, "gulou")
        raise error
    assert names(db) == []
    assert not db.in_transaction


def test_what_was_committed_on_the_way_stays(db: sqlite3.Connection) -> None:
    with pytest.raises(ZeroDivisionError), transaction(db) as commit:
        add(db, "gulou")
        commit()
        add(db, "gongguan")
        raise ZeroDivisionError
    assert names(db) == ["gulou"]


def test_a_fault_of_the_database_is_said_as_one_of_the_archive(db: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match=r"archive\.db: no such table"), transaction(db):
        db.execute("INSERT INTO nowhere VALUES (1)")


def test_a_row_that_breaks_a_rule_is_a_fault_of_ours_and_stays_what_it_is(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError), transaction(db):
        add(db, "gulou")
        add(db, "gulou")
    assert names(db) == []


def test_the_schema_is_there_and_readers_need_not_wait_for_writers(db: sqlite3.Connection) -> None:
    assert db.execute("SELECT count(*) FROM latest_articles").fetchone() == (0,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reader_cannot_write(db: sqlite3.Connection, tmp_path: Path) -> None:
    with closing(connect_for_reading(tmp_path)) as other, pytest.raises(sqlite3.OperationalError, match="readonly"):
        add(other, "gulou")


def test_a_folder_whose_name_means_something_in_addresses_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "100% 鹿峰?mode=rw#x"
    folder.mkdir()
    connect(folder / "archive.db").close()
    with closing(connect_for_reading(folder)) as other:
        assert names(other) == []


def test_reading_where_there_is_nothing_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no archive there yet"):
        connect_for_reading(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"not a database, but long enough to be looked at " * 50)
    with pytest.raises(ArchiveError, match=r"archive\.db: file is not a database"):
        connect(tmp_path / "archive.db")
    with pytest.raises(ArchiveError, match=re.escape(f"{tmp_path}/archive.db: file is not a database")):
        connect_for_reading(tmp_path)


def test_a_lock_names_its_holder_and_ends_with_its_handle(tmp_path: Path) -> None:
    handle = exclusive_lock(tmp_path / "new")
    with pytest.raises(ArchiveInUse, match=rf"in use by another writer \(process {os.getpid()}\)"):
        exclusive_lock(tmp_path / "new")
    os.close(handle)
    os.close(exclusive_lock(tmp_path / "new"))


def test_a_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    (tmp_path / "archive.lock").write_text("99999999 left behind by a process that was killed")
    script = (
        "import fcntl, os, sys; f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_EX); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path / "archive.lock")], check=False)
    assert done.returncode == -9
    handle = exclusive_lock(tmp_path)
    assert (tmp_path / "archive.lock").read_text() == str(os.getpid())
    os.close(handle)
