"""Counts over the archive: totals, sites, and how many articles are dated in which month or day."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

from lufeng_crawler.archive.db.conditions import UP_TO, condition
from lufeng_crawler.archive.db.rows import Row, dicts, value
from lufeng_crawler.errors import NotInArchive

SITE_TEST = {"site": "site = ?"}


def count_holdings(db: sqlite3.Connection) -> Row:
    """Count articles, versions and captures, and the bytes of the WARC files.

    Keys: articles, versions, captures, bytes, and `since` and `until`, the times of the first and the last capture.
    """
    sql = """SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM versions) AS versions,
        (SELECT count(*) FROM captures) AS captures, (SELECT coalesce(sum(length), 0) FROM warcs) AS bytes,
        (SELECT fetched_at FROM captures ORDER BY id LIMIT 1) AS since,
        (SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1) AS until"""
    return next(dicts(db, sql))


def capture_totals(db: sqlite3.Connection) -> dict[str, int]:
    """Count all captures, `new` and `edited` events, and the captures that show an article unchanged."""
    captures = value(db, "SELECT count(*) FROM captures")
    sql = "SELECT count(*) FROM captures WHERE article IS NOT NULL AND outcome IN ('article', 'unchanged')"
    with_article = value(db, sql)
    kinds = dict(db.execute("SELECT kind, count(*) FROM changes GROUP BY kind").fetchall())
    new, edited = kinds.get("new", 0), kinds.get("edited", 0)
    return {"captures": captures, "new": new, "edited": edited, "unchanged": with_article - new - edited}


def site_titles(db: sqlite3.Connection) -> dict[str, str]:
    """Return the titles of all sites in the archive by name, sorted by it."""
    return dict(db.execute("SELECT name, coalesce(title, name) FROM sites ORDER BY name").fetchall())


def site_title(db: sqlite3.Connection, name: str) -> str:
    """Return the title of the site of that name. Raise NotInArchive."""
    title: str | None = value(db, "SELECT coalesce(title, name) FROM sites WHERE name = ?", name)
    if title is None:
        raise NotInArchive(f"{name}: the archive has nothing of a site of this name")
    return title


def newest_articles(db: sqlite3.Connection, site: str, most: int) -> list[Row]:
    """Return the newest articles of a site by the date on their page. Keys: article, title, published."""
    sql = """SELECT latest.article, version.title, latest.published
        FROM latest JOIN versions version ON version.id = latest.version
        WHERE latest.site = ? ORDER BY latest.published DESC LIMIT ?"""
    return list(dicts(db, sql, [site, most]))


def count_published(db: sqlite3.Connection, spans: Sequence[str], site: str | None = None) -> dict[str, int]:
    """Count the articles dated in each of these months (2026-11) or days (2026-11-22)."""
    where, values = condition({"site": site}, SITE_TEST)
    sql = f"SELECT count(*) FROM latest WHERE {where} AND published >= ? AND published {UP_TO}"
    return {span: int(value(db, sql, *values, span, span)) for span in spans}


def months_covered(db: sqlite3.Connection, most: int, site: str | None = None) -> list[str]:
    """Return the months (2026-11) from that of the oldest dated article to that of the last capture, oldest first.

    Where there are more than `most`, the last `most` of them.
    """
    end = _last_day(db)
    where, values = condition({"site": site}, SITE_TEST)
    start: str | None = value(db, f"SELECT min(published) FROM latest WHERE {where} AND published > ''", *values)
    if end is None or start is None:
        return []
    last = end.year * 12 + end.month - 1
    beginning = max(int(start[:4]) * 12 + int(start[5:7]) - 1, last - most + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(beginning, last + 1)]


def days_of_last_year(db: sqlite3.Connection) -> list[str]:
    """Return the days (2026-11-22) of the 53 weeks that end on the day of the last capture, from a Monday on."""
    end = _last_day(db)
    if end is None:
        return []
    start = end - timedelta(weeks=52, days=end.weekday())
    return [(start + timedelta(days=day)).isoformat() for day in range((end - start).days + 1)]


def _last_day(db: sqlite3.Connection) -> date | None:
    """Return the day of the last capture: statistics must not change with the day on which somebody looks at them."""
    last: str | None = value(db, "SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1")
    return date.fromisoformat(last[:10]) if last else None
