"""Answers requests that failed, with the reason in one line."""

from __future__ import annotations

import logging
from http import HTTPStatus

from datasette.app import Datasette
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError

from lufeng_crawler.errors import LufengError, NotInArchive
from lufeng_crawler.ui.page import parse_request, render

log = logging.getLogger(__name__)


async def show_error(datasette: Datasette, request: Request, exception: Exception) -> Response:
    """Return 400 or 404 with the reason; 500 for a defect, which is logged."""
    status, reason = _status_and_reason(exception)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("%s %s", request.method, request.path, exc_info=exception)
    if request.path.endswith(".json"):
        return Response.json({"ok": False, "error": reason, "status": status}, status)
    return await render(datasette, parse_request(request, datasette), "problem.html", {"problem": reason}, status)


def _status_and_reason(exception: Exception) -> tuple[int, str]:
    match exception:
        case NotInArchive():
            return HTTPStatus.NOT_FOUND, str(exception)
        case LufengError():
            return HTTPStatus.BAD_REQUEST, str(exception)
        case Base400() | DatasetteError():
            return exception.status, str(exception)
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, "an internal error; see the log of lufeng serve"
