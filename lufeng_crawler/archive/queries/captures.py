"""Captures as rows: one, those of an article, those of a run that were blocked, that of a picture."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.conditions import NEAREST
from lufeng_crawler.archive.db.rows import Row, dicts, value
from lufeng_crawler.archive.digests import mask_digits
from lufeng_crawler.archive.queries.articles import find_article_id
from lufeng_crawler.errors import NotInArchive

CAPTURE_SQL = """SELECT capture.*, site.name AS site_name, run.name AS run_name FROM captures capture
    JOIN sites site ON site.id = capture.site JOIN runs run ON run.id = capture.run WHERE capture.id = ?"""


def capture_row(db: sqlite3.Connection, id: int) -> Row:
    """Return the capture's row, with `site_name` and `run_name`. Raise NotInArchive."""
    if row := next(dicts(db, CAPTURE_SQL, [id]), None):
        return row
    raise NotInArchive(f"{id}: the archive has no capture of this id")


def list_captures_of(db: sqlite3.Connection, article: str | int) -> list[Row]:
    """Return every capture that says something about the article, oldest first. Raise NotInArchive.

    Keys: id, fetched_at, status, outcome, reason, location, url.
    """
    sql = "SELECT id, fetched_at, status, outcome, reason, location, url FROM captures WHERE article = ? ORDER BY id"
    return list(dicts(db, sql, [find_article_id(db, article)]))


def list_unanswered_of(db: sqlite3.Connection, article: str | int) -> list[Row]:
    """Return the requests for the article's addresses that brought no answer (at, url, outcome, reason), oldest first.

    Empty where the archive's schema is older than they are. Raise NotInArchive.
    """
    id = find_article_id(db, article)
    if value(db, "SELECT 1 FROM sqlite_master WHERE name = 'unanswered'") is None:
        return []
    sql = """SELECT at, url, outcome, reason FROM unanswered WHERE url IN (SELECT url FROM urls WHERE article = ?)
        AND site = (SELECT site FROM articles WHERE id = ?) ORDER BY at, id"""
    return list(dicts(db, sql, [id, id]))


def list_template_lines_of(db: sqlite3.Connection, article: str | int) -> list[Row]:
    """Return the site's template lines (line, since) that the article's latest text has. Raise NotInArchive."""
    id = find_article_id(db, article)
    if value(db, "SELECT 1 FROM sqlite_master WHERE name = 'template_lines'") is None:
        return []
    body = value(db, "SELECT body FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1", id)
    masked = {mask_digits(line) for line in body.split("\n")}
    sql = "SELECT line, since FROM template_lines WHERE site = (SELECT site FROM articles WHERE id = ?) ORDER BY id"
    return [row for row in dicts(db, sql, [id]) if row["line"] in masked]


def blocked_captures(db: sqlite3.Connection, run: str) -> list[Row]:
    """Return the captures (url, reason) of a run in which the site refused to show the page."""
    sql = """SELECT url, reason FROM captures
        WHERE outcome = 'blocked' AND run = (SELECT id FROM runs WHERE name = ?) ORDER BY id"""
    return list(dicts(db, sql, [run]))


def has_capture(
    db: sqlite3.Connection, url: str, at: str, status: int | None = None, digest: str | None = None
) -> bool:
    """Return whether there is a capture of that URL and time; with that status and payload digest, where given."""
    sql = """SELECT 1 FROM captures WHERE url = ?1 AND fetched_at = ?2
        AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR payload_digest = ?4)"""
    return value(db, sql, url, at, status, digest) is not None


def newest_capture_time(db: sqlite3.Connection) -> str | None:
    """Return the newest time of any crawl's capture; None where there is none."""
    newest: str | None = value(db, "SELECT max(arrival) FROM warcs")
    return newest or None


def picture_capture(db: sqlite3.Connection, url: str, at: str) -> int | None:
    """Return the id of the capture of a picture: the first at or after `at`, else the last before it.

    A revisit counts with the time of the revisit and returns the capture that it repeats.
    """
    # NEAREST orders the captures `c`.
    sql = f"""SELECT picture.id FROM captures c JOIN captures picture ON picture.id = coalesce(c.revisit_of, c.id)
        WHERE c.url = ?1 AND picture.mime LIKE 'image/%' AND picture.status = 200 {NEAREST}"""
    id: int | None = value(db, sql, url, at)
    return id
