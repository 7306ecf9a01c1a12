"""The one writer of an archive: answers go to the WARC at once, rows follow by the batch, in the order of the WARC."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.db.connection import connect, exclusive_lock
from lufeng_crawler.archive.db.rows import first, value
from lufeng_crawler.archive.store import runs
from lufeng_crawler.archive.store.recorder import Recorder, find_original, find_standing
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.archive.warc import files, hash_chain, records
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture, Other, Reading, Unchanged

log = logging.getLogger(__name__)

BATCH, BATCH_BYTES = 100, 16 << 20
"""Captures, or bytes of them, between two transactions."""

READ_ONCE = ("article", "file")
"""Outcomes that are known of every answer that repeats the payload, without reading it again."""

ReadPage = Callable[[Capture], Reading]


@dataclass(frozen=True, slots=True)
class Reader:
    """What makes readings: the function, and the name of its present state, kept with each version."""

    read: ReadPage
    name: str
    layout: Callable[[str], str] = lambda site: ""  # what a site's file adds to the name: a changed one is no edit


@dataclass(frozen=True, slots=True)
class StoredCapture:
    """A capture that lies in the WARC; `original` is the earlier one whose payload it repeats."""

    number: int
    record: records.Record
    place: RecordLocation
    original: records.Original | None

    @property
    def capture(self) -> Capture:
        """The answer itself."""
        return self.record.capture


class Archive:
    """An archive directory, open for writing by this process alone.

    Raises ArchiveInUse where another process writes, ArchiveError where the disk takes no more. Made as it is found:
    `open_archive` catches up. `held` is the lock, where the caller has it already.
    """

    def __init__(
        self,
        folder: Path,
        reader: Reader,
        software: str = "",
        database: str = "archive.db",
        held: int | None = None,
    ) -> None:
        self.folder, self.reader = folder, reader
        self.captures = folder / "captures"
        self._lock = exclusive_lock(folder) if held is None else os.dup(held)
        try:
            self.captures.mkdir(exist_ok=True)
            self.db = connect(folder / database)
        except BaseException:
            os.close(self._lock)
            raise
        self._writer = files.WarcWriter(self.captures, software)
        self.recorder = Recorder(self.db, lambda site: reader.name + reader.layout(site), self._reread)
        self._queue: list[tuple[StoredCapture | records.RunMarker | records.FileHeader, RecordLocation]] = []
        self._readings: dict[int, Reading] = {}
        self._bytes = self._taken = 0

    def shortened_file(self) -> str | None:
        """A file that holds less than the tables cite (a disk that forgot what it had synced, or gave zeros for it)."""
        cited = dict(self.db.execute("SELECT file, length FROM warcs ORDER BY file").fetchall())
        there = {path.name: path for path in files.warc_files(self.captures) if path.name in cited}
        short = (name for name, path in there.items() if path.stat().st_size < cited[name])
        newest = max(there, default=None)
        torn = newest and not self._ends_whole(there[newest], cited[newest])
        return next(short, newest if torn else None)

    def _ends_whole(self, path: Path, length: int) -> bool:
        """Whether a record ends where the tables say that the last one does."""
        last = value(self.db, "SELECT max(offset) FROM captures WHERE file = ?", path.name) or 0
        return length == 0 or any(place.offset + place.length == length for place, _ in files.read_members(path, last))

    def begin(self, run: runs.RunStart) -> None:
        """Start a run. It stands in the WARC before any of its captures."""
        self._event(records.RunMarker("begin", run.name, asdict(run)), run.started_at)

    def store(self, capture: Capture, run: str, asked: records.RequestMetadata | None = None) -> StoredCapture:
        """Keep an answer: once this returns it is in the WARC (synced with its batch)."""
        if len(self._queue) >= BATCH or self._bytes >= BATCH_BYTES:
            self.flush()
        asked, original = asked or records.RequestMetadata(), self._original(capture)
        place = self._append(capture.fetched_at, *records.encode_exchange(capture, run, asked, original))
        digest = original.digest if original else digests.sha256(capture.body)
        earlier = (original.url, original.fetched_at) if original else None
        self._taken += 1
        kept = StoredCapture(self._taken, records.Record(capture, run, digest, earlier, asked.vantage), place, original)
        self._queue.append((kept, place))
        self._bytes += len(capture.body)
        return kept

    def read(self, kept: StoredCapture) -> Reading:
        """What a capture says. What repeats the payload of an article or a file is not read again."""
        if kept.capture.truncated:
            return Other(f"truncated: {kept.capture.truncated}")
        if kept.original and kept.original.outcome in READ_ONCE:
            return Unchanged()
        return self.reader.read(kept.capture)

    def record(self, kept: StoredCapture, reading: Reading) -> None:
        """Hand in a capture's reading. It is written with its batch; what nobody handed in is read then."""
        self._readings[kept.number] = reading

    def end(self, run: runs.RunEnd) -> dict[str, int]:
        """End a run and write all of it; the run's counts."""
        self._event(records.RunMarker("end", run.name, asdict(run)), run.finished_at)
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
                    self.write(item, place)
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
        """Write what is waiting and let go of the archive."""
        try:
            self.flush()
        finally:
            self.release()

    def release(self) -> None:
        """Close the files and the lock; what is waiting stays in the WARC for the next start."""
        try:
            self._writer.close()
        finally:
            self.db.close()
            os.close(self._lock)

    def write(self, item: StoredCapture | records.RunMarker | records.FileHeader, place: RecordLocation) -> None:
        """Turn what lies in a WARC into rows, inside the transaction of whoever calls."""
        match item:
            case records.FileHeader():
                self.recorder.record_file_header(item, place)
            case records.RunMarker():
                self.recorder.record_run_marker(item, place)
            case StoredCapture():
                reading = self._readings.get(item.number) or self.read(item)
                self.recorder.record_capture(item.record, place, reading)

    def _event(self, event: records.RunMarker, at: str) -> None:
        self._queue.append((event, self._append(at, records.encode_run_marker(event, at))))

    def _append(self, at: str, *members: bytes) -> RecordLocation:
        """To the WARC. A new file names what it follows, so that what waits must be in the tables first."""
        if self._writer.full:
            self.flush()
            opening = hash_chain.next_file_header(self.db)
            self._queue.append((opening, self._writer.open(at, opening)))
        return self._writer.append(at, *members)

    def record_progress(self, file: str, length: int) -> None:
        """Remember up to where a file is recorded."""
        hash_chain.save_chain_state(self.db, file, length, self.recorder.chain_state(file))

    def _original(self, capture: Capture) -> records.Original | None:
        if capture.status == HTTPStatus.NOT_MODIFIED:
            return find_standing(self.db, capture.site, capture.url, capture.fetched_at)
        if not capture.body or capture.truncated:
            return None
        same, digest = "url = ? AND payload_digest = ? AND status = ?", digests.sha256(capture.body)
        return find_original(self.db, capture.site, same, capture.url, digest, capture.status)

    def _reread(self, capture: int) -> Reading:
        return self.reader.read(self.load_capture(capture))

    def load_capture(self, id: int) -> Capture:
        """A capture of the archive, as it lies in the WARC (a revisit: the one it repeats)."""
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
