"""What the archive holds: how much, of which sites, and how many articles bear a date of which month or day."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

from lufeng_crawler.archive.db.conditions import BEFORE, condition
from lufeng_crawler.archive.db.rows import Row, dicts, value
from lufeng_crawler.errors import NotInArchive

OF_SITE = {"site": "site = ?"}


def count_holdings(db: sqlite3.Connection) -> Row:
    """How many articles, versions and captures, the bytes of the WARC files, the first and the last capture's time."""
    return next(
        dicts(
            db,
            "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM versions) AS versions,"
            " (SELECT count(*) FROM captures) AS captures, (SELECT coalesce(sum(length), 0) FROM warcs) AS bytes,"
            " (SELECT fetched_at FROM captures ORDER BY id LIMIT 1) AS since,"
            " (SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1) AS until",
        )
    )


def site_titles(db: sqlite3.Connection) -> dict[str, str]:
    """The titles of the sites that the archive has anything of, by name."""
    return dict(db.execute("SELECT name, coalesce(title, name) FROM sites ORDER BY name").fetchall())


def site_title(db: sqlite3.Connection, name: str) -> str:
    """The title of the site of that name. Raises NotInArchive."""
    title: str | None = value(db, "SELECT coalesce(title, name) FROM sites WHERE name = ?", name)
    if title is None:
        raise NotInArchive(f"{name}: the archive has nothing of a site of this name")
    return title


def newest_articles(db: sqlite3.Connection, site: str, most: int) -> list[Row]:
    """The newest articles of a site by the date on their page: article, title, published."""
    sql = (
        "SELECT l.article, v.title, l.published FROM latest l JOIN versions v ON v.id = l.version"
        " WHERE l.site = ? ORDER BY l.published DESC LIMIT ?"
    )
    return list(dicts(db, sql, [site, most]))


def count_published(db: sqlite3.Connection, spans: Sequence[str], site: str | None = None) -> dict[str, int]:
    """How many articles are dated in each of these months (2026-11) or days (2026-11-22)."""
    where, given = condition({"site": site}, OF_SITE)
    count = f"SELECT count(*) FROM latest WHERE {where} AND published >= ? AND published {BEFORE}"
    return {span: int(value(db, count, *given, span, span)) for span in spans}


def months_covered(db: sqlite3.Connection, most: int, site: str | None = None) -> list[str]:
    """The months from the first that any article is dated in to that of the last capture; the last `most` of them."""
    end = _last_day(db)
    where, given = condition({"site": site}, OF_SITE)
    start: str | None = value(db, f"SELECT min(published) FROM latest WHERE {where} AND published > ''", *given)
    if end is None or start is None:
        return []
    last = end.year * 12 + end.month - 1
    beginning = max(int(start[:4]) * 12 + int(start[5:7]) - 1, last - most + 1)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(beginning, last + 1)]


def days_of_last_year(db: sqlite3.Connection) -> list[str]:
    """The days of the 53 weeks that end on the day of the last capture, Monday first."""
    end = _last_day(db)
    if end is None:
        return []
    start = end - timedelta(weeks=52, days=end.weekday())
    return [(start + timedelta(days=day)).isoformat() for day in range((end - start).days + 1)]


def _last_day(db: sqlite3.Connection) -> date | None:
    """By the archive's own clock: what it holds does not change with the day on which it is looked at."""
    last: str | None = value(db, "SELECT fetched_at FROM captures ORDER BY id DESC LIMIT 1")
    return date.fromisoformat(last[:10]) if last else None
