"""Writes chosen articles, with all that is known of them, as a SQLite database with the same views as the archive.

It holds their versions, attachments, events, entries and URLs, the rows of the captures that prove these, and the runs
of their sites: so every view answers, as do the commands that read. The captures' bytes are not in it (`lufeng wacz`
exports those), nor the beginnings of the hash chain, which only they explain. It is one file without a log beside it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.archive.search import fulltext_index

REFERENCED_CAPTURES = (
    "SELECT id FROM main.captures WHERE article IN subset_articles",
    "SELECT value FROM subset.changes, json_each(evidence)",
    "SELECT capture FROM subset.versions",
    "SELECT capture FROM subset.attachments WHERE capture IS NOT NULL",
    "SELECT first_capture FROM subset.entries UNION SELECT last_capture FROM subset.entries",
    "SELECT swept_by FROM subset.columns WHERE swept_by IS NOT NULL",
    "SELECT revisit_of FROM main.captures WHERE id IN subset_captures AND revisit_of IS NOT NULL",
)
"""The captures that the copied rows refer to; last those that the others repeat."""

COPIED_TABLES = {
    "articles": "id IN subset_articles",
    "urls": "article IN subset_articles",
    "attachments": "version IN (SELECT id FROM subset.versions)",
    "changes": "article IN subset_articles",
    "entries": "article IN subset_articles",
    "columns": 'id IN (SELECT "column" FROM subset.entries)',
    "latest": "article IN subset_articles",
    "texts": "article IN subset_articles",
    "sketches": "text IN (SELECT text FROM subset.texts)",
    "prints": "text IN (SELECT text FROM subset.texts)",
    "pairs": "text IN (SELECT text FROM subset.texts) AND other IN (SELECT text FROM subset.texts)",
}
"""The tables that are copied, in this order, with the condition on their rows."""

REFERENCED_TABLES = {
    "captures": "id IN subset_captures",
    "sites": "id IN (SELECT site FROM subset.articles UNION SELECT site FROM subset.captures)",
    "runs": "id IN (SELECT run FROM subset.captures UNION SELECT run FROM subset.changes)"
    " OR site IN (SELECT id FROM subset.sites)",
}
"""The tables that those refer to, copied after them."""

BATCH = 1000
"""Versions that are copied between two reports of progress."""


def write_subset(
    db: sqlite3.Connection,
    article_filter: Filter,
    path: Path,
    file: IO[bytes],
    progress: Progress = no_progress,
) -> None:
    """Write the database of matching articles to `file`, which will take the place of `path`. Raise OSError.

    The archive is read as of one moment. In the folder of `path` there must be room for the database once more.
    `progress` counts articles.
    """
    with _attached_draft(db, path) as (draft, subset):
        db.execute("BEGIN")
        _select_articles(db, article_filter)
        _copy_versions(db, progress)
        _copy_rows(db, COPIED_TABLES)
        _select_captures(db)
        _copy_rows(db, REFERENCED_TABLES)
        db.execute("UPDATE subset.captures SET article = NULL WHERE article NOT IN subset_articles")
        db.execute("DELETE FROM subset.stale")
        db.execute("COMMIT")
        with subset:
            fulltext_index.rebuild_index(subset)
        shutil.copyfileobj(draft, file, 1 << 20)


@contextmanager
def _attached_draft(db: sqlite3.Connection, path: Path) -> Iterator[tuple[IO[bytes], sqlite3.Connection]]:
    """Attach an empty database to `db` as `subset`; yield it as a file and as a connection of its own.

    Its name is deleted as soon as SQLite has it open, so that a killed process leaves nothing behind.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.db")
    with ExitStack() as undo:
        undo.callback(draft.unlink, missing_ok=True)
        draft.write_bytes(_empty_database())
        file = undo.enter_context(draft.open("rb"))
        subset = undo.enter_context(closing(sqlite3.connect(draft)))
        db.execute("ATTACH ? AS subset", (f"{draft.resolve().as_uri()}?mode=rw",))
        undo.callback(_detach, db)
        for setting in ("journal_mode", "synchronous"):  # an incomplete draft is thrown away
            db.execute(f"PRAGMA subset.{setting} = OFF")
            subset.execute(f"PRAGMA {setting} = OFF")
        draft.unlink()
        yield file, subset


def _detach(db: sqlite3.Connection) -> None:
    db.rollback()
    for table in ("subset_articles", "subset_captures"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
    db.execute("DETACH subset")


def _empty_database() -> bytes:
    from lufeng_crawler.archive.db import schema  # needs sqlite-utils, which imports pandas where that is installed

    with closing(sqlite3.connect(":memory:")) as db:
        schema.migrate(db)
        return db.serialize()


def _select_articles(db: sqlite3.Connection, article_filter: Filter) -> None:
    """Fill the temporary table `subset_articles`, and create `subset_captures`."""
    for table in ("subset_articles", "subset_captures"):
        db.execute(f"CREATE TEMP TABLE {table} (id INTEGER PRIMARY KEY)")
    ids = ((id,) for id in articles.list_article_ids(db, article_filter))
    db.executemany("INSERT INTO subset_articles VALUES (?)", ids)


def _select_captures(db: sqlite3.Connection) -> None:
    for captures in REFERENCED_CAPTURES:
        db.execute(f"INSERT OR IGNORE INTO subset_captures {captures}")


def _copy_versions(db: sqlite3.Connection, progress: Progress) -> None:
    """Copy versions by id, which fills pages best, and in batches, since nearly all the bytes are theirs."""
    for start in range(0, value(db, "SELECT coalesce(max(id), 0) FROM main.versions") + 1, BATCH):
        batch = f"id >= {start} AND id < {start + BATCH}"
        _copy_rows(db, {"versions": f"{batch} AND article IN subset_articles"})
        progress(value(db, f"SELECT count(*) FROM subset.versions WHERE number = 1 AND {batch}"))


def _copy_rows(db: sqlite3.Connection, tables: Mapping[str, str]) -> None:
    """Copy rows by the names of their columns: the archive may be older than the schema."""
    for table, condition in tables.items():
        names = value(db, "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?, 'main')", table)
        db.execute(f"INSERT INTO subset.{table} ({names}) SELECT {names} FROM main.{table} WHERE {condition}")
