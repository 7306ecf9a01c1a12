"""The context of one capture while it is being recorded, and the events that follow from it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lufeng_crawler.archive.db.rows import insert
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.items import Article, Capture, PresenceRule, Reading

ReadAgain = Callable[[int], Reading]
"""Reads the capture of that id again with today's reader."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A capture on its way into the tables, with the ids it has or, for `capture_id`, will have.

    `rules` are those its run is judged by, 0 for those of runs that name none; `is_crawl`: the run is no ingest.
    `template_lines` are those of the site.
    `reader` names what reads the site today. `read_again` reads an earlier capture with it: what differs only because
    we read differently is no event of the site's.
    """

    db: sqlite3.Connection
    capture_id: int
    run_id: int
    site_id: int
    presence_rule: PresenceRule
    capture: Capture
    reader: str
    read_again: ReadAgain
    rules: int = 0
    is_crawl: bool = True
    template_lines: frozenset[str] = frozenset()

    @property
    def at(self) -> str:
        """Return when it was fetched: the time of everything that follows from it."""
        return self.capture.fetched_at

    def content_digest(self, reading: Article) -> str:
        """Return the digest of what an article says, the site's template lines left out."""
        return content_digest(reading, self.template_lines)


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """One event in an article's life; `kind` is one of `change_kinds.KINDS`, `evidence` the captures that prove it."""

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
        """Insert the event's row."""
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
    """Delete events, by id, that a later capture has disproved."""
    db.executemany("DELETE FROM changes WHERE id = ?", [(id,) for id in changes])
