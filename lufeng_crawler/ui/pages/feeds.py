"""The feeds of changes, RSS and Atom, with the filters of the page."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from lufeng_crawler.archive.export.feeds import render_atom, render_rss
from lufeng_crawler.archive.queries.event_text import Event
from lufeng_crawler.archive.queries.events import list_events
from lufeng_crawler.ui.page import VARY, parse_request
from lufeng_crawler.ui.pages import changes
from lufeng_crawler.ui.request import PageRequest

MAX_EVENTS_IN_FEED = 100


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed; `render` makes it of events and of the URL at which it is served."""

    path: str
    mime: str
    render: Callable[[Iterable[Event], str], str]
    link: ClassVar[None] = None

    async def respond(self, request: Request, datasette: Datasette) -> Response:
        """Read the events in a thread of Datasette's and render them."""
        page_request = parse_request(request, datasette)
        url = datasette.absolute_url(request, page_request.url_with())
        text = await datasette.get_database().execute_fn(lambda db: self._text(db, page_request, url))
        return Response(text, headers={"Vary": VARY}, content_type=f"{self.mime}; charset=utf-8")

    def _text(self, db: sqlite3.Connection, request: PageRequest, url: str) -> str:
        events = list_events(db, changes.chosen_events(db, request), True, MAX_EVENTS_IN_FEED, request.language)
        return self.render(events, url)


ROUTES = (
    Feed(r"^/changes\.rss$", "application/rss+xml", lambda events, url: render_rss(events)),
    Feed(r"^/changes\.atom$", "application/atom+xml", render_atom),
)
