"""The full-text index: every character is a token of FTS5, so that any piece of a text is a phrase.

A row's id is that of `latest`. FTS5 can delete a row only when given its exact old text, so a changed article gets a
new id instead. Rows under the old id (listed in `retired`) are never returned, because every search joins `latest`.
They go when the index is rebuilt: by `lufeng index`, or at the next start when half of it is dead or the folding
changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.search.folding import folding_scheme, space_characters
from lufeng_crawler.archive.search.query_parser import FIELDS, MATCH_ALL_TOKEN

MAX_DEAD_RATIO = 0.5
"""Retired rows for each live one; more of them cost more than a rebuild."""

BATCH = 1000

INDEXED_ROWS_SQL = f"""SELECT latest.id, version.{", version.".join(name for name in FIELDS if name != "column")},
        latest."column"
    FROM latest JOIN versions version ON version.id = latest.version"""
INSERT_SQL = "INSERT INTO search (rowid, {}) VALUES (?{})".format(
    ", ".join(f'"{name}"' for name in FIELDS), ", ?" * len(FIELDS)
)


def update_index(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Index the rows that `latest` has now for the articles with these ids."""
    rows = (db.execute(f"{INDEXED_ROWS_SQL} WHERE latest.article = ?", (article,)).fetchone() for article in stale)
    for row in sorted(row for row in rows if row):  # FTS5 writes to disk whenever an id is not above the last
        _index_row(db, *row)


def rebuild_index(db: sqlite3.Connection, progress: Progress = no_progress) -> int:
    """Rebuild the whole index inside the caller's transaction. Return the number of articles indexed."""
    for table in ("search", "search_titles"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    db.execute("DELETE FROM retired")
    last, count = 0, 0
    batch_sql = f"{INDEXED_ROWS_SQL} WHERE latest.id > ? ORDER BY latest.id LIMIT ?"
    while rows := db.execute(batch_sql, (last, BATCH)).fetchall():
        for row in rows:
            _index_row(db, *row)
        last, count = rows[-1][0], count + len(rows)
        progress(len(rows))
    db.execute("DELETE FROM search_scheme")
    db.execute("INSERT INTO search_scheme VALUES (?)", (folding_scheme(),))
    return count


def needs_rebuild(db: sqlite3.Connection) -> bool:
    """Return whether the index was built with another folding, or too much of it is dead."""
    dead, alive = (value(db, f"SELECT count(*) FROM {table}") for table in ("retired", "latest"))
    scheme = value(db, "SELECT name FROM search_scheme")
    return bool(scheme != folding_scheme() or dead > MAX_DEAD_RATIO * alive + BATCH)


def _index_row(db: sqlite3.Connection, id: int, body: str, title: str, *others: str | None) -> None:
    *rest, column = (space_characters(text or "") for text in others)
    spaced_title = space_characters(title)
    db.execute(INSERT_SQL, (id, space_characters(body), spaced_title, *rest, f"{column} {MATCH_ALL_TOKEN}"))
    db.execute("INSERT INTO search_titles (rowid, title) VALUES (?, ?)", (id, spaced_title))
