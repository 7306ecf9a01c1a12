"""What is known at the moment one capture is recorded: the shared argument of all decisions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import insert
from lufeng_crawler.items import Capture, Reading

ReadAgain = Callable[[int], Reading]


@dataclass(frozen=True, slots=True)
class Observation:
    """A capture on its way into the tables: the ids it has (or, for `id`, will have), and where to write.

    `reader` names what reads the site today; `reread` reads an earlier capture with it: what differs only because we
    read differently is no event of the site's.
    """

    db: sqlite3.Connection
    id: int
    run: int
    site: int
    apart: int
    capture: Capture
    reader: str
    reread: ReadAgain

    @property
    def at(self) -> str:
        """When it was seen: the time of everything that follows from it."""
        return self.capture.fetched_at


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One event in an article's life (DESIGN section 4, change kinds)."""

    kind: str
    at: str
    article: int
    run: int
    evidence: Sequence[int]
    from_version: int | None = None
    to_version: int | None = None
    fields: Sequence[str] = ()
    silent: bool = False
    backdated: bool = False

    def insert(self, db: sqlite3.Connection) -> None:
        """Add the event's row."""
        insert(
            db,
            "changes",
            at=self.at,
            kind=self.kind,
            article=self.article,
            from_version=self.from_version,
            to_version=self.to_version,
            fields=json.dumps(list(self.fields), ensure_ascii=False),
            silent=self.silent,
            backdated=self.backdated,
            evidence=json.dumps(list(self.evidence)),
            run=self.run,
        )


def delete_changes(db: sqlite3.Connection, changes: Iterable[int]) -> None:
    """Take events away that what came later has proved wrong."""
    db.executemany("DELETE FROM changes WHERE id = ?", [(id,) for id in changes])
