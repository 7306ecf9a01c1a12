"""The table `latest`: a row for each article with its newest version and what it is counted by, in order of days."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from lufeng_crawler.archive.db.rows import RowTuple, first, insert, value

IDS_PER_DAY = 1 << 20
"""Ids of a day: the article's date times this, and a number. So the newest come first by id alone, backwards."""


def update_latest(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Give the articles new rows, and ids that no row had before; what has no version any more has none."""
    rows = [row for article in stale if (row := _newest(db, article))]
    for article in stale:
        db.execute("INSERT INTO retired SELECT id FROM latest WHERE article = ?", (article,))
        db.execute("DELETE FROM latest WHERE article = ?", (article,))
    for day, article, version, site, column, source, published in sorted((_day(row), *row[1:]) for row in rows):
        said = {"article": article, "version": version, "site": site, "column": column, "source": source}
        insert(db, "latest", id=_next(db, day), published=published, **said)


def _newest(db: sqlite3.Connection, article: int) -> RowTuple | None:
    return first(
        db,
        'SELECT a.first_seen, a.id, v.id, s.name, a."column", v.source, v.published FROM articles a'
        " JOIN sites s ON s.id = a.site JOIN versions v ON v.article = a.id WHERE a.id = ?"
        " ORDER BY v.number DESC LIMIT 1",
        article,
    )


def _day(row: RowTuple) -> int:
    """The day it was published; where it says none, the day it was first seen."""
    return date.fromisoformat((row[-1] or row[0])[:10]).toordinal()


def _next(db: sqlite3.Connection, day: int) -> int:
    """The id behind the last one of that day."""
    ids = "SELECT max(id) FROM {} WHERE id < ?".format
    last = [value(db, ids(table), (day + 1) * IDS_PER_DAY) or 0 for table in ("latest", "retired")]
    return max(day * IDS_PER_DAY, max(last) + 1)
