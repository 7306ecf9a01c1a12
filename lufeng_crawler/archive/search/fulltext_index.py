"""The full-text index: every character of what articles say is a token of FTS5, so that any piece of text is a phrase.

A row's id is that of `latest`. FTS5 forgets a row only when told its exact old text, so a changed article gets a new
id; what lies under the old one (listed in `retired`) nobody finds, since whoever searches joins `latest`. It goes when
the index is made anew: by `lufeng index`, or at the next start when much of it is dead or texts are folded otherwise.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.search.folding import folding_scheme, space_characters
from lufeng_crawler.archive.search.query_parser import FIELDS, MATCH_ALL_TOKEN

MAX_DEAD_RATIO = 0.5
"""Retired rows for each that lives; more of them cost more than they save."""

BATCH = 1000

INDEXED_ROWS_SQL = f"""SELECT l.id, v.{", v.".join(name for name in FIELDS if name != "column")}, l."column"
    FROM latest l JOIN versions v ON v.id = l.version"""
INSERT_SQL = "INSERT INTO search (rowid, {}) VALUES (?{})".format(
    ", ".join(f'"{name}"' for name in FIELDS), ", ?" * len(FIELDS)
)


def update_index(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Index the articles as `latest` has them now."""
    found = (db.execute(f"{INDEXED_ROWS_SQL} WHERE l.article = ?", (article,)).fetchone() for article in stale)
    for row in sorted(row for row in found if row):  # FTS5 writes to disk whenever an id is not above the last
        _add(db, *row)


def rebuild_index(db: sqlite3.Connection, progress: Callable[[int], None] = lambda step: None) -> int:
    """Make the whole index from the articles, inside the transaction of whoever calls; how many there are."""
    for table in ("search", "search_titles"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    db.execute("DELETE FROM retired")
    last, count = 0, 0
    while rows := db.execute(f"{INDEXED_ROWS_SQL} WHERE l.id > ? ORDER BY l.id LIMIT ?", (last, BATCH)).fetchall():
        for row in rows:
            _add(db, *row)
        last, count = rows[-1][0], count + len(rows)
        progress(len(rows))
    db.execute("DELETE FROM search_scheme")
    db.execute("INSERT INTO search_scheme VALUES (?)", (folding_scheme(),))
    return count


def needs_rebuild(db: sqlite3.Connection) -> bool:
    """Whether it should be made anew: texts are folded otherwise today, or too much of it is dead."""
    dead, alive = (value(db, f"SELECT count(*) FROM {table}") for table in ("retired", "latest"))
    return bool(
        value(db, "SELECT name FROM search_scheme") != folding_scheme() or dead > MAX_DEAD_RATIO * alive + BATCH
    )


def _add(db: sqlite3.Connection, id: int, body: str, title: str, *others: str | None) -> None:
    *rest, column = (space_characters(text or "") for text in others)
    spaced = space_characters(title)
    db.execute(INSERT_SQL, (id, space_characters(body), spaced, *rest, f"{column} {MATCH_ALL_TOKEN}"))
    db.execute("INSERT INTO search_titles (rowid, title) VALUES (?, ?)", (id, spaced))
