"""Tests the views that readers rely on: each says what the tables say, in small archives made for it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive import open_archive
from lufeng_crawler.archive.db import schema
from lufeng_crawler.archive.db.connection import SCHEMA_VERSION, connect
from lufeng_crawler.archive.history.redirect_moves import ARTICLE_TABLES
from tests.support.archive_builder import READER, Story, address, answer, article, listing, moment, rows
from tests.support.paths import DATA


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_latest_articles_has_one_row_for_each_article_and_its_newest_state(story: Story) -> None:
    story.run(1, article(1, body="一"), article(2), article(3, column="要闻"))
    story.run(2, article(1, body="二"), article(2))
    story.run(3, article(1, body="三"))
    found = rows(story.folder, 'SELECT key, version, body, "column" FROM latest_articles ORDER BY id')
    assert [(row["key"], row["version"], row["body"]) for row in found] == [
        ("1", 3, "三"),
        ("2", 1, "文"),
        ("3", 1, "文"),
    ]
    assert [row["column"] for row in found] == [None, None, "要闻"]


def test_latest_articles_tells_every_address_of_an_article_in_the_order_they_were_seen(story: Story) -> None:
    story.run(1, article(1))
    story.run(2, answer(1, status=301, to=2), article(2))
    (row,) = rows(story.folder, "SELECT urls FROM latest_articles")
    assert json.loads(row["urls"]) == [address(1), address(2)]


def test_article_versions_is_every_state_that_the_table_holds(story: Story) -> None:
    for day, body in enumerate("一二三", 1):
        story.run(day, article(1, body=body), article(2, body="不变"))
    view = rows(story.folder, "SELECT article, number, body, capture FROM article_versions ORDER BY article, number")
    table = rows(story.folder, "SELECT article, number, body, capture FROM versions ORDER BY article, number")
    assert view == table
    assert [row["body"] for row in view] == ["一", "二", "三", "不变"]


def test_edits_are_the_changes_of_that_kind_with_the_title_they_led_to(story: Story) -> None:
    story.run(1, article(1, "旧题"), article(2))
    story.run(2, article(1, "新题"), answer(2, status=404))
    (row,) = rows(story.folder, "SELECT * FROM edits")
    assert (row["title"], row["url"], row["site"], row["silent"]) == ("新题", address(1), "gulou", 1)
    assert (json.loads(row["fields"]), json.loads(row["captures"])) == (["title"], [1, 3])
    assert (row["from_version"], row["to_version"], row["at"]) == (1, 2, moment(2, 1))


def test_deletions_are_what_is_missing_or_gone_with_the_captures_that_prove_it(story: Story) -> None:
    story.run(1, article(1), article(2), article(3))
    story.run(2, answer(1, status=404), answer(2, status=404), article(3))
    story.run(4, answer(1, status=404), article(2), article(3))
    (row,) = rows(story.folder, "SELECT * FROM deletions")
    assert (row["article"], row["presence"], json.loads(row["captures"])) == (1, "gone", [4, 7])
    assert row["last_seen"] == moment(1, 1)
    story.run(5, article(1))
    assert rows(story.folder, "SELECT * FROM deletions") == []


def test_a_delisted_article_still_answers_and_is_no_deletion(story: Story) -> None:
    story.run(1, listing(1, 2), article(1), article(2), sweeps={"要闻": "complete"})
    story.run(2, listing(2), article(1), article(2), sweeps={"要闻": "complete"})
    assert story.kinds("kind NOT IN ('new')") == ["delisted"]
    assert rows(story.folder, "SELECT * FROM deletions") == []


def test_site_health_tells_the_last_crawl_and_the_last_good_one_apart(story: Story) -> None:
    story.run(1, article(1, published="2026-11-01"), article(2, published="2026-10-01"))
    story.run(2, answer(3, status=521), outcome="blocked")
    (row,) = rows(story.folder, "SELECT * FROM site_health")
    assert (row["last_good"], row["last_run"]) == (moment(1, 3), moment(2, 2))
    assert (row["last_outcome"], row["blocked"], row["articles"], row["newest"]) == ("blocked", 1, 2, "2026-11-01")


def test_site_health_does_not_take_an_ingest_for_a_crawl(story: Story) -> None:
    story.run(1, article(1))
    story.run(2, article(2), kind="ingest")
    (row,) = rows(story.folder, "SELECT * FROM site_health")
    assert (row["last_run"], row["articles"]) == (moment(1, 2), 2)


def test_site_health_knows_a_site_that_was_never_crawled(story: Story) -> None:
    story.run(1, article(1), kind="ingest")
    (row,) = rows(story.folder, "SELECT site, articles, last_good, last_run, last_outcome FROM site_health")
    assert tuple(row.values()) == ("gulou", 1, None, None, None)


def test_migrating_twice_changes_nothing() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        schema.migrate(db)
        before = db.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
        schema.migrate(db)
        assert db.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before


def test_every_view_can_be_read_where_there_is_nothing_yet(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "archive.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]
        assert {"latest_articles", "article_versions", "edits", "deletions", "site_health"} <= set(names)
        assert all(db.execute(f"SELECT * FROM {name}").fetchall() == [] for name in names)


@pytest.mark.parametrize("table", ["captures", "versions", "articles", "entries", "changes", "urls"])
def test_every_reference_leads_to_a_row(story: Story, table: str) -> None:
    story.run(1, listing(1, 2), article(1), article(2), sweeps={"要闻": "complete"})
    story.run(2, listing(2), answer(1, status=301, to=2), article(2, body="改"), sweeps={"要闻": "complete"})
    assert rows(story.folder, f"SELECT 1 FROM {table}")
    assert rows(story.folder, f"PRAGMA foreign_key_check({table})") == []


def test_the_views_have_the_columns_that_readers_rely_on(tmp_path: Path) -> None:
    """`tests/data/views.json` is a promise: a column may be added to it, none may go or change its place."""
    promised = json.loads((DATA / "views.json").read_text("utf-8"))
    with closing(connect(tmp_path / "archive.db")) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
        columns = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
        assert {name: [column for (column,) in db.execute(columns, (name,))] for name in names} == promised


def test_the_version_is_the_number_of_migrations(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "archive.db")) as db:
        assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (SCHEMA_VERSION,)
        assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def derived(db: sqlite3.Connection) -> dict[str, str]:
    """The SQL of all views and triggers and of the full-text tables, by name."""
    sql = "SELECT name, sql FROM sqlite_master WHERE type IN ('view', 'trigger') OR name IN ('search', 'search_titles')"
    return dict(db.execute(sql).fetchall())


@pytest.mark.parametrize(
    "change",
    [
        "DROP VIEW edits; CREATE VIEW edits AS SELECT 1 AS old",
        "DROP TRIGGER version_came",
        "DROP TRIGGER version_came; CREATE TRIGGER version_came AFTER INSERT ON versions BEGIN SELECT 1; END",
        "DROP VIEW copies",
        "DROP TABLE search; CREATE VIRTUAL TABLE search USING fts5(body)",
    ],
)
def test_what_is_derived_is_created_anew_where_its_sql_differs(story: Story, change: str) -> None:
    story.run(1, article(1))
    path = story.folder / "archive.db"
    with closing(sqlite3.connect(path)) as db:
        before, found = derived(db), db.execute("SELECT * FROM latest_articles").fetchall()
        db.executescript(change)
        assert derived(db) != before
    story.run(2, article(1))
    with closing(sqlite3.connect(path)) as db:
        assert derived(db) == before
        assert len(db.execute("SELECT * FROM latest_articles").fetchall()) == len(found)


def test_a_full_text_table_that_was_created_anew_is_filled(story: Story) -> None:
    story.run(1, article(1, title="税收"), article(2))
    with closing(sqlite3.connect(story.folder / "archive.db")) as db:
        db.executescript("DROP TABLE search_titles; CREATE VIRTUAL TABLE search_titles USING fts5(title)")
    open_archive(story.folder, READER).close()
    (row,) = rows(story.folder, "SELECT count(*) AS found FROM search_titles WHERE search_titles MATCH '税'")
    assert row["found"] == 1


def test_a_view_of_the_archives_owner_stays(story: Story) -> None:
    story.run(1, article(1))
    with closing(sqlite3.connect(story.folder / "archive.db")) as db:
        db.execute("CREATE VIEW mine AS SELECT 1 AS one")
        db.execute("DROP VIEW edits")
    story.run(2, article(1))
    assert rows(story.folder, "SELECT * FROM mine") == [{"one": 1}]


def test_only_tables_whose_rows_belong_to_an_article_are_merged(tmp_path: Path) -> None:
    """Every table that refers to articles is merged, or derived from versions, or is `versions` itself."""
    with closing(connect(tmp_path / "archive.db")) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        refers = "SELECT 1 FROM pragma_foreign_key_list(?) WHERE \"table\" = 'articles'"
        found = {table for table in tables if db.execute(refers, (table,)).fetchone()}
    assert found == {*ARTICLE_TABLES, "versions", "latest", "texts"}
