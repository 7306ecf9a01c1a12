"""Tests that the index holds what articles say now, whatever happened to them and whenever a process died."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import open_archive
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.db.rows import insert, value
from lufeng_crawler.archive.search import fulltext_index
from lufeng_crawler.archive.store.transaction import transaction
from tests.support.archive_builder import READER, Story, answer, article
from tests.support.paths import ROOT

Words = set[tuple[object, ...]]


def indexed(db: sqlite3.Connection) -> dict[str, Words]:
    """Every word that a search can find: of which article, in which column, at which place."""
    found = {}
    for table in ("search", "search_titles"):
        db.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{table}_words USING fts5vocab(main, {table}, instance)")
        words = f"SELECT article, col, offset, term FROM {table}_words JOIN latest ON latest.id = doc"
        found[table] = set(db.execute(words).fetchall())
    return found


def anew(db: sqlite3.Connection) -> dict[str, Words]:
    """The same after the index was made anew; that is taken back."""
    db.execute("BEGIN")
    fulltext_index.rebuild_index(db)
    found = indexed(db)
    db.execute("ROLLBACK")
    return found


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(folder / "archive.db")) as db:
        yield db


@pytest.fixture
def story(tmp_path: Path) -> Story:
    made = Story(tmp_path)
    made.run(1, article(1, "税收", "征管 办法", source="县府办", column="要闻"), article(2), article(3))
    made.run(
        2, article(1, "稅收", "改", source="县府办"), answer(2, status=404), answer(3, status=301, to=4), article(4)
    )
    return made


def test_after_edits_deletions_and_moves_it_is_as_if_made_anew(story: Story) -> None:
    with opened(story.folder) as db:
        assert indexed(db) == anew(db)
        words = indexed(db)["search"]
        assert {(1, "title", 0, "税"), (1, "title", 1, "收"), (1, "body", 0, "改"), (1, "column", 0, "要")} <= words
        assert not {word for word in words if word[:2] == (1, "body") and word[3] != "改"}
        assert value(db, "SELECT count(*) FROM retired") > 0


def test_made_anew_nothing_of_it_is_dead(story: Story) -> None:
    with opened(story.folder) as db:
        before, told = indexed(db), list[int]()
        with transaction(db):
            assert fulltext_index.rebuild_index(db, told.append) == sum(told) == 3
        assert indexed(db) == before
        assert value(db, "SELECT count(*) FROM retired") == 0
        assert db.execute("SELECT rowid FROM search").fetchall() == db.execute("SELECT id FROM latest").fetchall()


def test_it_is_made_in_pieces(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext_index, "BATCH", 2)
    with opened(story.folder) as db:
        assert indexed(db) == anew(db)


@pytest.mark.parametrize(
    "worn",
    [
        "UPDATE search_scheme SET name = 'of old'",
        "DELETE FROM search_scheme",
        f"INSERT INTO retired VALUES {', '.join(f'({number})' for number in range(3000))}",
    ],
)
def test_the_next_start_makes_a_worn_one_anew(story: Story, worn: str) -> None:
    with opened(story.folder) as db:
        assert not fulltext_index.needs_rebuild(db)
        db.execute("INSERT INTO search (search) VALUES ('delete-all')")
        db.execute(worn)
        assert fulltext_index.needs_rebuild(db)
    open_archive(story.folder, READER).close()
    with opened(story.folder) as db:
        assert not fulltext_index.needs_rebuild(db)
        assert indexed(db) == anew(db)
        assert len(indexed(db)["search"]) > 0


KILLED = """
import os, sys
from pathlib import Path
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.store.derived_tables import update_derived_tables
from lufeng_crawler.archive.store.transaction import transaction
db = connect(Path(sys.argv[1]))
with transaction(db) as commit:
    db.execute("UPDATE versions SET title = 'one', body = 'one' WHERE article = 1")
    if sys.argv[2] == "behind":
        commit()
    db.execute("UPDATE versions SET title = 'two', body = 'two' WHERE article = 1")
    update_derived_tables(db)
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize(("moment", "title"), [("before", "稅收"), ("behind", "one")])
def test_killed_at_any_moment_it_says_what_the_versions_say(story: Story, moment: str, title: str) -> None:
    path = f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    command = [sys.executable, "-c", KILLED, str(story.folder / "archive.db"), moment]
    assert subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=False).returncode == -signal.SIGKILL
    with opened(story.folder) as db:
        assert value(db, "SELECT title FROM latest_articles WHERE id = 1") == title
        assert indexed(db) == anew(db)


