"""The web UI: a plugin of Datasette, whose tables, SQL, JSON and CSV are there too.

A page is a module of `pages` and a template. `server` starts the UI, `translations` has its texts in two languages,
`csp` says what a browser may load.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from pluggy import HookimplMarker

from lufeng_crawler.ui import csp, error_page
from lufeng_crawler.ui.page import PLUGIN_NAME, parse_request
from lufeng_crawler.ui.pages import NAVIGATION, ROUTES
from lufeng_crawler.ui.translations import translator

hookimpl = HookimplMarker("datasette")


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Any]]]:
    """Return our routes; they come before Datasette's own."""
    return [(route.path, route.respond) for route in ROUTES]


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Add security headers to every response."""
    return csp.SecurityHeaders


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Return our colours for Datasette's pages; our own pages do not use this hook."""
    return [datasette.urls.static_plugins(PLUGIN_NAME, "datasette.css")]


@hookimpl
def extra_template_vars(datasette: Datasette, request: Request | None) -> dict[str, Any]:
    """Return the navigation, and on Datasette's pages its texts: our own pages are rendered without a request."""
    texts = {"lufeng_say": translator(parse_request(request, datasette).language)} if request else {}
    return {"lufeng_navigation": NAVIGATION, **texts}


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    """Return the link from Datasette's pages to ours."""
    return [{"href": datasette.urls.path("/"), "label": "Lufeng Crawler"}]


@hookimpl
async def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """Show the reason in one line to the reader, instead of a traceback with all variables to whoever serves."""
    return await error_page.show_error(datasette, request, exception)
