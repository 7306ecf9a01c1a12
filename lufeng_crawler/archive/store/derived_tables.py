"""Updates the tables derived from versions in the transaction that changed them.

They are `latest`, the full-text index and the near duplicates.
Triggers write into `stale` the articles whose versions were added, changed or deleted, whatever code path did it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from lufeng_crawler.archive.search import fulltext_index, latest, near_duplicates

DerivedTable = Callable[[sqlite3.Connection, Sequence[int]], None]
"""Called with the ids of articles whose versions changed or disappeared; some of them may not exist any more."""

DERIVED_TABLES: tuple[DerivedTable, ...] = (
    latest.update_latest,
    fulltext_index.update_index,
    near_duplicates.update_near_duplicates,
)
"""In this order: those after `latest` may read it."""


def update_derived_tables(db: sqlite3.Connection) -> None:
    """Bring all derived tables up to date. To be called before every commit."""
    stale = [article for (article,) in db.execute("SELECT article FROM stale")]
    if stale:
        for update in DERIVED_TABLES:
            update(db, stale)
        db.execute("DELETE FROM stale")
