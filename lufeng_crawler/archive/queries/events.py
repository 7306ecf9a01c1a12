"""Queries over events (`new`, `edited`, `gone`, …): filtered lists with evidence, a sentence and a stable digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from lufeng_crawler.archive import change_kinds
from lufeng_crawler.archive.db.conditions import UP_TO, condition
from lufeng_crawler.archive.db.rows import decoded, dicts, value
from lufeng_crawler.archive.digests import digest_of
from lufeng_crawler.archive.queries.event_text import Event, describe_event

KINDS = change_kinds.NAMES


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Selects events by time, kind, site, article, run or id; None or () excludes nothing.

    `since` and `until` are UTC days or moments, the last day included. `before` is the id of an event: it selects the
    events that follow it where the newest come first.
    """

    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ()
    site: str | None = None
    article: int | None = None
    run: str | None = None
    before: int | None = None
    ids: tuple[int, ...] = ()

    def where(self) -> tuple[str, list[object]]:
        """Return the SQL condition for `events` and its values."""
        tests = {
            "since": "at >= ?",
            "until": f"at {UP_TO}",
            "kinds": "kind IN (SELECT value FROM json_each(?))",
            "site": "site = ?",
            "article": "article = ?",
            "run": "run = ?",
            "before": "(at, id) < (SELECT at, id FROM changes WHERE id = ?)",
            "ids": "id IN (SELECT value FROM json_each(?))",
        }
        return condition(asdict(self), tests)


FILTERABLE_EVENTS = """(SELECT id, at, kind, site, article,
    (SELECT name FROM runs WHERE id = change.run) AS run FROM changes change)"""
"""The columns of the view `events` that EventFilter tests, without the joins and evidence of the others."""


def list_events(
    db: sqlite3.Connection,
    event_filter: EventFilter,
    newest_first: bool = False,
    most: int | None = None,
    language: str = "en",
) -> Iterator[Event]:
    """Yield events in order of time, at most `most`, each with its digest and a sentence in that language."""
    where, values = event_filter.where()
    order = "at DESC, id DESC" if newest_first else "at, id"
    if most is not None:
        where = f"id IN (SELECT id FROM {FILTERABLE_EVENTS} WHERE {where} ORDER BY {order} LIMIT {most:d})"
    for row in dicts(db, f"SELECT * FROM events WHERE {where} ORDER BY {order}", values):
        event = Event.from_row(decoded(row))
        yield replace(event, sentence=describe_event(event, language), digest=_event_digest(event))


def count_events(db: sqlite3.Connection, event_filter: EventFilter) -> dict[str, int]:
    """Count events by kind, in the order of KINDS, ignoring the filter's own `kinds` and `before`."""
    where, values = replace(event_filter, kinds=(), before=None).where()
    sql = f"SELECT kind, count(*) FROM {FILTERABLE_EVENTS} WHERE {where} GROUP BY kind"
    counts = dict(db.execute(sql, values).fetchall())
    return {kind: counts[kind] for kind in KINDS if kind in counts}


def first_article_with(db: sqlite3.Connection, kind: str) -> int | None:
    """Return the id of the article that had the first event of that kind."""
    article: int | None = value(db, "SELECT article FROM changes WHERE kind = ? ORDER BY id LIMIT 1", kind)
    return article


def _event_digest(event: Event) -> str:
    evidence = [[capture.url, capture.at, capture.digest] for capture in event.evidence]
    return digest_of([event.site, event.key, event.kind, evidence])
