"""Encodes captures as WARC 1.1 records and parses them: the only module that knows the format."""

from __future__ import annotations

import io
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from lufeng_crawler.archive.digests import sha256
from lufeng_crawler.archive.warc.message_head import Head, one_line, parse_head
from lufeng_crawler.errors import ArchiveError
from lufeng_crawler.items import Capture
from lufeng_crawler.post_address import post_address, split_post_address

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

NORMALISED = (
    "As Scrapy hands answers over: header names in canonical case, the standard reason phrase instead of the sent one, "
    "transfer coding undone and its header gone. Repeated headers, content coding and payload are as served."
)
"""What a reader of our files must know; each file's warcinfo record has it."""


_TIMES = {"begin": "started_at", "end": "finished_at"}
"""The key of a marker's data that has its time, by its kind; `at` for others."""

_CONTROLS = re.compile("[\\0-\\x1f\\x7f]+")


@dataclass(frozen=True, slots=True)
class RequestMetadata:
    """The request behind a capture: method, headers as sent, the server's IP address if known, our vantage point."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    ip: str | None = None
    vantage: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier capture that a revisit repeats: its row, URL and time, digest, what it was read as, its length."""

    id: int
    url: str
    fetched_at: str
    digest: str
    outcome: str
    length: int


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What a file's first record says of the files before it: the heads of their chains, and the newest time in any."""

    follows: tuple[str, ...] = ()
    newest_time: str = ""


@dataclass(frozen=True, slots=True)
class RunMarker:
    """What a run says of itself among its captures, so that a rebuild knows it.

    `kind` is `begin`, `end`, or `unanswered`: a request that brought no answer (see store/unanswered.py).
    """

    kind: str
    run: str
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """Return when it was."""
        return str(self.data.get(_TIMES.get(self.kind, "at"), ""))


@dataclass(frozen=True, slots=True)
class Record:
    """A capture as parsed from a WARC: the run that made it, and the URL and time that a revisit refers to."""

    capture: Capture
    run: str
    digest: str
    refers_to: tuple[str, str] | None = None
    vantage: str | None = None

    @property
    def at(self) -> str:
        """Return when it was fetched."""
        return self.capture.fetched_at


def encode_exchange(
    capture: Capture, run: str, request: RequestMetadata, original: Original | None = None
) -> tuple[bytes, bytes]:
    """Return the gzip members of a capture's response record (with `original`, a revisit) and of its request record.

    What cannot be stated in a record is stated as `storable` says. Raise ArchiveError where the record, read back, is
    not the capture: it would be lost with the next rebuild.
    """
    capture = storable(capture)
    record = _record(WarcRecordType.revisit if original else WarcRecordType.response, capture.url, capture.fetched_at)
    record.headers.set("WARC-Payload-Digest", original.digest if original else sha256(capture.body))
    record.headers.set("WARC-JSON-Metadata", _crawl_metadata(capture, run, request.vantage))
    for name, value in (("WARC-IP-Address", request.ip), ("WARC-Truncated", capture.truncated)):
        if value:
            record.headers.set(name, one_line(value))
    if original:
        record.headers.set("WARC-Profile", NOT_MODIFIED if capture.status == HTTPStatus.NOT_MODIFIED else IDENTICAL)
        record.headers.set("WARC-Refers-To-Target-URI", original.url)
        record.headers.set("WARC-Refers-To-Date", original.fetched_at)
    answer = _member(record, "application/http; msgtype=response", _head(capture) + (b"" if original else capture.body))
    _check_read_back(answer, capture, run, request, original)
    return answer, _encode_request(capture, request, record.record_id or "")


def storable(capture: Capture) -> Capture:
    """Return a capture as a record can state it; rows are made of that, so that they equal those of a rebuild.

    Line breaks and NULs in a URL are dropped, and become a space in a header; a colon in a header's name becomes a
    hyphen, and what is no Latin-1 a question mark. A 304 has no body (RFC 9110, 15.4.5).
    """
    headers = ((_latin1(one_line(name.replace(":", "-"))), _latin1(one_line(value))) for name, value in capture.headers)
    return replace(
        capture,
        url=one_line(_CONTROLS.sub("", capture.url)).encode("utf-8", "replace").decode(),
        headers=tuple(headers),
        body=b"" if capture.status == HTTPStatus.NOT_MODIFIED else capture.body,
        truncated=_latin1(one_line(capture.truncated or "")) or None,
    )


