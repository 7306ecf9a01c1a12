"""The page of the sites' health: a line for each; for one its last runs, blocks, layout alarms and columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from lufeng_crawler import health
from lufeng_crawler.archive.queries import run_history, statistics
from lufeng_crawler.health import SiteStatus
from lufeng_crawler.sites import Site
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.request import PageRequest

MAX_RUNS, MAX_ALARMS = 20, 10


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the status of each site; of the chosen or only one also how its crawls went."""
    chosen, files = parameters.chosen_site(db, request), parameters.site_files(request.sites)
    statuses = health.status(db, files.sites.values(), only_known=False)
    shown = [status for status in statuses if chosen in (None, status.site)]
    only = shown[0] if len(shown) == 1 else None
    return {
        "statuses": sorted(shown, key=lambda status: (status.last_outcome == "good", status.site)),
        "sites": statistics.site_titles(db),
        "site": chosen,
        "broken": sorted(name for name in files.problems if chosen in (None, name)),
        "details": _details(db, only, files.sites.get(only.site)) if only else None,
    }


def _details(db: sqlite3.Connection, status: SiteStatus, site: Site | None) -> Mapping[str, Any]:
    runs = run_history.recent_runs(db, status.site, MAX_RUNS)
    ids = [run["id"] for run in runs]
    return {
        "status": status,
        "expect": site.expect if site else None,
        "runs": runs,
        "columns": run_history.column_counts(db, status.site),
        "blocks": run_history.recent_blocks(db, ids),
        "alarms": run_history.layout_alarms(db, ids, MAX_ALARMS),
    }


ROUTES = (UiPage(r"^/health$", "health.html", read, link="health"),)
