"""Records what the WARCs hold already: at every start what the tables do not have yet, for a rebuild all of it."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from pathlib import Path

from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.store import runs
from lufeng_crawler.archive.store.archive import BATCH, READ_ONCE, Archive, StoredCapture
from lufeng_crawler.archive.store.losses import OnLoss, note_unreadable
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.archive.warc.files import RecordLocation, file_serial
from lufeng_crawler.archive.warc.ordering import FileRange, file_range, iterate_in_order

log = logging.getLogger(__name__)


def has_late_records(archive: Archive) -> bool:
    """Return whether new files hold records that come before some already recorded: then all must be rebuilt."""
    known = archive.db.execute("SELECT arrival, file, length FROM warcs").fetchall()
    reached = max(((arrival, file_serial(Path(file)), file, length) for arrival, file, length in known), default=None)
    new = (
        record.key
        for record in iterate_in_order(_unrecorded(archive))
        if isinstance(record.item, records.Record | records.RunMarker)
    )
    return reached is not None and next(new, reached) < reached


def catch_up(archive: Archive, progress: Progress = no_progress, on_loss: OnLoss = log.warning) -> None:
    """Record what the WARCs hold beyond what the tables cite, cut off torn tails, end runs that were cut short."""
    for path, end in replay(archive, list(_unrecorded(archive)), progress, on_loss).items():
        if end != path.stat().st_size:
            files.truncate_file(path, end)
    for name, last in runs.unfinished(archive.db):
        archive.end(runs.RunEnd(name, last, "interrupted", "the process ended before the run did"))


def replay(
    archive: Archive, parts: Sequence[FileRange], progress: Progress, on_loss: OnLoss = log.warning
) -> dict[Path, int]:
    """Record what these parts of files hold. Return where the last whole record of each file ends.

    The files are left as they are. `progress` counts bytes; `on_loss` is called with what cannot be read.
    """
    ends, touched = {part.path: part.start for part in parts}, {part.path for part in parts}
    with transaction(archive.db) as commit:
        for count, record in enumerate(iterate_in_order(parts, partial(note_unreadable, on_loss)), 1):
            path, place = record.part.path, record.place
            if place.offset != ends[path]:
                on_loss(f"{path}: {place.offset - ends[path]} bytes at {ends[path]} cannot be read: damaged")
            if isinstance(record.item, records.Record):
                archive.write_rows(_as_stored(archive, record.item, place), place)
            elif record.item:
                archive.write_rows(record.item, place)
            progress(record.end - place.offset)
            ends[path] = record.end
            touched.add(path)
            if count % BATCH == 0:
                _record_progress(archive, touched, ends)
                commit()
        _record_progress(archive, touched, ends)
    return ends


def _unrecorded(archive: Archive) -> Iterator[FileRange]:
    """Yield the parts of files that the tables do not have yet."""
    known = dict(archive.db.execute("SELECT file, length FROM warcs").fetchall())
    for path in files.warc_files(archive.captures):
        length = known.get(path.name)
        if path.stat().st_size != length:
            state = archive.recorder.chain_state
            yield FileRange(path, state(path.name).newest_time, length) if length else file_range(path)


def _record_progress(archive: Archive, touched: set[Path], ends: Mapping[Path, int]) -> None:
    for path in touched:
        archive.record_progress(path.name, ends[path])
    touched.clear()


def _as_stored(archive: Archive, record: records.Record, place: RecordLocation) -> StoredCapture:
    """Return the capture as it was stored; a repeat of a payload that must be read again gets that payload."""
    original = archive.recorder.original(record)
    identical = original and record.capture.status != HTTPStatus.NOT_MODIFIED
    if original and identical and original.outcome not in READ_ONCE:
        record = replace(record, capture=replace(record.capture, body=archive.load_capture(original.id).body))
    return StoredCapture(0, record, place, original)
