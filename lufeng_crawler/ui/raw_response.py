"""A route of the UI that returns bytes or a redirect instead of a template."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from lufeng_crawler.ui.page import parse_request
from lufeng_crawler.ui.request import PageRequest


@dataclass(frozen=True, slots=True)
class RawResponse:
    """Like `UiPage`, but `read` returns the response itself, in a thread, so that a large one delays no other."""

    path: str
    read: Callable[[sqlite3.Connection, PageRequest], Response]
    link: ClassVar[None] = None

    async def respond(self, request: Request, datasette: Datasette) -> Response:
        """Return what `read` returns."""
        page_request = parse_request(request, datasette)
        return await datasette.get_database().execute_fn(lambda db: self.read(db, page_request))
