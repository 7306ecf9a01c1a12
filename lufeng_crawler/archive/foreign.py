"""WARC files of any maker, read as captures."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from lufeng_crawler.archive.captures import members, next_whole
from lufeng_crawler.archive.clock import FORMAT
from lufeng_crawler.archive.warc import http_headers
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture

RECORDS = WarcRecordType.response | WarcRecordType.revisit

LARGEST = 64 << 20
"""Bytes of a body; what is larger is taken that far and marked truncated, as in a crawl of ours."""


def captures(path: Path) -> Iterator[Capture | None]:
    """Each HTTP answer in the file, as served (transfer coding undone); None for one that is not whole in itself.

    Those are revisits and 304s, whose payload lies elsewhere, and answers to other protocols. Raises DamagedCapture,
    behind all that can be read, where a record is torn or damaged, and where the file holds no WARC record at all.
    """
    found, damaged = 0, ""
    try:
        with path.open("rb") as file:
            start: int | None = _start(path, file)
            while start is not None:
                try:
                    for record in _whole_records(file, start):
                        found, start = found + 1, record.stream_pos
                        if record.record_type & RECORDS:
                            yield _capture(record)
                    damaged = damaged or _torn(path, start)
                    break
                except (OSError, ValueError, EOFError) as error:
                    damaged = damaged or f"{path}: damaged behind byte {start}: {error}"
                    start = _next(file, start + 1)
    except OSError as error:
        raise DamagedCapture(f"{path}: cannot be read: {error.strerror}") from error
    if not found:
        raise DamagedCapture(f"{path}: no WARC records in it")
    if damaged:
        raise DamagedCapture(f"{damaged} ({found} records are whole)")


def _start(path: Path, file: BinaryIO) -> int:
    if file.read(4) == b"PK\x03\x04":
        raise DamagedCapture(f"{path}: a zip file (a WACZ?), not a WARC: unpack it and take in the WARCs in it")
    return 0


def _whole_records(file: BinaryIO, start: int) -> Iterator[WarcRecord]:
    """Records from `start` on. Raises EOFError at one that ends too soon, which the library would give as it is."""
    file.seek(start)
    for record in ArchiveIterator(file, parse_http=False):
        stated = record.content_length
        if record.headers.get("Content-Length") is None:
            raise EOFError("a record's header is torn")
        if stated <= LARGEST:
            record.freeze()
            if record.content_length < stated:
                raise EOFError("a record is torn")
        yield record


def _next(file: BinaryIO, start: int) -> int | None:
    """Where reading can go on behind a damaged record."""
    file.seek(0)
    if file.read(2) == b"\x1f\x8b":
        return next_whole(file, start)
    if start >= os.fstat(file.fileno()).st_size:
        return None
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = content.find(b"\nWARC/1.", start)
    return found + 1 if found >= 0 else None


def _torn(path: Path, last: int) -> str:
    """What to say of a file whose last record is followed by the beginning of another, too short to be seen."""
    ends = [place.offset + place.length for place, _ in members(path, last)]
    return f"{path}: torn behind byte {ends[-1]}" if ends and ends[-1] < path.stat().st_size else ""


def _capture(record: WarcRecord) -> Capture | None:
    at = _moment(record.headers.get("WARC-Date") or "")
    if record.record_type != WarcRecordType.response or not record.is_http or at is None:
        return None
    record.parse_http()
    if record.http_headers.status_code in (None, HTTPStatus.NOT_MODIFIED):
        return None
    pairs, body = http_headers(record), record.reader.read(LARGEST)
    truncated = "length" if len(body) == LARGEST else record.headers.get("WARC-Truncated")
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in pairs):
        body, cut = _unchunked(body)
        truncated = truncated or cut
    return Capture(
        url=(record.headers.get("WARC-Target-URI") or "").strip("<>"),
        fetched_at=at,
        status=record.http_headers.status_code,
        headers=tuple((name, value) for name, value in pairs if name.lower() != "transfer-encoding"),
        body=body,
        truncated=truncated,
    )


def _moment(said: str) -> str | None:
    """A WARC-Date as we write times; it may be more precise than ours, or less (WARC 1.1, 5.4)."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime(FORMAT)


def _unchunked(body: bytes) -> tuple[bytes, str | None]:
    """The body without its chunks' frames (RFC 9112, 7.1), and WARC's word for it where the last one is not there.

    Many makers undo the chunks and leave the header: what does not begin with a chunk is the body as it is.
    """
    pieces: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at)
        try:
            size = int(body[at : max(end, at)].partition(b";")[0], 16)
        except ValueError:
            return (b"".join(pieces), "disconnect") if pieces else (body, None)
        if size <= 0:
            return b"".join(pieces), None
        pieces.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
