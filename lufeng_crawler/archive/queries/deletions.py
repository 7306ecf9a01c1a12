"""What was taken down, as far as it is known, and what came back: articles with the event that says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Literal, get_args

from lufeng_crawler.archive.db.rows import Row, dicts
from lufeng_crawler.archive.queries.events import EventFilter, list_events

DeletionState = Literal["gone", "missing", "restored"]
STATES: tuple[DeletionState, ...] = get_args(DeletionState)

# The first condition is that of the partial index.
ABSENT = "SELECT id, presence_since AS since, presence AS state, site FROM articles WHERE presence != 'live'"
BACK = """SELECT a.id, a.presence_since AS since, 'restored' AS state, a.site FROM articles a
    WHERE a.presence = 'live' AND a.id IN (SELECT article FROM changes WHERE kind = 'restored')"""
OF_SITE = "(:site IS NULL OR site = (SELECT id FROM sites WHERE name = :site))"


def count_deletions(db: sqlite3.Connection, site: str | None = None) -> dict[str, int]:
    """How many articles are in each of STATES."""
    sql = f"SELECT state, count(*) FROM ({ABSENT} UNION ALL {BACK}) WHERE {OF_SITE} GROUP BY state"
    found = dict(db.execute(sql, {"site": site}).fetchall())
    return {state: found.get(state, 0) for state in STATES}


def list_deletions(
    db: sqlite3.Connection,
    state: DeletionState,
    site: str | None = None,
    before: int | None = None,
    most: int = 50,
    language: str = "en",
) -> list[Row]:
    """Articles in that state, the newest first, from behind the article `before` on; each with its last version.

    `event` is what says so, as `events` gives it; `absent_since` when a restored one was first not seen, else None.
    """
    source = BACK if state == "restored" else f"{ABSENT} AND presence = :state"
    sql = (
        f"SELECT id FROM ({source}) WHERE {OF_SITE}"
        " AND (:before IS NULL OR (since, id) < (SELECT presence_since, id FROM articles WHERE id = :before))"
        " ORDER BY since DESC, id DESC LIMIT :most"
    )
    given = {"site": site, "state": state, "before": before, "most": most}
    ids = [id for (id,) in db.execute(sql, given).fetchall()]
    if not ids:
        return []
    found = {row["id"]: row for row in _articles(db, ids)}
    told = {
        event["article"]: event for event in list_events(db, EventFilter(ids=_last(db, state, ids)), language=language)
    }
    return [found[id] | {"event": told[id], "absent_since": _absent_since(db, told[id])} for id in ids]


def _articles(db: sqlite3.Connection, ids: Iterable[int]) -> Iterable[Row]:
    marks = ", ".join(f"{id:d}" for id in ids)
    sql = "SELECT id, site, url, title, published, presence, first_seen, last_seen, version, body FROM latest_articles"
    return dicts(db, f"{sql} WHERE id IN ({marks})")


def _last(db: sqlite3.Connection, state: DeletionState, articles: Iterable[int]) -> tuple[int, ...]:
    kinds = "('restored')" if state == "restored" else "('missing', 'gone')"
    sql = f"SELECT max(id) FROM changes WHERE article = ? AND kind IN {kinds}"
    return tuple(id for article in articles for (id,) in db.execute(sql, (article,)))


def _absent_since(db: sqlite3.Connection, event: Row) -> str | None:
    if event["kind"] != "restored":
        return None
    sql = "SELECT max(at) FROM changes WHERE article = ? AND kind = 'missing' AND id < ?"
    since: str | None = db.execute(sql, (event["article"], event["id"])).fetchone()[0]
    return since
