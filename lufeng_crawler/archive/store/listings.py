"""Records listing pages: which articles a column lists, and since when."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history.article_urls import add_url, find_article
from lufeng_crawler.archive.history.listed_lines import identity
from lufeng_crawler.archive.history.observation import ChangeEvent, Observation
from lufeng_crawler.archive.store import delisting
from lufeng_crawler.items import Entry, Listing


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


def _record_entry(observation: Observation, column: int, entry: Entry) -> None:
    db = observation.db
    article = find_article(db, observation.site_id, entry.key, entry.url) if entry.url else None
    was_delisted = article is not None and _was_delisted(observation, column, article)
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
    update(db, "entries", id, **delisting.LISTED, **stated, **current)
    return True


def _was_delisted(observation: Observation, column: int, article: int) -> bool:
    db = observation.db
    if observation.rules:
        return delisting.is_told_delisted(db, article)
    sql = 'SELECT 1 FROM entries WHERE "column" = ? AND article = ?'
    return value(db, sql, column, article) is not None and not delisting.is_listed(db, article, column)
