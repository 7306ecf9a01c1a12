"""The page of deletions: articles that are gone, missing, or back again, each with its last text and captures."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.queries.deletions import STATES, count_deletions, list_deletions
from lufeng_crawler.archive.search.copies import list_copies
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.request import PageRequest

MAX_OF_EACH_STATE, MAX_OF_ONE_STATE = 10, 50
"""Articles on the page of all states, of each; and on a page of one state."""

MAX_COPIES = 3
"""Copies that are named; the article's own page has all."""


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the newest articles of each state; if one state is chosen, a page of its articles."""
    site = parameters.chosen_site(db, request)
    chosen = parameters.chosen_words(request, "state", STATES)[:1]
    limit = MAX_OF_ONE_STATE if chosen else MAX_OF_EACH_STATE
    before = parameters.chosen_cursor(request) if chosen else None
    listed = {
        state: list_deletions(db, state, site, before, limit + 1, request.language)
        for state in STATES
        if not chosen or state in chosen
    }
    return {
        "listed": {
            state: [row | _durations(row) | _live_copies(db, row) for row in rows[:limit]]
            for state, rows in listed.items()
        },
        "older": {state: rows[limit - 1]["id"] for state, rows in listed.items() if len(rows) > limit},
        "counts": count_deletions(db, site),
        "chosen": chosen,
        "site": site,
        "sites": statistics.site_titles(db),
    }


def _durations(row: Row) -> Row:
    """Return for how many whole days the article was seen, and was away before it came back."""
    restored_at, absent_since = row["event"].at, row["absent_since"]
    return {
        "up": _days_between(row["first_seen"], row["last_seen"]),
        "away": _days_between(absent_since, restored_at) if absent_since else None,
    }


def _live_copies(db: sqlite3.Connection, row: Row) -> Row:
    """Return where the text, or much of it, can still be read."""
    return {"copies": [copy for copy in list_copies(db, row["id"]) if copy["presence"] == "live"][:MAX_COPIES]}


def _days_between(start: str, end: str) -> int:
    return (timestamps.parse(end) - timestamps.parse(start)).days


ROUTES = (UiPage(r"^/deletions$", "deletions.html", read, link="deletions"),)
