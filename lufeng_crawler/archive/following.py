"""Keeps what is made of versions equal to them, in the same transaction: each follower redoes what is stale.

Triggers write into `stale` the articles whose versions came, changed or went, so that no path can be forgotten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from lufeng_crawler.archive import index, latest, pairs

Follower = Callable[[sqlite3.Connection, Sequence[int]], None]
"""Told of articles, by id, that are no longer what they were; some of them may be there no more."""

FOLLOWERS: tuple[Follower, ...] = (latest.follow, index.follow, pairs.follow)
"""In this order: those behind `latest` may read it."""


def follow(db: sqlite3.Connection) -> None:
    """Bring up to date all that follows from versions; to be called before every commit."""
    stale = [article for (article,) in db.execute("SELECT article FROM stale")]
    if stale:
        for follower in FOLLOWERS:
            follower(db, stale)
        db.execute("DELETE FROM stale")
