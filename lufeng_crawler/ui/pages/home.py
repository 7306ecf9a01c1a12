"""The first page: what was published and what changed lately, site by site, and how much the archive holds."""

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
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.request import PageRequest

MAX_MONTHS = 120
MAX_SITES = 12
"""Sites whose news are shown: those that published last. The health page has the others."""

MAX_NEWS = 4
"""Articles, and events, of a site."""

CHANGES = tuple(kind for kind in KINDS if kind != "new")


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the counts for the charts, and for each site the newest articles, the last events and its health."""
    site = parameters.chosen_site(db, request)
    titles, days = statistics.site_titles(db), statistics.days_of_last_year(db)
    by_month = statistics.count_published(db, statistics.months_covered(db, MAX_MONTHS, site), site)
    by_day = {day: count for day, count in statistics.count_published(db, days, site).items() if count}
    statuses = health.status(db, parameters.site_files(request.sites).sites.values(), only_known=False)
    chosen = [status for status in statuses if site in (None, status.site)]
    lately = sorted(chosen, key=lambda status: status.newest or "", reverse=True)[:MAX_SITES]
    return {
        "site": site,
        "sites": titles,
        "holdings": statistics.count_holdings(db),
        "months": _with_searches(request, by_month),
        "calendar": days,
        "days": _with_searches(request, by_day),
        "lately": [_news(db, status, request.language) for status in lately],
        "others": len(chosen) - len(lately),
    }


def _with_searches(request: PageRequest, counts: Mapping[str, int]) -> list[tuple[str, int, str]]:
    """Return each month or day, its count, and the URL of the search that finds those articles."""
    search = replace(request, path="/search").url_with(sort="date")
    return [(span, count, f"{search}&from={_first_day(span)}&to={_last_day(span)}") for span, count in counts.items()]


def _first_day(span: str) -> str:
    return span if len(span) == len("2026-11-22") else f"{span}-01"


def _last_day(span: str) -> str:
    return span if len(span) == len("2026-11-22") else f"{span}-{monthrange(int(span[:4]), int(span[5:]))[1]}"


def _news(db: sqlite3.Connection, status: SiteStatus, language: str) -> Mapping[str, Any]:
    events: Iterable[Any] = list_events(db, EventFilter(kinds=CHANGES, site=status.site), True, MAX_NEWS, language)
    newest = statistics.newest_articles(db, status.site, MAX_NEWS)
    return {"status": status, "newest": newest, "events": list(events)}


ROUTES = (UiPage(r"^/$", "home.html", read, link="home"),)
