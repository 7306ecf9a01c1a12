"""One record of another maker's WARC as what it says: the answer that was served, or that it was one seen before."""

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
from lufeng_crawler.archive.warc.records import http_headers
from lufeng_crawler.items import Capture

MAX_BODY = 64 << 20
"""Bytes of a body; what is larger is taken that far and marked truncated, as in a crawl of ours."""


@dataclass(frozen=True, slots=True)
class Revisit:
    """An answer whose payload lies elsewhere: a revisit, and how it names the answer that it repeats, or a 304.

    `capture` has no body; where the record leaves the answer's head out as well, its status is 0. `url` and `at`, `id`
    and `digest` are WARC-Refers-To-Target-URI and -Date, WARC-Refers-To and WARC-Payload-Digest, or empty.
    """

    capture: Capture
    url: str = ""
    at: str = ""
    id: str = ""
    digest: str = ""

    def of(self, original: Capture) -> Capture:
        """The answer, given the one that it repeats."""
        head = self.capture if self.capture.status else original
        cut = original.truncated
        return replace(self.capture, status=head.status, headers=head.headers, body=original.body, truncated=cut)


ForeignAnswer = Capture | Revisit


def parse_response(data: bytes) -> ForeignAnswer | None:
    """What a record says, its transfer coding undone; None where that is no answer of HTTP, or it says not when."""
    record = next(iter(ArchiveIterator(io.BytesIO(data), parse_http=False)))
    at = parse_timestamp(record.headers.get("WARC-Date") or "")
    repeats = record.record_type == WarcRecordType.revisit
    if at is None or not (repeats or record.is_http):
        return None
    if record.is_http:
        record.parse_http()
    capture = _capture(record, at)
    if repeats or capture.status == HTTPStatus.NOT_MODIFIED:
        return _repeat(record, capture)
    return capture if capture.status else None


def parse_url(said: str) -> str:
    """An address as stated: some makers put it into angle brackets."""
    return said.strip("<>")


def parse_timestamp(said: str) -> str | None:
    """A WARC-Date as we write times; it may be more precise than ours, or less (WARC 1.1, 5.4)."""
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime(FORMAT)


def has_digest(body: bytes, stated: str) -> bool:
    """Whether a payload has the digest stated of it, `sha1:` and base32 as most write it, or hexadecimal digits."""
    algorithm, _, value = stated.partition(":")
    if algorithm.lower() not in ("sha1", "sha256", "md5"):
        return False
    digest = hashlib.new(algorithm.lower(), body, usedforsecurity=False).digest()
    return value.upper() in (base64.b32encode(digest).decode(), binascii.hexlify(digest).decode().upper())


def _repeat(record: WarcRecord, capture: Capture) -> Revisit:
    said = record.headers.get
    unmodified = "server-not-modified" in (said("WARC-Profile") or "")
    status = HTTPStatus.NOT_MODIFIED if unmodified and not capture.status else capture.status
    return Revisit(
        replace(capture, status=int(status), body=b"", truncated=None),
        parse_url(said("WARC-Refers-To-Target-URI") or ""),
        parse_timestamp(said("WARC-Refers-To-Date") or "") or "",
        said("WARC-Refers-To") or "",
        said("WARC-Payload-Digest") or "",
    )


def _capture(record: WarcRecord, at: str) -> Capture:
    head = record.http_headers if record.is_http else None
    pairs = http_headers(record) if head else ()
    body = record.reader.read(MAX_BODY)
    truncated = "length" if len(body) == MAX_BODY else record.headers.get("WARC-Truncated")
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in pairs):
        body, cut = _unchunked(body)
        truncated = truncated or cut
    return Capture(
        url=parse_url(record.headers.get("WARC-Target-URI") or ""),
        fetched_at=at,
        status=(head.status_code if head else None) or 0,
        headers=tuple((name, value) for name, value in pairs if name.lower() != "transfer-encoding"),
        body=body,
        truncated=truncated,
    )


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
