"""Ingests WARC and WACZ files of any maker: their responses go to the archive in order of time, each one once.

Every record is accounted for. It is a capture (`captures`), or repeats one that the archive has, or is left out for a
reason, both `skipped`; it cannot be read (`errors`); or its type says that it holds no answer (`no_answers`).

Every record passes three steps: `lookup` reads what the archive has, `Ingest._resolve` decides from that which capture
the record amounts to, `Ingest._store` writes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any

from lufeng_crawler.archive import Archive, RunEnd, RunStart
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.store.archive import READ_ONCE
from lufeng_crawler.archive.timestamps import now
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest.left_out import FAILED_CHECKS, LeftOut
from lufeng_crawler.ingest.lookup import ArchiveLookup
from lufeng_crawler.ingest.record_dates import latest_time
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.scanner import RecordRef, ScanReport
from lufeng_crawler.ingest.time_index import TimeIndex
from lufeng_crawler.ingest.workers import Batch, PageJob, ParsedRecord, parse_records
from lufeng_crawler.items import Capture, Reading
from lufeng_crawler.reader import SOFTWARE

MAX_BATCH_RECORDS, MAX_BATCH_BYTES = 32, 4 << 20
"""Records, or bytes of them, that a worker is given at once."""

ProgressBar = Callable[[str, int], AbstractContextManager[Progress]]
"""Shows a progress bar: `bar(label, total)` is a context manager that yields what is to be called with progress."""


@dataclass(slots=True)
class ArchiveCounts:
    """What an archive was given, as `--json` prints it: by an ingest, or by a rebuild or a merge as if by one."""

    files: int = 0
    captures: int = 0
    new: int = 0
    edited: int = 0
    unchanged: int = 0
    skipped: int = 0
    without_original: int = 0
    errors: int = 0
    seconds: float = 0.0

    def report(self) -> dict[str, Any]:
        """Return the counts by name."""
        return asdict(self)


@dataclass(slots=True)
class IngestResult(ArchiveCounts):
    """The counts of an ingest.

    `skipped` records were `repeated`, that is in the archive already, or `left_out`, by reason; it is the sum of these.
    So captures, skipped and errors are all records of responses, revisits and resources, and of conversions and parts;
    an error may also be a file that was refused. `without_original` is that reason of `left_out`. `no_answers` counts,
    by type, the records that only accompany.
    """

    repeated: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    no_answers: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Return whether something could not be read, or is not what its maker wrote."""
        return bool(self.errors) or any(reason in self.left_out for reason in FAILED_CHECKS)


@dataclass(slots=True)
class _FirstPlace:
    """Where the first record lies that was left out for a reason, and the names of all sources with such."""

    ref: RecordRef
    sources: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        others = len(self.sources) - 1
        return self.ref.source.name + (f" and {others} other files" if others else "")


class Known(Enum):
    """What need not be stored."""

    KNOWN = "the archive has it"


