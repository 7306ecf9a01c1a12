"""Finds what a rebuild did not find: captures and ends of runs that the tables before it cited."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from lufeng_crawler.archive.warc import records
from lufeng_crawler.archive.warc.files import RecordLocation

log = logging.getLogger(__name__)

OnLoss = Callable[[str], None]
"""Called with a line for each thing that is lost."""

LOST_SQL = """SELECT before.file, before.offset, before.url || ' of ' || before.fetched_at FROM before.captures before
        WHERE NOT EXISTS (SELECT 1 FROM captures now WHERE now.file = before.file AND now.offset = before.offset)
    UNION ALL SELECT before.file, before.offset, before.kind || ' of a run, ' || before.at FROM before.run_events before
        WHERE NOT EXISTS (SELECT 1 FROM run_events now WHERE now.file = before.file AND now.offset = before.offset)
    ORDER BY 1, 2"""
"""Selects what `before` cites and the tables do not: file, offset, what it was."""


def lost_records(db: sqlite3.Connection, before: Path) -> Iterator[str]:
    """Yield what the database at `before` cites and `db` does not, a line each.

    Where that cannot be read, which may be why it is made anew, nothing can be compared.
    """
    if not before.exists():
        return
    try:
        db.execute("ATTACH ? AS before", (str(before),))
    except sqlite3.Error as error:
        log.warning("%s: cannot be read, so what it cited was not compared: %s", before, error)
        return
    try:
        lost = db.execute(LOST_SQL).fetchall()
    except sqlite3.Error as error:
        log.warning("%s: cannot be read, so what it cited was not compared: %s", before, error)
        lost = []
    finally:
        db.execute("DETACH before")
    yield from (f"captures/{file} at {offset}: lost, as it cannot be read: {what}" for file, offset, what in lost)


def note_unreadable(on_loss: OnLoss, place: RecordLocation, data: bytes) -> None:
    """Report a record that is whole and cannot be parsed, unless it is a request, which only accompanies."""
    if records.record_type(data) != "request" and records.parse_record(data) is None:
        on_loss(f"captures/{place.file} at {place.offset}: a record that cannot be read")
