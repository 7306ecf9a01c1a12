"""Ingests WARC and WACZ files of any maker: their responses go to the archive in order of time, each one once.

Every record passes three steps: `lookup` reads what the archive has, `Ingest._resolve` decides from that which capture
the record amounts to, `Ingest._store` writes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from time import monotonic

from lufeng_crawler.archive import Archive, RunEnd, RunStart
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.store.archive import READ_ONCE
from lufeng_crawler.archive.timestamps import now
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest.lookup import ArchiveLookup
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.scanner import RecordRef
from lufeng_crawler.ingest.time_index import TimeIndex
from lufeng_crawler.ingest.workers import Batch, PageJob, ParsedRecord, parse_records
from lufeng_crawler.items import Capture, Reading
from lufeng_crawler.reader import SOFTWARE

MAX_BATCH_RECORDS, MAX_BATCH_BYTES = 32, 4 << 20
"""Records, or bytes of them, that a worker is given at once."""

ProgressBar = Callable[[str, int], AbstractContextManager[Progress]]
"""Shows a progress bar: `bar(label, total)` is a context manager that yields what is to be called with progress."""


@dataclass(slots=True)
class IngestResult:
    """The counts of an ingest, as `--json` prints them.

    `skipped` records were in the archive already or hold no page of their own. `without_original` counts those of them
    that repeat a response which is neither in the files nor in the archive.
    """

    files: int = 0
    captures: int = 0
    new: int = 0
    edited: int = 0
    unchanged: int = 0
    skipped: int = 0
    without_original: int = 0
    errors: int = 0
    seconds: float = 0.0

    def report(self) -> dict[str, float]:
        """Return the counts by name."""
        return asdict(self)


class Skip(Enum):
    """Why a record is not stored."""

    NO_RESPONSE = "it holds no response, or does not say when it was made"
    KNOWN = "the archive has it"
    NO_ORIGINAL = "it repeats a response that is neither in the files nor in the archive"


@dataclass(slots=True)
class _MissingOriginals:
    """Revisits of one source that were skipped for want of what they repeat; `first` is the first of them."""

    first: RecordRef
    count: int = 0


class Ingest:
    """One ingest of any number of files, with `jobs` processes; `report` is called with a line for each problem."""

    def __init__(
        self, archive: Archive, sites_folder: Path | None, report: Callable[[str], None], jobs: int = 1
    ) -> None:
        self.archive, self.report = archive, report
        self.sites_folder, self.jobs = sites_folder, jobs
        self.result = IngestResult()
        self._lookup = ArchiveLookup(archive)
        self._missing_originals: dict[str, _MissingOriginals] = {}

    def run(
        self, files: Iterable[Path], bar: ProgressBar = lambda label, total: nullcontext(no_progress)
    ) -> IngestResult:
        """Ingest the files in order of time across all of them. Responses that the archive has are skipped."""
        started, started_at = monotonic(), now()
        run = f"ingest-{started_at}-{uuid.uuid4().hex[:8]}"
        self.archive.begin(RunStart(name=run, kind="ingest", started_at=started_at, software=SOFTWARE))
        with TimeIndex() as index:
            self._scan(index, list(files), bar)
            with bar("ingesting", len(index)) as progress:
                for parsed in parse_records(self._batches(index), self.sites_folder, self.jobs):
                    self._ingest_record(parsed, index, run)
                    progress(1)
        self._report_missing_originals()
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
                try:
                    index.add(path, progress)
                except DamagedCapture as error:
                    self.result.errors += 1
                    self.report(str(error))

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
            self.result.captures += 1
            return
        self.result.skipped += 1
        if resolved is Skip.NO_ORIGINAL:
            self._missing_originals.setdefault(parsed.ref.source.name, _MissingOriginals(parsed.ref)).count += 1

    def _resolve(self, parsed: ParsedRecord, index: TimeIndex) -> Capture | Skip:
        """Decide what to store of a record: a revisit with the payload that it repeats, or the response itself."""
        response = parsed.response
        if response is None:
            return Skip.NO_RESPONSE
        if isinstance(response, Capture):
            return Skip.KNOWN if self._lookup.has(response) else response
        if self._lookup.has_response(response):
            return Skip.KNOWN
        return self._with_payload(response, index) or Skip.NO_ORIGINAL

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

    def _report_missing_originals(self) -> None:
        for name, missing in self._missing_originals.items():
            self.result.without_original += missing.count
            self.report(
                f"{name}: left out {missing.count} answers that repeat one which is neither in these files nor in the"
                f" archive (the first at byte {missing.first.offset}: {missing.first.url})"
            )
