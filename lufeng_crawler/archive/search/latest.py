"""The table `latest`: one row for each article with its newest version and the columns of facets, ordered by date."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

from lufeng_crawler.archive.db.rows import RowTuple, first, insert, value

IDS_PER_DAY = 1 << 20
"""Ids of one day: an id is the article's date times this, plus a number. So `ORDER BY id DESC` is newest first."""


def update_latest(db: sqlite3.Connection, stale: Sequence[int]) -> None:
    """Replace the rows of the articles with these ids, under ids never used before.

    An article without versions has no row. The old ids go to `retired`.
    """
    rows = [row for article in stale if (row := _newest_version(db, article))]
    for article in stale:
        db.execute("INSERT INTO retired SELECT id FROM latest WHERE article = ?", (article,))
        db.execute("DELETE FROM latest WHERE article = ?", (article,))
    for day, article, version, site, column, source, published in sorted((_day_number(row), *row[1:]) for row in rows):
        values = {"article": article, "version": version, "site": site, "column": column, "source": source}
        insert(db, "latest", id=_next_id(db, day), published=published, **values)


def _newest_version(db: sqlite3.Connection, article: int) -> RowTuple | None:
    """Return first_seen, article, version, site, column, source and published."""
    return first(
        db,
        """SELECT article.first_seen, article.id, version.id, site.name, article."column", version.source,
            version.published
        FROM articles article JOIN sites site ON site.id = article.site
            JOIN versions version ON version.article = article.id
        WHERE article.id = ? ORDER BY version.number DESC LIMIT 1""",
        article,
    )


def _day_number(row: RowTuple) -> int:
    """Return the day on which it was published or, where the page states none, first seen."""
    first_seen, published = row[0], row[-1]
    return date.fromisoformat((published or first_seen)[:10]).toordinal()


def _next_id(db: sqlite3.Connection, day: int) -> int:
    """Return the id after the last one of that day."""
    last_of_day = "SELECT max(id) FROM {} WHERE id < ?".format
    last_ids = [value(db, last_of_day(table), (day + 1) * IDS_PER_DAY) or 0 for table in ("latest", "retired")]
    return max(day * IDS_PER_DAY, max(last_ids) + 1)
