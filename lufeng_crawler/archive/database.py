"""Opening archive.db: one writer under a lock, any number of readers, transactions that are whole or nothing."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from lufeng_crawler.archive import schema
from lufeng_crawler.archive.following import follow
from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError


def connect(path: Path) -> sqlite3.Connection:
    """A connection for the one writer, with the newest schema; transactions are its user's own."""
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
        raise _told(error, path) from error
    connection.isolation_level = None
    return connection


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[Callable[[], None]]:
    """All of it or nothing; the function it gives commits what there is and goes on in a new transaction.

    What follows from versions is committed with them.
    """

    def commit() -> None:
        follow(db)
        db.execute("COMMIT")
        db.execute("BEGIN IMMEDIATE")

    try:
        db.execute("BEGIN IMMEDIATE")
        yield commit
        follow(db)
        db.execute("COMMIT")
    except BaseException as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            raise _told(error, Path("archive.db")) from error
        raise


def lock(folder: Path) -> int:
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
def still(folder: Path) -> Iterator[None]:
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


def is_written_to(folder: Path) -> bool:
    """Whether a writer has the archive now."""
    try:
        with still(folder):
            return False
    except ArchiveInUse:
        return True


def connect_for_reading(folder: Path) -> sqlite3.Connection:
    """A connection that cannot write. Raises UsageError where there is no archive."""
    path = folder / "archive.db"
    if not path.exists():
        raise UsageError(f"{folder}: no archive there yet (lufeng crawl or lufeng demo makes one)")
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=10)


def _told(error: sqlite3.Error, path: Path) -> ArchiveError:
    kind = ArchiveInUse if "locked" in str(error) else ArchiveError
    return kind(f"{path}: {error}")
