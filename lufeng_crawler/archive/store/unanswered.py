"""Records requests that brought no answer: what a site owes us can only be told if they are known too."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from lufeng_crawler.archive.db.rows import insert
from lufeng_crawler.archive.warc.records import RunMarker
from lufeng_crawler.items import Kind

UnansweredOutcome = Literal["unreachable", "forbidden", "refused"]
"""No answer came; robots.txt forbids the request; we did not make it.

That is so for a host that the site file does not name, and for one that is left alone for a while.
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that brought no answer, and why in one line (`reason`)."""

    site: str
    url: str
    kind: Kind
    column: str | None
    at: str
    outcome: UnansweredOutcome
    reason: str

    def as_marker(self, run: str) -> RunMarker:
        """Return the marker by which a run keeps it among its captures."""
        return RunMarker("unanswered", run, asdict(self))


def columns(data: Mapping[str, Any]) -> dict[str, object]:
    """Return the columns of the row that a marker's data describe, without the site."""
    return {name: data.get(name) for name in ("url", "kind", "column", "at", "outcome", "reason")}


def insert_unanswered(db: sqlite3.Connection, marker: RunMarker, run: int, site: int, event: int) -> None:
    """Insert the row; `event` is the row of `run_events` that cites the marker."""
    insert(db, "unanswered", event=event, run=run, site=site, **columns(marker.data))
