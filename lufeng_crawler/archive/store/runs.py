"""Records runs: their starts, their ends with what is concluded then, and their counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lufeng_crawler.archive import change_kinds
from lufeng_crawler.archive.coverage import Coverage
from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history import presence
from lufeng_crawler.archive.history.observation import ReadAgain
from lufeng_crawler.archive.run_outcomes import Outcome
from lufeng_crawler.archive.store import delisting, listings
from lufeng_crawler.items import PresenceRule

Sweep = Literal["complete", "settled", "broken"]
"""How far a column was followed, as runs said it that were judged by rules 0: `Coverage` has taken its place.

To its end; until nothing was new; not as far as it should have been.
"""

RULES = 1
"""The rules by which a run is judged, which its start names. Runs that name none (0) are judged as when they were made:

0: the absence of a next page ends a listing, one sweep delists, good runs prove, every reading is a version.
1: coverage, two sweeps to delist, unconfirmed answers, template lines; a run says of itself whether it proves.
"""


@dataclass(frozen=True, slots=True)
class RunStart:
    """A run at its start. `site` is None for an ingest; `full`: every listing to its end, every article revisited.

    `hosts` are those that the site file names; `rules` are those the run is judged by (see RULES).
    """

    name: str
    kind: Literal["crawl", "ingest"]
    started_at: str
    site: str | None = None
    title: str | None = None
    start: str | None = None
    family: str | None = None
    site_id_code: str | None = None
    full: bool = False
    presence_rule: PresenceRule = field(default_factory=PresenceRule)
    software: str = ""
    rules: int = 0
    hosts: tuple[str, ...] = ()

    @classmethod
    def from_marker(cls, data: Mapping[str, Any]) -> RunStart:
        """Return the start that the data of a run's begin marker describe.

        Markers written before the rule was one value have its parts, `observations` and `apart`, among the rest.
        """
        rest = dict(data)
        parts = {name: rest.pop(name) for name in PresenceRule.names() if name in rest}
        rule = PresenceRule(**rest.pop("presence_rule", parts))
        return cls(**rest | {"hosts": tuple(rest.get("hosts", ()))}, presence_rule=rule)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run at its end: the crawl's own judgement and counts. All other counts are made from the rows.

    `coverage` is that of each column, as `Coverage.as_json` writes it. `proves`: what it did not find counts, see
    `crawl_run`. Runs that were judged by rules 0 have `sweeps` in place of both.
    """

    name: str
    finished_at: str
    outcome: Outcome
    reason: str | None = None
    requests: int = 0
    errors: int = 0
    layout_alarms: int = 0
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)
    stats: Mapping[str, object] = field(default_factory=dict)
    coverage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    proves: bool | None = None


def insert_run(db: sqlite3.Connection, run: RunStart) -> int:
    """Insert the run's row, and insert or update its site's by the site file. Return the run's id."""
    site = None
    if run.site is not None:
        site = site_id(db, run.site)
        update(db, "sites", site, title=run.title, start=run.start, site_id_code=run.site_id_code)
        if run.hosts:
            update(db, "sites", site, hosts=json.dumps(run.hosts))
        if run.family:
            update(db, "sites", site, family=run.family)
    return insert(db, "runs", site=site, **start_columns(run))


def start_columns(run: RunStart) -> dict[str, object]:
    """Return the columns of a run's row that its start alone decides."""
    return {
        "name": run.name,
        "kind": run.kind,
        "started_at": run.started_at,
        "full": run.full,
        "presence_rule": run.presence_rule.as_json(),
        "software": run.software,
        "rules": run.rules,
    }


def site_id(db: sqlite3.Connection, name: str) -> int:
    """Return the id of a site's row, inserted if need be."""
    known: int | None = value(db, "SELECT id FROM sites WHERE name = ?", name)
    return known if known is not None else insert(db, "sites", name=name, title=name)


def finish_run(db: sqlite3.Connection, run: RunEnd, head: str, read_again: ReadAgain) -> None:
    """Record the run's end and draw its conclusions: what is delisted, what is gone, which columns have no gap."""
    sql = "SELECT id, site, presence_rule, rules FROM runs WHERE name = ?"
    id, site, stored_rule, rules = first(db, sql, run.name) or (0, None, "{}", 0)
    rule = PresenceRule.from_json(stored_rule)
    proves = run.outcome == "good" if run.proves is None else run.proves
    update(
        db, "runs", id, finished_at=run.finished_at, outcome=run.outcome, reason=run.reason, head=head, proves=proves
    )
    if site is not None:
        swept = _finish_columns(db, id, site, run)
        if proves:
            for column in swept:
                delisting.record_absences(db, id, column, rule, read_again)
            presence.confirm_deletions(db, id, site, rule)
    own_counts = {"requests": run.requests, "errors": run.errors, "layout_alarms": run.layout_alarms}
    stats = json.dumps(dict(run.stats), ensure_ascii=False, sort_keys=True)
    counts = _count_rows(db, id) | (_counts_by_rules(db, id, site) if rules else {}) | own_counts
    update(db, "runs", id, counts=json.dumps(counts), stats=stats)


