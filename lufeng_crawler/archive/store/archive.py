"""The one writer of an archive: answers go to the WARC at once, rows follow in batches, in the order of the WARC."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.connection import connect, exclusive_lock
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.store import runs
from lufeng_crawler.archive.store.recorder import Recorder, find_confirmed_by_304, find_original
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.archive.store.unanswered import Unanswered
from lufeng_crawler.archive.warc import files, hash_chain, records
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture, Gone, Other, Reading, Unchanged

log = logging.getLogger(__name__)

BATCH, BATCH_BYTES = 100, 16 << 20
"""Captures, or bytes of them, between two transactions."""

READ_ONCE = ("article", "file")
"""Outcomes that hold for every answer with the same payload, which need not be read again."""

ReadPage = Callable[[Capture], Reading]


@dataclass(frozen=True, slots=True)
class Reader:
    """The function that reads captures, and the name of its present rules, which is stored with each version."""

    read: ReadPage
    name: str
    layout: Callable[[str], str] = lambda site: ""  # added to the name for a site file with rules of its own
    lines: Callable[[Capture], Sequence[str]] = lambda capture: ()  # what a reader sees on a page


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture that was written to the WARC; `original` is the earlier one whose payload it repeats."""

    number: int
    record: records.Record
    place: RecordLocation
    original: records.Original | None

    @property
    def capture(self) -> Capture:
        """Return the answer itself."""
        return self.record.capture


