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

from lufeng_crawler.ui import article, captures, difference, health, policy, problem
from lufeng_crawler.ui.direct import Direct
from lufeng_crawler.ui.page import Page

hookimpl = HookimplMarker("datasette")

PAGES: tuple[Page | Direct, ...] = (*article.PAGES, *difference.PAGES, *captures.PAGES, *health.PAGES)


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Our pages; they come before Datasette's own."""
    return [(page.path, page.show) for page in PAGES]


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """What a browser may load, said with every answer."""
    return policy.guarded


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """The way back from Datasette's pages to ours."""
    return [{"href": datasette.urls.path("/"), "label": "Lufeng Crawler"}]


@hookimpl
async def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """What is wrong in one line for who asked, instead of a traceback with all variables for who serves."""
    return await problem.show(datasette, request, exception)
