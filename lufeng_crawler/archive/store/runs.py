"""Records runs: their starts, their ends with what is concluded then, and their counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lufeng_crawler.archive import change_kinds
from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history import presence
from lufeng_crawler.archive.run_outcomes import Outcome
from lufeng_crawler.archive.store import listings
from lufeng_crawler.items import PresenceRule

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
    presence_rule: PresenceRule = field(default_factory=PresenceRule)
    software: str = ""

    @classmethod
    def from_marker(cls, data: Mapping[str, Any]) -> RunStart:
        """Return the start that the data of a run's begin marker describe.

        Markers written before the rule was one value have its parts, `observations` and `apart`, among the rest.
        """
        rest = dict(data)
        parts = {name: rest.pop(name) for name in PresenceRule.names() if name in rest}
        rule = PresenceRule(**rest.pop("presence_rule", parts))
        return cls(**rest, presence_rule=rule)


@dataclass(frozen=True, slots=True)
class RunEnd:
    """A run at its end: the crawl's own judgement and counts. All other counts are made from the rows."""

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
    """Insert the run's row, and insert or update its site's by the site file. Return the run's id."""
    site = None
    if run.site is not None:
        site = site_id(db, run.site)
        update(db, "sites", site, title=run.title, start=run.start, site_id_code=run.site_id_code)
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
    }


def site_id(db: sqlite3.Connection, name: str) -> int:
    """Return the id of a site's row, inserted if need be."""
    known: int | None = value(db, "SELECT id FROM sites WHERE name = ?", name)
    return known if known is not None else insert(db, "sites", name=name, title=name)


def finish_run(db: sqlite3.Connection, run: RunEnd, head: str) -> None:
    """Record the run's end and draw its conclusions: what is delisted, what is gone, which columns have no gap."""
    id, site, rule = first(db, "SELECT id, site, presence_rule FROM runs WHERE name = ?", run.name) or (0, None, "{}")
    update(db, "runs", id, finished_at=run.finished_at, outcome=run.outcome, reason=run.reason, head=head)
    if site is not None:
        for name, sweep in sorted(run.sweeps.items()):  # the order in which a rebuild has them
            _settle_column(db, id, listings.column_id(db, site, name), sweep, run.finished_at)
        if run.outcome == "good":
            presence.confirm_deletions(db, id, site, PresenceRule.from_json(rule))
    own_counts = {"requests": run.requests, "errors": run.errors, "layout_alarms": run.layout_alarms}
    stats = json.dumps(dict(run.stats), ensure_ascii=False, sort_keys=True)
    update(db, "runs", id, counts=json.dumps(_count_rows(db, id) | own_counts), stats=stats)


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


def _settle_column(db: sqlite3.Connection, run: int, column: int, sweep: Sweep, finished_at: str) -> None:
    """Record up to which capture a column is known without a gap; after a complete sweep, what it lists no more."""
    if sweep == "broken":
        return
    last_listing = value(db, f"SELECT max(id) {listings.LISTINGS}", run, column)
    if last_listing is not None:
        update(db, "columns", column, settled_by=last_listing)
    if sweep == "complete":
        listings.record_delistings(db, run, column)
        update(db, "columns", column, swept_at=finished_at, swept_by=last_listing)


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
