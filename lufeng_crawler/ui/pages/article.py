"""The page of an article: what it says, how we know, how it came to be, and where its evidence lies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from datasette.utils.asgi import Response
from w3lib.url import safe_url_string

from lufeng_crawler.archive import text
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.queries import articles, captures, event_text
from lufeng_crawler.archive.queries.events import EventFilter, list_events
from lufeng_crawler.archive.search.copies import list_copies
from lufeng_crawler.errors import UsageError
from lufeng_crawler.ui.page import Shown, UiPage
from lufeng_crawler.ui.raw_response import RawResponse
from lufeng_crawler.ui.request import PageRequest
from lufeng_crawler.ui.sanitize import sanitize_html
from lufeng_crawler.ui.translations import translator

FIELDS = ("published", "source", "author", "editor", "publisher", "doc_number", "index_number")
"""Those of a version beside its title and its text, in the order in which they are shown."""

MOST_LOOKS, FIRST, LAST = 12, 3, 5
"""Looks that are all shown; of more, how many of the first and of the last."""

LARGEST_ID = 10**15


class FieldView(NamedTuple):
    """A field as a version states it, with the evidence for it (`rule`, `value`, `other_rule`, `other_value`)."""

    name: str
    value: str | None
    evidence: Row


def read(db: sqlite3.Connection, asked: PageRequest) -> Shown:
    """The article, in its latest version or the one asked for."""
    id = asked.number("id", 1, LARGEST_ID)
    article = articles.get_article(db, str(id))
    version = articles.get_version(db, id, asked.number("version", article["version"]))
    told = list(list_events(db, EventFilter(article=id), language=asked.language))
    looks = captures.list_observations(db, str(id))
    return {
        "article": article,
        "title": text.one_line(version["title"]),
        "version": version,
        "fields": list(_stated(version, FIELDS)),
        "evidence": list(_stated(version, ("title", "body"))),
        "text": _text(db, asked, version),
        "time_line": _time_line(articles.get_history(db, str(id)), told),
        "events": told,
        "proof": _proof(article, told, looks),
        "looks": _folded([look | {"sentence": event_text.describe_capture(look, asked.language)} for look in looks]),
        "addresses": articles.article_urls(db, id),
        "listed": articles.listing_entries(db, id),
        "copies": list_copies(db, id),
    }


def by_address(db: sqlite3.Connection, asked: PageRequest) -> Response:
    """The way to the article of an address."""
    if not (url := asked.text("url")):
        raise UsageError("say which article: /articles/ID, or /articles?url=ADDRESS")
    return Response.redirect(f"articles/{articles.find_article_id(db, url)}")


def _stated(version: Row, names: Iterable[str]) -> Iterable[FieldView]:
    for name in names:
        evidence = version["provenance"].get(name) or {}
        if version[name] or evidence.get("other_value"):
            yield FieldView(name, version[name], evidence)


def _text(db: sqlite3.Connection, asked: PageRequest, version: Row) -> str:
    def picture(url: str) -> str | None:
        capture = captures.picture_capture(db, safe_url_string(url), version["first_seen"])
        return f"../captures/{capture}/picture" if capture else None

    elsewhere = translator(asked.language)("picture_elsewhere")
    return sanitize_html(version["body_html"], version["body"], picture, elsewhere)


def _time_line(versions: Iterable[Row], told: Iterable[Row]) -> list[Row]:
    """The versions, newest first, each with the edit that made it (None for the first)."""
    edits = {event["to_version"]: event for event in told if event["kind"] == "edited"}
    return [version | {"edit": edits.get(version["number"])} for version in versions][::-1]


def _proof(article: Row, told: Sequence[Row], looks: Sequence[Row]) -> list[dict[str, Any]]:
    """What shows that the article was there when it was last seen, or else what shows that it is not."""
    if article["presence"] != "live":
        last = next((event for event in reversed(told) if event["kind"] == article["presence"]), None)
        return last["evidence"] if last else []
    there = [look for look in looks if look["outcome"] in ("article", "unchanged")]
    return [{"capture": look["id"], "at": look["fetched_at"]} for look in there[-1:]]


def _folded(looks: Sequence[Row]) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """The first looks, those that are folded, and the last."""
    if len(looks) <= MOST_LOOKS:
        return looks, (), ()
    return looks[:FIRST], looks[FIRST:-LAST], looks[-LAST:]


PAGES = (UiPage(r"^/articles/(?P<id>\d+)$", "article.html", read), RawResponse(r"^/articles$", by_address))
