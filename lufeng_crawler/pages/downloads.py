"""Tells a downloaded file from a page that is served in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from lufeng_crawler.items import Article, Capture, File, Listing, Other, Reading

MAX_NOTE_BYTES = 4096
"""Bytes; a shorter response to the request for a file may be a note that says why there is none, and is read."""

PAGE_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|meta)\b|\A\s*[{\[]\s*[{\"]", re.I)
"""How a page or data for a script begins, whatever its Content-Type."""

WORD_NAMESPACE = b"urn:schemas-microsoft-com"
"""A namespace in documents that Word writes as HTML: these begin like a page and are files."""


def read_download(capture: Capture, read: Callable[[Capture], Reading]) -> Reading:
    """Read a response with `read`; return File for one that is a file.

    Of the responses to requests for attachments, files above MAX_NOTE_BYTES are not read; anything else may be a page
    that says why there is no file. It is never an article or a listing, since no listing named it as one.
    """
    is_attachment = capture.kind == "attachment"
    if is_attachment and len(capture.body) > MAX_NOTE_BYTES and _is_file(capture):
        return File()
    reading = read(capture)
    if not isinstance(reading, Other) and not (is_attachment and isinstance(reading, Article | Listing)):
        return reading
    if capture.kind in ("attachment", "article", "other") and _is_file(capture):
        return File()
    return reading if isinstance(reading, Other) else Other("a page where a file was promised")


def _is_file(capture: Capture) -> bool:
    """Return whether a response is whole and neither claims to be a page nor begins like one.

    One with a Content-Encoding is no file: its payload is not the file's.
    """
    content_type = (capture.header("Content-Type") or "").lower()
    is_encoded = (capture.header("Content-Encoding") or "identity").strip().lower() != "identity"
    is_whole = capture.status == HTTPStatus.OK and not capture.truncated and not is_encoded
    if not is_whole or re.search("html|json|javascript", content_type):
        return False
    beginning = capture.body[:1024]
    return bool(beginning.strip()) and (not PAGE_START.search(beginning) or WORD_NAMESPACE in beginning)
