"""What a capture looks like as WARC 1.1 records, and back: the only place that knows the format."""

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

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

NORMALISED = (
    "As Scrapy hands answers over: header names in canonical case, the standard reason phrase instead of the sent one, "
    "transfer coding undone and its header gone. Repeated headers, content coding and payload are as served."
)
"""What a reader of our files must know; it stands in each file's warcinfo."""


@dataclass(frozen=True, slots=True)
class RequestMetadata:
    """The request behind a capture: method, headers as sent, the server's address if known, our own vantage point."""

    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    ip: str | None = None
    vantage: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """The earlier capture that a revisit repeats: its row, what WARC finds it by, what it was read as, its size."""

    id: int
    url: str
    fetched_at: str
    digest: str
    outcome: str
    length: int


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What a file says of those before it: the heads of their chains, and the newest time in any of them."""

    follows: tuple[str, ...] = ()
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class RunMarker:
    """The beginning or the end of a run, kept among the captures so that a rebuild knows runs and their outcomes."""

    kind: str
    run: str
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def at(self) -> str:
        """When it was."""
        return str(self.data.get("started_at" if self.kind == "begin" else "finished_at", ""))


@dataclass(frozen=True, slots=True)
class Record:
    """A capture as read from a WARC: who asked (`run`), and which address and time a revisit refers to."""

    capture: Capture
    run: str
    digest: str
    refers_to: tuple[str, str] | None = None
    vantage: str | None = None

    @property
    def at(self) -> str:
        """When it was fetched."""
        return self.capture.fetched_at


def encode_exchange(
    capture: Capture, run: str, asked: RequestMetadata, original: Original | None = None
) -> tuple[bytes, bytes]:
    """The gzip members of a capture: its response record (a revisit where `original` is given), its request record."""
    record = _record(WarcRecordType.revisit if original else WarcRecordType.response, capture.url, capture.fetched_at)
    record.headers.set("WARC-Payload-Digest", original.digest if original else sha256(capture.body))
    record.headers.set("WARC-JSON-Metadata", _who_asked(capture, run, asked.vantage))
    for name, value in (("WARC-IP-Address", asked.ip), ("WARC-Truncated", capture.truncated)):
        if value:
            record.headers.set(name, value)
    if original:
        record.headers.set("WARC-Profile", NOT_MODIFIED if capture.status == HTTPStatus.NOT_MODIFIED else IDENTICAL)
        record.headers.set("WARC-Refers-To-Target-URI", original.url)
        record.headers.set("WARC-Refers-To-Date", original.fetched_at)
    answer = _member(record, "application/http; msgtype=response", _head(capture) + (b"" if original else capture.body))
    return answer, _request(capture, asked, record.record_id or "")


def encode_run_marker(happening: RunMarker, at: str) -> bytes:
    """The metadata record of a run's beginning or end."""
    record = _record(WarcRecordType.metadata, f"urn:lufeng:run:{happening.run}:{happening.kind}", at)
    text = json.dumps({"kind": happening.kind, "run": happening.run, "data": dict(happening.data)}, sort_keys=True)
    return _member(record, "application/json", text.encode())


def encode_warcinfo(filename: str, software: str, at: str, opening: FileHeader) -> bytes:
    """The record that opens each file."""
    record = _record(WarcRecordType.warcinfo, None, at)
    record.headers.set("WARC-Filename", filename)
    fields = {"software": software, "format": "WARC File Format 1.1", "description": NORMALISED}
    fields |= {"follows": " ".join(opening.follows), "not-before": opening.not_before}
    text = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return _member(record, "application/warc-fields", text.encode())


def parse_record(record: bytes) -> Record | RunMarker | FileHeader | None:
    """What one uncompressed record of ours says; None for a request, which only accompanies, and for what is none."""
    try:
        return _parse(next(ArchiveIterator(io.BytesIO(record)), None))
    except (KeyError, TypeError, ValueError, OSError):  # the last: what has no WARC header
        return None


def _parse(found: WarcRecord | None) -> Record | RunMarker | FileHeader | None:
    if found is None:
        return None
    if found.record_type == WarcRecordType.warcinfo:
        return _parse_opening(found.reader.read().decode())
    if found.record_type == WarcRecordType.metadata:
        return RunMarker(**json.loads(found.reader.read()))
    if found.record_type not in (WarcRecordType.response, WarcRecordType.revisit):
        return None
    return _parse_capture(found)


