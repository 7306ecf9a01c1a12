"""Records listing pages: which articles a column lists, since when, and which it lists no more."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history.article_urls import add_url, find_article
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.items import Entry, Listing

LISTINGS = """FROM captures
    WHERE run = ? AND outcome = 'listing' AND "column" = (SELECT name FROM columns WHERE id = ?)"""
"""The pages of a column that a run captured."""


def record_listing(observation: Observation, listing: Listing) -> None:
    """Record each entry of the page under its column (under the page's own URL, where nobody named a column)."""
    db, capture = observation.db, observation.capture
    column = column_id(db, observation.site_id, capture.column or capture.url)
    if value(db, "SELECT url FROM columns WHERE id = ?", column) is None:
        update(db, "columns", column, url=capture.url)
    for entry in listing.entries:
        _record_entry(observation, column, entry)


def column_id(db: sqlite3.Connection, site: int, name: str) -> int:
    """Return the id of a column's row, inserted if need be."""
    known: int | None = value(db, "SELECT id FROM columns WHERE site = ? AND name = ?", site, name)
    return known if known is not None else insert(db, "columns", site=site, name=name)


def record_delistings(db: sqlite3.Connection, run: int, column: int) -> None:
    """Record the entries that a complete sweep of the column did not list, and the articles delisted with them.

    Only articles that were live in this run are delisted. What anybody saw listed since the sweep began still is: runs
    of archives that were merged may overlap.
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
    """Return what makes an entry the same entry tomorrow: its article's key, or its title where it links to nothing."""
    return entry.key or entry.title


def _record_entry(observation: Observation, column: int, entry: Entry) -> None:
    db = observation.db
    article = find_article(db, observation.site_id, entry.key, entry.url) if entry.url else None
    was_delisted = article is not None and _was_delisted(db, column, article)
    if not _write_entry(observation, column, entry, article) or article is None:
        return
    add_url(db, observation.site_id, entry.url, article, observation.at)
    if was_delisted:
        ChangeEvent("relisted", observation.at, article, observation.run_id, [observation.capture_id]).insert(db)


def _write_entry(observation: Observation, column: int, entry: Entry, article: int | None) -> bool:
    """Insert or update the entry's row. Return False for a listing that was ingested late, which changes nothing."""
    db, at, key = observation.db, observation.at, identity(entry)
    stated = {"title": entry.title, "published": entry.published, "pinned": entry.pinned, "url": entry.url}
    current = {"article": article, "last_seen": at, "last_capture": observation.capture_id}
    known = first(db, 'SELECT id, last_seen FROM entries WHERE "column" = ? AND key = ?', column, key)
    if known is None:
        initial = {"first_seen": at, "first_capture": observation.capture_id, "column": column, "key": key}
        insert(db, "entries", **stated, **initial, **current)
        return True
    id, last_seen = known
    if at < last_seen:
        return False
    update(db, "entries", id, delisted_at=None, **stated, **current)
    return True


def _is_listed(db: sqlite3.Connection, column: int, article: int) -> bool:
    """Return whether any entry of the column names the article: after a move it has two, of which one goes."""
    sql = 'SELECT 1 FROM entries WHERE "column" = ? AND article = ? AND delisted_at IS NULL'
    return value(db, sql, column, article) is not None


def _was_delisted(db: sqlite3.Connection, column: int, article: int) -> bool:
    sql = 'SELECT 1 FROM entries WHERE "column" = ? AND article = ?'
    return value(db, sql, column, article) is not None and not _is_listed(db, column, article)
