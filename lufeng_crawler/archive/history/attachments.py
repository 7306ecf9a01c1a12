"""The files that articles link to: stores a version's attachments and links each to the capture that proves it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from w3lib.url import safe_url_string

from lufeng_crawler.archive.db.conditions import NEAREST
from lufeng_crawler.archive.db.rows import first, insert, update
from lufeng_crawler.items import Attachment


def write_attachments(db: sqlite3.Connection, version: int, files: Sequence[Attachment]) -> None:
    """Add a version's attachments, their addresses as they are asked for, with what is known of each."""
    for file in files:
        insert(db, "attachments", version=version, url=safe_url_string(file.url), text=file.text)
    if files:
        _prove(db, "f.version = ?", version)


def link_attachments(db: sqlite3.Connection, url: str) -> None:
    """Bring attachments up to date with a file, or a redirect, that was recorded at an address."""
    _prove(db, f"f.url IN ({LEADING_HERE})", url)


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
