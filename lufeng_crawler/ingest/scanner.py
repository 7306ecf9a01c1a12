"""Scans a source for WARC records: where each begins and ends, and what its header says; damage is passed over.

Damage is reported after everything that can be read.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest import responses
from lufeng_crawler.ingest.containers import Source, SourceStream, open_sources, unpack_source
from lufeng_crawler.ingest.responses import parse_timestamp, parse_url

RESPONSE_TYPES = WarcRecordType.response | WarcRecordType.revisit

PIECE = 1 << 20
"""Bytes that are searched at once for the next record, and that are read of a record beyond its body."""

READ_HEADERS = ("WARC-Date", "WARC-Target-URI", "WARC-Record-ID", "WARC-Payload-Digest")
MIN_MEMBER = 512
"""Bytes of a gzip member from which its first five unpacked bytes can be told."""


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Where a record lies. Of a response or revisit also what its header says: time, URL, record id, payload digest."""

    source: Source
    offset: int
    length: int
    is_response: bool = False
    at: str = ""
    url: str = ""
    id: str = ""
    digest: str = ""

    def read(self) -> bytes:
        """Return the record's bytes as they lie in the source; of one that is too large, the beginning."""
        return self.source.read(self.offset, min(self.length, responses.MAX_BODY + PIECE))


def find_records(path: Path, stack: ExitStack, progress: Progress = no_progress) -> Iterator[RecordRef]:
    """Yield each response and revisit in a file, in their order there; they can be read until `stack` is closed.

    `progress` counts bytes. Raise DamagedCapture, after all that can be read, where a record is torn or damaged, and
    where the file holds no WARC record at all.
    """
    scans = []
    for source in open_sources(path, stack):
        scans.append(SourceScan(source, stack, progress))
        yield from scans[-1]
    whole = sum(scan.whole for scan in scans)
    if not whole:
        raise DamagedCapture(f"{path}: no WARC records in it")
    if damage := next((scan.damage for scan in scans if scan.damage), None):
        raise DamagedCapture(f"{damage} ({whole} records are whole)")


class SourceScan:
    """One pass over a source. Afterwards `whole` counts its undamaged records, `damage` says what is wrong with it."""

    def __init__(self, source: Source, stack: ExitStack, progress: Progress) -> None:
        self.source, self.stack, self.progress = source, stack, progress
        self.zipped = source.zipped
        self.whole, self.damage = 0, ""

    def __iter__(self) -> Iterator[RecordRef]:
        """Yield the responses; where records are not gzip members of their own, those of the unpacked source."""
        yielded, last = 0, RecordRef(self.source, -1, 0)
        for ref in self._records():
            if self.zipped and (ref.offset <= last.offset or not self._is_member_of_record(ref.offset)):
                yield from self._scan_unpacked(yielded)
                return
            self.progress(ref.offset - max(last.offset, 0))
            if last.is_response:
                yielded += 1
                yield replace(last, length=ref.offset - last.offset)
            last = ref
        if last.is_response:
            yield replace(last, length=self.source.length - last.offset)

    def _scan_unpacked(self, skipped: int) -> Iterator[RecordRef]:
        """Unpack the source and scan that, without the responses that were yielded before."""
        scan = SourceScan(unpack_source(self.source, self.stack), self.stack, no_progress)
        yield from islice(scan, skipped, None)
        self.whole, self.damage = scan.whole, scan.damage

    def _records(self) -> Iterator[RecordRef]:
        """Yield all records, going on after damaged ones. Their lengths are not known yet."""
        start: int | None = 0
        while start is not None:
            try:
                for ref in self._records_from(start):
                    self.whole, start = self.whole + 1, ref.offset
                    yield ref
                yield from self._check_end(start)
                return
            except (OSError, ValueError, EOFError) as error:
                self.damage = self.damage or f"{self.source.name}: damaged behind byte {start}: {error}"
                start = self._next_record(start + 1)

    def _records_from(self, start: int) -> Iterator[RecordRef]:
        """Yield records up to the first damaged one. Raise EOFError for a torn one, which the library would yield."""
        for record in ArchiveIterator(SourceStream(self.source, start), parse_http=False):
            stated = record.content_length
            if record.headers.get("Content-Length") is None:
                raise EOFError("a record's header is torn")
            if stated <= responses.MAX_BODY:
                record.freeze()
                if record.content_length < stated:
                    raise EOFError("a record is torn")
            yield _record_ref(self.source, start + record.stream_pos, record)

    def _next_record(self, start: int) -> int | None:
        """Return where the next record begins, to go on after a damaged one."""
        if self.zipped:
            members = self._find(b"\x1f\x8b\x08", start)
            return next((offset for offset in members if self._is_member_of_record(offset)), None)
        return next((offset + 1 for offset in self._find(b"\nWARC/1.", start)), None)

    def _find(self, pattern: bytes, start: int) -> Iterator[int]:
        """Yield the offsets of a pattern in the source."""
        while piece := self.source.read(start, PIECE):
            position = piece.find(pattern)
            while position >= 0:
                yield start + position
                position = piece.find(pattern, position + 1)
            start += max(1, len(piece) - len(pattern) + 1)

    def _is_member_of_record(self, offset: int) -> bool:
        """Return whether a gzip member begins there whose content begins with a record."""
        try:
            return zlib.decompressobj(31).decompress(self.source.read(offset, MIN_MEMBER), 5) == b"WARC/"
        except zlib.error:
            return False

    def _check_end(self, last: int) -> Iterator[RecordRef]:
        """Look at what the library did not read after the last record: a torn one, or more after an empty member."""
        end = self._member_end(last) if self.zipped else self.source.length
        self.damage = self.damage or self.source.damage
        if end < self.source.length:
            if self._next_record(end) is not None:
                yield RecordRef(self.source, -1, 0)  # makes __iter__ unpack: they cannot be reached one by one
            self.damage = self.damage or f"{self.source.name}: torn behind byte {end}"

    def _member_end(self, start: int) -> int:
        """Return where the gzip member that begins there ends."""
        unzip = zlib.decompressobj(31)
        with suppress(zlib.error):
            while not unzip.eof and (piece := self.source.read(start, PIECE)):
                unzip.decompress(piece)
                start += len(piece) - len(unzip.unused_data)
        return start


def _record_ref(source: Source, offset: int, record: WarcRecord) -> RecordRef:
    date, url, id, digest = (record.headers.get(header) or "" for header in READ_HEADERS)
    is_response = bool(record.record_type & RESPONSE_TYPES)
    return RecordRef(source, offset, 0, is_response, parse_timestamp(date) or "", parse_url(url), id, digest)