def _latin1(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _check_read_back(
    member: bytes, capture: Capture, run: str, request: RequestMetadata, original: Original | None
) -> None:
    """Raise ArchiveError where a record is not read as the capture of which it was made."""
    digest = original.digest if original else sha256(capture.body)
    refers_to = (original.url, original.fetched_at) if original else None
    kept = replace(capture, body=b"") if original else capture
    if parse_record(zlib.decompress(member, 31)) != Record(kept, run, digest, refers_to, request.vantage or None):
        raise ArchiveError(f"{capture.url}: cannot be written so that it is read back as it is")


def encode_run_marker(marker: RunMarker, at: str) -> bytes:
    """Return the metadata record of a run's start or end."""
    record = _record(WarcRecordType.metadata, f"urn:lufeng:run:{marker.run}:{marker.kind}", at)
    text = json.dumps({"kind": marker.kind, "run": marker.run, "data": dict(marker.data)}, sort_keys=True)
    return _member(record, "application/json", text.encode())


def encode_warcinfo(filename: str, software: str, at: str, header: FileHeader) -> bytes:
    """Return the record that opens each file."""
    record = _record(WarcRecordType.warcinfo, None, at)
    record.headers.set("WARC-Filename", filename)
    fields = {"software": software, "format": "WARC File Format 1.1", "description": NORMALISED}
    fields |= {"follows": " ".join(header.follows), "not-before": header.newest_time}
    text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return _member(record, "application/warc-fields", text.encode())


@dataclass(frozen=True, slots=True)
class _Parts:
    """The head and the block of an uncompressed record."""

    head: Head
    block: bytes

    @property
    def type(self) -> str:
        return (self.head.value("WARC-Type") or "").lower()


def parse_record(record: bytes) -> Record | RunMarker | FileHeader | None:
    """Parse an uncompressed record that Lufeng wrote; None for a request, which only accompanies, and anything else."""
    try:
        parts = _split(record)
        return _parse(parts) if parts else None
    except (KeyError, TypeError, ValueError):
        return None


def _split(record: bytes) -> _Parts | None:
    """Split a record into head and block; None where it is not as long as it says, or no WARC record."""
    head = parse_head(record, "utf-8")
    if head is None or not head.first_line.startswith("WARC/1."):
        return None
    end = head.length + (head.content_length() or 0)
    return _Parts(head, record[head.length : end]) if record[end:] == b"\r\n\r\n" else None


def _parse(record: _Parts) -> Record | RunMarker | FileHeader | None:
    if record.type == "warcinfo":
        return _parse_file_header(record.block.decode())
    if record.type == "metadata":
        return RunMarker(**json.loads(record.block))
    if record.type not in ("response", "revisit"):
        return None
    return _parse_capture(record)


def find_alterations(record: bytes) -> list[str]:
    """Return which digests that an uncompressed record states are not those of its content, a line each."""
    parts = _split(record)
    if parts is None or (parts.type != "request" and parse_record(record) is None):
        return ["not a record that Lufeng wrote"]
    stated = parts.head.value("WARC-Block-Digest"), parts.head.value("WARC-Payload-Digest")
    wrong = ["its block is not what WARC-Block-Digest says"] if sha256(parts.block) != stated[0] else []
    if parts.type == "response" and sha256(parts.block.partition(b"\r\n\r\n")[2]) != stated[1]:
        wrong.append("its payload is not what WARC-Payload-Digest says")
    return wrong


def _parse_file_header(text: str) -> FileHeader:
    fields = dict(line.partition(": ")[::2] for line in text.splitlines())
    return FileHeader(tuple(fields.get("follows", "").split()), fields.get("not-before", ""))


def record_type(record: bytes) -> str:
    """Return the type of an uncompressed record (`response`, `revisit`, `request`); empty where it states none."""
    head = record.partition(b"\r\n\r\n")[0]
    match = re.search(rb"\r\nWARC-Type:\s*(\w+)", head, re.I)
    return match[1].decode() if match else ""


def _parse_capture(record: _Parts) -> Record:
    head, http = record.head, parse_head(record.block, "latin-1")
    status = re.fullmatch(r"HTTP/1\.1 (-?\d+)(?: .*)?", http.first_line) if http else None
    if http is None or status is None:
        raise ValueError("no HTTP response in it")
    metadata = json.loads(head.value("WARC-JSON-Metadata") or "{}")
    refers_to = head.value("WARC-Refers-To-Target-URI"), head.value("WARC-Refers-To-Date")
    url, form = head.value("WARC-Target-URI") or "", metadata.get("form")
    capture = Capture(
        url=url if form is None else post_address(url, form),
        fetched_at=head.value("WARC-Date") or "",
        status=int(status[1]),
        headers=http.values(),
        body=record.block[http.length :],
        site=metadata["site"],
        column=metadata["column"],
        kind=metadata["kind"],
        truncated=head.value("WARC-Truncated"),
        listed_title=metadata.get("listed_title"),
        listed_published=metadata.get("listed_published"),
        conditional=metadata.get("conditional"),
    )
    digest = head.value("WARC-Payload-Digest") or sha256(capture.body)
    original = (refers_to[0], refers_to[1]) if refers_to[0] and refers_to[1] else None
    return Record(capture, metadata["run"], digest, original, metadata.get("vantage"))


def _encode_request(capture: Capture, request: RequestMetadata, concurrent_to: str) -> bytes:
    record = _record(WarcRecordType.request, capture.url, capture.fetched_at)
    record.headers.set("WARC-Concurrent-To", concurrent_to)
    url, form = split_post_address(capture.url)
    where, method = urlsplit(url), request.method if form is None else "POST"
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    lines = [
        f"{method} {target} HTTP/1.1",
        f"Host: {where.netloc}",
        *(f"{one_line(k)}: {one_line(v)}" for k, v in request.headers),
    ]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return _member(record, "application/http; msgtype=request", head + (form or "").encode())


def _record(kind: WarcRecordType, url: str | None, at: str) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.headers.set("WARC-Date", at)
    if url is not None:
        record.headers.set("WARC-Target-URI", split_post_address(url)[0])
    return record


def _crawl_metadata(capture: Capture, run: str, vantage: str | None) -> str:
    metadata: dict[str, Any] = {"run": run, "site": capture.site, "column": capture.column, "kind": capture.kind}
    _, form = split_post_address(capture.url)
    optional = {
        "vantage": vantage or None,
        "listed_title": capture.listed_title,
        "listed_published": capture.listed_published,
        "form": form,
        "conditional": capture.conditional,
    }
    return json.dumps(metadata | {name: value for name, value in optional.items() if value is not None})


def conditional_of(head: Head) -> bool | None:
    """Return whether the request of a 304 carried a condition, where a record that Lufeng wrote says so."""
    try:
        said = json.loads(head.value("WARC-JSON-Metadata") or "{}")
    except (ValueError, RecursionError):
        return None
    known = said.get("conditional") if isinstance(said, dict) else None
    return known if isinstance(known, bool) else None


def _head(capture: Capture) -> bytes:
    try:
        reason = HTTPStatus(capture.status).phrase
    except ValueError:  # 521 and its like are in no standard
        reason = ""
    lines = [f"HTTP/1.1 {capture.status} {reason}", *(f"{name}: {value}" for name, value in capture.headers)]
    return _block(lines)


def _block(lines: list[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _member(record: WarcRecord, content_type: str, block: bytes) -> bytes:
    """Compress one record to one gzip member: any tool can start at its offset, and a torn one costs only itself."""
    record.headers.set("Content-Type", content_type)
    record.headers.set("WARC-Block-Digest", sha256(block))
    record.set_bytes_content(block)
    out = io.BytesIO()
    compressed = GzipWriter(out, compression_level=6)
    record.write(compressed)
    compressed.finish()
    compressed.flush()
    return out.getvalue()
