"""The page of an article: its text and fields, the rules that found them, its history and its evidence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

from datasette.utils.asgi import Response
from w3lib.url import safe_url_string

from lufeng_crawler.archive import fields, text
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.queries import articles, event_text
from lufeng_crawler.archive.queries.captures import list_captures_of, picture_capture
from lufeng_crawler.archive.queries.event_text import Event
from lufeng_crawler.archive.queries.events import EventFilter, list_events
from lufeng_crawler.archive.search.copies import list_copies
from lufeng_crawler.errors import UsageError
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.raw_response import RawResponse
from lufeng_crawler.ui.request import PageRequest
from lufeng_crawler.ui.sanitize import sanitize_html
from lufeng_crawler.ui.translations import translator

FIELDS = tuple(name for name in fields.NAMES if name not in ("title", "body"))
"""Fields of a version that are shown beside its title and text."""

MAX_UNFOLDED, FIRST, LAST = 12, 3, 5
"""Up to so many captures are all shown; of more, so many of the first and of the last."""

LARGEST_ID = 10**15


class FieldView(NamedTuple):
    """A field of a version, with the evidence for it (`rule`, `value`, `other_rule`, `other_value`)."""

    name: str
    value: str | None
    evidence: Row


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return the article, in its latest version or the one that the URL names."""
    id = request.number("id", 1, LARGEST_ID)
    article = articles.get_article(db, id)
    version = articles.get_version(db, id, request.number("version", article["version"]))
    events = list(list_events(db, EventFilter(article=id), language=request.language))
    captures = list_captures_of(db, id)
    return {
        "article": article,
        "title": text.one_line(version["title"]),
        "version": version,
        "fields": list(_field_views(version, FIELDS)),
        "evidence": list(_field_views(version, ("title", "body"))),
        "text": _body_html(db, request, version),
        "time_line": _time_line(articles.get_history(db, id), events),
        "events": events,
        "proof": _proof(article, events, captures),
        "captures": _folded([_described(capture, request.language) for capture in captures]),
        "addresses": articles.article_urls(db, id),
        "listed": articles.listing_entries(db, id),
        "copies": list_copies(db, id),
    }


def redirect_to_article(db: sqlite3.Connection, request: PageRequest) -> Response:
    """Redirect to the article at a URL."""
    if not (url := request.argument("url")):
        raise UsageError("say which article: /articles/ID, or /articles?url=ADDRESS")
    return Response.redirect(f"articles/{articles.find_article_id(db, url)}")


def _field_views(version: Row, names: Iterable[str]) -> Iterable[FieldView]:
    for name in names:
        evidence = version["provenance"].get(name) or {}
        if version[name] or evidence.get("other_value"):
            yield FieldView(name, version[name], evidence)


def _body_html(db: sqlite3.Connection, request: PageRequest, version: Row) -> str:
    picture_url = partial(_picture_url, db, version["first_seen"])
    return sanitize_html(
        version["body_html"], version["body"], picture_url, translator(request.language)("picture_elsewhere")
    )


def _picture_url(db: sqlite3.Connection, at: str, url: str) -> str | None:
    """Return where we serve the picture as it was at that time, None where the archive does not have it."""
    capture = picture_capture(db, safe_url_string(url), at)
    return f"../captures/{capture}/picture" if capture else None


def _described(capture: Row, language: str) -> Row:
    return capture | {"sentence": event_text.describe_capture(capture, language)}


def _time_line(versions: Iterable[Row], events: Iterable[Event]) -> list[Row]:
    """Return the versions, newest first, each with the edit that made it (None for the first)."""
    edits = {event.to_version: event for event in events if event.kind == "edited"}
    return [version | {"edit": edits.get(version["number"])} for version in versions][::-1]


def _proof(article: Row, events: Sequence[Event], captures: Sequence[Row]) -> Sequence[Any]:
    """Return the captures that prove the article's presence: the last that shows it, or those of its absence."""
    if article["presence"] != "live":
        last = next((event for event in reversed(events) if event.kind == article["presence"]), None)
        return last.evidence if last else ()
    showing = [capture for capture in captures if capture["outcome"] in ("article", "unchanged")]
    return [{"capture": capture["id"], "at": capture["fetched_at"]} for capture in showing[-1:]]


def _folded(captures: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """Return the first captures, those that are folded, and the last."""
    if len(captures) <= MAX_UNFOLDED:
        return captures, (), ()
    return captures[:FIRST], captures[FIRST:-LAST], captures[-LAST:]


ROUTES = (UiPage(r"^/articles/(?P<id>\d+)$", "article.html", read), RawResponse(r"^/articles$", redirect_to_article))
