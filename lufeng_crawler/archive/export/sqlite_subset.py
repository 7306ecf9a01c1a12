"""A part of the archive as a database of its own: chosen articles with all that is known of them, under the same views.

It holds their versions, attachments, events, entries and addresses, the rows of the captures that prove these, and the
runs of their sites: so every view answers, as do the commands that read. The captures' bytes are not in it (`lufeng
wacz` hands those on), nor what only they explain: the chain's beginnings. It is one file with no log beside it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO

from sqlite_utils import Database

from lufeng_crawler.archive.db import schema
from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.archive.search import fulltext_index

CAPTURES = (
    "SELECT id FROM main.captures WHERE article IN part_articles",
    "SELECT value FROM part.changes, json_each(evidence)",
    "SELECT capture FROM part.versions",
    "SELECT capture FROM part.attachments WHERE capture IS NOT NULL",
    "SELECT first_capture FROM part.entries UNION SELECT last_capture FROM part.entries",
    "SELECT swept_by FROM part.columns WHERE swept_by IS NOT NULL",
    "SELECT revisit_of FROM main.captures WHERE id IN part_captures AND revisit_of IS NOT NULL",
)
"""All that what is taken refers to; the last is what the others repeat."""

COPIED_TABLES = {
    "articles": "id IN part_articles",
    "urls": "article IN part_articles",
    "attachments": "version IN (SELECT id FROM part.versions)",
    "changes": "article IN part_articles",
    "entries": "article IN part_articles",
    "columns": 'id IN (SELECT "column" FROM part.entries)',
    "latest": "article IN part_articles",
    "texts": "article IN part_articles",
    "sketches": "text IN (SELECT text FROM part.texts)",
    "prints": "text IN (SELECT text FROM part.texts)",
    "pairs": "text IN (SELECT text FROM part.texts) AND other IN (SELECT text FROM part.texts)",
}
REFERENCED_TABLES = {
    "captures": "id IN part_captures",
    "sites": "id IN (SELECT site FROM part.articles UNION SELECT site FROM part.captures)",
    "runs": "id IN (SELECT run FROM part.captures UNION SELECT run FROM part.changes)"
    " OR site IN (SELECT id FROM part.sites)",
}
"""Table by table, in this order: which rows."""


BATCH = 1000
"""Versions that are copied between two words of how far it is."""


def write_subset(
    db: sqlite3.Connection,
    wanted: Filter,
    path: Path,
    file: IO[bytes],
    watch: Callable[[int], None] = lambda step: None,
) -> None:
    """Write the database of these articles to the file, which is to lie at the path; `watch` hears how many more.

    The archive is read as of one moment. Beside the path there must be room for the same once more. Raises OSError.
    """
    with _attached(db, path) as (draft, part):
        db.execute("BEGIN")
        _choose(db, wanted)
        _take_versions(db, watch)
        _take(db, COPIED_TABLES)
        _refer(db)
        _take(db, REFERENCED_TABLES)
        db.execute("UPDATE part.captures SET article = NULL WHERE article NOT IN part_articles")
        db.execute("DELETE FROM part.stale")
        db.execute("COMMIT")
        with part:
            fulltext_index.rebuild_index(part)
        shutil.copyfileobj(draft, file, 1 << 20)


@contextmanager
def _attached(db: sqlite3.Connection, path: Path) -> Iterator[tuple[IO[bytes], sqlite3.Connection]]:
    """An empty database, attached as `part`, as a file and as a connection of its own.

    Its name goes as soon as SQLite has it open: a kill leaves nothing.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.db")
    with ExitStack() as undo:
        undo.callback(draft.unlink, missing_ok=True)
        draft.write_bytes(_empty())
        file = undo.enter_context(draft.open("rb"))
        part = undo.enter_context(closing(sqlite3.connect(draft)))
        db.execute("ATTACH ? AS part", (f"{draft.resolve().as_uri()}?mode=rw",))
        undo.callback(_detach, db)
        for setting in ("journal_mode", "synchronous"):  # what is not whole is thrown away
            db.execute(f"PRAGMA part.{setting} = OFF")
            part.execute(f"PRAGMA {setting} = OFF")
        draft.unlink()
        yield file, part


def _detach(db: sqlite3.Connection) -> None:
    db.rollback()
    for table in ("part_articles", "part_captures"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
    db.execute("DETACH part")


def _empty() -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        schema.migrate(Database(db))
        return db.serialize()


def _choose(db: sqlite3.Connection, wanted: Filter) -> None:
    for table in ("part_articles", "part_captures"):
        db.execute(f"CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO part_articles VALUES (?)", ((id,) for id in articles.list_article_ids(db, wanted)))


def _refer(db: sqlite3.Connection) -> None:
    for captures in CAPTURES:
        db.execute(f"INSERT OR IGNORE INTO part_captures {captures}")


def _take_versions(db: sqlite3.Connection, watch: Callable[[int], None]) -> None:
    """In the order of their ids, which fills pages best, and in parts, since nearly all the bytes are theirs."""
    for start in range(0, value(db, "SELECT coalesce(max(id), 0) FROM main.versions") + 1, BATCH):
        which = f"id >= {start} AND id < {start + BATCH}"
        _take(db, {"versions": f"{which} AND article IN part_articles"})
        watch(value(db, f"SELECT count(*) FROM part.versions WHERE number = 1 AND {which}"))


def _take(db: sqlite3.Connection, tables: Mapping[str, str]) -> None:
    """Copy rows by the names of their columns: the archive may be older than the schema."""
    for table, which in tables.items():
        names = value(db, "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?, 'main')", table)
        db.execute(f"INSERT INTO part.{table} ({names}) SELECT {names} FROM main.{table} WHERE {which}")
