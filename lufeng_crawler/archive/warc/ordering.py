"""Puts the records of capture files in one order, whoever wrote the files and in whatever order they arrived."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.archive.warc.files import RecordLocation

log = logging.getLogger(__name__)

Key = tuple[str, int, str, int]
Item = records.Record | records.RunMarker | records.FileHeader
OnRecord = Callable[[RecordLocation, bytes], None]
"""Called with every record as it is read, request records included."""


@dataclass(frozen=True, slots=True)
class FileRange:
    """A part of a file: from `start` to `stop`, or to its end. `newest_time` is the newest time before it."""

    path: Path
    newest_time: str
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class OrderedRecord:
    """A record with its sort key. `end` is where it ends in the file, its request's record included."""

    key: Key
    part: FileRange
    place: RecordLocation
    item: Item | None
    end: int


def file_range(path: Path, stop: int | None = None) -> FileRange:
    """Return the whole of a file, or the part up to `stop`."""
    place, data = next(files.read_members(path), (None, b""))
    header = records.parse_record(data) if place and place.offset == 0 else None
    return FileRange(path, header.newest_time if isinstance(header, records.FileHeader) else "", 0, stop)


def iterate_in_order(
    parts: Iterable[FileRange], on_record: OnRecord = lambda place, data: None
) -> Iterator[OrderedRecord]:
    """Yield all records by the latest timestamp so far in their file and those before it, then by file and offset.

    A file says in its first record what the newest time was that its archive held, and has a larger number than all
    files there were: so what one archive wrote keeps its order, whatever its clock did, and what others wrote comes in
    between by time. The order depends on the files alone. No more files are open at once than overlap in time.
    """
    return heapq.merge(*(_records(part, on_record) for part in parts), key=attrgetter("key"))


def _records(part: FileRange, on_record: OnRecord) -> Iterator[OrderedRecord]:
    serial, name, newest_time = files.file_serial(part.path), part.path.name, part.newest_time
    key = (newest_time, serial, name, part.start)
    yield OrderedRecord(key, part, RecordLocation(name, part.start, 0), None, part.start)  # so the file opens late
    for record in _exchanges(part, on_record):
        if isinstance(record.item, records.Record | records.RunMarker):
            newest_time = max(newest_time, record.item.at)
        yield replace(record, key=(newest_time, serial, name, record.place.offset))


def _exchanges(part: FileRange, on_record: OnRecord) -> Iterator[OrderedRecord]:
    """Yield each record together with its request's: what was appended at once."""
    waiting: OrderedRecord | None = None
    for place, data in files.read_members(part.path, part.start):
        on_record(place, data)
        item, end = records.parse_record(data), place.offset + place.length
        if item is None and waiting and waiting.end == place.offset:
            waiting = replace(waiting, end=end)
        else:
            if waiting:
                yield _with_digest(waiting)
            waiting = OrderedRecord(("", 0, "", 0), part, place, item, end)
        if end == part.stop:
            break
    if waiting:
        yield _with_digest(waiting)


def _with_digest(record: OrderedRecord) -> OrderedRecord:
    place = record.place
    digest = files.digest_member(record.part.path, place.offset, record.end)
    return replace(record, place=replace(place, digest=digest))