class Archive:
    """An archive directory, open for writing by this process alone.

    Raises ArchiveInUse where another process writes, ArchiveError where the disk takes no more. Opening it this way
    repairs nothing: `open_archive` does. `lock_handle` is the archive's lock, where the caller holds it already.
    """

    def __init__(
        self,
        folder: Path,
        reader: Reader,
        software: str = "",
        database: str = "archive.db",
        lock_handle: int | None = None,
    ) -> None:
        self.folder, self.reader = folder, reader
        self.captures = folder / "captures"
        self._lock = exclusive_lock(folder) if lock_handle is None else os.dup(lock_handle)
        try:
            self.captures.mkdir(exist_ok=True)
            self.db = connect(folder / database)
        except BaseException:
            os.close(self._lock)
            raise
        self._writer = files.WarcWriter(self.captures, software)
        self.recorder = Recorder(
            self.db, lambda site: reader.name + reader.layout(site), self._reread, self._visible_lines
        )
        self._queue: list[tuple[StoredCapture | records.RunMarker | records.FileHeader, RecordLocation]] = []
        self._readings: dict[int, Reading] = {}
        self._bytes = self._stored_count = 0

    def shortened_file(self) -> str | None:
        """Return a file that holds less than the tables cite: a disk lost what it had synced, or left zeros there."""
        cited = dict(self.db.execute("SELECT file, length FROM warcs ORDER BY file").fetchall())
        paths = {path.name: path for path in files.warc_files(self.captures) if path.name in cited}
        shorter = (name for name, path in paths.items() if path.stat().st_size < cited[name])
        newest = max(paths, default=None)
        is_torn = newest and not self._ends_whole(paths[newest], cited[newest])
        return next(shorter, newest if is_torn else None)

    def _ends_whole(self, path: Path, length: int) -> bool:
        """Return whether a record ends where the tables say that the last one does."""
        last = value(self.db, "SELECT max(offset) FROM captures WHERE file = ?", path.name) or 0
        return length == 0 or any(place.offset + place.length == length for place, _ in files.read_members(path, last))

    def begin(self, run: runs.RunStart) -> None:
        """Start a run: write its start to the WARC before any of its captures."""
        self._store_marker(records.RunMarker("begin", run.name, asdict(run)), run.started_at)

    def store(self, capture: Capture, run: str, request: records.RequestMetadata | None = None) -> StoredCapture:
        """Write an answer to the WARC, which is synced with its batch."""
        if len(self._queue) >= BATCH or self._bytes >= BATCH_BYTES:
            self.flush()
        capture = records.storable(capture)
        request, original = request or records.RequestMetadata(), self._original(capture)
        place = self._append(capture.fetched_at, *records.encode_exchange(capture, run, request, original))
        digest = original.digest if original else digests.sha256(capture.body)
        earlier = (original.url, original.fetched_at) if original else None
        self._stored_count += 1
        stored = StoredCapture(
            self._stored_count, records.Record(capture, run, digest, earlier, request.vantage or None), place, original
        )
        self._queue.append((stored, place))
        self._bytes += len(capture.body)
        return stored

    def read(self, stored: StoredCapture) -> Reading:
        """Read a capture. What repeats the payload of an article or a file is not read again."""
        if stored.capture.truncated:
            return Other(f"truncated: {stored.capture.truncated}")
        if stored.original and stored.original.outcome in READ_ONCE:
            return Unchanged()
        return self.reader.read(stored.capture)

    def store_unanswered(self, request: Unanswered, run: str) -> None:
        """Write to the WARC that a request brought no answer."""
        self._store_marker(request.as_marker(run), request.at)

    def set_reading(self, stored: StoredCapture, reading: Reading) -> None:
        """Set a capture's reading; it is written with the batch. Captures without one are read when that is written."""
        self._readings[stored.number] = reading

    def end(self, run: runs.RunEnd) -> dict[str, int]:
        """End a run, write all that waits, and return the run's counts by name."""
        self._store_marker(records.RunMarker("end", run.name, asdict(run)), run.finished_at)
        self.flush()
        return runs.count_run(self.db, run.name)

    def flush(self) -> None:
        """Sync the WARC, then write the rows that cite it, in one transaction."""
        if not self._queue:
            return
        self._writer.sync()
        try:
            with transaction(self.db):
                for item, place in self._queue:
                    self.write_rows(item, place)
                for file, length in self._writer.written.items():
                    self.record_progress(file, length)
        except BaseException:
            self.recorder.reset()
            raise
        self._writer.written.clear()
        self._queue.clear()
        self._readings.clear()
        self._bytes = 0

    def close(self) -> None:
        """Write what waits and release the archive."""
        try:
            self.flush()
        finally:
            self.release()

    def release(self) -> None:
        """Close the files and the lock. What waits stays in the WARC for the next start."""
        try:
            self._writer.close()
        finally:
            self.db.close()
            os.close(self._lock)

    def write_rows(self, item: StoredCapture | records.RunMarker | records.FileHeader, place: RecordLocation) -> None:
        """Turn a WARC record into rows, inside the caller's transaction."""
        match item:
            case records.FileHeader():
                self.recorder.record_file_header(item, place)
            case records.RunMarker():
                self.recorder.record_run_marker(item, place)
            case StoredCapture():
                reading = self._readings.get(item.number) or self.read(item)
                self.recorder.record_capture(item.record, place, reading)

    def _store_marker(self, marker: records.RunMarker, at: str) -> None:
        self._queue.append((marker, self._append(at, records.encode_run_marker(marker, at))))

    def _append(self, at: str, *members: bytes) -> RecordLocation:
        """Append to the WARC. A new file names the heads it follows, so what waits must be in the tables first."""
        if self._writer.full:
            self.flush()
            opening = hash_chain.next_file_header(self.db)
            self._queue.append((opening, self._writer.open(at, opening)))
        return self._writer.append(at, *members)

    def record_progress(self, file: str, length: int) -> None:
        """Remember up to which length a file is recorded."""
        hash_chain.save_chain_state(self.db, file, length, self.recorder.chain_state(file))

    def _original(self, capture: Capture) -> records.Original | None:
        if capture.status == HTTPStatus.NOT_MODIFIED and capture.conditional is not False:
            return find_confirmed_by_304(self.db, capture.site, capture.url, capture.fetched_at)
        if not capture.body or capture.truncated:
            return None
        same, digest = "url = ? AND payload_digest = ? AND status = ?", digests.sha256(capture.body)
        return find_original(self.db, capture.site, same, capture.url, digest, capture.status)

    def is_denial(self, stored: StoredCapture, reading: Reading) -> bool:
        """Return whether a reading says that nothing is there, in the words that a probe of the site has taught."""
        return isinstance(self.recorder.as_denial(stored.record, reading), Gone)

    def _visible_lines(self, page: Capture | int) -> Sequence[str]:
        return self.reader.lines(self.load_capture(page) if isinstance(page, int) else page)

    def _reread(self, capture: int) -> Reading:
        return self.reader.read(self.load_capture(capture))

    def load_capture(self, id: int) -> Capture:
        """Read a capture back from the WARC; of a revisit, the capture it repeats. Raises DamagedCapture."""
        row = first(
            self.db,
            "SELECT file, offset, record_length FROM captures"
            " WHERE id = (SELECT coalesce(revisit_of, id) FROM captures WHERE id = ?)",
            id,
        )
        record = records.parse_record(files.read_record(self.captures, RecordLocation(*row))) if row else None
        if not isinstance(record, records.Record):
            raise DamagedCapture(
                f"{self.folder}: capture {id} is not where the archive says it is; lufeng rebuild keeps what there is"
            )
        return record.capture
