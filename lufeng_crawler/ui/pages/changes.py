"""The page on what happened: events of all kinds, the newest first, each with its proofs and what was changed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import groupby

from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.diff import versions
from lufeng_crawler.archive.diff.html import FieldDiffHtml
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.queries.events import KINDS, EventFilter, count_events, list_events
from lufeng_crawler.archive.queries.messages import Translate
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.request import PageRequest
from lufeng_crawler.ui.translations import translator

MOST = 20
"""Events on a page: each may be an edit, and to compare two texts takes some milliseconds."""


def wanted(db: sqlite3.Connection, asked: PageRequest) -> EventFilter:
    """The events that were asked for. Raises UsageError."""
    return EventFilter(
        since=parameters.chosen_day(asked, "from"),
        until=parameters.chosen_day(asked, "to"),
        kinds=parameters.chosen_of(asked, "kind", KINDS),
        site=parameters.chosen_site(db, asked),
        before=parameters.chosen_cursor(asked),
    )


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """The events by day, how many there are of each kind, and where the feeds are."""
    chosen = wanted(db, asked)
    found = list(list_events(db, chosen, newest_first=True, most=MOST + 1, language=asked.language))
    shown = [_marked(db, event, translator(asked.language)) for event in found[:MOST]]
    return {
        "days": [(day, list(of_day)) for day, of_day in groupby(shown, key=lambda event: event["at"][:10])],
        "counts": count_events(db, chosen),
        "chosen": chosen,
        "older": found[MOST - 1]["id"] if len(found) > MOST else None,
        "sites": statistics.site_titles(db),
        "feeds": {form: replace(asked, path=f"/changes.{form}").address(before=None) for form in ("rss", "atom")},
    }


def _marked(db: sqlite3.Connection, event: Row, say: Translate) -> Row:
    """The event; an edit with the fields that differ."""
    if event["kind"] != "edited":
        return event
    difference = versions.diff_versions(db, str(event["article"]), (event["from_version"], event["to_version"]))
    within = f"event-{event['id']}-"
    return event | {
        "marked": [FieldDiffHtml(field, lambda label: say(f"label_{label}"), within) for field in difference.fields]
    }


PAGES = (UiPage(r"^/changes$", "changes.html", read),)
