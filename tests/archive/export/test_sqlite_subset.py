"""A part of an archive as a database of its own answers as the archive does, for the articles that it holds."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export import sqlite_subset
from lufeng_crawler.archive.export.export import export
from lufeng_crawler.cli import main
from tests.support.archive_builder import Story, address, document, everything, rows
from tests.support.archive_builder import article as page
from tests.support.demo_archive import AllDays

VIEWS = ("latest_articles", "article_versions", "edits", "events", "deletions")


def part(folder: Path, to: Path, wanted: Filter | None = None) -> Path:
    """The folder of an archive.db with these articles of another."""
    to.mkdir(exist_ok=True)
    with closing(connect_for_reading(folder)) as db:
        export(db, wanted or Filter(), to / "archive.db")
    return to


@pytest.fixture(scope="module")
def whole(all_days: AllDays, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return part(all_days.folder, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def papers(all_days: AllDays, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One column, some days."""
    wanted = Filter(column="鹿峰动态", published_to="2026-11-05")
    return part(all_days.folder, tmp_path_factory.mktemp("papers"), wanted)


@pytest.mark.parametrize("view", VIEWS)
def test_all_articles_have_the_views_of_the_archive(all_days: AllDays, whole: Path, view: str) -> None:
    there, here = (sorted(map(repr, rows(folder, f"SELECT * FROM {view}"))) for folder in (all_days.folder, whole))
    assert here == there != []


@pytest.mark.parametrize("view", VIEWS)
def test_some_articles_have_their_rows_of_the_views(all_days: AllDays, papers: Path, view: str) -> None:
    chosen = {row["id"] for row in rows(papers, "SELECT id FROM articles")}
    assert 0 < len(chosen) < rows(all_days.folder, "SELECT count(*) n FROM articles")[0]["n"]
    name = "id" if view == "latest_articles" else "article"
    there = [row for row in rows(all_days.folder, f"SELECT * FROM {view}") if row[name] in chosen]
    assert sorted(map(repr, rows(papers, f"SELECT * FROM {view}"))) == sorted(map(repr, there))


def test_nothing_is_in_it_that_is_not_in_the_archive(all_days: AllDays, papers: Path) -> None:
    there, here = everything(all_days.folder), everything(papers)
    captures = [row[:11] + row[12:] for row in there.pop("captures")]  # all but `article`
    assert {row[:11] + row[12:] for row in here.pop("captures")} < set(captures)
    assert all(set(here[table]) <= set(there[table]) for table in here)
    assert here["warcs"] == here["run_events"] == []


def test_it_is_one_sound_file(whole: Path, papers: Path) -> None:
    for folder in (whole, papers):
        assert [one.name for one in folder.iterdir()] == ["archive.db"]
        with closing(sqlite3.connect(folder / "archive.db")) as db:
            for pragma, answer in (
                ("foreign_key_check", []),
                ("integrity_check", [("ok",)]),
                ("freelist_count", [(0,)]),
                ("journal_mode", [("delete",)]),
            ):
                assert db.execute(f"PRAGMA {pragma}").fetchall() == answer
            size = (folder / "archive.db").stat().st_size
            db.execute("VACUUM")
        assert size < 1.3 * (folder / "archive.db").stat().st_size


def test_the_commands_that_read_read_it(papers: Path) -> None:
    [first, *_] = rows(papers, "SELECT article FROM edits")
    for words in (["show"], ["history"], ["diff"]):
        done = CliRunner().invoke(main, ["--archive", str(papers), *words, str(first["article"])])
        assert (done.exit_code, done.stderr) == (0, ""), words
        assert done.stdout
    for words in (["changes", "--json"], ["status"], ["export", str(papers.parent / "again.jsonl")]):
        assert CliRunner().invoke(main, ["--archive", str(papers), *words]).exit_code == 0, words


def test_a_part_of_a_part_is_that_part(papers: Path, tmp_path: Path) -> None:
    assert everything(part(papers, tmp_path)) == everything(papers)


def test_a_repeated_capture_brings_what_it_repeats_and_leaves_the_other_article(tmp_path: Path) -> None:
    story = Story(tmp_path / "archive")
    files = [(address("a.pdf"), "甲")]
    story.run(5, page(1, files=files), document("a.pdf"), page(2, title="另", body="别", files=files))
    story.run(6, page(1, files=files), document("a.pdf"))
    folder = part(story.folder, tmp_path / "part", Filter(published_from="2026-11-02"))
    assert rows(folder, "SELECT id FROM articles") == []
    assert everything(folder)["captures"] == []


def columns_of(folder: Path, table: str) -> list[Any]:
    return [row["name"] for row in rows(folder, "SELECT name FROM pragma_table_info(?)", table)]


def test_an_archive_of_an_older_schema_is_taken_by_the_names_of_its_columns(papers: Path, tmp_path: Path) -> None:
    older = part(papers, tmp_path / "older")
    with closing(sqlite3.connect(older / "archive.db")) as db:
        db.execute("ALTER TABLE sites DROP COLUMN family")
    newer = part(older, tmp_path / "newer")
    assert columns_of(newer, "sites") == columns_of(papers, "sites") != columns_of(older, "sites")
    assert {row["family"] for row in rows(newer, "SELECT * FROM sites")} == {None}


def test_its_steps_are_the_articles(papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_subset, "BATCH", 2)
    steps: list[int] = []
    with closing(connect_for_reading(papers)) as db:
        count = export(db, Filter(), tmp_path / "a.db", steps.append)
    assert sum(steps) == count == rows(papers, "SELECT count(*) n FROM articles")[0]["n"]
    assert len(steps) > count / 2


def test_no_name_is_left_where_a_database_cannot_be_made(papers: Path, tmp_path: Path) -> None:
    with closing(connect_for_reading(papers)) as db:
        db.execute("ATTACH ':memory:' AS subset")
        with pytest.raises(sqlite3.OperationalError, match="already in use"):
            export(db, Filter(), tmp_path / "a.db")
    assert list(tmp_path.iterdir()) == []


def test_duckdb_reads_it_where_its_sqlite_part_is_there(papers: Path) -> None:
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as db:
        try:
            db.execute("LOAD sqlite")
        except duckdb.Error:
            pytest.skip("DuckDB's part for SQLite is not here, and is fetched from the internet")
        db.execute(f"ATTACH '{papers / 'archive.db'}' AS archive (TYPE sqlite, READ_ONLY)")
        found = db.sql("SELECT id, fields FROM archive.changes ORDER BY id").fetchall()
    there = rows(papers, "SELECT id, fields FROM changes ORDER BY id")
    assert [(id, json.loads(fields)) for id, fields in found] == [
        (row["id"], json.loads(row["fields"])) for row in there
    ]
