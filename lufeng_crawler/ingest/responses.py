"""Parses a record of another maker's WARC: a response, a revisit of one that was seen before, or why it is neither."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from lufeng_crawler.archive.warc.message_head import Head, parse_head
from lufeng_crawler.archive.warc.records import conditional_of
from lufeng_crawler.ingest.left_out import LeftOut
from lufeng_crawler.ingest.record_dates import has_been, parse_timestamp
from lufeng_crawler.ingest.stated_digests import contradicts
from lufeng_crawler.items import MAX_BODY_BYTES, Capture
from lufeng_crawler.post_address import post_address

MAX_BODY = MAX_BODY_BYTES
"""Bytes of a body: as many as a crawl of ours takes by default."""

HEADS = 2 << 20
"""Bytes that are read of a record beyond its body."""

MADE_OF_RESOURCE = ("X-Warc-Type", "resource")
"""The header of a capture that a resource record was: its status and its other header are not the server's words."""

TRUNCATED = ("length", "time", "disconnect", "unspecified")
"""The reasons of WARC-Truncated (WARC 1.1, 5.13)."""

_STATUS = re.compile(r"HTTP(?:/[0-9.]+)?[ \t]+([1-9][0-9]{2})(?:[ \t].*)?", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class _Block:
    """A record's head, and its block as far as it was read: `is_cut` where that is not all."""

    head: Head
    content: bytes
    is_cut: bool

    @property
    def media_type(self) -> str:
        return (self.head.value("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def says_http(self) -> bool:
        """Whether it is an HTTP message: by its media type, or by its first bytes where that is missing or wrong."""
        return self.media_type == "application/http" or self.content[:5].upper() == b"HTTP/"


@dataclass(frozen=True, slots=True)
class _Http:
    """An HTTP response; `is_whole_head` is False where it ends before the head does."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_whole_head: bool


def parse_response(data: bytes, latest: str) -> ForeignResponse | LeftOut:
    """Parse a record, checking the digests that it states, and undo its transfer coding.

    Return why it is left out where it holds no answer that could be taken. `latest` is the latest time that it may
    state. `data` is the record as it lies in its file, or the beginning of one that is too large.
    """
    raw = _unpack(data)
    head = parse_head(raw, "utf-8", len(raw) - len(raw.lstrip(b"\r\n")))
    if head is None:
        return LeftOut.UNREADABLE
    kind = (head.value("WARC-Type") or "").lower()
    if reason := _reason_by_head(head, kind, latest):
        return reason
    start, length = len(raw) - len(raw.lstrip(b"\r\n")) + head.length, head.content_length() or 0
    content = raw[start : start + length]
    block = _Block(head, content, len(content) < length)
    is_whole = not block.is_cut and head.value("WARC-Truncated") is None  # else wget states the digest of the whole
    if is_whole and contradicts(head.value("WARC-Block-Digest"), content):
        return LeftOut.DIGEST_MISMATCH
    at = parse_timestamp(head.value("WARC-Date") or "") or ""
    empty = Capture(record_url(head), at, 0)
    if kind == "revisit":
        return _make_revisit(block, empty)
    if kind == "resource" and block.media_type != "application/http":
        return _make_resource(block, empty)
    return _make_response(block, empty)


def record_url(head: Head) -> str:
    """Return the URL of a record, empty where it has none; in a record of ours, with the form that was sent there."""
    url = parse_url(head.text("WARC-Target-URI") or "")
    stated = head.value("WARC-JSON-Metadata")
    if not stated or not url:
        return url
    try:
        metadata = json.loads(stated)
    except (ValueError, RecursionError):
        return url
    form = metadata.get("form") if isinstance(metadata, dict) else None
    return post_address(url, form) if isinstance(form, str) and form.isprintable() else url


def parse_url(text: str) -> str:
    """Return the absolute http or https URL that a header's text means; empty where it means none.

    Some makers put it into angle brackets (the grammar of WARC 1.0 says so), some fold it. White space is no part of a
    URL: it ends at the ends, a break in the line never was in it, and a space in it was one that is written %20.
    """
    url = re.sub(r"[ \t]*[\r\n][ \t\r\n]*|[\0-\x1f\x7f]", "", text.strip()).strip()
    url = url[1:-1].strip() if url.startswith("<") and url.endswith(">") else url
    try:
        parts = urlsplit(url)
        is_absolute = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:  # a bracket in it that is no IPv6 address, a port that is none
        return ""
    return url.replace(" ", "%20") if is_absolute else ""


def _reason_by_head(head: Head, kind: str, latest: str) -> LeftOut | None:
    """Return why a record is left out, as far as its head says."""
    if kind == "conversion":
        return LeftOut.CONVERSION
    if kind == "continuation" or head.value("WARC-Segment-Number") is not None:
        return LeftOut.SEGMENT
    if kind not in ("response", "revisit", "resource"):
        return LeftOut.UNKNOWN_TYPE
    if not record_url(head):
        is_other = re.match(r"<?(?!https?:)[a-z][a-z0-9+.-]*:", head.value("WARC-Target-URI") or "", re.IGNORECASE)
        return LeftOut.NOT_HTTP if is_other else LeftOut.NO_ADDRESS
    date = head.value("WARC-Date")
    if not date:
        return LeftOut.UNDATED
    return None if has_been(parse_timestamp(date) or "", latest) else LeftOut.MISDATED


def _make_response(block: _Block, empty: Capture) -> ForeignResponse | LeftOut:
    http = _parse_http(block.content)
    if http is None:
        return LeftOut.UNREADABLE if block.says_http else LeftOut.NOT_HTTP
    if http.status == HTTPStatus.NOT_MODIFIED:
        capture = replace(empty, status=http.status, headers=http.headers, conditional=conditional_of(block.head))
        return capture if capture.conditional is False else _revisit(block, capture)  # one that nobody asked for
    body, cut_by = http.body, None
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in http.headers):
        body, cut_by = _unchunk(body)
    truncated = _truncated(block, http, body) or cut_by
    if not truncated and contradicts(block.head.value("WARC-Payload-Digest"), http.body, body, _decoded(body)):
        return LeftOut.DIGEST_MISMATCH
    headers = tuple((name, value) for name, value in http.headers if name.lower() != "transfer-encoding")
    return replace(empty, status=http.status, headers=headers, body=body[:MAX_BODY], truncated=truncated)


def _make_resource(block: _Block, empty: Capture) -> Capture | LeftOut:
    """Make a capture of a record that has a payload and no HTTP head: warcit writes such of pages on a disk."""
    if not block.is_cut and contradicts(block.head.value("WARC-Payload-Digest"), block.content):
        return LeftOut.DIGEST_MISMATCH
    media_type = block.head.value("Content-Type")
    headers = (*((("Content-Type", media_type),) if media_type else ()), MADE_OF_RESOURCE)
    is_cut = block.is_cut or len(block.content) > MAX_BODY
    truncated = "length" if is_cut else _stated_truncation(block.head)
    return replace(empty, status=200, headers=headers, body=block.content[:MAX_BODY], truncated=truncated)


def _make_revisit(block: _Block, empty: Capture) -> Revisit:
    """Make a revisit; some makers leave out the head, or its status: then it is the one of what it repeats."""
    http = _parse_http(block.content)
    return _revisit(block, replace(empty, status=http.status, headers=http.headers) if http else empty)


def _revisit(block: _Block, capture: Capture) -> Revisit:
    value = block.head.value
    unmodified = "server-not-modified" in (value("WARC-Profile") or "").lower()
    return Revisit(
        replace(capture, status=int(HTTPStatus.NOT_MODIFIED) if unmodified and not capture.status else capture.status),
        parse_url(block.head.text("WARC-Refers-To-Target-URI") or ""),
        parse_timestamp(value("WARC-Refers-To-Date") or "") or "",
        value("WARC-Refers-To") or "",
        value("WARC-Payload-Digest") or "",
    )


def _parse_http(content: bytes) -> _Http | None:
    """Parse an HTTP response, behind interim ones (RFC 9110, 15.2); None where it does not begin with a status line."""
    start = len(content) - len(content.lstrip(b"\r\n"))
    head = parse_head(content, "latin-1", start)
    is_whole = head is not None
    head = head or parse_head(content + b"\r\n\r\n", "latin-1", start)
    status = _STATUS.fullmatch(head.first_line) if head else None
    if head is None or status is None:
        return None
    rest = content[start + head.length :]
    if status[1] in ("100", "102", "103") and rest[:5].upper() == b"HTTP/":
        return _parse_http(rest)
    return _Http(int(status[1]), head.values(), rest, is_whole)


def _truncated(block: _Block, http: _Http, body: bytes) -> str | None:
    """Return WARC's word for why a body is cut: we cut it, the record says so, or its Content-Length is longer.

    Some makers change the body and leave that header: a page that has its end is not cut.
    """
    if block.is_cut or len(body) > MAX_BODY:
        return "length"
    coded = {name.lower() for name, _ in http.headers} & {"content-encoding", "transfer-encoding"}
    lengths = [value for name, value in http.headers if name.lower() == "content-length" and value.isdecimal()]
    has_end = b"</html>" in body[-2048:].lower()
    is_short = not coded and not has_end and any(len(body) < int(length[:18]) for length in lengths)
    return _stated_truncation(block.head) or ("disconnect" if is_short or not http.is_whole_head else None)


def _stated_truncation(head: Head) -> str | None:
    stated = head.value("WARC-Truncated")
    if stated is None:
        return None
    return stated.lower() if stated.lower() in TRUNCATED else "unspecified"


def _unpack(data: bytes) -> bytes:
    """Return a record unpacked, as far as it can be and no further than it may be large."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        return zlib.decompressobj(31).decompress(data, MAX_BODY + HEADS)
    except zlib.error:
        return b""


def _decoded(body: bytes) -> bytes:
    """Return a body without gzip, of which some makers state the digest; as it is where it has none."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, MAX_BODY)
    except zlib.error:
        return body


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
