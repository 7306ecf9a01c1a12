"""Captures as evidence: the request and the response as the WARC holds them, byte for byte."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture


@dataclass(frozen=True, slots=True)
class Exchange:
    """The request and the response of one capture.

    `request` is the request head as sent, empty where none was recorded. `members` are the gzip members of both
    records as they lie in the WARC; `untouched` is True where their digest is the one that the hash chain covers.
    """

    request: str
    answer: Capture
    members: bytes
    untouched: bool


def payload_locations(db: sqlite3.Connection, url: str, at: str) -> list[files.RecordLocation]:
    """Return where the payloads of the captures of that URL and time lie; a revisit's is that of its original."""
    sql = """SELECT original.file, original.offset, original.record_length
        FROM captures capture JOIN captures original ON original.id = coalesce(capture.revisit_of, capture.id)
        WHERE capture.url = ? AND capture.fetched_at = ? AND capture.status != 304"""
    return [files.RecordLocation(*row) for row in db.execute(sql, (url, at))]


def nearest_payload_locations(db: sqlite3.Connection, url: str, at: str, most: int) -> list[files.RecordLocation]:
    """Return where payloads of a URL lie: those captured up to that time, newest first, then the later ones."""
    sql = """SELECT file, offset, record_length FROM captures
        WHERE url = ? AND status != 304 AND revisit_of IS NULL
        ORDER BY fetched_at > ?, fetched_at DESC LIMIT ?"""
    return [files.RecordLocation(*row) for row in db.execute(sql, (url, at, most))]


def read_exchange(archive: Path, capture: Row) -> Exchange:
    """Read the records of a capture's row from the WARC. Raise DamagedCapture."""
    folder, file, offset = archive / "captures", capture["file"], capture["offset"]
    try:
        response_member, response_record = files.read_member(folder, file, offset)
    except DamagedCapture:
        raise _damaged_capture(capture) from None
    response = records.parse_record(response_record)
    if not isinstance(response, records.Record):
        raise _damaged_capture(capture)
    request_member, request = _read_request(folder, file, offset + len(response_member))
    members = response_member + request_member
    return Exchange(request, response.capture, members, digests.sha256(members) == capture["record_digest"])


def _read_request(folder: Path, file: str, offset: int) -> tuple[bytes, str]:
    """Return the gzip member after a response and the request head in it; both empty where it is no request."""
    try:
        member, record = files.read_member(folder, file, offset)
    except DamagedCapture:  # nothing follows the last response of a file that was cut there
        return b"", ""
    if records.record_type(record) != "request":
        return b"", ""
    return member, record.partition(b"\r\n\r\n")[2].decode("latin-1").strip()


def _damaged_capture(capture: Row) -> DamagedCapture:
    return DamagedCapture(
        f"capture {capture['id']}: {capture['file']} has no whole record at {capture['offset']:,};"
        " the file is missing or damaged (lufeng verify says more)"
    )
