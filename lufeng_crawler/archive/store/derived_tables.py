"""Keeps what is made of versions equal to them, in the same transaction: each follower redoes what is stale.

Triggers write into `stale` the articles whose versions came, changed or went, so that no path can be forgotten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from lufeng_crawler.archive.search import fulltext_index, latest, near_duplicates

DerivedTable = Callable[[sqlite3.Connection, Sequence[int]], None]
"""Told of articles, by id, that are no longer what they were; some of them may be there no more."""

DERIVED_TABLES: tuple[DerivedTable, ...] = (
    latest.update_latest,
    fulltext_index.update_index,
    near_duplicates.update_near_duplicates,
)
"""In this order: those behind `latest` may read it."""


def update_derived_tables(db: sqlite3.Connection) -> None:
    """Bring up to date all that follows from versions; to be called before every commit."""
    stale = [article for (article,) in db.execute("SELECT article FROM stale")]
    if stale:
        for follower in DERIVED_TABLES:
            follower(db, stale)
        db.execute("DELETE FROM stale")
