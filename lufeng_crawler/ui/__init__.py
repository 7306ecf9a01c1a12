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

from lufeng_crawler.ui import csp, error_page
from lufeng_crawler.ui.page import NAME, UiPage, asked_for
from lufeng_crawler.ui.pages import article, captures, changes, deletions, diff, feeds, health, home, search
from lufeng_crawler.ui.pages.feeds import Feed
from lufeng_crawler.ui.raw_response import RawResponse
from lufeng_crawler.ui.translations import translator

hookimpl = HookimplMarker("datasette")

PAGES: tuple[UiPage | RawResponse | Feed, ...] = (
    *home.PAGES,
    *search.PAGES,
    *article.PAGES,
    *diff.PAGES,
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
    return csp.with_security_headers


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Our colours, on Datasette's pages: ours do not ask."""
    return [datasette.urls.static_plugins(NAME, "datasette.css")]


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """What the head of Datasette's pages says, in the reader's language; our own pages are made without a request."""
    return {"lufeng_say": translator(asked_for(request, datasette).language)} if request else {}


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The way back from Datasette's pages to ours."""
    return [{"href": datasette.urls.path("/"), "label": "Lufeng Crawler"}]


@hookimpl
async def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """What is wrong in one line for who asked, instead of a traceback with all variables for who serves."""
    return await error_page.show_error(datasette, request, exception)
