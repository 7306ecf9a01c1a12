"""Compares each site's last runs with what its site file expects."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lufeng_crawler.archive.queries import run_history
from lufeng_crawler.archive.timestamps import later, now
from lufeng_crawler.sites import Site


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """One site's health, as `status --json` prints it."""

    site: str
    last_good: str | None
    last_outcome: str | None
    reason: str | None
    articles: int
    newest: str | None
    entries: int | None
    expected: int | None
    blocked: int | None
    layout_alarms: int | None
    next_due: str | None
    owed: int | None = None
    out_of_reach: int | None = None
    false_304: bool = False
    misdated: int = 0

    def report(self) -> dict[str, Any]:
        """Return the status under the keys of `status --json`."""
        return asdict(self)

    def line(self) -> str:
        """Return the status as one line for people."""
        why = f" ({self.reason})" if self.reason else ""
        alarms = f", {self.blocked or 0} blocked, {self.layout_alarms or 0} layout alarms"
        alarms += f", {self.owed} owed" if self.owed else ""
        alarms += f", {self.out_of_reach} out of reach" if self.out_of_reach else ""
        alarms += ", answers 304 to what has changed" if self.false_304 else ""
        alarms += f", {self.misdated} runs dated later than now" if self.misdated else ""
        since = f"last good {self.last_good or 'never'}, next due {self.next_due or 'now'}"
        outcome = (self.last_outcome or "never finished").replace("_", " ")
        articles = f"{self.articles} articles, newest {self.newest or 'unknown'}"
        return f"{self.site}: {outcome}{why}; {articles}{alarms}; {since}"


def status(db: sqlite3.Connection, known: Iterable[Site], only_known: bool) -> list[SiteStatus]:
    """Return the status of each site of which the archive has runs or articles, or of the `known` ones alone."""
    files = {site.name: site for site in known}
    rows = run_history.health_rows(db)
    return [_site_status(db, row, files.get(name)) for name, row in rows.items() if name in files or not only_known]


def next_due(db: sqlite3.Connection, site: Site) -> str | None:
    """Return when the site is due: `every` after the start of its last crawl that was not interrupted.

    None where there was no such crawl: it is due now. One that is dated later than now is none.
    """
    last = run_history.last_crawl_start(db, site.name, now())
    return later(last, site.every) if last else None


def _site_status(db: sqlite3.Connection, row: Mapping[str, Any], site: Site | None) -> SiteStatus:
    due = next_due(db, site) if site else None
    columns = (
        "site",
        "last_good",
        "last_outcome",
        "reason",
        "articles",
        "newest",
        "entries",
        "blocked",
        "layout_alarms",
    )
    return SiteStatus(
        **{name: row[name] for name in columns},
        expected=site.expect.entries if site else None,
        next_due=due,
        owed=row.get("owed"),  # not in archives with an older schema
        out_of_reach=row.get("out_of_reach"),
        false_304=row.get("false_304") is not None,
        misdated=run_history.misdated_runs(db, row["site"], now()),
    )
