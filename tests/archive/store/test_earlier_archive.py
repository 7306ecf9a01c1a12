"""Tests an archive of the demo's eleven days that version 0.1.0 made before its reader had a number.

`tests/data/eleven-days.tar.xz` holds its archive.db and capture file as that version left them.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from scrapy import Request

from lufeng_crawler import demo, pages, sites
from lufeng_crawler.archive import RunEnd, RunStart, rebuild
from lufeng_crawler.archive.db import connection, schema
from lufeng_crawler.archive.db.connection import connect_for_reading, exclusive_lock
from lufeng_crawler.archive.store.rebuild_preview import preview_rebuild
from lufeng_crawler.errors import ArchiveError
from lufeng_crawler.reader import open_archive, reader
from tests.support.archive_builder import everything, rows
from tests.support.commands import lufeng
from tests.support.paths import DATA
from tests.support.scripted_crawl import Answer, ScriptedCrawl

REWRITTEN = {"_sqlite_migrations", "runs"}
"""Tables that an update changes; `runs` is compared on its own."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(DATA / "eleven-days.tar.xz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path / "eleven-days"


def tables(path: Path) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables and views of an archive.db, but for those that full text keeps for itself."""
    sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'search%'"
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute(sql)]
        return {name: [dict(row) for row in db.execute(f"SELECT * FROM {name}")] for name in names}


def same(before: list[dict[str, Any]], after: list[dict[str, Any]], but: str = "") -> bool:
    """Whether the rows are the same in the columns that there were before, but for one of them."""
    columns = [column for row in before[:1] for column in row if column != but]
    cells = ([repr([row[column] for column in columns]) for row in rows] for rows in (before, after))
    return sorted(next(cells)) == sorted(next(cells))


def test_it_opens_as_it_was_and_its_reader_has_a_number(folder: Path) -> None:
    before = tables(folder / "archive.db")
    open_archive(folder, None).close()
    after = tables(folder / "archive.db")
    assert before.keys() <= after.keys()
    for name in before.keys() - REWRITTEN:
        assert same(before[name], after[name], but="reader"), name
    assert {row["reader"].split()[0] for row in after["versions"]} == {"1"}


def test_a_rule_in_columns_became_one_value(folder: Path) -> None:
    open_archive(folder, None).close()
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        rules = db.execute("SELECT DISTINCT presence_rule FROM runs").fetchall()
    assert rules == [('{"observations":2,"apart":0}',)]  # the demo's days pass within seconds


READ_ANEW = {"versions": "reader", "article_versions": "reader", "events": "evidence"}
"""The columns that a newer reader changes, by table; `reason` in others."""


def test_a_rebuild_gives_the_same_rows(folder: Path) -> None:
    open_archive(folder, None).close()
    before = tables(folder / "archive.db")
    rebuild(folder, reader(None))
    after = tables(folder / "archive.db")
    for name in before.keys() - {"_sqlite_migrations", "latest", "retired"}:  # row ids of `latest` depend on batches
        # all pages are read by today's reader, which keeps more of the words by which a page says that it is gone
        assert same(before[name], after[name], but=READ_ANEW.get(name, "reason")), name


@pytest.mark.skipif(pages.READER != 1, reason="the pages are read by newer rules than those of that version")
def test_nothing_would_be_read_differently(folder: Path) -> None:
    with preview_rebuild(folder, reader(None)) as preview:
        assert list(preview.differences()) == []


@pytest.mark.skipif(pages.READER != 1, reason="the pages are read by newer rules than those of that version")
def test_another_run_reads_no_version_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(folder, None)
    monkeypatch.setattr(archive.recorder, "read_again", lambda capture: pytest.fail("read again without need"))
    sql = "SELECT v.capture FROM versions v JOIN articles a ON a.id = v.article WHERE a.presence = 'live' LIMIT 1"
    page = archive.load_capture(archive.db.execute(sql).fetchone()[0])
    edited = replace(
        page, body=page.body.replace("鹿峰县".encode(), "鹿鸣县".encode()), fetched_at="2026-12-01T00:00:01Z"
    )
    archive.begin(RunStart("next", "crawl", "2026-12-01T00:00:00Z", "demo"))
    stored = archive.store(edited, "next")
    archive.set_reading(stored, archive.read(stored))
    counts = archive.end(RunEnd("next", "2026-12-01T00:00:02Z", "good"))
    archive.close()
    assert (counts["edited"], counts["new"]) == (1, 0)


EDITED = "/info/1001/1102.htm"
"""The address of an article that is edited after the last day of the kept archive."""


def county(request: Request) -> Answer:
    """What the demo county answers on the day after; nothing has happened since but one edit."""
    path = urlsplit(request.url).path
    headers = {name.decode(): values[0].decode() for name, values in request.headers.items()}
    given = demo.answer(path, max(demo.DAYS), headers)
    body = given.body.replace("鹿峰县".encode(), "鹿鸣县".encode()) if path == EDITED else given.body
    return Answer(given.status, body, given.headers)


def test_it_is_crawled_on_and_tells_what_the_pages_justify_and_no_more(folder: Path) -> None:
    """Neither new rules nor a new reader make a second article, an event, or anything owed; nor does a rebuild."""
    known = rows(folder, "SELECT id, key, url FROM articles ORDER BY id")
    crawl = ScriptedCrawl(folder, sites.load_site("demo"), county, reader(None))
    for full, now in ((False, "2026-12-01T02"), (True, "2026-12-02T03"), (True, "2026-12-03T04")):
        report = crawl.run(f"{now}:00:00Z", full=full)
        assert (report.outcome, report.reason, report.counts["owed"]) == ("good", None, 0)
    told = rows(folder, "SELECT c.kind, a.url FROM changes c JOIN articles a ON a.id = c.article WHERE c.run > 11")
    assert [(row["kind"], urlsplit(row["url"]).path) for row in told] == [("edited", EDITED)]
    assert rows(folder, "SELECT id, key, url FROM articles ORDER BY id") == known
    before, said = everything(folder), told_of(folder)
    rebuild(folder, reader(None))
    after = everything(folder)
    read_by = {"captures", "versions"}  # by whom, and in which words
    assert {name: before[name] for name in before.keys() - read_by} == {
        name: after[name] for name in before.keys() - read_by
    }
    assert told_of(folder) == said


def told_of(folder: Path) -> list[list[dict[str, Any]]]:
    """What was seen and said, without the words in which today's reader says it."""
    captures = "SELECT id, url, outcome, article, content, revisit_of, location FROM captures ORDER BY id"
    versions = "SELECT article, number, capture, first_seen, last_seen, content_digest, body FROM versions"
    return [rows(folder, captures), rows(folder, f"{versions} ORDER BY article, number")]


