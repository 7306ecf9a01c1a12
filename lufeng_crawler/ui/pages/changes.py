"""The page of changes: events of all kinds, the newest first, each with its captures and its diff."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from lufeng_crawler.archive.diff import versions
from lufeng_crawler.archive.diff.html import FieldDiffHtml
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.archive.queries.event_text import Event
from lufeng_crawler.archive.queries.events import KINDS, EventFilter, count_events, list_events
from lufeng_crawler.archive.queries.phrases import Translate
from lufeng_crawler.ui import parameters
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.request import PageRequest
from lufeng_crawler.ui.translations import translator

MAX_EVENTS = 20
"""Events on a page: each may be an edit, and to compare two texts takes some milliseconds."""


def chosen_events(db: sqlite3.Connection, request: PageRequest) -> EventFilter:
    """Return the filter that the arguments choose. Raises UsageError."""
    return EventFilter(
        since=parameters.chosen_day(request, "from"),
        until=parameters.chosen_day(request, "to"),
        kinds=parameters.chosen_words(request, "kind", KINDS),
        site=parameters.chosen_site(db, request),
        before=parameters.chosen_cursor(request),
    )


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the events by day, how many there are of each kind, and the URLs of the feeds."""
    chosen = chosen_events(db, request)
    events = list(list_events(db, chosen, newest_first=True, most=MAX_EVENTS + 1, language=request.language))
    shown = [_with_diff(db, event, translator(request.language)) for event in events[:MAX_EVENTS]]
    by_day = groupby(shown, key=lambda shown_event: shown_event.event.at[:10])
    return {
        "days": [(day, list(of_day)) for day, of_day in by_day],
        "counts": count_events(db, chosen),
        "chosen": chosen,
        "older": events[MAX_EVENTS - 1].id if len(events) > MAX_EVENTS else None,
        "sites": statistics.site_titles(db),
        "feeds": {form: replace(request, path=f"/changes.{form}").url_with(before=None) for form in ("rss", "atom")},
    }


class ShownEvent(NamedTuple):
    """An event, and of an edit the fields that differ, as HTML."""

    event: Event
    diffs: Sequence[FieldDiffHtml]


def _with_diff(db: sqlite3.Connection, event: Event, say: Translate) -> ShownEvent:
    if event.kind != "edited" or event.from_version is None or event.to_version is None:
        return ShownEvent(event, ())
    difference = versions.diff_versions(db, event.article, (event.from_version, event.to_version))
    prefix = f"event-{event.id}-"
    diffs = [FieldDiffHtml(field, lambda label: say(f"label_{label}"), prefix) for field in difference.fields]
    return ShownEvent(event, diffs)


ROUTES = (UiPage(r"^/changes$", "changes.html", read, link="changes"),)
