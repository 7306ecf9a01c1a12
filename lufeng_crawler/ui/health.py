"""The page on the sites' health: of all sites a line, of one its last runs, blocks, layout alarms and columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from lufeng_crawler import health
from lufeng_crawler.archive import crawls, holdings
from lufeng_crawler.health import Standing
from lufeng_crawler.sites import Site
from lufeng_crawler.ui import choice
from lufeng_crawler.ui.asked import Asked
from lufeng_crawler.ui.page import Page, Shown

RUNS, ALARMS = 20, 10


def read(db: sqlite3.Connection, asked: Asked) -> Shown:
    """The standing of each site; where one is asked for, or there is but one, also how its crawls went."""
    chosen, known = choice.site(db, asked), choice.site_files(asked.sites)
    standings = health.status(db, known.values(), only_known=False)
    shown = [one for one in standings if chosen in (None, one.site)]
    alone = shown[0] if len(shown) == 1 else None
    return {
        "standings": sorted(shown, key=lambda one: (one.last_outcome == "good", one.site)),
        "sites": holdings.sites(db),
        "site": chosen,
        "details": _details(db, alone, known.get(alone.site)) if alone else None,
    }


def _details(db: sqlite3.Connection, standing: Standing, site: Site | None) -> Mapping[str, Any]:
    runs = crawls.recent(db, standing.site, RUNS)
    ids = [run["id"] for run in runs]
    return {
        "standing": standing,
        "expect": site.expect if site else None,
        "runs": runs,
        "columns": crawls.columns(db, standing.site),
        "blocks": crawls.blocks(db, ids),
        "alarms": crawls.alarms(db, ids, ALARMS),
    }


PAGES = (Page(r"^/health$", "health.html", read),)
