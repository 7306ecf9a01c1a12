"""Selects matching rows of `latest`, newest first. Ids increase with the date, so this needs no sort."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.search.latest import IDS_PER_DAY
from lufeng_crawler.archive.search.query_parser import ParsedQuery, fts5_expression


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """A parsed query (None matches every article) together with a filter."""

    db: sqlite3.Connection
    query: ParsedQuery | None
    article_filter: Filter

    def newest(self, limit: int, offset: int = 0, below: int | None = None) -> list[int]:
        """Return at most `limit` ids after the first `offset`, all of them less than `below`."""
        rows = self.select("id", f"ORDER BY hit DESC LIMIT {limit:d} OFFSET {offset:d}", below)
        return [id for (id,) in rows]

    def select(self, columns: str, order: str, below: int | None = None, titles: str = "") -> sqlite3.Cursor:
        """Select columns of `latest` for the matches.

        `titles` is an FTS5 expression over titles that is used instead of the query.
        """
        condition, values = self.article_filter.column_conditions()
        first, end = self._id_range(below)
        matches, match_values = self._match_sql(titles)
        sql = f"SELECT {columns} FROM ({matches}) JOIN latest ON id = hit WHERE {condition} {order}"
        return self.db.execute(sql, [*match_values, first, end, *values])

    def is_match(self, id: int) -> bool:
        """Return whether the query matches the row with that id."""
        assert self.query is not None
        sql = "SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?"
        return self.db.execute(sql, (fts5_expression(self.query), id)).fetchone() is not None

    def _match_sql(self, titles: str) -> tuple[str, list[object]]:
        """Return SQL that selects matches as `hit` within a range of ids, and its values before those of the range."""
        if self.query is None:
            return "SELECT id AS hit FROM latest WHERE id >= ? AND id < ?", []
        table, expression = ("search_titles", titles) if titles else ("search", fts5_expression(self.query))
        sql = f"SELECT rowid AS hit FROM {table} WHERE {table} MATCH ? AND rowid >= ? AND rowid < ?"
        return sql, [expression]

    def _id_range(self, below: int | None) -> tuple[int, int]:
        """Return the first id, and the end, of the days in the filter: an article's date is in its id."""
        first_day, last_day = map(_day_number, (self.article_filter.published_from, self.article_filter.published_to))
        start = first_day * IDS_PER_DAY if first_day else 0
        end = (last_day + 1) * IDS_PER_DAY if last_day else 1 << 62
        return start, min(end, below or end)


def _day_number(time: str | None) -> int | None:
    """Return the day of a time; None for what is no whole day, a year for example."""
    try:
        return date.fromisoformat((time or "")[:10]).toordinal()
    except ValueError:
        return None
