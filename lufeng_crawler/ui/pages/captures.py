"""The page of a capture, and its content: as served, as a file, as a picture, as WARC records."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, unquote, urlsplit

from datasette.utils.asgi import Response

from lufeng_crawler.archive import text
from lufeng_crawler.archive.db.rows import Row
from lufeng_crawler.archive.queries import articles, captures, event_text
from lufeng_crawler.archive.queries.exchanges import read_exchange
from lufeng_crawler.errors import DamagedCapture, NotInArchive
from lufeng_crawler.items import Capture
from lufeng_crawler.ui import csp
from lufeng_crawler.ui.page import TemplateValues, UiPage
from lufeng_crawler.ui.pages.article import LARGEST_ID
from lufeng_crawler.ui.raw_response import RawResponse
from lufeng_crawler.ui.request import PageRequest

MAX_FRAMED_BYTES = 5_000_000
"""Responses up to this size are shown in a frame."""

OCTETS = "application/octet-stream"
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(?:\s*;[\x20-\x7e]*)?", re.ASCII)
_CODINGS = ("gzip", "x-gzip", "deflate", "br")

PICTURES: Mapping[str, re.Pattern[bytes]] = {
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/gif": re.compile(rb"GIF8[79]a"),
    "image/webp": re.compile(rb"RIFF.{4}WEBPVP", re.DOTALL),
    "image/bmp": re.compile(rb"BM.{4}\0\0\0\0", re.DOTALL),
}
"""The first bytes of pictures that hold no scripts (WHATWG, MIME Sniffing, 6.1)."""


def read(db: sqlite3.Connection, request: PageRequest) -> TemplateValues:
    """Return a capture's row, and its exchange from the WARC, or why that cannot be read."""
    row = captures.capture_row(db, request.number("id", 1, LARGEST_ID))
    values: dict[str, object] = {
        "capture": row,
        "sentence": event_text.describe_capture(row, request.language),
        "title": _title(db, row),
    }
    try:
        exchange = read_exchange(request.archive, row)
    except DamagedCapture as error:
        return values | {"held": None, "damaged": str(error), "framed": False}
    return values | {"held": exchange, "framed": _can_be_framed(row, exchange.answer)}


def read_part(db: sqlite3.Connection, request: PageRequest) -> Response:
    """Return a part of the capture's content. A revisit has no body: redirect to the capture that it repeats."""
    row = captures.capture_row(db, request.number("id", 1, LARGEST_ID))
    part = request.parts["part"]
    if part == "record.warc.gz":
        return _file(read_exchange(request.archive, row).members, f"capture-{row['id']}.warc.gz")
    if row["revisit_of"]:
        return Response.redirect(f"../{row['revisit_of']}/{part}")
    answer = read_exchange(request.archive, row).answer
    return {"raw": _raw, "picture": _picture, "download": _download}[part](answer, row)


def _raw(answer: Capture, row: Row) -> Response:
    """Return it as served, with its own charset, in a sandbox wherever it is opened."""
    return _sandboxed(answer.body, _type(answer), _coding(answer))


def _download(answer: Capture, row: Row) -> Response:
    path = urlsplit(row["url"]).path
    return _file(answer.body, unquote(path.rpartition("/")[2]) or f"capture-{row['id']}", _coding(answer))


def _picture(answer: Capture, row: Row) -> Response:
    for mime, beginning in PICTURES.items():
        if beginning.match(answer.body):
            return _sandboxed(answer.body, mime, {})
    raise NotInArchive(f"capture {row['id']} is no picture that can be shown")


def _file(body: bytes, name: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a file to save; of its name only letters, figures, dots and dashes are left (RFC 6266)."""
    safe = re.sub(r"[^\w.-]+", "-", name).strip(".-")[-100:] or "file"
    plain = re.sub(r"[^\x21-\x7e]", "_", safe)
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}"
    return _sandboxed(body, OCTETS, {"Content-Disposition": disposition, **(headers or {})})


def _sandboxed(body: bytes, mime: str, headers: Mapping[str, str]) -> Response:
    always = {"Content-Security-Policy": csp.CAPTURED, "X-DNS-Prefetch-Control": "off"}
    return Response(body, HTTPStatus.OK, {**always, **headers}, mime)


def _type(answer: Capture) -> str:
    stated = answer.header("Content-Type") or ""
    return stated if _TYPE.fullmatch(stated) else OCTETS


def _coding(answer: Capture) -> dict[str, str]:
    """Return the payload's coding: the WARC has it as it was sent, and the browser decodes it."""
    coding = (answer.header("Content-Encoding") or "").strip().lower()
    return {"Content-Encoding": coding} if coding in _CODINGS else {}


def _can_be_framed(row: Row, answer: Capture) -> bool:
    """Return whether a browser can show it in a frame that runs nothing."""
    displayable = re.match(r"text/(?:html|plain)|image/(?:png|jpeg|gif|webp)|application/(?:json|xhtml)", _type(answer))
    return displayable is not None and 0 < len(answer.body) <= MAX_FRAMED_BYTES and not row["revisit_of"]


def _title(db: sqlite3.Connection, row: Row) -> str | None:
    return text.one_line(articles.get_article(db, row["article"])["title"]) if row["article"] else None


ROUTES = (
    UiPage(r"^/captures/(?P<id>\d+)$", "capture.html", read),
    RawResponse(r"^/captures/(?P<id>\d+)/(?P<part>raw|download|picture|record\.warc\.gz)$", read_part),
)
