"""Ingest: what files of any maker hold goes into the archive in the order of time, each answer once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from time import monotonic

from lufeng_crawler.archive import Archive, RunEnd, RunStart
from lufeng_crawler.archive.db.rows import first
from lufeng_crawler.archive.digests import sha256
from lufeng_crawler.archive.store.archive import BATCH, READ_ONCE
from lufeng_crawler.archive.store.recorder import find_standing
from lufeng_crawler.archive.timestamps import now
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest.originals import find_archived_original
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.scanner import RecordRef
from lufeng_crawler.ingest.time_index import TimeIndex
from lufeng_crawler.ingest.workers import Batch, PageJob, ParsedRecord, parse_records
from lufeng_crawler.items import Capture, Reading
from lufeng_crawler.reader import SOFTWARE

MAX_BATCH_RECORDS, MAX_BATCH_BYTES = 32, 4 << 20
"""Records, or bytes of them, that are read at one go."""

KNOWN_SQL = "SELECT 1 FROM captures WHERE url = ?1 AND fetched_at = ?2 AND (status = ?3 OR ?3 = 0)"

ProgressBar = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Shows how far something is: called with what it is and how much there is of it, gives what is told of each step."""


@dataclass(slots=True)
class IngestResult:
    """What an ingest amounts to, as `--json` prints it; `skipped` were there already or carry no page of their own.

    `without_original` counts those of them that repeat an answer which is neither in the files nor in the archive.
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
        """By name."""
        return asdict(self)


class Ingest:
    """One ingest of any number of files, by `jobs` processes; `say` is told of what cannot be taken in, a line each."""

    def __init__(self, archive: Archive, sites_folder: Path | None, say: Callable[[str], None], jobs: int = 1) -> None:
        self.archive, self.say = archive, say
        self.sites_folder, self.jobs = sites_folder, jobs
        self._waiting: set[str] = set()
        self._orphans: dict[str, tuple[int, RecordRef]] = {}
        self.taken = IngestResult()

    def run(
        self, files: Iterable[Path], bar: ProgressBar = lambda what, total: nullcontext(lambda step: None)
    ) -> IngestResult:
        """Take them in, in the order of time across all files; an answer that the archive has already is skipped."""
        started, begun = monotonic(), now()
        run = f"ingest-{begun}-{uuid.uuid4().hex[:8]}"
        self.archive.begin(RunStart(name=run, kind="ingest", started_at=begun, software=SOFTWARE))
        with TimeIndex() as index:
            self._look_through(index, list(files), bar)
            with bar("taking in", len(index)) as step:
                for one in parse_records(self._batches(index), self.sites_folder, self.jobs):
                    self._take(one, index, run)
                    step(1)
        self._tell_orphans()
        outcome = self.archive.end(RunEnd(run, now(), "good", errors=self.taken.errors))
        for name in ("new", "edited", "unchanged"):
            setattr(self.taken, name, outcome[name])
        self.taken.seconds = round(monotonic() - started, 3)
        return self.taken

    def _look_through(self, index: TimeIndex, files: list[Path], bar: ProgressBar) -> None:
        with bar("looking through", sum(path.stat().st_size for path in files if path.exists())) as step:
            for path in files:
                self.taken.files += 1
                try:
                    index.add(path, step)
                except DamagedCapture as error:
                    self.taken.errors += 1
                    self.say(str(error))

    def _batches(self, index: TimeIndex) -> Iterator[Batch]:
        batch: list[PageJob] = []
        for found in index.in_order():
            known = "SELECT 1 FROM captures WHERE url = ? AND fetched_at = ?"
            batch.append(PageJob(found, found.read(), first(self.archive.db, known, found.url, found.at) is not None))
            if len(batch) == MAX_BATCH_RECORDS or sum(len(job.data) for job in batch) > MAX_BATCH_BYTES:
                yield batch
                batch = []
        yield batch

    def _take(self, one: ParsedRecord, index: TimeIndex, run: str) -> None:
        capture = one.answer
        if isinstance(capture, Revisit):
            capture = self._repeated(capture, one.found, index)
        if capture is None or self._has(capture):
            self.taken.skipped += 1
            return
        self._waiting.add(capture.url)
        self._record(capture, one.reading, run)
        self.taken.captures += 1

    def _record(self, capture: Capture, reading: Reading | None, run: str) -> None:
        kept = self.archive.store(capture, run)
        once = kept.original is not None and kept.original.outcome in READ_ONCE
        self.archive.record(kept, self.archive.read(kept) if reading is None or once else reading)

    def _repeated(self, repeat: Revisit, found: RecordRef, index: TimeIndex) -> Capture | None:
        """A revisit or a 304 with what it repeats; None where that is not to be had, or all of it is known."""
        capture = repeat.capture
        self._settle(capture.url, repeat.url)
        if self._was_taken(capture):
            return None
        if capture.status == HTTPStatus.NOT_MODIFIED:
            stands = find_standing(self.archive.db, capture.site, capture.url, capture.fetched_at)
            whole = capture if stands else None
        else:
            original = index.original(repeat) or find_archived_original(self.archive.db, self.archive.captures, repeat)
            whole = repeat.of(original) if original else None
        if whole is None:
            count, earliest = self._orphans.get(found.source.name, (0, found))
            self._orphans[found.source.name] = count + 1, earliest
        return whole

    def _settle(self, *urls: str) -> None:
        """Have the archive know what was just taken at these addresses: the next answer may repeat it."""
        if len(self._waiting) >= BATCH or not self._waiting.isdisjoint(urls):
            self.archive.flush()
            self._waiting.clear()

    def _has(self, capture: Capture) -> bool:
        """Known by address, time, status and payload."""
        self._settle(capture.url)
        return self._was_taken(capture) and (
            capture.status == HTTPStatus.NOT_MODIFIED
            or first(self.archive.db, f"{KNOWN_SQL} AND payload_digest = ?4", *_moment(capture), sha256(capture.body))
            is not None
        )

    def _was_taken(self, capture: Capture) -> bool:
        """Whether the archive has an answer of that address, time and status (any status, where it states none)."""
        return first(self.archive.db, KNOWN_SQL, *_moment(capture)) is not None

    def _tell_orphans(self) -> None:
        for name, (count, found) in self._orphans.items():
            self.taken.without_original += count
            self.say(
                f"{name}: left out {count} answers that repeat one which is neither in these files nor in the archive"
                f" (the first at byte {found.offset}: {found.url})"
            )


def _moment(capture: Capture) -> tuple[str, str, int]:
    return capture.url, capture.fetched_at, capture.status
