"""A capture as evidence: its row, and what was asked and answered as the WARC holds it, byte for byte."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.rows import Row, dicts
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.errors import DamagedCapture, NotInArchive
from lufeng_crawler.items import Capture

SELECT = """SELECT c.*, s.name AS site_name, r.name AS run_name FROM captures c JOIN sites s ON s.id = c.site
    JOIN runs r ON r.id = c.run WHERE c.id = ?"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was sent both ways; `request` is the head as sent, empty where none was recorded.

    `members` are the records as they lie in the WARC; `untouched`: their digest is the one the archive's chain covers.
    """

    request: str
    answer: Capture
    members: bytes
    untouched: bool


def capture_row(db: sqlite3.Connection, id: int) -> Row:
    """The capture's row, with the names of its site and run. Raises NotInArchive."""
    if found := next(dicts(db, SELECT, [id]), None):
        return found
    raise NotInArchive(f"{id}: the archive has no capture of this id")


def read_exchange(archive: Path, capture: Row) -> Exchange:
    """What the archive's WARC holds of a capture's row. Raises DamagedCapture."""
    folder, file, offset = archive / "captures", capture["file"], capture["offset"]
    try:
        answer, record = files.read_member(folder, file, offset)
    except DamagedCapture:
        raise _damaged(capture) from None
    held = records.parse_record(record)
    if not isinstance(held, records.Record):
        raise _damaged(capture)
    asked, request = _request(folder, file, offset + len(answer))
    members = answer + asked
    return Exchange(request, held.capture, members, digests.sha256(members) == capture["record_digest"])


def _request(folder: Path, file: str, offset: int) -> tuple[bytes, str]:
    """The record behind an answer, and the head it holds; both empty where it is no request."""
    try:
        member, record = files.read_member(folder, file, offset)
    except DamagedCapture:  # nothing is behind the last answer of a file that was cut there
        return b"", ""
    if records.record_type(record) != "request":
        return b"", ""
    return member, record.partition(b"\r\n\r\n")[2].decode("latin-1").strip()


def _damaged(capture: Row) -> DamagedCapture:
    return DamagedCapture(
        f"capture {capture['id']}: {capture['file']} has no whole record at {capture['offset']:,};"
        " the file is missing or damaged (lufeng verify says more)"
    )
