"""The rows that cite records of a capture file, in the order in which these lie in it."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from lufeng_crawler.archive.warc.hash_chain import EVENT_FACTS, FACTS

CAPTURES = """SELECT c.id, c.offset, c.record_length, c.record_digest, c.chain, o.url, o.fetched_at,
        r.name, s.name, c."column", c.kind, c.vantage, c.url, c.fetched_at, CAST(c.status AS TEXT), c.payload_digest
    FROM captures c LEFT JOIN runs r ON r.id = c.run LEFT JOIN sites s ON s.id = c.site
        LEFT JOIN captures o ON o.id = c.revisit_of
    WHERE c.file = ? ORDER BY c.offset"""
EVENTS = """SELECT e.id, e.offset, e.record_length, e.record_digest, e.chain, NULL, NULL, r.name, e.kind, e.at
    FROM run_events e LEFT JOIN runs r ON r.id = e.run WHERE e.file = ? ORDER BY e.offset"""


@dataclass(frozen=True, slots=True)
class CitedRow:
    """A row that cites a record, and what the chain covers of it: `said`, by the `names` of its columns."""

    table: str
    names: tuple[str, ...]
    id: int
    offset: int
    length: int
    digest: str
    chain: str
    said: tuple[str | None, ...]

    def __str__(self) -> str:
        return f"{self.table} row {self.id}"


def cited_rows(db: sqlite3.Connection, file: str) -> Iterator[CitedRow]:
    """Rows of captures and of beginnings and ends of runs."""
    tables = (("captures", FACTS, CAPTURES), ("run_events", EVENT_FACTS, EVENTS))
    return heapq.merge(*(_rows(db, file, *table) for table in tables), key=attrgetter("offset"))


def _rows(db: sqlite3.Connection, file: str, table: str, names: tuple[str, ...], sql: str) -> Iterator[CitedRow]:
    for id, offset, length, digest, chain, url, at, *said in db.execute(sql, (file,)):
        repeats = (url, at) if url is not None else ()
        yield CitedRow(table, names, id, offset, length, digest, chain, (*said, *repeats))
