"""The same text elsewhere (转载): the tables of texts that are alike, the views over them, and what they are asked."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import Row, decoded, dicts, value


def list_copies(db: sqlite3.Connection, article: int) -> list[Row]:
    """The view `copies` of the article of that id, who published first first."""
    sql = (
        "SELECT c.* FROM copies c JOIN publications p ON p.article = c.copy WHERE c.article = ?"
        " ORDER BY p.out, p.first_seen, p.article"
    )
    return [decoded(row) for row in dicts(db, sql, [article])]


def is_compared(db: sqlite3.Connection, article: int) -> bool:
    """Whether the article of that id says enough to be known elsewhere."""
    return value(db, "SELECT 1 FROM texts WHERE article = ? LIMIT 1", article) is not None
