"""What a listing page does to the archive: which articles its column names, since when, and which it names no more."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history.article_urls import add_url, find_article
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.items import Entry, Listing

LISTINGS = """FROM captures
    WHERE run = ? AND outcome = 'listing' AND "column" = (SELECT name FROM columns WHERE id = ?)"""
"""A run's pages of a column."""


def record_listing(seen: Observation, page: Listing) -> None:
    """Record each entry of the page under its column (the page's own address, where nobody named one)."""
    column = column_id(seen.db, seen.site, seen.capture.column or seen.capture.url)
    if value(seen.db, "SELECT url FROM columns WHERE id = ?", column) is None:
        update(seen.db, "columns", column, url=seen.capture.url)
    for entry in page.entries:
        _seen(seen, column, entry)


def column_id(db: sqlite3.Connection, site: int, name: str) -> int:
    """The row of a site's column, made if need be."""
    known: int | None = value(db, "SELECT id FROM columns WHERE site = ? AND name = ?", site, name)
    return known if known is not None else insert(db, "columns", site=site, name=name)


def record_delistings(db: sqlite3.Connection, run: int, column: int) -> None:
    """After a whole sweep: articles that were live in this run and that the column no longer names.

    What anybody saw listed since the sweep began is: runs of archives that were united may overlap.
    """
    listings = db.execute(f"SELECT id, fetched_at {LISTINGS} ORDER BY id", (run, column)).fetchall()
    if not listings:
        return
    (began, _), (_, at) = listings[0], listings[-1]
    unlisted = db.execute(
        'SELECT e.id, e.article FROM entries e LEFT JOIN articles a ON a.id = e.article WHERE e."column" = ?1'
        " AND e.last_capture < ?3 AND e.delisted_at IS NULL"
        " AND (a.id IS NULL OR a.presence = 'live' AND EXISTS (SELECT 1 FROM captures c WHERE c.article = a.id"
        " AND c.run = ?2 AND c.outcome IN ('article', 'unchanged'))) ORDER BY e.id",
        (column, run, began),
    )
    for entry, article in unlisted.fetchall():
        update(db, "entries", entry, delisted_at=at)
        if article is not None and not _is_listed(db, column, article):
            ChangeEvent("delisted", at, article, run, [id for id, _ in listings]).insert(db)


def identity(entry: Entry) -> str:
    """What makes an entry the same line tomorrow: its article's key; its words, where it leads nowhere."""
    return entry.key or entry.title


def _seen(seen: Observation, column: int, entry: Entry) -> None:
    article = find_article(seen.db, seen.site, entry.key, entry.url) if entry.url else None
    away = article is not None and _was_delisted(seen.db, column, article)
    if not _write(seen, column, entry, article) or article is None:
        return
    add_url(seen.db, seen.site, entry.url, article, seen.at)
    if away:
        ChangeEvent("relisted", seen.at, article, seen.run, [seen.id]).insert(seen.db)


def _write(seen: Observation, column: int, entry: Entry, article: int | None) -> bool:
    """The entry's row, made or brought up to date; whether it is news (a listing ingested late is not)."""
    key = identity(entry)
    said = {"title": entry.title, "published": entry.published, "pinned": entry.pinned, "url": entry.url}
    now = {"article": article, "last_seen": seen.at, "last_capture": seen.id}
    known = first(seen.db, 'SELECT id, last_seen FROM entries WHERE "column" = ? AND key = ?', column, key)
    if known is None:
        first_time = {"first_seen": seen.at, "first_capture": seen.id, "column": column, "key": key}
        insert(seen.db, "entries", **said, **first_time, **now)
    elif seen.at < known[1]:
        return False
    else:
        update(seen.db, "entries", known[0], delisted_at=None, **said, **now)
    return True


def _is_listed(db: sqlite3.Connection, column: int, article: int) -> bool:
    """Whether the column names the article in any of its lines: after a move it has two, of which one goes."""
    sql = 'SELECT 1 FROM entries WHERE "column" = ? AND article = ? AND delisted_at IS NULL'
    return value(db, sql, column, article) is not None


def _was_delisted(db: sqlite3.Connection, column: int, article: int) -> bool:
    sql = 'SELECT 1 FROM entries WHERE "column" = ? AND article = ?'
    return value(db, sql, column, article) is not None and not _is_listed(db, column, article)
