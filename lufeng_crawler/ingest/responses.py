"""Parses a record of another maker's WARC: a response, or a revisit of one that was seen before."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.archive.warc.records import conditional_of, http_headers
from lufeng_crawler.items import MAX_BODY_BYTES, Capture

MAX_BODY = MAX_BODY_BYTES
"""Bytes of a body: as many as a crawl of ours takes by default."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """A response whose payload lies elsewhere: a 304, or a revisit record with what it says of its original.

    `capture` has no body; where the record leaves out the response's head as well, its status is 0. `url` and `at`,
    `id` and `digest` are WARC-Refers-To-Target-URI and -Date, WARC-Refers-To and WARC-Payload-Digest, or empty.
    """

    capture: Capture
    url: str = ""
    at: str = ""
    id: str = ""
    digest: str = ""

    def with_original(self, original: Capture) -> Capture:
        """Return the capture with the payload of the one that it repeats, and with its head where it has none."""
        head = self.capture if self.capture.status else original
        truncated = original.truncated
        return replace(self.capture, status=head.status, headers=head.headers, body=original.body, truncated=truncated)


ForeignResponse = Capture | Revisit


def parse_response(data: bytes) -> ForeignResponse | None:
    """Parse a record and undo its transfer coding. Return None where it is no HTTP response or has no date."""
    record = next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False)))
    at = parse_timestamp(record.headers.get("WARC-Date") or "")
    is_revisit = record.record_type == WarcRecordType.revisit
    if at is None or not (is_revisit or record.is_http):
        return None
    if record.is_http:
        record.parse_http()
    capture = _make_capture(record, at)
    confirms_nothing = capture.conditional is False  # a 304 that nobody asked for
    if is_revisit or (capture.status == HTTPStatus.NOT_MODIFIED and not confirms_nothing):
        return _make_revisit(record, capture)
    return capture if capture.status else None


def parse_url(value: str) -> str:
    """Return the URL of a header: some makers put it into angle brackets."""
    return value.strip("<>")


def parse_timestamp(value: str) -> str | None:
    """Return a WARC-Date in our own form; it may be more precise than that, or less (WARC 1.1, 5.4)."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime(FORMAT)


def has_digest(body: bytes, stated: str) -> bool:
    """Return whether a payload has the stated digest: `sha1:` and base32, as most write it, or hexadecimal digits."""
    algorithm, _, value = stated.partition(":")
    if algorithm.lower() not in ("sha1", "sha256", "md5"):
        return False
    digest = hashlib.new(algorithm.lower(), body, usedforsecurity=False).digest()
    return value.upper() in (base64.b32encode(digest).decode(), binascii.hexlify(digest).decode().upper())


def _make_revisit(record: WarcRecord, capture: Capture) -> Revisit:
    header = record.headers.get
    unmodified = "server-not-modified" in (header("WARC-Profile") or "")
    status = HTTPStatus.NOT_MODIFIED if unmodified and not capture.status else capture.status
    return Revisit(
        replace(capture, status=int(status), body=b"", truncated=None),
        parse_url(header("WARC-Refers-To-Target-URI") or ""),
        parse_timestamp(header("WARC-Refers-To-Date") or "") or "",
        header("WARC-Refers-To") or "",
        header("WARC-Payload-Digest") or "",
    )


def _make_capture(record: WarcRecord, at: str) -> Capture:
    head = record.http_headers if record.is_http else None
    pairs = http_headers(record) if head else ()
    body = record.reader.read(MAX_BODY)
    truncated = "length" if len(body) == MAX_BODY else record.headers.get("WARC-Truncated")
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in pairs):
        body, cut_by = _unchunk(body)
        truncated = truncated or cut_by
    return Capture(
        url=parse_url(record.headers.get("WARC-Target-URI") or ""),
        fetched_at=at,
        status=(head.status_code if head else None) or 0,
        headers=tuple((name, value) for name, value in pairs if name.lower() != "transfer-encoding"),
        body=body,
        truncated=truncated,
        conditional=conditional_of(record),
    )


def _unchunk(body: bytes) -> tuple[bytes, str | None]:
    """Remove chunk framing (RFC 9112, 7.1). The second value is WARC-Truncated's where the last chunk is missing.

    Many makers undo the chunks and leave the header: a body that does not begin with a chunk is returned unchanged.
    """
    chunks: list[bytes] = []
    start = 0
    while True:
        end = body.find(b"\r\n", start)
        try:
            size = int(body[start : max(end, start)].partition(b";")[0], 16)
        except ValueError:
            return (b"".join(chunks), "disconnect") if chunks else (body, None)
        if size <= 0:
            return b"".join(chunks), None
        chunks.append(body[end + 2 : end + 2 + size])
        start = end + 2 + size + 2
