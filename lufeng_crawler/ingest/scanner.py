"""Scans a file for WARC records that hold answers, or may; what holds none is counted, what cannot be read is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest import responses
from lufeng_crawler.ingest.containers import Source, open_sources, unpack_source
from lufeng_crawler.ingest.left_out import NO_ANSWERS
from lufeng_crawler.ingest.record_dates import parse_timestamp
from lufeng_crawler.ingest.record_search import Located, NotAligned, locate_records
from lufeng_crawler.ingest.responses import record_url
from lufeng_crawler.ingest.stated_digests import canonical_digest


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Where a record lies, and what its header says: time, URL, record id, and payload digest in its canonical form."""

    source: Source
    offset: int
    length: int
    at: str = ""
    url: str = ""
    id: str = ""
    digest: str = ""

    def read(self) -> bytes:
        """Return the record's bytes as they lie in the source; of one that is too large, the beginning."""
        return self.source.read(self.offset, min(self.length, responses.MAX_BODY + responses.HEADS))


@dataclass(slots=True)
class ScanReport:
    """What a scan found beside answers.

    `whole` counts the records that are whole, `no_answers` those of them that hold no answer, by type. `errors` has a
    line for each record, or part of a file, that cannot be read.
    """

    whole: int = 0
    no_answers: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def add(self, other: ScanReport) -> None:
        """Add what another scan found."""
        self.whole += other.whole
        self.no_answers.update(other.no_answers)
        self.errors += other.errors


def find_records(
    path: Path, stack: ExitStack, report: ScanReport, progress: Progress = no_progress
) -> Iterator[RecordRef]:
    """Yield each record in a file that is of no type of NO_ANSWERS, in their order there.

    They can be read until `stack` is closed. `progress` counts bytes. Raise DamagedCapture where the file is refused:
    it is of another kind, or has nothing in it that begins as a WARC record does.
    """
    scans = []
    for source in open_sources(path, stack):
        scans.append(SourceScan(source, stack, progress))
        yield from scans[-1]
    if not any(scan.has_records for scan in scans):
        raise DamagedCapture(f"{path}: no WARC records in it")
    for scan in scans:
        report.add(scan.report)


class SourceScan:
    """One pass over a source. `report` is what it found; `has_records` is False where nothing begins as a record."""

    def __init__(self, source: Source, stack: ExitStack, progress: Progress) -> None:
        self.source, self.stack, self.progress = source, stack, progress
        self.report, self.has_records = ScanReport(), False

    def __iter__(self) -> Iterator[RecordRef]:
        """Yield the answers; where records are not gzip members of their own, those of the unpacked source."""
        yielded = 0
        try:
            for ref in self._records():
                yielded += 1
                yield ref
        except NotAligned:
            scan = SourceScan(unpack_source(self.source, self.stack), self.stack, no_progress)
            yield from islice(scan, yielded, None)
            self.report, self.has_records = scan.report, scan.has_records
        if self.source.damage and not self.report.errors:  # else the torn record was named already
            self.report.errors.append(self.source.damage)
        self.has_records = self.has_records or bool(self.source.damage)

    def _records(self) -> Iterator[RecordRef]:
        for found in locate_records(self.source):
            if not isinstance(found, Located):
                self.has_records = self.has_records or found.is_record
                self.report.errors.append(f"{self.source.name}: at byte {found.offset}: {found.reason}")
                continue
            self.progress(found.length)
            self.has_records, self.report.whole = True, self.report.whole + 1
            kind = (found.head.value("WARC-Type") or "").lower()
            if kind in NO_ANSWERS:
                self.report.no_answers[kind] += 1
            else:
                yield _record_ref(self.source, found)


def _record_ref(source: Source, found: Located) -> RecordRef:
    value = found.head.value
    at, digest = parse_timestamp(value("WARC-Date") or "") or "", canonical_digest(value("WARC-Payload-Digest") or "")
    return RecordRef(
        source, found.offset, found.length, at, record_url(found.head), value("WARC-Record-ID") or "", digest
    )
