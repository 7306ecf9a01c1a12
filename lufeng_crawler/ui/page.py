"""A page of the UI: a URL pattern, a template, and a function that reads from the archive what the template shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from lufeng_crawler.archive import change_kinds, run_outcomes
from lufeng_crawler.archive.queries.phrases import LANGUAGES
from lufeng_crawler.ui import csp
from lufeng_crawler.ui.request import PageRequest, choose_language
from lufeng_crawler.ui.translations import translator

TemplateValues = Mapping[str, Any]
PLUGIN_NAME = "lufeng_crawler.ui"
TONES: dict[str, str] = {"live": "good"}
TONES |= {kind.name: kind.tone for kind in change_kinds.KINDS}
TONES |= {outcome.name: outcome.tone for outcome in run_outcomes.OUTCOMES}
"""The colour of each kind of change, presence and outcome."""

VARY = "Accept-Language, Cookie"
"""What a response in a reader's language depends on."""


@dataclass(frozen=True, slots=True)
class UiPage:
    """A page made by a template.

    `path` is a pattern whose named groups become `PageRequest.parts`. `read` raises NotInArchive for what is not there
    and UsageError for bad arguments: see `error_page`. `link` is the text (of words.toml) of the page's link in the
    navigation; None keeps it out of there.
    """

    path: str
    template: str
    read: Callable[[sqlite3.Connection, PageRequest], TemplateValues]
    link: str | None = None

    async def respond(self, request: Request, datasette: Datasette) -> Response:
        """Read the values in a thread of Datasette's and render the template."""
        page_request = parse_request(request, datasette)
        values = await datasette.get_database().execute_fn(lambda db: self.read(db, page_request))
        return await render(datasette, page_request, self.template, values)


async def render(
    datasette: Datasette, page_request: PageRequest, template: str, values: TemplateValues, status: int = 200
) -> Response:
    """Render a template as a response, which remembers the language if it was asked for by name."""
    language = page_request.language
    shared = {
        "page_request": page_request,
        "say": translator(language),
        "tones": TONES,
        "other_languages": [other for other in LANGUAGES if other != language],
        "PLUGIN_NAME": PLUGIN_NAME,
    }
    html = await datasette.render_template(f"lufeng/{template}", {**shared, **values})
    response = Response.html(html, status, {"Content-Security-Policy": csp.STRICT, "Vary": VARY})
    if page_request.argument("lang") in LANGUAGES:
        response.set_cookie("lang", language, max_age=365 * 86400)
    return response


def parse_request(request: Request, datasette: Datasette) -> PageRequest:
    """Return Datasette's request as ours: without blank arguments, in a language, with the archive it is about."""
    values = {name: tuple(filter(None, request.args.getlist(name))) for name in request.args}
    arguments = {name: texts for name, texts in values.items() if texts}
    sites = (datasette.plugin_config(PLUGIN_NAME) or {}).get("sites")
    accepted = request.headers.get("accept-language", "")
    return PageRequest(
        path=request.path,
        archive=Path(datasette.get_database().path).parent,
        sites=Path(sites) if sites else None,
        parts=request.url_vars,
        arguments=arguments,
        language=choose_language((arguments.get("lang") or (None,))[0], request.cookies.get("lang"), accepted),
    )
