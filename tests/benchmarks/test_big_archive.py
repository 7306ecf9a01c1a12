"""Tests that the archive that benchmarks are run on is as a crawl would leave one, and the same for the same seed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pytest
from big_archive import build

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.queries.events import EventFilter, list_events
from lufeng_crawler.archive.text import normalise
from tests.support.archive_builder import everything, rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("big"), articles=1000, characters=100)


def test_a_seed_makes_the_same_archive_again(tmp_path: Path) -> None:
    one, same, other = (everything(build(tmp_path / str(n), 40, 50, seed)) for n, seed in enumerate((1, 1, 2)))
    assert one == same != other


def test_there_are_so_many_articles_of_that_size(folder: Path) -> None:
    [said] = rows(
        folder, "SELECT count(*) n, avg(length(body)) mean, max(length(body)) longest FROM versions WHERE number = 1"
    )
    assert said["n"] == 1000
    assert 95 < said["mean"] < 105 < said["longest"] <= 152
    [titles] = rows(folder, "SELECT min(length(title)) shortest, max(length(title)) longest FROM versions")
    assert titles == {"shortest": 15, "longest": 30}


def test_the_tables_agree_with_one_another(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    for view, count in (("latest_articles", 1000), ("events", None), ("edits", None), ("deletions", None)):
        found = rows(folder, f"SELECT * FROM {view}")
        assert len(found) == (count or len(found)) > 0
    assert len(rows(folder, "SELECT * FROM site_health WHERE last_good IS NOT NULL")) == 8
    seen = [row["fetched_at"] for row in rows(folder, "SELECT fetched_at FROM captures ORDER BY id")]
    assert seen == sorted(seen)


def test_events_are_told_and_proved(folder: Path) -> None:
    with closing(connect_for_reading(folder)) as db:
        found = list(list_events(db, EventFilter()))
    assert {event.kind for event in found} == {"new", "edited", "missing", "gone"}
    assert all(event.evidence and event.sentence for event in found)
    assert [event.at for event in found] == sorted(event.at for event in found)


def test_an_edit_changes_what_it_says_it_changes(folder: Path) -> None:
    sql = (
        "SELECT c.fields, c.silent, o.body AS was, n.body AS now, o.published AS dated, n.published AS redated FROM"
        " changes c JOIN versions o ON o.article = c.article AND o.number = c.from_version"
        " JOIN versions n ON n.article = c.article AND n.number = c.to_version"
    )
    edits = rows(folder, sql)
    assert {edit["silent"] for edit in edits} == {0, 1}
    for edit in edits:
        assert normalise(edit["was"]) != normalise(edit["now"])
        assert (edit["dated"] != edit["redated"]) == ("published" in json.loads(edit["fields"])) != edit["silent"]


def test_words_are_as_unequal_as_in_texts(folder: Path) -> None:
    often, seldom = (
        rows(folder, "SELECT count(*) n FROM versions WHERE instr(body, ?)", word)[0]["n"] for word in ("工作", "税收")
    )
    assert 10 * seldom < often
    assert seldom > 0


def test_some_texts_stand_on_two_sites(folder: Path) -> None:
    assert rows(folder, "SELECT body FROM articles a JOIN versions v ON v.article = a.id GROUP BY body HAVING"
                        " count(DISTINCT site) > 1")  # fmt: skip


def test_it_is_not_written_over_an_archive(folder: Path) -> None:
    with pytest.raises(click.ClickException, match="an archive already"):
        build(folder, articles=1)
