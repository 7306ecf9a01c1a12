"""Queries about what sites owe: entries that were listed and not captured, and what lies out of reach."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import Row, dicts, value


def list_owed(db: sqlite3.Connection, site: str | None) -> list[Row]:
    """Return the rows of the view `owed`, of one site or of all, those that have waited longest first.

    Empty where the archive's schema is older than the view.
    """
    if not _has_views(db):
        return []
    sql = "SELECT * FROM owed WHERE ?1 IS NULL OR site = ?1 ORDER BY site, first_listed, url"
    return list(dicts(db, sql, [site]))


def hosts_out_of_reach(db: sqlite3.Connection, site: str | None) -> list[Row]:
    """Return how many listed addresses cannot be had, by site, obstacle and host, most first.

    Keys: site, obstacle (`host`: the site file does not name it, or `robots.txt`), host, `lines`.
    """
    if not _has_views(db):
        return []
    sql = """SELECT site, obstacle, host, count(DISTINCT url) AS lines FROM out_of_reach WHERE ?1 IS NULL OR site = ?1
        GROUP BY site, obstacle, host ORDER BY site, lines DESC, host"""
    return list(dicts(db, sql, [site]))


def _has_views(db: sqlite3.Connection) -> bool:
    return value(db, "SELECT 1 FROM sqlite_master WHERE name = 'out_of_reach'") is not None