def find_alterations(record: bytes) -> list[str]:
    """Which of the digests that an uncompressed record states are not those of what it holds."""
    try:
        found = next(ArchiveIterator(io.BytesIO(record), parse_http=False), None)
    except OSError:
        found = None
    if found is None or (found.record_type != WarcRecordType.request and parse_record(record) is None):
        return ["is no record of ours"]
    stated = found.headers.get("WARC-Block-Digest"), found.headers.get("WARC-Payload-Digest")
    block = found.reader.read()
    wrong = ["its block is not what WARC-Block-Digest says"] if sha256(block) != stated[0] else []
    if found.record_type == WarcRecordType.response and sha256(block.partition(b"\r\n\r\n")[2]) != stated[1]:
        wrong.append("its payload is not what WARC-Payload-Digest says")
    return wrong


def _parse_opening(text: str) -> FileHeader:
    said = dict(line.partition(": ")[::2] for line in text.splitlines())
    return FileHeader(tuple(said.get("follows", "").split()), said.get("not-before", ""))


def request_kind(record: bytes) -> str:
    """The type of an uncompressed record (`response`, `revisit`, `request`); empty where it states none."""
    head = record.partition(b"\r\n\r\n")[0]
    found = re.search(rb"\r\nWARC-Type:\s*(\w+)", head, re.I)
    return found[1].decode() if found else ""


def http_headers(found: WarcRecord) -> tuple[tuple[str, str], ...]:
    """The HTTP headers of a record, as sent: latin-1, so that every byte survives."""
    pairs = found.http_headers.items_bytes()
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs)


def _parse_capture(found: WarcRecord) -> Record:
    asked = json.loads(found.headers.get("WARC-JSON-Metadata") or "{}")
    refers_to = found.headers.get("WARC-Refers-To-Target-URI"), found.headers.get("WARC-Refers-To-Date")
    capture = Capture(
        url=found.headers.get("WARC-Target-URI") or "",
        fetched_at=found.headers.get("WARC-Date") or "",
        status=found.http_headers.status_code or 0,
        headers=http_headers(found),
        body=found.reader.read(),
        site=asked["site"],
        column=asked["column"],
        kind=asked["kind"],
        truncated=found.headers.get("WARC-Truncated"),
    )
    digest = found.headers.get("WARC-Payload-Digest") or sha256(capture.body)
    earlier = (refers_to[0], refers_to[1]) if refers_to[0] and refers_to[1] else None
    return Record(capture, asked["run"], digest, earlier, asked.get("vantage"))


def _request(capture: Capture, asked: RequestMetadata, concurrent_to: str) -> bytes:
    record = _record(WarcRecordType.request, capture.url, capture.fetched_at)
    record.headers.set("WARC-Concurrent-To", concurrent_to)
    where = urlsplit(capture.url)
    target = (where.path or "/") + (f"?{where.query}" if where.query else "")
    lines = [f"{asked.method} {target} HTTP/1.1", f"Host: {where.netloc}", *(f"{k}: {v}" for k, v in asked.headers)]
    return _member(
        record, "application/http; msgtype=request", "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    )


def _record(kind: WarcRecordType, url: str | None, at: str) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.headers.set("WARC-Date", at)
    if url is not None:
        record.headers.set("WARC-Target-URI", url)
    return record


def _who_asked(capture: Capture, run: str, vantage: str | None) -> str:
    asked: dict[str, Any] = {"run": run, "site": capture.site, "column": capture.column, "kind": capture.kind}
    return json.dumps(asked | ({"vantage": vantage} if vantage else {}))


def _head(capture: Capture) -> bytes:
    try:
        reason = HTTPStatus(capture.status).phrase
    except ValueError:  # 521 and its like are no standard's
        reason = ""
    lines = [f"HTTP/1.1 {capture.status} {reason}", *(f"{name}: {value}" for name, value in capture.headers)]
    return _block(lines)


def _block(lines: list[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _member(record: WarcRecord, content_type: str, block: bytes) -> bytes:
    """One gzip member: any tool can start at its offset, and a torn one costs only itself."""
    record.headers.set("Content-Type", content_type)
    record.headers.set("WARC-Block-Digest", sha256(block))
    record.set_bytes_content(block)
    out = io.BytesIO()
    compressed = GzipWriter(out, compression_level=6)
    record.write(compressed)
    compressed.finish()
    compressed.flush()
    return out.getvalue()
