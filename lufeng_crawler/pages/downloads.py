"""Tells a downloaded file from a page that stands in its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from lufeng_crawler.items import Article, Capture, File, Listing, Other, Reading

MAX_NOTE_BYTES = 4096
"""Bytes; a shorter answer to who asks for a file may be a sentence that says why there is none, and is read."""

PAGE_START = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|meta)\b|\A\s*[{\[]\s*[{\"]", re.I)
WORD_NAMESPACE = b"urn:schemas-microsoft-com"
"""How a page begins, or data for a script, whatever type is stated; and a document that Word saved as a page."""


def read_download(capture: Capture, read: Callable[[Capture], Reading]) -> Reading:
    """What an answer says: as `read` reads pages, and a file where it is none.

    What was asked for as a file is read only where it may be a page that says why there is none; it is never an
    article or a listing, whatever it looks like: nobody named it as one.
    """
    promised = capture.kind == "attachment"
    if promised and len(capture.body) > MAX_NOTE_BYTES and _is_file(capture):
        return File()
    reading = read(capture)
    if not isinstance(reading, Other) and not (promised and isinstance(reading, Article | Listing)):
        return reading
    if capture.kind in ("attachment", "article", "other") and _is_file(capture):
        return File()
    return reading if isinstance(reading, Other) else Other("a page where a file was promised")


def _is_file(capture: Capture) -> bool:
    """Whether an answer is whole and neither states to be a page nor begins like one.

    One that wears a Content-Encoding is none: its payload is not the file's.
    """
    stated = (capture.header("Content-Type") or "").lower()
    coded = (capture.header("Content-Encoding") or "identity").strip().lower() != "identity"
    whole = capture.status == HTTPStatus.OK and not capture.truncated and not coded
    if not whole or re.search("html|json|javascript", stated):
        return False
    beginning = capture.body[:1024]
    return bool(beginning.strip()) and (not PAGE_START.search(beginning) or WORD_NAMESPACE in beginning)