said = st.text("税稅收 ａa，\n", max_size=6)
number = st.integers(1, 4)
Act = tuple[Any, ...]
acts = st.lists(
    st.one_of(
        st.tuples(st.just("article"), number, said, said, st.sampled_from(["2026-11-01", "2026-11-02", None])),
        st.tuples(st.just("version"), number, said, said),
        st.tuples(st.just("reread"), number, said),
        st.tuples(st.just("column"), number, said),
        st.tuples(st.just("unite"), number, number),
        st.tuples(st.just("drop"), number),
        st.tuples(st.just("gone"), number),
        st.tuples(st.just("commit")),
    ),
    max_size=12,
)


def _article(db: sqlite3.Connection, id: int, title: str, body: str, published: str | None) -> None:
    if value(db, "SELECT 1 FROM articles WHERE id = ?", id) is None:
        seen = dict.fromkeys(("first_seen", "last_seen", "presence_since", "next_visit"), "2026-11-03T00:00:00Z")
        insert(db, "articles", id=id, site=1, key=str(id), url=str(id), presence="live", **seen)
        _version(db, id, title, body, published)


def _version(db: sqlite3.Connection, id: int, title: str, body: str, published: str | None = None) -> None:
    if value(db, "SELECT 1 FROM articles WHERE id = ?", id):
        last = value(db, "SELECT coalesce(max(number), 0) FROM versions WHERE article = ?", id)
        names = "first_seen last_seen body_html images keywords tags content_digest provenance reader"
        given = {"title": title, "body": body, "published": published, "capture": 1}
        insert(db, "versions", article=id, number=last + 1, **given, **dict.fromkeys(names.split(), ""))


def _unite(db: sqlite3.Connection, one: int, other: int) -> None:
    if one != other and value(db, "SELECT count(*) FROM articles WHERE id IN (?, ?)", one, other) == 2:
        db.execute("UPDATE versions SET article = ?1, number = number + 100 WHERE article = ?2", (one, other))
        db.execute("DELETE FROM articles WHERE id = ?", (other,))


def _gone(db: sqlite3.Connection, id: int) -> None:
    db.execute("DELETE FROM versions WHERE article = ?", (id,))
    db.execute("DELETE FROM articles WHERE id = ?", (id,))


SQL = {
    "reread": "UPDATE versions SET body = ?2 WHERE article = ?1",
    "column": 'UPDATE articles SET "column" = ?2 WHERE id = ?1',
    "drop": "DELETE FROM versions WHERE article = ?1 AND number > 1",
}
ACTS: dict[str, Callable[..., None]] = {"article": _article, "version": _version, "unite": _unite, "gone": _gone}


@given(acts)
@settings(max_examples=25, deadline=None)
def test_whatever_happens_it_is_as_if_made_anew(acts: list[Act]) -> None:
    with TemporaryDirectory() as folder, opened(Path(folder)) as db:
        with transaction(db) as commit:
            insert(db, "sites", name="gulou")
            for name, *rest in acts:
                if name == "commit":
                    commit()
                elif name in SQL:
                    db.execute(SQL[name], rest)
                else:
                    ACTS[name](db, *rest)
        assert indexed(db) == anew(db)
        assert value(db, "SELECT count(*) FROM latest") == value(db, "SELECT count(DISTINCT article) FROM versions")
