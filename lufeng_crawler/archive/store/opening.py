"""Opening an archive: caught up with its captures whatever became of the last process; and deriving it anew."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from lufeng_crawler.archive.db.connection import exclusive_lock
from lufeng_crawler.archive.search import fulltext_index
from lufeng_crawler.archive.store.archive import Archive, Reader
from lufeng_crawler.archive.store.replay import Progress, catch_up, is_late
from lufeng_crawler.archive.store.transaction import transaction

log = logging.getLogger(__name__)


def open_archive(folder: Path, reader: Reader, software: str = "", progress: Progress | None = None) -> Archive:
    """The archive, made where there is none; see Archive for what it raises.

    What a killed run left in the WARC and not in the tables is recorded, its torn last record cut off, its run ended.
    Where a file holds less than the tables cite, or files of another archive have come to lie among the captures that
    are older than what is recorded, the tables are derived anew.
    """
    held = exclusive_lock(folder)
    try:
        return open_locked(folder, reader, software, progress, held)
    finally:
        os.close(held)


def open_locked(folder: Path, reader: Reader, software: str, progress: Progress | None, held: int) -> Archive:
    """The same for who holds the archive's lock."""
    archive = Archive(folder, reader, software, held=held)
    if _must_be_derived_anew(archive):
        archive.release()
        _rebuild(folder, reader, software, progress, held)
        archive = Archive(folder, reader, software, held=held)
    _catch_up(archive, progress)
    if fulltext_index.needs_rebuild(archive.db):
        rebuild_index(archive)
    return archive


def rebuild_index(archive: Archive, progress: Progress | None = None) -> int:
    """Make the full-text index from the articles; how many there are. `progress` is told of articles done."""
    with transaction(archive.db):
        return fulltext_index.rebuild_index(archive.db, progress or (lambda step: None))


def rebuild(folder: Path, reader: Reader, software: str = "", progress: Progress | None = None) -> None:
    """Make archive.db anew from captures/ alone, beside the old one, and put it in its place when it is whole."""
    held = exclusive_lock(folder)
    try:
        _rebuild(folder, reader, software, progress, held)
    finally:
        os.close(held)


def _rebuild(folder: Path, reader: Reader, software: str, progress: Progress | None, held: int) -> None:
    for leftover in folder.glob("archive.db.new*"):
        leftover.unlink()
    archive = Archive(folder, reader, software, "archive.db.new", held)
    _catch_up(archive, progress)
    archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    archive.release()
    for stale in ("archive.db-wal", "archive.db-shm"):  # first: the old log must never meet the new file
        (folder / stale).unlink(missing_ok=True)
    (folder / "archive.db.new").replace(folder / "archive.db")


def _must_be_derived_anew(archive: Archive) -> bool:
    lost = archive.shortened_file()
    if lost:
        log.warning("%s has lost what archive.db cites of it: those rows are withdrawn", lost)
    return lost is not None or is_late(archive)


def _catch_up(archive: Archive, progress: Progress | None) -> None:
    try:
        catch_up(archive, progress)
    except BaseException:
        archive.release()
        raise
