"""Queries about runs and health: the last runs of a site, what they were refused, layout alarms, column coverage."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from lufeng_crawler.archive import run_outcomes, timestamps
from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.db.rows import Row, dicts, value

COUNTED = tuple(count.name for count in run_outcomes.COUNTS)


def health_rows(db: sqlite3.Connection) -> dict[str, Row]:
    """Return the rows of the view `site_health` by site name, sorted by it."""
    return {row["site"]: row for row in dicts(db, "SELECT * FROM site_health ORDER BY site")}


def last_crawl_start(db: sqlite3.Connection, site: str, now: str) -> str | None:
    """Return when the last crawl of the site began that was not interrupted, or None. One after now is none."""
    sql = """SELECT max(run.started_at) FROM runs run JOIN sites site ON site.id = run.site
        WHERE site.name = ? AND run.kind = 'crawl' AND run.outcome != 'interrupted' AND run.started_at <= ?"""
    started_at: str | None = value(db, sql, site, now)
    return started_at


def misdated_runs(db: sqlite3.Connection, site: str, now: str) -> int:
    """Return how many crawls of the site are dated later than now: the clock was wrong then, or it is now."""
    sql = """SELECT count(*) FROM runs run JOIN sites site ON site.id = run.site
        WHERE site.name = ? AND run.kind = 'crawl' AND run.started_at > ?"""
    return int(value(db, sql, site, now))


def recent_runs(db: sqlite3.Connection, site: str, most: int) -> list[Row]:
    """Return at most `most` runs of a site, newest first.

    Keys: id, name, kind, full, started_at, finished_at, outcome, reason, those of COUNTED, and `seconds`. A value that
    is not known is None.
    """
    sql = """SELECT run.id, run.name, run.kind, run.full, run.started_at, run.finished_at, run.outcome, run.reason,
            run.counts
        FROM runs run JOIN sites site ON site.id = run.site WHERE site.name = ? ORDER BY run.id DESC LIMIT ?"""
    return [_with_counts(row) for row in dicts(db, sql, [site, most])]


def recent_blocks(db: sqlite3.Connection, runs: Iterable[int]) -> list[Row]:
    """Return what the site refused to show in those runs, one row for each signature and status, newest first.

    Keys: reason, status, `times` (how often), `at` (when last) and `capture` (the last one).
    """
    sql = """SELECT reason, status, count(*) AS times, max(fetched_at) AS at, max(id) AS capture FROM captures
        WHERE outcome = 'blocked' AND run IN (SELECT value FROM json_each(?)) GROUP BY reason, status
        ORDER BY at DESC"""
    return list(dicts(db, sql, [json.dumps(list(runs))]))


def layout_alarms(db: sqlite3.Connection, runs: Iterable[int], most: int) -> list[Row]:
    """Return the last pages served with 200 that no longer read as the listing or article they should be.

    Keys: capture, url, kind, at, reason.
    """
    sql = """SELECT id AS capture, url, kind, fetched_at AS at, reason FROM captures
        WHERE outcome IN ('other', 'unconfirmed') AND status = 200 AND kind IN ('listing', 'article')
            AND run IN (SELECT value FROM json_each(?))
        ORDER BY id DESC LIMIT ?"""
    return list(dicts(db, sql, [json.dumps(list(runs)), most]))


def column_counts(db: sqlite3.Connection, site: str) -> list[Row]:
    """Return the columns of a site, with their coverage.

    Keys: name, url, `swept_at` (the last complete sweep), `newest` (the newest date in a listed entry), `listed`
    (how many entries are listed) and `coverage` (a Coverage, what the last run has seen; None where that is not known).
    """
    sql = """SELECT site_column.name, site_column.url, site_column.swept_at, max(entry.published) AS newest,
            count(entry.id) AS listed, site_column.coverage
        FROM columns site_column JOIN sites site ON site.id = site_column.site
            LEFT JOIN entries entry ON entry."column" = site_column.id AND entry.delisted_at IS NULL
        WHERE site.name = ? GROUP BY site_column.id ORDER BY site_column.id"""
    return [
        row | {"coverage": Coverage.from_json(json.loads(row["coverage"])) if row["coverage"] else None}
        for row in dicts(db, sql, [site])
    ]


def _with_counts(row: Row) -> Row:
    """Replace the run's JSON counts by a key for each of COUNTED, and add its `seconds`."""
    counts = json.loads(row.pop("counts") or "{}")
    ended = row["finished_at"]
    seconds = (timestamps.parse(ended) - timestamps.parse(row["started_at"])).total_seconds() if ended else None
    return row | {name: counts.get(name) for name in COUNTED} | {"seconds": seconds}
