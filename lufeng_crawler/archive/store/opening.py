"""Opens an archive, brought up to date with its captures whatever became of the last process; and rebuilds it."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from lufeng_crawler.archive.db.connection import exclusive_lock
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.search import fulltext_index
from lufeng_crawler.archive.store.archive import Archive, Reader
from lufeng_crawler.archive.store.losses import OnLoss, lost_records
from lufeng_crawler.archive.store.replay import catch_up, has_late_records
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.errors import LufengError

log = logging.getLogger(__name__)


def open_archive(folder: Path, reader: Reader, software: str = "", progress: Progress = no_progress) -> Archive:
    """Open the archive in `folder` for writing, made where there is none. Raises what `Archive` does.

    What a killed run left in the WARC and not in the tables is recorded, its torn last record cut off, its run ended.
    The tables are rebuilt where a file holds less than they cite, or where files of another archive lie among the
    captures that are older than what is recorded.
    """
    handle = exclusive_lock(folder)
    try:
        return open_locked(folder, reader, software, progress, handle)
    finally:
        os.close(handle)


def open_locked(folder: Path, reader: Reader, software: str, progress: Progress, handle: int) -> Archive:
    """Do what `open_archive` does, for a caller that holds the archive's lock already: `handle`."""
    archive = Archive(folder, reader, software, lock_handle=handle)
    if _needs_rebuild(archive):
        archive.release()
        _rebuild(folder, reader, software, progress, handle)
        archive = Archive(folder, reader, software, lock_handle=handle)
    _catch_up(archive, progress)
    if fulltext_index.needs_rebuild(archive.db):
        rebuild_index(archive)
    return archive


def rebuild_index(archive: Archive, progress: Progress = no_progress) -> int:
    """Rebuild the full-text index and return the number of articles. `progress` counts articles."""
    with transaction(archive.db):
        return fulltext_index.rebuild_index(archive.db, progress)


def rebuild(folder: Path, reader: Reader, software: str = "", progress: Progress = no_progress) -> list[str]:
    """Derive archive.db anew from captures/ alone, beside the old one, and replace that once it is whole.

    Return what is lost, a line each, which are logged as warnings: what cannot be read in captures/, and what the old
    one cited that is not there.
    """
    handle = exclusive_lock(folder)
    try:
        return _rebuild(folder, reader, software, progress, handle)
    finally:
        os.close(handle)


def _rebuild(folder: Path, reader: Reader, software: str, progress: Progress, handle: int) -> list[str]:
    _remove_draft(folder)
    archive, losses = Archive(folder, reader, software, "archive.db.new", handle), list[str]()
    try:
        _catch_up(archive, progress, losses.append)
        losses += lost_records(archive.db, folder / "archive.db")
        for loss in losses:
            log.warning("%s", loss)
        archive.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        archive.release()
    except LufengError:  # a site file that turns out to be broken, a disk that is full: nothing may be left of it
        _remove_draft(folder)
        raise
    for stale in ("archive.db-wal", "archive.db-shm"):  # first: the old log must never meet the new file
        (folder / stale).unlink(missing_ok=True)
    (folder / "archive.db.new").replace(folder / "archive.db")
    return losses


def _remove_draft(folder: Path) -> None:
    for leftover in folder.glob("archive.db.new*"):
        leftover.unlink()


def _needs_rebuild(archive: Archive) -> bool:
    shortened = archive.shortened_file()
    if shortened:
        log.warning("%s is shorter than archive.db cites: rebuilding, the lost captures are withdrawn", shortened)
    return shortened is not None or has_late_records(archive)


def _catch_up(archive: Archive, progress: Progress, on_loss: OnLoss = log.warning) -> None:
    try:
        catch_up(archive, progress, on_loss)
    except BaseException:
        archive.release()
        raise
