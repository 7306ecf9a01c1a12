"""Opening archive.db: one writer under a lock, any number of readers, transactions that are whole or nothing."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError

MAPPED = 1 << 32
"""Bytes of the file that readers see without copying them: a search reads hundreds of texts."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection for the one writer, with the newest schema; transactions are its user's own."""
    from sqlite_utils import Database  # imports pandas where that is installed: not for readers

    from lufeng_crawler.archive.db import schema

    connection = sqlite3.connect(path)
    try:
        database = Database(connection)
        connection.execute("PRAGMA busy_timeout = 10000")
        database.enable_wal()
        schema.migrate(database)
        connection.execute("PRAGMA synchronous = NORMAL")  # the WARC is synced first, and catching up is cheap
        connection.execute("PRAGMA journal_size_limit = 67108864")
    except sqlite3.Error as error:
        connection.close()
        raise as_archive_error(error, path) from error
    connection.isolation_level = None
    return connection


def exclusive_lock(folder: Path) -> int:
    """Take the archive for this process, until the handle is closed or the process ends, however it ends.

    The folder is made where there is none. Raises ArchiveInUse, or ArchiveError where nothing can be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "archive.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot write there: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 32).decode() or "unknown"
        os.close(handle)
        raise ArchiveInUse(f"{folder}: in use by another writer (process {holder})") from None
    os.truncate(handle, 0)
    os.write(handle, str(os.getpid()).encode())
    return handle


@contextmanager
def shared_lock(folder: Path) -> Iterator[None]:
    """Nobody writes to the archive meanwhile; nothing is written there for that. Raises ArchiveInUse."""
    if not (folder / "archive.lock").exists():  # nobody ever wrote to it where it lies
        yield
        return
    handle = os.open(folder / "archive.lock", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ArchiveInUse(f"{folder}: is being written to") from None
    finally:
        os.close(handle)


def is_locked(folder: Path) -> bool:
    """Whether a writer has the archive now."""
    try:
        with shared_lock(folder):
            return False
    except ArchiveInUse:
        return True


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises UsageError where there is no archive."""
    path = folder / "archive.db"
    if not path.exists():
        raise UsageError(f"{folder}: no archive there yet (lufeng crawl or lufeng demo makes one)")
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
    db.execute(f"PRAGMA mmap_size = {MAPPED}")
    return db


def as_archive_error(error: sqlite3.Error, path: Path) -> ArchiveError:
    """Return the error to raise for what SQLite refused: ArchiveInUse where another process holds the database."""
    kind = ArchiveInUse if "locked" in str(error) else ArchiveError
    return kind(f"{path}: {error}")
