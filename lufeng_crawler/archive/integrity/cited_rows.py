"""Loads the rows that cite records of a capture file, in the order of the records."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from lufeng_crawler.archive.warc.hash_chain import EVENT_FACTS, FACTS

CAPTURES_SQL = """SELECT capture.id, capture.offset, capture.record_length, capture.record_digest, capture.chain,
        original.url, original.fetched_at,
        run.name, site.name, capture."column", capture.kind, capture.vantage, capture.url, capture.fetched_at,
        CAST(capture.status AS TEXT), capture.payload_digest
    FROM captures capture LEFT JOIN runs run ON run.id = capture.run LEFT JOIN sites site ON site.id = capture.site
        LEFT JOIN captures original ON original.id = capture.revisit_of
    WHERE capture.file = ? ORDER BY capture.offset"""
RUN_EVENTS_SQL = """SELECT event.id, event.offset, event.record_length, event.record_digest, event.chain, NULL, NULL,
        run.name, event.kind, event.at
    FROM run_events event LEFT JOIN runs run ON run.id = event.run WHERE event.file = ? ORDER BY event.offset"""
"""First the columns of CitedRow and what a revisit repeats, then FACTS or EVENT_FACTS in their order."""


@dataclass(frozen=True, slots=True)
class CitedRow:
    """A row of `table` that cites a record.

    `facts` is what the hash chain covers of it: the values of the columns `names`, and for a revisit the URL and time
    of the capture that it repeats.
    """

    table: str
    names: tuple[str, ...]
    id: int
    offset: int
    length: int
    digest: str
    chain: str
    facts: tuple[str | None, ...]

    def __str__(self) -> str:
        return f"{self.table} row {self.id}"


def cited_rows(db: sqlite3.Connection, file: str) -> Iterator[CitedRow]:
    """Yield the rows of `captures` and `run_events` (beginnings and ends of runs) that cite the file."""
    tables = (("captures", FACTS, CAPTURES_SQL), ("run_events", EVENT_FACTS, RUN_EVENTS_SQL))
    return heapq.merge(*(_load_rows(db, file, *table) for table in tables), key=attrgetter("offset"))


def _load_rows(db: sqlite3.Connection, file: str, table: str, names: tuple[str, ...], sql: str) -> Iterator[CitedRow]:
    for id, offset, length, digest, chain, original_url, original_time, *facts in db.execute(sql, (file,)):
        original = (original_url, original_time) if original_url is not None else ()
        yield CitedRow(table, names, id, offset, length, digest, chain, (*facts, *original))
