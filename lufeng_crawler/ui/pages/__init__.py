"""The pages of the web UI: one module with its ROUTES, one template, and one line in PAGES each."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple, Protocol

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

PAGES = (
    "home",
    "search",
    "article",
    "diff",
    "captures",
    "changes",
    "feeds",
    "deletions",
    "health",
)
"""The modules, in the order of their links in the navigation."""


class Route(Protocol):
    """What answers the URLs that match `path`, and its text in the navigation, if it has a link there."""

    @property
    def path(self) -> str:
        """Return the pattern of its URLs."""

    @property
    def link(self) -> str | None:
        """Return the name of the link's text."""

    async def respond(self, request: Request, datasette: Datasette) -> Response:
        """Return the response to a request."""


class NavigationLink(NamedTuple):
    """A link to a page: its path, and the name of its text in words.toml."""

    path: str
    text: str


ROUTES: tuple[Route, ...] = tuple(route for page in PAGES for route in import_module(f"{__name__}.{page}").ROUTES)

NAVIGATION = tuple(NavigationLink(route.path.strip("^$"), route.link) for route in ROUTES if route.link)
