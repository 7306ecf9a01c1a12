"""Finds the records of a source: where each begins and ends, and what its header says, damage passed over and said."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest import responses
from lufeng_crawler.ingest.containers import Source, SourceStream, open_sources, unpack_source
from lufeng_crawler.ingest.responses import parse_timestamp, parse_url

ANSWERS = WarcRecordType.response | WarcRecordType.revisit


PIECE = 1 << 20

STATED = ("WARC-Date", "WARC-Target-URI", "WARC-Record-ID", "WARC-Payload-Digest")


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A record: where it lies, and what its header says of the answer, if it is one: time, address, id, digest."""

    source: Source
    offset: int
    length: int
    is_answer: bool = False
    at: str = ""
    url: str = ""
    id: str = ""
    digest: str = ""

    def read(self) -> bytes:
        """The record as it lies there; of one that is too large, the beginning."""
        return self.source.read(self.offset, min(self.length, responses.MAX_BODY + PIECE))


def find_records(
    path: Path, kept: ExitStack, passed: Callable[[int], None] = lambda length: None
) -> Iterator[RecordRef]:
    """Each answer in a file, in the order they lie there; they can be read until `kept` is closed.

    `passed` is told of how many bytes are looked through. Raises DamagedCapture, behind all that can be read, where a
    record is torn or damaged, and where the file holds no WARC record at all.
    """
    scans = []
    for source in open_sources(path, kept):
        scans.append(SourceScan(source, kept, passed))
        yield from scans[-1]
    whole = sum(scan.whole for scan in scans)
    if not whole:
        raise DamagedCapture(f"{path}: no WARC records in it")
    if damage := next((scan.damage for scan in scans if scan.damage), None):
        raise DamagedCapture(f"{damage} ({whole} records are whole)")


class SourceScan:
    """One look through a source. When it is over, `whole` counts its records, `damage` says what is wrong with it."""

    def __init__(self, source: Source, kept: ExitStack, passed: Callable[[int], None]) -> None:
        self.source, self.kept, self.passed = source, kept, passed
        self.zipped = source.zipped
        self.whole, self.damage = 0, ""

    def __iter__(self) -> Iterator[RecordRef]:
        """The answers. Where gzip members are not the records, they are those of what the source unpacks to."""
        given, last = 0, RecordRef(self.source, -1, 0)
        for found in self._records():
            if self.zipped and (found.offset <= last.offset or not self._begins(found.offset)):
                yield from self._unpacked(given)
                return
            self.passed(found.offset - max(last.offset, 0))
            if last.is_answer:
                given += 1
                yield replace(last, length=found.offset - last.offset)
            last = found
        if last.is_answer:
            yield replace(last, length=self.source.length - last.offset)

    def _unpacked(self, given: int) -> Iterator[RecordRef]:
        scan = SourceScan(unpack_source(self.source, self.kept), self.kept, lambda length: None)
        yield from islice(scan, given, None)
        self.whole, self.damage = scan.whole, scan.damage

    def _records(self) -> Iterator[RecordRef]:
        start: int | None = 0
        while start is not None:
            try:
                for found in self._whole(start):
                    self.whole, start = self.whole + 1, found.offset
                    yield found
                yield from self._behind(start)
                return
            except (OSError, ValueError, EOFError) as error:
                self.damage = self.damage or f"{self.source.name}: damaged behind byte {start}: {error}"
                start = self._next(start + 1)

    def _whole(self, start: int) -> Iterator[RecordRef]:
        """Records from `start` on. Raises EOFError at one that ends too soon, which the library would give as it is."""
        for record in ArchiveIterator(SourceStream(self.source, start), parse_http=False):
            stated = record.content_length
            if record.headers.get("Content-Length") is None:
                raise EOFError("a record's header is torn")
            if stated <= responses.MAX_BODY:
                record.freeze()
                if record.content_length < stated:
                    raise EOFError("a record is torn")
            yield _found(self.source, start + record.stream_pos, record)

    def _next(self, start: int) -> int | None:
        """Where reading can go on behind a damaged record."""
        if self.zipped:
            return next((at for at in self._matches(b"\x1f\x8b\x08", start) if self._begins(at)), None)
        return next((at + 1 for at in self._matches(b"\nWARC/1.", start)), None)

    def _matches(self, pattern: bytes, start: int) -> Iterator[int]:
        while piece := self.source.read(start, PIECE):
            at = piece.find(pattern)
            while at >= 0:
                yield start + at
                at = piece.find(pattern, at + 1)
            start += max(1, len(piece) - len(pattern) + 1)

    def _begins(self, at: int) -> bool:
        """Whether a gzip member begins there that begins with a record."""
        try:
            return zlib.decompressobj(31).decompress(self.source.read(at, 512), 5) == b"WARC/"
        except zlib.error:
            return False

    def _behind(self, last: int) -> Iterator[RecordRef]:
        """What the library has not seen behind the last record: one torn, or more of them behind an empty member."""
        end = self._end(last) if self.zipped else self.source.length
        self.damage = self.damage or self.source.damage
        if end < self.source.length:
            if self._next(end) is not None:
                yield RecordRef(self.source, -1, 0)  # they cannot be reached one by one
            self.damage = self.damage or f"{self.source.name}: torn behind byte {end}"

    def _end(self, start: int) -> int:
        """Where the gzip member that begins there ends."""
        unzip = zlib.decompressobj(31)
        with suppress(zlib.error):
            while not unzip.eof and (piece := self.source.read(start, PIECE)):
                unzip.decompress(piece)
                start += len(piece) - len(unzip.unused_data)
        return start


def _found(source: Source, offset: int, record: WarcRecord) -> RecordRef:
    said = [record.headers.get(header) or "" for header in STATED]
    is_answer = bool(record.record_type & ANSWERS)
    return RecordRef(source, offset, 0, is_answer, parse_timestamp(said[0]) or "", parse_url(said[1]), *said[2:])
