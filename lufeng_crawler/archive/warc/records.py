"""Encodes captures as WARC 1.1 records and parses them: the only module that knows the format."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from lufeng_crawler.archive.digests import sha256
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
    """Return the gzip members of a capture's response record (with `original`, a revisit) and of its request record."""
    record = _record(WarcRecordType.revisit if original else WarcRecordType.response, capture.url, capture.fetched_at)
    record.headers.set("WARC-Payload-Digest", original.digest if original else sha256(capture.body))
    record.headers.set("WARC-JSON-Metadata", _crawl_metadata(capture, run, request.vantage))
    for name, value in (("WARC-IP-Address", request.ip), ("WARC-Truncated", capture.truncated)):
        if value:
            record.headers.set(name, value)
    if original:
        record.headers.set("WARC-Profile", NOT_MODIFIED if capture.status == HTTPStatus.NOT_MODIFIED else IDENTICAL)
        record.headers.set("WARC-Refers-To-Target-URI", original.url)
        record.headers.set("WARC-Refers-To-Date", original.fetched_at)
    answer = _member(record, "application/http; msgtype=response", _head(capture) + (b"" if original else capture.body))
    return answer, _encode_request(capture, request, record.record_id or "")


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


def parse_record(record: bytes) -> Record | RunMarker | FileHeader | None:
    """Parse an uncompressed record that Lufeng wrote; None for a request, which only accompanies, and anything else."""
    try:
        return _parse(next(ArchiveIterator(io.BytesIO(record)), None))
    except (KeyError, TypeError, ValueError, OSError):  # OSError: no WARC header
        return None


def _parse(record: WarcRecord | None) -> Record | RunMarker | FileHeader | None:
    if record is None:
        return None
    if record.record_type == WarcRecordType.warcinfo:
        return _parse_file_header(record.reader.read().decode())
    if record.record_type == WarcRecordType.metadata:
        return RunMarker(**json.loads(record.reader.read()))
    if record.record_type not in (WarcRecordType.response, WarcRecordType.revisit):
        return None
    return _parse_capture(record)


def find_alterations(record: bytes) -> list[str]:
    """Return which digests that an uncompressed record states are not those of its content, a line each."""
    try:
        found = next(ArchiveIterator(io.BytesIO(record), parse_http=False), None)
    except OSError:
        found = None
    if found is None or (found.record_type != WarcRecordType.request and parse_record(record) is None):
        return ["not a record that Lufeng wrote"]
    stated = found.headers.get("WARC-Block-Digest"), found.headers.get("WARC-Payload-Digest")
    block = found.reader.read()
    wrong = ["its block is not what WARC-Block-Digest says"] if sha256(block) != stated[0] else []
    if found.record_type == WarcRecordType.response and sha256(block.partition(b"\r\n\r\n")[2]) != stated[1]:
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


def http_headers(record: WarcRecord) -> tuple[tuple[str, str], ...]:
    """Return the HTTP headers of a record as sent, decoded as latin-1, so that every byte survives."""
    pairs = record.http_headers.items_bytes()
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)


def _parse_capture(record: WarcRecord) -> Record:
    metadata = json.loads(record.headers.get("WARC-JSON-Metadata") or "{}")
    refers_to = record.headers.get("WARC-Refers-To-Target-URI"), record.headers.get("WARC-Refers-To-Date")
    url, form = record.headers.get("WARC-Target-URI") or "", metadata.get("form")
    capture = Capture(
        url=url if form is None else post_address(url, form),
        fetched_at=record.headers.get("WARC-Date") or "",
        status=record.http_headers.status_code or 0,
        headers=http_headers(record),
        body=record.reader.read(),
        site=metadata["site"],
        column=metadata["column"],
        kind=metadata["kind"],
        truncated=record.headers.get("WARC-Truncated"),
        listed_title=metadata.get("listed_title"),
        listed_published=metadata.get("listed_published"),
        conditional=metadata.get("conditional"),
    )
    digest = record.headers.get("WARC-Payload-Digest") or sha256(capture.body)
    original = (refers_to[0], refers_to[1]) if refers_to[0] and refers_to[1] else None
    return Record(capture, metadata["run"], digest, original, metadata.get("vantage"))


def _encode_request(capture: Capture, request: RequestMetadata, concurrent_to: str) -> bytes:
    record = _record(WarcRecordType.request, capture.url, capture.fetched_at)
    record.headers.set("WARC-Concurrent-To", concurrent_to)
    url, form = split_post_address(capture.url)
    where, method = urlsplit(url), request.method if form is None else "POST"
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {where.netloc}", *(f"{k}: {v}" for k, v in request.headers)]
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


def conditional_of(record: WarcRecord) -> bool | None:
    """Return whether the request of a 304 carried a condition, where a record that Lufeng wrote says so."""
    try:
        said = json.loads(record.headers.get("WARC-JSON-Metadata") or "{}")
    except ValueError:
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