class Ingest:
    """One ingest of any number of files, with `jobs` processes; `report` is called with a line for each problem."""

    def __init__(
        self, archive: Archive, sites_folder: Path | None, report: Callable[[str], None], jobs: int = 1
    ) -> None:
        self.archive, self.report = archive, report
        self.sites_folder, self.jobs = sites_folder, jobs
        self.result = IngestResult()
        self._lookup = ArchiveLookup(archive)
        self._first_left_out: dict[LeftOut, _FirstPlace] = {}

    def run(
        self, files: Iterable[Path], bar: ProgressBar = lambda label, total: nullcontext(no_progress)
    ) -> IngestResult:
        """Ingest the files in order of time across all of them. Responses that the archive has are skipped."""
        started, started_at = monotonic(), now()
        run = f"ingest-{started_at}-{uuid.uuid4().hex[:8]}"
        self.archive.begin(RunStart(name=run, kind="ingest", started_at=started_at, software=SOFTWARE))
        with TimeIndex(latest_time(started_at)) as index:
            self._scan(index, list(files), bar)
            with bar("ingesting", len(index)) as progress:
                for parsed in parse_records(self._batches(index), self.sites_folder, index.latest, self.jobs):
                    self._ingest_record(parsed, index, run)
                    progress(1)
            self._report_left_out()
        counts = self.archive.end(RunEnd(run, now(), "good", errors=self.result.errors))
        for name in ("new", "edited", "unchanged"):
            setattr(self.result, name, counts[name])
        self.result.seconds = round(monotonic() - started, 3)
        return self.result

    def _scan(self, index: TimeIndex, files: list[Path], bar: ProgressBar) -> None:
        """Index the records of the files by time."""
        with bar("scanning", sum(path.stat().st_size for path in files if path.exists())) as progress:
            for path in files:
                self.result.files += 1
                scanned = ScanReport()
                try:
                    index.add(path, scanned, progress)
                except DamagedCapture as error:
                    scanned.errors.append(str(error))
                self.result.errors += len(scanned.errors)
                for kind, count in scanned.no_answers.items():
                    self.result.no_answers[kind] = self.result.no_answers.get(kind, 0) + count
                for problem in scanned.errors:
                    self.report(problem)

    def _batches(self, index: TimeIndex) -> Iterator[Batch]:
        batch: list[PageJob] = []
        for ref in index.in_order():
            batch.append(PageJob(ref, ref.read(), self._lookup.has_row(ref.url, ref.at)))
            if len(batch) == MAX_BATCH_RECORDS or sum(len(job.data) for job in batch) > MAX_BATCH_BYTES:
                yield batch
                batch = []
        yield batch

    def _ingest_record(self, parsed: ParsedRecord, index: TimeIndex, run: str) -> None:
        resolved = self._resolve(parsed, index)
        if isinstance(resolved, Capture):
            self._store(resolved, parsed.reading, run)
            index.add_stored(resolved, parsed.ref.source)
            self.result.captures += 1
            return
        self.result.skipped += 1
        if isinstance(resolved, LeftOut):
            self.result.left_out[resolved.value] = self.result.left_out.get(resolved.value, 0) + 1
            first = self._first_left_out.setdefault(resolved, _FirstPlace(parsed.ref))
            first.sources.add(parsed.ref.source.name)
        else:
            self.result.repeated += 1

    def _resolve(self, parsed: ParsedRecord, index: TimeIndex) -> Capture | Known | LeftOut:
        """Decide what to store of a record: a revisit with the payload that it repeats, or the response itself.

        It is known if the archive has a capture with the same URL, time, status and payload, unless that came from
        another file of this ingest: what two makers' files hold is evidence of both. Of a revisit whose payload is not
        to be had any more, URL, time and status must do.
        """
        response = LeftOut.DIGEST_MISMATCH if parsed.ref.source.is_altered else parsed.response
        if isinstance(response, Revisit):
            whole = self._with_payload(response, index)
            if whole is None:
                return Known.KNOWN if self._lookup.has_response(response) else LeftOut.WITHOUT_ORIGINAL
            response = whole
        if isinstance(response, LeftOut):
            return response
        is_known = self._lookup.has(response) and not index.is_from_others(response, parsed.ref.source)
        return Known.KNOWN if is_known else response

    def _with_payload(self, revisit: Revisit, index: TimeIndex) -> Capture | None:
        """Return a revisit with the payload that it repeats, or a 304 if it is known what it confirms; else None."""
        if revisit.capture.status == HTTPStatus.NOT_MODIFIED:
            return revisit.capture if self._lookup.has_confirmed_by_304(revisit.capture) else None
        original = index.original(revisit) or self._lookup.find_original(revisit)
        return revisit.with_original(original) if original else None

    def _store(self, capture: Capture, reading: Reading | None, run: str) -> None:
        """Write a capture and its reading, which workers made unless the page is to be read here.

        What repeats the payload of an article or a file is not a reading of its own: `Archive.read` says so.
        """
        stored = self.archive.store(capture, run)
        self._lookup.add_stored(capture.url)
        repeats = stored.original is not None and stored.original.outcome in READ_ONCE
        self.archive.set_reading(stored, self.archive.read(stored) if reading is None or repeats else reading)

    def _report_left_out(self) -> None:
        """Say once for each reason how many records were left out, and where the first lies."""
        self.result.without_original = self.result.left_out.get(LeftOut.WITHOUT_ORIGINAL, 0)
        for reason, first in self._first_left_out.items():
            count = self.result.left_out[reason.value]
            where = f"at byte {first.ref.offset}" + (f": {first.ref.url}" if first.ref.url else "")
            self.report(f"{first}: left out {count} answers that {reason.words} (the first {where})")
