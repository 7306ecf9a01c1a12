"""Runs: how each began, how it ended, and what it amounts to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Literal

from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history import presence
from lufeng_crawler.archive.store import listings
from lufeng_crawler.items import PresenceRule

Outcome = Literal["good", "below_expectation", "blocked", "unreachable", "interrupted"]
Sweep = Literal["complete", "settled", "broken"]
"""How far a column was followed: to its end; until nothing was new; not as far as it should have been."""


@dataclass(frozen=True, slots=True)
class RunStart:
    """A run at its start. `site` is None for an ingest; `full`: every listing to its end, every article revisited."""

    name: str
    kind: Literal["crawl", "ingest"]
    started_at: str
    site: str | None = None
    title: str | None = None
    start: str | None = None
    family: str | None = None
    site_id_code: str | None = None
    full: bool = False
    observations: int = PresenceRule().observations
    apart: int = PresenceRule().apart
    software: str = ""


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run at its end: the crawl's own judgement and counts; what else it amounts to is counted from the rows."""

    name: str
    finished_at: str
    outcome: Outcome
    reason: str | None = None
    requests: int = 0
    errors: int = 0
    layout_alarms: int = 0
    sweeps: Mapping[str, Sweep] = field(default_factory=dict)
    stats: Mapping[str, object] = field(default_factory=dict)


def insert_run(db: sqlite3.Connection, run: RunStart) -> int:
    """Add the run's row, and its site's (brought up to date with the site file)."""
    site = None
    if run.site is not None:
        site = site_id(db, run.site)
        update(db, "sites", site, title=run.title, start=run.start, site_id_code=run.site_id_code)
        if run.family:
            update(db, "sites", site, family=run.family)
    said = asdict(run)
    columns = ("name", "kind", "started_at", "full", "observations", "apart", "software")
    return insert(db, "runs", site=site, **{column: said[column] for column in columns})


def site_id(db: sqlite3.Connection, name: str) -> int:
    """The row of a site, made if need be."""
    known: int | None = value(db, "SELECT id FROM sites WHERE name = ?", name)
    return known if known is not None else insert(db, "sites", name=name, title=name)


def finish_run(db: sqlite3.Connection, run: RunEnd, head: str) -> None:
    """Draw the run's conclusions: what is gone, what is delisted, which columns are known without a gap; count."""
    id, site, observations, apart = first(
        db, "SELECT id, site, observations, apart FROM runs WHERE name = ?", run.name
    ) or (0, None, 0, 0)
    update(db, "runs", id, finished_at=run.finished_at, outcome=run.outcome, reason=run.reason, head=head)
    if site is not None:
        for name, sweep in sorted(run.sweeps.items()):  # the order in which a rebuild has them
            _settle_column(db, id, listings.column_id(db, site, name), sweep, run.finished_at)
        if run.outcome == "good":
            presence.confirm_deletions(db, id, site, observations, apart)
    counts = _counts(db, id) | {
        "requests": run.requests,
        "errors": run.errors,
        "layout_alarms": run.layout_alarms,
    }
    stats = json.dumps(dict(run.stats), ensure_ascii=False, sort_keys=True)
    update(db, "runs", id, counts=json.dumps(counts), stats=stats)


def has_ended(db: sqlite3.Connection, name: str) -> bool:
    """Whether the run itself said how it ended: it was not merely found cut short."""
    outcome = value(db, "SELECT outcome FROM runs WHERE name = ?", name)
    return outcome not in (None, "interrupted")


def count_run(db: sqlite3.Connection, name: str) -> dict[str, int]:
    """What a finished run amounts to, by the names of the run's report (DESIGN section 7, `crawl`)."""
    found: dict[str, int] = json.loads(value(db, "SELECT counts FROM runs WHERE name = ?", name) or "{}")
    return found


def unfinished(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Runs without an end, and the time of the last thing known of each."""
    return db.execute(
        "SELECT name, max(started_at, coalesce((SELECT max(fetched_at) FROM captures WHERE run = runs.id), ''))"
        " FROM runs WHERE finished_at IS NULL ORDER BY id"
    ).fetchall()


def _settle_column(db: sqlite3.Connection, run: int, column: int, sweep: Sweep, finished_at: str) -> None:
    if sweep == "broken":
        return
    listed = value(db, f"SELECT max(id) {listings.LISTINGS}", run, column)
    if listed is not None:
        update(db, "columns", column, settled_by=listed)
    if sweep == "complete":
        listings.record_delistings(db, run, column)
        update(db, "columns", column, swept_at=finished_at, swept_by=listed)


def _counts(db: sqlite3.Connection, run: int) -> dict[str, int]:
    kinds = dict(db.execute("SELECT kind, count(*) FROM changes WHERE run = ? GROUP BY kind", (run,)).fetchall())
    seen = dict(db.execute("SELECT outcome, count(*) FROM captures WHERE run = ? GROUP BY outcome", (run,)).fetchall())
    listed = value(
        db, "SELECT count(*) FROM entries WHERE last_capture IN (SELECT id FROM captures WHERE run = ?)", run
    )
    same = value(
        db,
        "SELECT count(*) FROM captures WHERE run = ? AND article IS NOT NULL AND outcome IN ('article', 'unchanged')",
        run,
    )
    events = ("new", "edited", "missing", "gone", "restored", "delisted", "relisted", "moved")
    return {event: kinds.get(event, 0) for event in events} | {
        "captures": sum(seen.values()),
        "entries": listed,
        "unchanged": same - kinds.get("new", 0) - kinds.get("edited", 0),
        "blocked": seen.get("blocked", 0),
        "files": seen.get("file", 0),
    }
