"""The first page: what was published and what happened lately, site by site, and how much the archive holds."""

from __future__ import annotations

import sqlite3
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from lufeng_crawler import health
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.queries.events import KINDS, EventFilter, list_events
from lufeng_crawler.health import SiteStatus
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.request import PageRequest

MONTHS = 120
SITES = 12
"""Sites whose news are told: those that published last. Of the others the health page tells."""

FEW = 4
"""Articles, and events, of a site."""

HAPPENED = tuple(kind for kind in KINDS if kind != "new")


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """The counts for the charts, and of each site the newest articles, the last events and its health."""
    site = parameters.chosen_site(db, asked)
    titles, days = statistics.site_titles(db), statistics.days_of_last_year(db)
    standings = health.status(db, parameters.site_files(asked.sites).values(), only_known=False)
    chosen = [one for one in standings if site in (None, one.site)]
    lately = sorted(chosen, key=lambda one: one.newest or "", reverse=True)[:SITES]
    return {
        "site": site,
        "sites": titles,
        "holdings": statistics.count_holdings(db),
        "months": _counted(asked, statistics.count_published(db, statistics.months_covered(db, MONTHS, site), site)),
        "calendar": days,
        "days": _counted(asked, {day: n for day, n in statistics.count_published(db, days, site).items() if n}),
        "lately": [_news(db, one, asked.language) for one in lately],
        "others": len(chosen) - len(lately),
    }


def _counted(asked: PageRequest, counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Each month or day, its count, and the search that finds those articles."""
    search = replace(asked, path="/search").address(sort="date")
    return [(span, count, f"{search}&from={_first(span)}&to={_last(span)}") for span, count in counts.items()]


def _first(span: str) -> str:
    return span if len(span) == len("2026-11-22") else f"{span}-01"


def _last(span: str) -> str:
    return span if len(span) == len("2026-11-22") else f"{span}-{monthrange(int(span[:4]), int(span[5:]))[1]}"


def _news(db: sqlite3.Connection, standing: SiteStatus, language: str) -> Mapping[str, Any]:
    happened: Iterable[Any] = list_events(db, EventFilter(kinds=HAPPENED, site=standing.site), True, FEW, language)
    newest = statistics.newest_articles(db, standing.site, FEW)
    return {"standing": standing, "newest": newest, "happened": list(happened)}


PAGES = (UiPage(r"^/$", "home.html", read),)
