"""Tests the rows of events: as a reader finds them, lists as JSON, Chinese as Chinese."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive import RunStart
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.db.rows import dicts
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.archive.store import runs
from lufeng_crawler.items import PresenceRule, Unchanged
from tests.support.archive_builder import article, moment

KINDS = ("new", "edited", "missing", "gone", "restored", "delisted", "relisted", "moved")


def database(folder: Path) -> sqlite3.Connection:
    db = connect(folder / "archive.db")
    if not db.execute("SELECT 1 FROM runs").fetchone():
        runs.insert_run(db, RunStart("run", "crawl", moment(1), "gulou"))
    return db


def test_a_sighting_is_dated_by_its_capture(tmp_path: Path) -> None:
    with closing(database(tmp_path)) as db:
        assert Observation(
            db, 1, 1, 1, PresenceRule(), article(1, fetched_at=moment(3)), "reader", lambda id: Unchanged()
        ).at == moment(3)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_that_says_no_more_than_its_kind(tmp_path: Path, kind: str) -> None:
    with closing(database(tmp_path)) as db:
        ChangeEvent(kind, moment(2), 1, 1, [7]).insert(db)
        (row,) = dicts(db, "SELECT * FROM changes")
    assert (row["kind"], row["at"], row["article"], row["run"]) == (kind, moment(2), 1, 1)
    assert (row["evidence"], row["fields"]) == ("[7]", "[]")
    assert (row["from_version"], row["to_version"], row["silent"], row["backdated"]) == (None, None, 0, 0)


@given(
    st.lists(st.integers(1, 2**53), max_size=4),
    st.lists(st.text(max_size=5), max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, evidence: list[int], fields: list[str], silent: bool, backdated: bool
) -> None:
    with closing(database(tmp_path_factory.getbasetemp())) as db:
        ChangeEvent("edited", moment(2), 1, 1, evidence, 4, 5, fields, silent, backdated).insert(db)
        (row,) = dicts(db, "SELECT * FROM changes ORDER BY id DESC LIMIT 1")
    assert (json.loads(row["evidence"]), json.loads(row["fields"])) == (evidence, fields)
    assert (row["from_version"], row["to_version"]) == (4, 5)
    assert (bool(row["silent"]), bool(row["backdated"])) == (silent, backdated)


def test_events_are_numbered_as_they_are_told_and_no_number_is_given_twice(tmp_path: Path) -> None:
    with closing(database(tmp_path)) as db:
        for kind in ("new", "missing"):
            ChangeEvent(kind, moment(2), 1, 1, [1]).insert(db)
        db.execute("DELETE FROM changes WHERE kind = 'missing'")
        ChangeEvent("edited", moment(1), 1, 1, [1], fields=["正文"]).insert(db)
        assert db.execute("SELECT id, kind, fields FROM changes ORDER BY id").fetchall() == [
            (1, "new", "[]"),
            (3, "edited", '["正文"]'),
        ]
