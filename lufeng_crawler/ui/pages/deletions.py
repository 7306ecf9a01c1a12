"""The page on what was taken down: what is gone, missing, and back again; each with its last text and proofs."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.queries.deletions import STATES, count_deletions, list_deletions
from lufeng_crawler.archive.search.copies import list_copies
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.request import PageRequest

FEW, MOST = 10, 50
"""Articles of each state where all are shown, and on a page of one state."""

NAMED = 3
"""Copies that are named; the article's own page has all."""


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """Per state its newest articles; of one state alone, where that is asked for, page by page."""
    site, chosen = parameters.chosen_site(db, asked), parameters.chosen_of(asked, "state", STATES)[:1]
    most, before = (MOST, parameters.chosen_cursor(asked)) if chosen else (FEW, None)
    listed = {
        state: list_deletions(db, state, site, before, most + 1, asked.language)
        for state in STATES
        if not chosen or state in chosen
    }
    return {
        "listed": {
            state: [row | _spans(row) | _copies(db, row) for row in rows[:most]] for state, rows in listed.items()
        },
        "older": {state: rows[most - 1]["id"] for state, rows in listed.items() if len(rows) > most},
        "counts": count_deletions(db, site),
        "chosen": chosen,
        "site": site,
        "sites": statistics.site_titles(db),
    }


def _spans(row: Row) -> Row:
    """For how many whole days it was seen, and was not seen before it came back."""
    back, away = row["event"]["at"], row["absent_since"]
    return {"up": _days(row["first_seen"], row["last_seen"]), "away": _days(away, back) if away else None}


def _copies(db: sqlite3.Connection, row: Row) -> Row:
    """Where the text, or much of it, can still be read: what was taken down here may stand there."""
    return {"copies": [copy for copy in list_copies(db, row["id"]) if copy["presence"] == "live"][:NAMED]}


def _days(start: str, end: str) -> int:
    return (timestamps.parse(end) - timestamps.parse(start)).days


PAGES = (UiPage(r"^/deletions$", "deletions.html", read),)
