"""What a revisit or a 304 repeats, where that came into the archive by an earlier crawl or ingest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.ingest.responses import Revisit, has_digest
from lufeng_crawler.items import Capture

KEPT = """SELECT o.file, o.offset, o.record_length FROM captures c
    JOIN captures o ON o.id = coalesce(c.revisit_of, c.id) WHERE c.url = ? AND c.status != 304"""


def find_archived_original(db: sqlite3.Connection, folder: Path, repeat: Revisit) -> Capture | None:
    """The capture in the archive that a revisit names: by address and time, else by digest among those of an address.

    Where several were taken at the address in that second, the one with the digest.
    """
    named = list(_read(db, folder, f"{KEPT} AND c.fetched_at = ?", repeat.url, repeat.at))
    if len(named) == 1:
        return named[0]
    lately = f"{KEPT} AND c.revisit_of IS NULL ORDER BY c.fetched_at > ?, c.fetched_at DESC LIMIT 99"
    for url in dict.fromkeys((repeat.url, repeat.capture.url)):
        for one in named or _read(db, folder, lately, url, repeat.capture.fetched_at):
            if has_digest(one.body, repeat.digest):
                return one
    return None


def _read(db: sqlite3.Connection, folder: Path, sql: str, *values: str) -> Iterator[Capture]:
    for row in db.execute(sql, values).fetchall():
        record = records.parse_record(files.read_record(folder, RecordLocation(*row)))
        if isinstance(record, records.Record):
            yield record.capture
