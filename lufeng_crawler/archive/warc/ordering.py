"""In which order the records of capture files count, whoever wrote the files and in whatever order they came."""

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
Watch = Callable[[RecordLocation, bytes], None]
"""Told of every record as it is read, those that only accompany included."""


@dataclass(frozen=True, slots=True)
class FileRange:
    """What is to be read of a file: from `start` to `stop`, or to its end. `arrival` is the newest time before it."""

    path: Path
    arrival: str
    start: int = 0
    stop: int | None = None


@dataclass(frozen=True, slots=True)
class OrderedRecord:
    """A record at its place in the order. `end` is where it ends, its request's record included."""

    key: Key
    part: FileRange
    place: RecordLocation
    item: Item | None
    end: int


def file_range(path: Path, stop: int | None = None) -> FileRange:
    """A file from its beginning."""
    place, data = next(files.read_members(path), (None, b""))
    opening = records.parse_record(data) if place and place.offset == 0 else None
    return FileRange(path, opening.not_before if isinstance(opening, records.FileHeader) else "", 0, stop)


def iterate_in_order(parts: Iterable[FileRange], watch: Watch = lambda place, data: None) -> Iterator[OrderedRecord]:
    """All records, by the newest time that was said in or before their file up to them; then by file and offset.

    A file says at its beginning how new the newest was that its archive held, and bears a larger number than all of
    it: so what one archive wrote keeps its order, whatever its clock did, and what others wrote lies in between by
    time. That depends on nothing but the files. No more of them are open at once than overlap in time.
    """
    return heapq.merge(*(_records(part, watch) for part in parts), key=attrgetter("key"))


def _records(part: FileRange, watch: Watch) -> Iterator[OrderedRecord]:
    serial, name, arrival = files.file_serial(part.path), part.path.name, part.arrival
    yield OrderedRecord(
        (arrival, serial, name, part.start), part, RecordLocation(name, part.start, 0), None, part.start
    )  # opens later
    for found in _entries(part, watch):
        if isinstance(found.item, records.Record | records.RunMarker):
            arrival = max(arrival, found.item.at)
        yield replace(found, key=(arrival, serial, name, found.place.offset))


def _entries(part: FileRange, watch: Watch) -> Iterator[OrderedRecord]:
    """Each record with its request: what was appended together."""
    waiting: OrderedRecord | None = None
    for place, data in files.read_members(part.path, part.start):
        watch(place, data)
        item, end = records.parse_record(data), place.offset + place.length
        if item is None and waiting and waiting.end == place.offset:
            waiting = replace(waiting, end=end)
        else:
            if waiting:
                yield _digested(waiting)
            waiting = OrderedRecord(("", 0, "", 0), part, place, item, end)
        if end == part.stop:
            break
    if waiting:
        yield _digested(waiting)


def _digested(found: OrderedRecord) -> OrderedRecord:
    place = found.place
    return replace(found, place=replace(place, digest=files.digest_member(found.part.path, place.offset, found.end)))
