"""The page on the sites' health: of all sites a line, of one its last runs, blocks, layout alarms and columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from lufeng_crawler import health
from lufeng_crawler.archive.queries import run_history, statistics
from lufeng_crawler.health import SiteStatus
from lufeng_crawler.sites import Site
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.request import PageRequest

RUNS, ALARMS = 20, 10


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """The standing of each site; where one is asked for, or there is but one, also how its crawls went."""
    chosen, known = parameters.chosen_site(db, asked), parameters.site_files(asked.sites)
    standings = health.status(db, known.values(), only_known=False)
    shown = [one for one in standings if chosen in (None, one.site)]
    alone = shown[0] if len(shown) == 1 else None
    return {
        "standings": sorted(shown, key=lambda one: (one.last_outcome == "good", one.site)),
        "sites": statistics.site_titles(db),
        "site": chosen,
        "details": _details(db, alone, known.get(alone.site)) if alone else None,
    }


def _details(db: sqlite3.Connection, standing: SiteStatus, site: Site | None) -> Mapping[str, Any]:
    runs = run_history.recent_runs(db, standing.site, RUNS)
    ids = [run["id"] for run in runs]
    return {
        "standing": standing,
        "expect": site.expect if site else None,
        "runs": runs,
        "columns": run_history.column_counts(db, standing.site),
        "blocks": run_history.recent_blocks(db, ids),
        "alarms": run_history.layout_alarms(db, ids, ALARMS),
    }


PAGES = (UiPage(r"^/health$", "health.html", read),)
