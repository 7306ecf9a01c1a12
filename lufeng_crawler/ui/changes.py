"""The page on what happened: events of all kinds, the newest first, each with its proofs and what was changed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import groupby

from lufeng_crawler.archive import diff, holdings
from lufeng_crawler.archive.events import KINDS, Events, count_by_kind, events
from lufeng_crawler.archive.marking import Marked
from lufeng_crawler.archive.phrases import Say
from lufeng_crawler.archive.query import Row
from lufeng_crawler.ui import choice
from lufeng_crawler.ui.asked import Asked
from lufeng_crawler.ui.page import Page, Shown
from lufeng_crawler.ui.words import saying

MOST = 20
"""Events on a page: each may be an edit, and to compare two texts takes some milliseconds."""


def wanted(db: sqlite3.Connection, asked: Asked) -> Events:
    """The events that were asked for. Raises UsageError."""
    return Events(
        since=choice.day(asked, "from"),
        until=choice.day(asked, "to"),
        kinds=choice.among(asked, "kind", KINDS),
        site=choice.site(db, asked),
        before=choice.place(asked),
    )


def read(db: sqlite3.Connection, asked: Asked) -> Shown:
    """The events by day, how many there are of each kind, and where the feeds are."""
    chosen = wanted(db, asked)
    found = list(events(db, chosen, newest_first=True, most=MOST + 1, language=asked.language))
    shown = [_marked(db, event, saying(asked.language)) for event in found[:MOST]]
    return {
        "days": [(day, list(of_day)) for day, of_day in groupby(shown, key=lambda event: event["at"][:10])],
        "counts": count_by_kind(db, chosen),
        "chosen": chosen,
        "older": found[MOST - 1]["id"] if len(found) > MOST else None,
        "sites": holdings.sites(db),
        "feeds": {form: replace(asked, path=f"/changes.{form}").address(before=None) for form in ("rss", "atom")},
    }


def _marked(db: sqlite3.Connection, event: Row, say: Say) -> Row:
    """The event; an edit with the fields that differ."""
    if event["kind"] != "edited":
        return event
    difference = diff.between(db, str(event["article"]), (event["from_version"], event["to_version"]))
    within = f"event-{event['id']}-"
    return event | {
        "marked": [Marked(field, lambda label: say(f"label_{label}"), within) for field in difference.fields]
    }


PAGES = (Page(r"^/changes$", "changes.html", read),)
