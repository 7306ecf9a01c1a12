"""The files that articles link to: stores a version's attachments and links each to the capture that proves it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from w3lib.url import safe_url_string

from lufeng_crawler.archive.db.conditions import MAX_REDIRECT_HOPS, NEAREST
from lufeng_crawler.archive.db.rows import first, insert, update
from lufeng_crawler.items import Attachment


def write_attachments(db: sqlite3.Connection, version: int, files: Sequence[Attachment]) -> None:
    """Insert a version's attachments, with their URLs as they are requested, and link each to its proof if any."""
    for file in files:
        insert(db, "attachments", version=version, url=safe_url_string(file.url), text=file.text)
    if files:
        _link(db, "attachment.version = ?", version)


def link_attachments(db: sqlite3.Connection, url: str) -> None:
    """Link attachments to a file that was recorded at this URL, or to what a redirect recorded there leads to."""
    _link(db, f"attachment.url IN ({URLS_LEADING_TO_FILE})", url)


URLS_LEADING_TO_FILE = f"""
    WITH RECURSIVE leading (url, hops) AS (
        SELECT ?, 0 UNION SELECT c.url, hops + 1 FROM leading l JOIN captures c ON c.location = l.url
        WHERE hops < {MAX_REDIRECT_HOPS})
    SELECT url FROM leading"""
"""A URL, and those that redirect to it, straight or by others."""

PROOF = f"""
    WITH RECURSIVE target (url, hops) AS (
        SELECT ?1, 0 UNION SELECT c.location, hops + 1 FROM target t JOIN captures c ON c.url = t.url
        WHERE c.location IS NOT NULL AND hops < {MAX_REDIRECT_HOPS})
    SELECT c.id, original.payload_digest, original.mime, original.length
    FROM captures c JOIN captures original ON original.id = coalesce(c.revisit_of, c.id)
    WHERE c.url IN (SELECT url FROM target) AND c.outcome = 'file'
    {NEAREST}"""
"""The file at a URL, or where that redirects to, as of a time."""


def _link(db: sqlite3.Connection, where: str, value: object) -> None:
    sql = (
        "SELECT attachment.id, attachment.url, v.first_seen FROM attachments attachment"
        f" JOIN versions v ON v.id = attachment.version WHERE {where}"
    )
    for id, url, first_seen in db.execute(sql, (value,)).fetchall():
        if proof := first(db, PROOF, url, first_seen):
            capture, digest, mime, length = proof
            update(db, "attachments", id, capture=capture, digest=digest, mime=mime, length=length)
