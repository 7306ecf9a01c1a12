"""Records what lies in the WARCs already: at every start what the tables do not know yet, for a rebuild all of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from lufeng_crawler.archive import captures, runs, warc
from lufeng_crawler.archive.captures import Place
from lufeng_crawler.archive.database import transaction
from lufeng_crawler.archive.rows import value
from lufeng_crawler.archive.writer import BATCH, READ_ONCE, Archive, Kept

log = logging.getLogger(__name__)

Progress = Callable[[int], None]
"""Told of bytes read."""


def catch_up(archive: Archive, progress: Progress | None = None) -> None:
    """Record what the WARCs hold beyond what the tables cite, cut torn tails, end runs that were cut short."""
    for path in captures.files(archive.captures):
        known = value(archive.db, "SELECT length FROM warcs WHERE file = ?", path.name)
        if path.stat().st_size != known:
            end = replay(archive, path, known or 0, None, progress)
            if end != path.stat().st_size:
                captures.cut(path, end)
    for name, last in runs.unfinished(archive.db):
        archive.end(runs.Ending(name, last, "interrupted", "the process ended before the run did"))


def replay(archive: Archive, path: Path, start: int, stop: int | None, progress: Progress | None) -> int:
    """Record what a WARC, left as it is, holds from `start` on, up to `stop`; where its last whole record ends."""
    end, count = start, 0
    with transaction(archive.db) as commit:
        for place, data in captures.members(path, start):
            if place.offset != end:
                log.warning("%s: %d bytes at %d cannot be read: damaged", path, place.offset - end, end)
            if item := warc.parse(data):
                archive.write(item if isinstance(item, warc.Event) else _kept(archive, item, place))
            end, count = place.offset + place.length, count + 1
            if count % BATCH == 0:
                archive.mark(path.name, end)
                commit()
            if progress:
                progress(place.length)
            if end == stop:
                break
        archive.mark(path.name, end)
    return end


def _kept(archive: Archive, record: warc.Record, place: Place) -> Kept:
    original = archive.recorder.original(record)
    identical = original and record.capture.status != HTTPStatus.NOT_MODIFIED
    if original and identical and original.outcome not in READ_ONCE:
        record = replace(record, capture=replace(record.capture, body=archive.earlier(original.id).body))
    return Kept(0, record, place, original)
