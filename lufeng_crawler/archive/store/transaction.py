"""Runs a transaction of the archive, which includes the derived tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lufeng_crawler.archive.db.connection import as_archive_error
from lufeng_crawler.archive.store.derived_tables import update_derived_tables


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[Callable[[], None]]:
    """Commit all of it or nothing. Yield a function that commits what there is and begins a new transaction.

    Raises ArchiveInUse or ArchiveError where SQLite refuses.
    """

    def commit() -> None:
        update_derived_tables(db)
        db.execute("COMMIT")
        db.execute("BEGIN IMMEDIATE")

    try:
        db.execute("BEGIN IMMEDIATE")
        yield commit
        update_derived_tables(db)
        db.execute("COMMIT")
    except BaseException as error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
            raise as_archive_error(error, Path("archive.db")) from error
        raise
