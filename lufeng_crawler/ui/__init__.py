"""The web UI: a plugin of Datasette, so that its tables, SQL, JSON and CSV are there too.

Every page is a `Page`: an address, a template, and a function from the archive's views and what was asked to what the
template shows. `serving` starts it, `words` are what it says in two languages, `policy` is what a browser may load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from pluggy import HookimplMarker

from lufeng_crawler.ui import (
    article,
    captures,
    changes,
    deletions,
    difference,
    feeds,
    health,
    home,
    policy,
    problem,
    search,
)
from lufeng_crawler.ui.direct import Direct
from lufeng_crawler.ui.feeds import Feed
from lufeng_crawler.ui.page import NAME, Page, asked_for
from lufeng_crawler.ui.words import saying

hookimpl = HookimplMarker("datasette")

PAGES: tuple[Page | Direct | Feed, ...] = (
    *home.PAGES,
    *search.PAGES,
    *article.PAGES,
    *difference.PAGES,
    *captures.PAGES,
    *changes.PAGES,
    *feeds.PAGES,
    *deletions.PAGES,
    *health.PAGES,
)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our pages; they come before Datasette's own."""
    return [(page.path, page.show) for page in PAGES]


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """What a browser may load, said with every answer."""
    return policy.guarded


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Our colours, on Datasette's pages: ours do not ask."""
    return [datasette.urls.static_plugins(NAME, "datasette.css")]


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """What the head of Datasette's pages says, in the reader's language; our own pages are made without a request."""
    return {"lufeng_say": saying(asked_for(request, datasette).language)} if request else {}


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The way back from Datasette's pages to ours."""
    return [{"href": datasette.urls.path("/"), "label": "Lufeng Crawler"}]


@hookimpl
async def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """What is wrong in one line for who asked, instead of a traceback with all variables for who serves."""
    return await problem.show(datasette, request, exception)
