"""Articles that are missing, gone or restored, each with the event that proves it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Literal, get_args

from lufeng_crawler.archive.db.rows import Row, dicts, value
from lufeng_crawler.archive.queries.event_text import Event
from lufeng_crawler.archive.queries.events import EventFilter, list_events

DeletionState = Literal["gone", "missing", "restored"]
STATES: tuple[DeletionState, ...] = get_args(DeletionState)

# The condition `presence != 'live'` is that of the partial index.
ABSENT_SQL = "SELECT id, presence_since AS since, presence AS state, site FROM articles WHERE presence != 'live'"
RESTORED_SQL = """SELECT id, presence_since AS since, 'restored' AS state, site FROM articles
    WHERE presence = 'live' AND id IN (SELECT article FROM changes WHERE kind = 'restored')"""
OF_SITE = "(:site IS NULL OR site = (SELECT id FROM sites WHERE name = :site))"


def count_deletions(db: sqlite3.Connection, site: str | None = None) -> dict[str, int]:
    """Count the articles in each of STATES."""
    sql = f"SELECT state, count(*) FROM ({ABSENT_SQL} UNION ALL {RESTORED_SQL}) WHERE {OF_SITE} GROUP BY state"
    counts = dict(db.execute(sql, {"site": site}).fetchall())
    return {state: counts.get(state, 0) for state in STATES}


def list_deletions(
    db: sqlite3.Connection,
    state: DeletionState,
    site: str | None = None,
    before: int | None = None,
    most: int = 50,
    language: str = "en",
) -> list[Row]:
    """Return at most `most` articles in that state, newest first, starting after the article with id `before`.

    Keys: id, site, url, title, published, presence, first_seen, last_seen, version, body (of the latest version),
    `event` (the proving event, of `list_events`), and `absent_since`: when a restored article was first found
    missing, else None.
    """
    ids = _article_ids(db, state, site, before, most)
    if not ids:
        return []
    articles = {row["id"]: row for row in _latest_articles(db, ids)}
    event_filter = EventFilter(ids=_last_events(db, state, ids))
    events = {event.article: event for event in list_events(db, event_filter, language=language)}
    return [articles[id] | {"event": events[id], "absent_since": _absent_since(db, events[id])} for id in ids]


def _article_ids(
    db: sqlite3.Connection, state: DeletionState, site: str | None, before: int | None, most: int
) -> list[int]:
    source = RESTORED_SQL if state == "restored" else f"{ABSENT_SQL} AND presence = :state"
    sql = f"""SELECT id FROM ({source}) WHERE {OF_SITE}
        AND (:before IS NULL OR (since, id) < (SELECT presence_since, id FROM articles WHERE id = :before))
        ORDER BY since DESC, id DESC LIMIT :most"""
    values = {"site": site, "state": state, "before": before, "most": most}
    return [id for (id,) in db.execute(sql, values).fetchall()]


def _latest_articles(db: sqlite3.Connection, ids: Iterable[int]) -> Iterable[Row]:
    id_list = ", ".join(f"{id:d}" for id in ids)
    sql = "SELECT id, site, url, title, published, presence, first_seen, last_seen, version, body FROM latest_articles"
    return dicts(db, f"{sql} WHERE id IN ({id_list})")


def _last_events(db: sqlite3.Connection, state: DeletionState, articles: Iterable[int]) -> tuple[int, ...]:
    """Return for each article the id of the last event that says it is in that state."""
    kinds = "('restored')" if state == "restored" else "('missing', 'gone')"
    sql = f"SELECT max(id) FROM changes WHERE article = ? AND kind IN {kinds}"
    return tuple(value(db, sql, article) for article in articles)


def _absent_since(db: sqlite3.Connection, event: Event) -> str | None:
    if event.kind != "restored":
        return None
    sql = "SELECT max(at) FROM changes WHERE article = ? AND kind = 'missing' AND id < ?"
    since: str | None = value(db, sql, event.article, event.id)
    return since
