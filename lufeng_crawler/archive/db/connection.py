"""Opens archive.db: for one writer under a lock, or for any number of readers."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError

log = logging.getLogger(__name__)

MAPPED = 1 << 32
"""Bytes of the file that readers see without copying them: a search reads hundreds of texts."""


SCHEMA_VERSION = 5
"""The number of migrations in schema.py, kept in the file as `user_version`: by it a reader sees an older schema.

It stands here because readers do without schema.py, which needs sqlite-utils, which imports pandas where it is there.
"""

UPGRADE_WAIT = 3.0
"""Seconds that a reader waits for the writer's lock to upgrade an older schema: others that started with it do that."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the database for its one writer and bring it to the newest schema. The caller begins transactions itself.

    Raises ArchiveInUse where another process holds the database, ArchiveError where SQLite cannot open it.
    """
    from lufeng_crawler.archive.db import schema

    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA busy_timeout = 10000")
        connection.execute("PRAGMA journal_mode = WAL")
        schema.migrate(connection)
        if not is_current(connection):
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("PRAGMA synchronous = NORMAL")  # the WARC is synced first, and catching up is cheap
        connection.execute("PRAGMA journal_size_limit = 67108864")
    except sqlite3.Error as error:
        connection.close()
        raise as_archive_error(error, path) from error
    connection.isolation_level = None
    return connection


def is_current(db: sqlite3.Connection) -> bool:
    """Return whether a writer of this version, or of a newer one, has had the database open."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version >= SCHEMA_VERSION


def is_archive(db: sqlite3.Connection) -> bool:
    """Return whether the database is an archive's, of whatever version, and no other program's."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone() is not None


def exclusive_lock(folder: Path) -> int:
    """Lock the archive for this process and return the handle; closing it, or any end of the process, unlocks.

    Makes the folder where there is none. Raises ArchiveInUse, or ArchiveError where nothing can be written.
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
    """Hold a shared lock, so that no writer can start. Writes nothing. Raises ArchiveInUse."""
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
    """Return whether a writer holds the archive now."""
    try:
        with shared_lock(folder):
            return False
    except ArchiveInUse:
        return True


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """Open the database of an archive so that nothing can be written to it.

    One with the schema of an older version is brought to the newest first, under the writer's lock. Where that cannot
    be done, as on a read-only medium or while a writer of the older version is at work, a warning says so and the
    database is read as it is: its views have the columns that they had. Raises UsageError where there is no archive,
    ArchiveError where SQLite cannot open it.
    """
    path = folder / "archive.db"
    if not path.exists():
        raise UsageError(f"{folder}: no archive there yet (lufeng crawl or lufeng demo makes one)")
    try:
        db = _open_read_only(path)
        if is_current(db) or not is_archive(db):
            return db
        db.close()
        try:
            _upgrade(folder)
        except ArchiveError as error:
            log.warning("%s: read with the schema of an earlier version, which cannot be updated now (%s)", path, error)
        return _open_read_only(path)
    except sqlite3.Error as error:
        raise as_archive_error(error, path) from error


def _open_read_only(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
    db.execute(f"PRAGMA mmap_size = {MAPPED}")
    return db


def _upgrade(folder: Path) -> None:
    """Bring the database to the newest schema. Wait for another process that does the same. Raises ArchiveError."""
    deadline = monotonic() + UPGRADE_WAIT
    while True:
        try:
            handle = exclusive_lock(folder)
            break
        except ArchiveInUse:
            if monotonic() > deadline:
                raise
            sleep(0.05)
    try:
        connect(folder / "archive.db").close()
    finally:
        os.close(handle)


def as_archive_error(error: sqlite3.Error, path: Path) -> ArchiveError:
    """Return the error to raise for what SQLite refused: ArchiveInUse where another process holds the database."""
    kind = ArchiveInUse if "locked" in str(error) else ArchiveError
    return kind(f"{path}: {error}")
