"""The feeds of what happened, RSS and Atom, with the filters of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from lufeng_crawler.archive.export.feeds import Event, render_atom, render_rss
from lufeng_crawler.archive.queries.events import list_events
from lufeng_crawler.ui.page import VARY, asked_for
from lufeng_crawler.ui.pages import changes

MOST = 100
"""Events in a feed."""


@dataclass(frozen=True, slots=True)
class Feed:
    """`write` makes it of events and of the address at which it is served."""

    path: str
    mime: str
    write: Callable[[Iterable[Event], str], str]

    async def show(self, request: Request, datasette: Datasette) -> Response:
        """Answer a request."""
        asked = asked_for(request, datasette)
        here = datasette.absolute_url(request, asked.address())
        text = await datasette.get_database().execute_fn(
            lambda db: self.write(list_events(db, changes.wanted(db, asked), True, MOST, asked.language), here)
        )
        return Response(text, headers={"Vary": VARY}, content_type=f"{self.mime}; charset=utf-8")


PAGES = (
    Feed(r"^/changes\.rss$", "application/rss+xml", lambda told, here: render_rss(told)),
    Feed(r"^/changes\.atom$", "application/atom+xml", render_atom),
)