def _counts_by_rules(db: sqlite3.Connection, run: int, site: int | None) -> dict[str, int]:
    """Return what only runs with rules count: unconfirmed answers; listed articles that are owed, or out of reach."""
    unconfirmed = value(db, "SELECT count(*) FROM captures WHERE run = ? AND outcome = 'unconfirmed'", run)
    sql = (
        "SELECT count(DISTINCT iif(obstacle IS NULL, key, NULL)),"
        " count(DISTINCT iif(obstacle IN ('host', 'robots.txt'), key, NULL)) FROM uncaptured WHERE site_id = ?"
    )
    owed, out_of_reach = first(db, sql, site) or (0, 0)
    return {"unconfirmed": unconfirmed, "owed": owed, "out_of_reach": out_of_reach}


def has_ended(db: sqlite3.Connection, name: str) -> bool:
    """Return whether the run itself said how it ended, and was not merely found cut short."""
    outcome = value(db, "SELECT outcome FROM runs WHERE name = ?", name)
    return outcome not in (None, "interrupted")


def count_run(db: sqlite3.Connection, name: str) -> dict[str, int]:
    """Return the counts of a finished run, by the names of `run_outcomes.COUNTS`."""
    counts: dict[str, int] = json.loads(value(db, "SELECT counts FROM runs WHERE name = ?", name) or "{}")
    return counts


def unfinished(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the names of runs without an end, each with the time of the last thing known of it."""
    return db.execute(
        "SELECT name, max(started_at, coalesce((SELECT max(fetched_at) FROM captures WHERE run = runs.id), ''))"
        " FROM runs WHERE finished_at IS NULL ORDER BY id"
    ).fetchall()


def _finish_columns(db: sqlite3.Connection, id: int, site: int, run: RunEnd) -> list[int]:
    """Record how far each column was followed, in an order that a rebuild has too. Return the columns swept."""
    for name, sweep in sorted(run.sweeps.items()):
        _settle_column(db, id, listings.column_id(db, site, name), sweep, run.finished_at)
    swept = []
    for name, data in sorted(run.coverage.items()):
        column, coverage = listings.column_id(db, site, name), Coverage.from_json(data)
        if _record_coverage(db, id, column, coverage, run.finished_at):
            swept.append(column)
    return swept


def _record_coverage(db: sqlite3.Connection, run: int, column: int, coverage: Coverage, finished_at: str) -> bool:
    """Record what a run has seen of a column. Return whether that was all of it."""
    update(db, "columns", column, coverage=json.dumps(coverage.as_json(), ensure_ascii=False))
    last_listing = value(db, f"SELECT max(id) {delisting.LISTINGS}", run, column)
    if last_listing is None:
        return False
    if coverage.leaves_no_gap:
        update(db, "columns", column, settled_by=last_listing)
    if coverage.is_sweep:
        down_to = None if coverage.state == "complete" else delisting.oldest_shown(db, run, column)
        sure_at = finished_at if coverage.is_sure else value(db, "SELECT swept_at FROM columns WHERE id = ?", column)
        update(db, "columns", column, swept_at=finished_at, swept_by=last_listing, swept_down_to=down_to)
        update(db, "columns", column, sure_at=sure_at, sure_by=last_listing)
    return coverage.is_sweep


def _settle_column(db: sqlite3.Connection, run: int, column: int, sweep: Sweep, finished_at: str) -> None:
    """Record up to which capture a column is known without a gap; after a complete sweep, what it lists no more.

    For runs that were judged by rules 0.
    """
    if sweep == "broken":
        return
    last_listing = value(db, f"SELECT max(id) {delisting.LISTINGS}", run, column)
    if last_listing is not None:
        update(db, "columns", column, settled_by=last_listing)
    if sweep == "complete":
        delisting.record_unlisted(db, run, column)
        update(db, "columns", column, swept_at=finished_at, swept_by=last_listing, swept_down_to=None)
        update(db, "columns", column, sure_at=finished_at, sure_by=last_listing)


def _count_rows(db: sqlite3.Connection, run: int) -> dict[str, int]:
    events = dict(db.execute("SELECT kind, count(*) FROM changes WHERE run = ? GROUP BY kind", (run,)).fetchall())
    outcomes = "SELECT outcome, count(*) FROM captures WHERE run = ? GROUP BY outcome"
    answers = dict(db.execute(outcomes, (run,)).fetchall())
    entries = value(
        db, "SELECT count(*) FROM entries WHERE last_capture IN (SELECT id FROM captures WHERE run = ?)", run
    )
    articles_shown = value(
        db,
        "SELECT count(*) FROM captures WHERE run = ? AND article IS NOT NULL AND outcome IN ('article', 'unchanged')",
        run,
    )
    return {kind: events.get(kind, 0) for kind in change_kinds.NAMES} | {
        "captures": sum(answers.values()),
        "entries": entries,
        "unchanged": articles_shown - events.get("new", 0) - events.get("edited", 0),
        "blocked": answers.get("blocked", 0),
        "files": answers.get("file", 0),
    }
