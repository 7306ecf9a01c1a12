"""An address of the UI whose answer is no page of ours: bytes of the archive, or the way to another address."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from lufeng_crawler.ui.page import asked_for
from lufeng_crawler.ui.request import PageRequest


@dataclass(frozen=True, slots=True)
class RawResponse:
    """As `Page` is, but `read` gives the answer itself. It runs in a thread, so that large answers hold up no other."""

    path: str
    read: Callable[[sqlite3.Connection, PageRequest], Response]

    async def show(self, request: Request, datasette: Datasette) -> Response:
        """Answer a request."""
        asked = asked_for(request, datasette)
        return await datasette.get_database().execute_fn(lambda db: self.read(db, asked))
