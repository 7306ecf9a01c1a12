"""A page of the UI: an address, a template, and a function that reads what the template shows from the archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from lufeng_crawler.archive.queries.messages import LANGUAGES
from lufeng_crawler.ui import csp
from lufeng_crawler.ui.request import PageRequest, language
from lufeng_crawler.ui.translations import translator

Shown = Mapping[str, Any]
NAME = "lufeng_crawler.ui"
VARY = "Accept-Language, Cookie"
"""What an answer in a reader's language depends on."""


@dataclass(frozen=True, slots=True)
class UiPage:
    """`path` is a pattern whose named groups become `asked.parts`.

    `read` raises NotInArchive for what is not there and UsageError for what cannot be asked: see `problem`.
    """

    path: str
    template: str
    read: Callable[[sqlite3.Connection, PageRequest], Shown]

    async def show(self, request: Request, datasette: Datasette) -> Response:
        """Answer a request."""
        asked = asked_for(request, datasette)
        shown = await datasette.get_database().execute_fn(lambda db: self.read(db, asked))
        return await answer(datasette, asked, self.template, shown)


async def answer(datasette: Datasette, asked: PageRequest, template: str, shown: Shown, status: int = 200) -> Response:
    """The page that a template makes."""
    others = [one for one in LANGUAGES if one != asked.language]
    said = {"asked": asked, "say": translator(asked.language), "other_languages": others, "NAME": NAME}
    html = await datasette.render_template(f"lufeng/{template}", {**said, **shown})
    headers = {"Content-Security-Policy": csp.STRICT, "Vary": VARY}
    response = Response.html(html, status, headers)
    if asked.text("lang") in LANGUAGES:
        response.set_cookie("lang", asked.language, max_age=365 * 86400)
    return response


def asked_for(request: Request, datasette: Datasette) -> PageRequest:
    """What a request asks for."""
    given = {name: tuple(filter(None, request.args.getlist(name))) for name in request.args}
    arguments = {name: values for name, values in given.items() if values}
    sites = (datasette.plugin_config(NAME) or {}).get("sites")
    accepted = request.headers.get("accept-language", "")
    return PageRequest(
        path=request.path,
        archive=Path(datasette.get_database().path).parent,
        sites=Path(sites) if sites else None,
        parts=request.url_vars,
        arguments=arguments,
        language=language((arguments.get("lang") or (None,))[0], request.cookies.get("lang"), accepted),
    )
