"""Queries for the copies of an article (转载): the same or a similar text in other articles."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import Row, decoded, dicts, value


def list_copies(db: sqlite3.Connection, article: int) -> list[Row]:
    """Return the article's rows of the view `copies`, its lists decoded, ordered by who published first."""
    sql = """SELECT copies.* FROM copies JOIN publications publication ON publication.article = copies.copy
        WHERE copies.article = ? ORDER BY publication.out, publication.first_seen, publication.article"""
    return [decoded(row) for row in dicts(db, sql, [article])]


def is_compared(db: sqlite3.Connection, article: int) -> bool:
    """Return whether any version of the article is long enough to be compared with other texts."""
    return value(db, "SELECT 1 FROM texts WHERE article = ? LIMIT 1", article) is not None
