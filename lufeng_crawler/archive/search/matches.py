"""The ids in `latest` that a question finds, the newest first: they rise with the day, so that is cheap."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import date

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.search.latest import IDS_PER_DAY
from lufeng_crawler.archive.search.query_parser import ParsedQuery, fts5_expression


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """What is found by a question (None: everything) among the wanted articles."""

    db: sqlite3.Connection
    asked: ParsedQuery | None
    wanted: Filter

    def newest(self, limit: int, offset: int = 0, below: int | None = None) -> list[int]:
        """Ids, at most so many, behind the first `offset`; all of them less than `below`."""
        rows = self.select("id", f"ORDER BY hit DESC LIMIT {limit:d} OFFSET {offset:d}", below)
        return [id for (id,) in rows]

    def select(self, columns: str, order: str, below: int | None = None, among: str = "") -> sqlite3.Cursor:
        """Rows of `latest`, of the hits; `among`: of those only whose titles match this expression of FTS5."""
        where, values = self.wanted.counted()
        first, last = self._span(below)
        found, said = self._found(among)
        sql = f"SELECT {columns} FROM ({found}) JOIN latest ON id = hit WHERE {where} {order}"
        return self.db.execute(sql, [*said, first, last, *values])

    def _found(self, among: str) -> tuple[str, list[object]]:
        if self.asked is None:
            return "SELECT id AS hit FROM latest WHERE id >= ? AND id < ?", []
        if among:
            return "SELECT rowid AS hit FROM search_titles WHERE search_titles MATCH ? AND rowid >= ? AND rowid < ?", [
                among
            ]
        return "SELECT rowid AS hit FROM search WHERE search MATCH ? AND rowid >= ? AND rowid < ?", [
            fts5_expression(self.asked)
        ]

    def is_hit(self, id: int) -> bool:
        """Whether the question finds that one."""
        assert self.asked is not None
        sql = "SELECT 1 FROM search WHERE search MATCH ? AND rowid = ?"
        return self.db.execute(sql, (fts5_expression(self.asked), id)).fetchone() is not None

    def _span(self, below: int | None) -> tuple[int, int]:
        """Ids of the wanted days: what states a date has it in its id."""
        first, last = (_day(said) for said in (self.wanted.published_from, self.wanted.published_to))
        start = first * IDS_PER_DAY if first else 0
        end = (last + 1) * IDS_PER_DAY if last else 1 << 62
        return start, min(end, below or end)


def _day(said: str | None) -> int | None:
    """The day of a time; None for what is no whole day, a year say."""
    try:
        return date.fromisoformat((said or "")[:10]).toordinal()
    except ValueError:
        return None
