"""Runs the archive's transactions: whole or nothing, derived tables included."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lufeng_crawler.archive.db.connection import as_archive_error
from lufeng_crawler.archive.store.derived_tables import update_derived_tables


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[Callable[[], None]]:
    """All of it or nothing; the function it gives commits what there is and goes on in a new transaction.

    What follows from versions is committed with them.
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