def test_who_only_reads_has_it_updated_first(folder: Path) -> None:
    done = lufeng("--archive", folder, "status", "--json")
    assert (done.code, done.err) == (0, "")
    assert [row["site"] for row in done.lines if row["articles"]] == ["demo"]


def test_many_may_start_to_read_it_at_once(folder: Path) -> None:
    words = [sys.executable, "-m", "lufeng_crawler", "--archive", str(folder), "status", "--json"]
    readers = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    outputs = [reader.communicate() for reader in readers]
    assert [(reader.returncode, error) for reader, (_, error) in zip(readers, outputs, strict=True)] == [(0, b"")] * 3


@pytest.fixture
def unwritable(folder: Path) -> Path:
    """The archive, in whose folder nobody can lock anything, root included."""
    (folder / "archive.lock").unlink(missing_ok=True)
    (folder / "archive.lock").mkdir()
    return folder


@pytest.mark.parametrize(
    "command", ["status", "search 鹿峰", "changes", "history 1", "show 1", "verify", "export all.csv"]
)
def test_where_nothing_can_be_written_it_is_read_as_it_is(unwritable: Path, tmp_path: Path, command: str) -> None:
    words = [str(tmp_path / word) if word == "all.csv" else word for word in command.split()]
    before = (unwritable / "archive.db").read_bytes()
    done = lufeng("--archive", unwritable, *words)
    assert done.code == 0 and done.out
    assert "archive.db: read with the schema of an earlier version, which cannot be updated now" in done.err
    assert "Traceback" not in done.err
    assert (unwritable / "archive.db").read_bytes() == before


def test_while_another_writes_it_is_read_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connection, "UPGRADE_WAIT", 0.1)
    handle = exclusive_lock(folder)
    with closing(connect_for_reading(folder)) as db:
        assert db.execute("SELECT count(*) FROM latest_articles").fetchone()[0] > 0
        assert not connection.is_current(db)
    os.close(handle)
    assert "in use by another writer" in caplog.text
    with closing(connect_for_reading(folder)) as db:
        assert connection.is_current(db)


OWNED = {
    "my_sites": "CREATE VIEW my_sites AS SELECT site, count(*) AS n FROM latest_articles GROUP BY site",
    "my_rules": "CREATE VIEW my_rules AS SELECT apart FROM runs",
    "my_events": "CREATE VIEW my_events AS SELECT s.n, e.* FROM events e JOIN my_sites s ON s.site = e.site",
    "my_log": "CREATE TRIGGER my_log AFTER INSERT ON runs BEGIN UPDATE my_notes SET runs = runs + 1; END",
    "my_index": 'CREATE INDEX my_index ON captures (status, "column")',
}


def test_what_its_owner_made_stays(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.executescript(";".join(("CREATE TABLE my_notes (runs INTEGER)", *OWNED.values())))
        before = db.execute("SELECT * FROM my_events ORDER BY id").fetchall()
    open_archive(folder, None).close()
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        found = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'my%'").fetchall())
        assert {name: found.get(name) for name in OWNED} == OWNED
        assert db.execute("SELECT * FROM my_events ORDER BY id").fetchall() == before


def test_what_no_longer_fits_is_named(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    index = "CREATE INDEX runs_by_rule ON runs (apart)"
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute(index)
    open_archive(folder, None).close()
    assert index in caplog.text


def test_an_update_that_fails_leaves_everything_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def everything() -> list[str]:
        with closing(sqlite3.connect(folder / "archive.db")) as db:
            return [line for line in db.iterdump() if "search" not in line]

    def fail(db: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with closing(sqlite3.connect(folder / "archive.db")) as db:
        db.execute(OWNED["my_sites"])
    before = everything()
    with monkeypatch.context() as broken:
        broken.setattr(schema, "recreate_derived", fail)
        with pytest.raises(ArchiveError, match="disk I/O error"):
            open_archive(folder, None)
    assert everything() == before
    open_archive(folder, None).close()
    assert everything() != before
