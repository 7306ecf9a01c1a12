"""How the last crawls of a site went: run by run, what would not be shown, what was not what it should have been."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import Row, dicts

COUNTED = ("captures", "entries", "new", "edited", "unchanged", "missing", "gone", "blocked", "layout_alarms", "errors")


def recent_runs(db: sqlite3.Connection, site: str, most: int) -> list[Row]:
    """The last runs of a site, the newest first: times, outcome, reason, COUNTED, `seconds`; None is not known."""
    sql = (
        "SELECT r.id, r.name, r.kind, r.full, r.started_at, r.finished_at, r.outcome, r.reason, r.counts"
        " FROM runs r JOIN sites s ON s.id = r.site WHERE s.name = ? ORDER BY r.id DESC LIMIT ?"
    )
    return [_told(row) for row in dicts(db, sql, [site, most])]


def recent_blocks(db: sqlite3.Connection, runs: Iterable[int]) -> list[Row]:
    """What those runs were not shown: by signature how often, when last, and the last capture that has it."""
    sql = (
        "SELECT reason, status, count(*) AS times, max(fetched_at) AS at, max(id) AS capture FROM captures"
        " WHERE outcome = 'blocked' AND run IN (SELECT value FROM json_each(?)) GROUP BY reason, status"
        " ORDER BY at DESC"
    )
    return list(dicts(db, sql, [json.dumps(list(runs))]))


def layout_alarms(db: sqlite3.Connection, runs: Iterable[int], most: int) -> list[Row]:
    """Pages that were served, but are no listing or article any more where one should be: the last of them."""
    sql = (
        "SELECT id AS capture, url, kind, fetched_at AS at, reason FROM captures WHERE outcome = 'other'"
        " AND status = 200 AND kind IN ('listing', 'article') AND run IN (SELECT value FROM json_each(?))"
        " ORDER BY id DESC LIMIT ?"
    )
    return list(dicts(db, sql, [json.dumps(list(runs)), most]))


def column_counts(db: sqlite3.Connection, site: str) -> list[Row]:
    """The columns of a site: how many lines are listed, the newest date on them, the last complete sweep."""
    sql = (
        "SELECT c.name, c.url, c.swept_at, max(e.published) AS newest, count(e.id) AS listed"
        " FROM columns c JOIN sites s ON s.id = c.site"
        ' LEFT JOIN entries e ON e."column" = c.id AND e.delisted_at IS NULL'
        " WHERE s.name = ? GROUP BY c.id ORDER BY c.id"
    )
    return list(dicts(db, sql, [site]))


def _told(row: Row) -> Row:
    counts = json.loads(row.pop("counts") or "{}")
    ended = row["finished_at"]
    seconds = (timestamps.parse(ended) - timestamps.parse(row["started_at"])).total_seconds() if ended else None
    return row | {name: counts.get(name) for name in COUNTED} | {"seconds": seconds}
