"""Files that articles link to: which answers are one, and which of those proves what a version's attachment was."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from http import HTTPStatus

from w3lib.url import safe_url_string

from lufeng_crawler.archive.rows import first, insert, update
from lufeng_crawler.items import Article, Attachment, Capture, File, Listing, Other, Reading

FEW = 4096
"""Bytes; a shorter answer to who asks for a file may be a sentence that says why there is none, and is read."""

PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|meta)\b|\A\s*[{\[]\s*[{\"]", re.I)
OFFICE = b"urn:schemas-microsoft-com"
"""How a page begins, or data for a script, whatever type is stated; and a document that Word saved as a page."""


def said(capture: Capture, read: Callable[[Capture], Reading]) -> Reading:
    """What an answer says: as `read` reads pages, and a file where it is none.

    What was asked for as a file is read only where it may be a page that says why there is none; it is never an
    article or a listing, whatever it looks like: nobody named it as one.
    """
    promised = capture.kind == "attachment"
    if promised and len(capture.body) > FEW and _is_file(capture):
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
    return bool(beginning.strip()) and (not PAGE.search(beginning) or OFFICE in beginning)


def write(db: sqlite3.Connection, version: int, files: Sequence[Attachment]) -> None:
    """Add a version's attachments, their addresses as they are asked for, with what is known of each."""
    for file in files:
        insert(db, "attachments", version=version, url=safe_url_string(file.url), text=file.text)
    if files:
        _prove(db, "f.version = ?", version)


def arrived(db: sqlite3.Connection, url: str) -> None:
    """Bring attachments up to date with a file, or a redirect, that was recorded at an address."""
    _prove(db, f"f.url IN ({LEADING_HERE})", url)


NEAREST = """ORDER BY c.fetched_at < ?2, CASE WHEN c.fetched_at >= ?2 THEN c.fetched_at END, c.fetched_at DESC, c.id
    LIMIT 1"""
"""Of captures `c`: the first since the time ?2; where there is none, the last before."""

LEADING_HERE = """
    WITH RECURSIVE leading (url, hops) AS (
        SELECT ?, 0 UNION SELECT c.url, hops + 1 FROM leading l JOIN captures c ON c.location = l.url WHERE hops < 5)
    SELECT url FROM leading"""

PROOF = f"""
    WITH RECURSIVE target (url, hops) AS (
        SELECT ?1, 0 UNION SELECT c.location, hops + 1 FROM target t JOIN captures c ON c.url = t.url
        WHERE c.location IS NOT NULL AND hops < 5)
    SELECT c.id, p.payload_digest, p.mime, p.length
    FROM captures c JOIN captures p ON p.id = coalesce(c.revisit_of, c.id)
    WHERE c.url IN (SELECT url FROM target) AND c.outcome = 'file'
    {NEAREST}"""
"""The file at an address, or where that redirects to, as of a time."""


def _prove(db: sqlite3.Connection, where: str, value: object) -> None:
    sql = f"SELECT f.id, f.url, v.first_seen FROM attachments f JOIN versions v ON v.id = f.version WHERE {where}"
    for id, url, first_seen in db.execute(sql, (value,)).fetchall():
        if proof := first(db, PROOF, url, first_seen):
            capture, digest, mime, length = proof
            update(db, "attachments", id, capture=capture, digest=digest, mime=mime, length=length)
