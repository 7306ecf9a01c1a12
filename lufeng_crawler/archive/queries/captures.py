"""Captures as evidence: their rows, and the request and response as the WARC holds them, byte for byte."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.conditions import NEAREST
from lufeng_crawler.archive.db.rows import Row, dicts, value
from lufeng_crawler.archive.queries.articles import find_article_id
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.errors import DamagedCapture, NotInArchive
from lufeng_crawler.items import Capture

CAPTURE_SQL = """SELECT capture.*, site.name AS site_name, run.name AS run_name FROM captures capture
    JOIN sites site ON site.id = capture.site JOIN runs run ON run.id = capture.run WHERE capture.id = ?"""


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


def capture_row(db: sqlite3.Connection, id: int) -> Row:
    """Return the capture's row, with `site_name` and `run_name`. Raise NotInArchive."""
    if row := next(dicts(db, CAPTURE_SQL, [id]), None):
        return row
    raise NotInArchive(f"{id}: the archive has no capture of this id")


def list_observations(db: sqlite3.Connection, article: str) -> list[Row]:
    """Return every capture that says something about the article, oldest first. Raise NotInArchive.

    Keys: id, fetched_at, status, outcome, reason, location, url.
    """
    sql = "SELECT id, fetched_at, status, outcome, reason, location, url FROM captures WHERE article = ? ORDER BY id"
    return list(dicts(db, sql, [find_article_id(db, article)]))


def blocked_captures(db: sqlite3.Connection, run: str) -> list[Row]:
    """Return the captures (url, reason) of a run in which the site refused to show the page."""
    sql = """SELECT url, reason FROM captures
        WHERE outcome = 'blocked' AND run = (SELECT id FROM runs WHERE name = ?) ORDER BY id"""
    return list(dicts(db, sql, [run]))


def has_capture(
    db: sqlite3.Connection, url: str, at: str, status: int | None = None, digest: str | None = None
) -> bool:
    """Return whether there is a capture of that URL and time; with that status and payload digest, where given."""
    sql = """SELECT 1 FROM captures WHERE url = ?1 AND fetched_at = ?2
        AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR payload_digest = ?4)"""
    return value(db, sql, url, at, status, digest) is not None


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


def picture_capture(db: sqlite3.Connection, url: str, at: str) -> int | None:
    """Return the id of the capture of a picture: the first at or after `at`, else the last before it.

    A revisit counts with the time of the revisit and returns the capture that it repeats.
    """
    # NEAREST orders the captures `c`.
    sql = f"""SELECT picture.id FROM captures c JOIN captures picture ON picture.id = coalesce(c.revisit_of, c.id)
        WHERE c.url = ?1 AND picture.mime LIKE 'image/%' AND picture.status = 200 {NEAREST}"""
    id: int | None = value(db, sql, url, at)
    return id


def read_exchange(archive: Path, capture: Row) -> Exchange:
    """Read the records of a capture's row from the WARC. Raise DamagedCapture."""
    folder, file, offset = archive / "captures", capture["file"], capture["offset"]
    try:
        response_member, response_record = files.encode_member(folder, file, offset)
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
        member, record = files.encode_member(folder, file, offset)
    except DamagedCapture:  # nothing follows the last response of a file that was cut there
        return b"", ""
    if records.request_kind(record) != "request":
        return b"", ""
    return member, record.partition(b"\r\n\r\n")[2].decode("latin-1").strip()


def _damaged_capture(capture: Row) -> DamagedCapture:
    return DamagedCapture(
        f"capture {capture['id']}: {capture['file']} has no whole record at {capture['offset']:,};"
        " the file is missing or damaged (lufeng verify says more)"
    )
