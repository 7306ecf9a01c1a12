"""What an answer that reads as an article (or as unchanged) does to the archive: new, edited, unchanged."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

from lufeng_crawler.archive import clock, moves, presence, timeline, versions
from lufeng_crawler.archive.addresses import add_address, find
from lufeng_crawler.archive.digest import content_digest
from lufeng_crawler.archive.rows import first, insert, update, value
from lufeng_crawler.archive.sightings import Change, Sighting
from lufeng_crawler.archive.versions import Version
from lufeng_crawler.archive.visits import next_visit
from lufeng_crawler.items import Article, Reading

Reread = Callable[[int], Reading]
"""Reads an earlier capture with today's reader: what differs only because we read differently is no edit."""


def seen_as_article(seen: Sighting, page: Article, reader: str, reread: Reread) -> int:
    """Record the page as a version, or as the version we have; the article's id."""
    article = moves.arrived(seen, page.url, find(seen.db, seen.site, page.key, page.url))
    if article is None:
        article = _new(seen, page, reader)
    else:
        _again(seen, article, page, reader, reread)
    _addresses(seen, article, page)
    return article


def seen_unchanged(seen: Sighting, article: int, version: Version) -> None:
    """Record that the article's page still is what that version shows."""
    versions.seen_again(seen.db, version, seen.at)
    presence.seen_live(seen, article)
    _seen(seen, article)


def _new(seen: Sighting, page: Article, reader: str) -> int:
    column = seen.capture.column or (page.columns[-1] if page.columns else None)
    article = insert(
        seen.db,
        "articles",
        site=seen.site,
        key=page.key,
        url=page.url,
        column=column,
        first_seen=seen.at,
        last_seen=seen.at,
        presence="live",
        presence_since=seen.at,
        next_visit=next_visit(seen.at, page.published or seen.at, None),
    )
    versions.write(seen, article, page, reader)
    backdated = _is_backdated(seen, column, page.published)
    Change("new", seen.at, article, seen.run, [seen.id], to_version=1, backdated=backdated).write(seen.db)
    return article


def _is_backdated(seen: Sighting, column: str | None, published: str | None) -> bool:
    """Its column had been seen whole before, and the page claims to be over a day older than that."""
    swept = value(seen.db, "SELECT swept_at FROM columns WHERE site = ? AND name = ?", seen.site, column)
    return bool(swept and published and clock.parse(published) < clock.parse(swept) - timedelta(days=1))


def _again(seen: Sighting, article: int, page: Article, reader: str, reread: Reread) -> None:
    digest = content_digest(page)
    _read_alike(seen.db, versions.current(seen.db, article, seen.at), digest, reader, reread)
    known = versions.current(seen.db, article, seen.at)
    if known and known.content_digest == digest:
        return seen_unchanged(seen, article, known)
    _read_alike(seen.db, versions.following(seen.db, article, seen.at), digest, reader, reread)
    presence.seen_live(seen, article)
    versions.write(seen, article, page, reader)
    for later in timeline.arrange(seen, article):
        _reread(seen.db, later, reader, reread)
    _seen(seen, article)
    return None


def _reread(db: sqlite3.Connection, part: Version, reader: str, reread: Reread) -> None:
    """Give the later part of a span, which begins as the copy of the earlier one, what its own page says."""
    page = reread(part.capture)
    if isinstance(page, Article) and content_digest(page) == part.content_digest:
        versions.reread(db, part, page, reader)


def _read_alike(db: sqlite3.Connection, beside: Version | None, digest: str, reader: str, reread: Reread) -> None:
    """Has a neighbour of the version that has come read by the same reader: what one reader tells apart is an edit."""
    if beside and beside.content_digest != digest and beside.reader != reader:
        again = reread(beside.capture)
        if isinstance(again, Article):
            versions.reread(db, beside, again, reader)


def _addresses(seen: Sighting, article: int, page: Article) -> None:
    """Every address that led here: the page's own, those that redirected to it, and listed ones of the same key."""
    for url in {page.url: None, seen.capture.url: None}:
        add_address(seen.db, seen.site, url, article, seen.at)
        _was_not_there(seen, article, url)
    for url in moves.sources(seen, page.url):
        add_address(seen.db, seen.site, url, article, seen.at)
        _claim(seen, article, "url", url)
    for (url,) in _claim(seen, article, "key", page.key):
        add_address(seen.db, seen.site, url, article, seen.at)


def _was_not_there(seen: Sighting, article: int, url: str) -> None:
    """Tie to the article what was answered later at its address, and recorded when nobody knew of the article."""
    seen.db.execute(
        "UPDATE captures SET article = ? WHERE url = ? AND site = ? AND fetched_at > ? AND outcome = 'gone'"
        " AND article IS NULL",
        (article, url, seen.site, seen.at),
    )


def _claim(seen: Sighting, article: int, by: str, wanted: str) -> list[tuple[str]]:
    """Tie the listings' entries that waited for this article to it; their addresses."""
    return seen.db.execute(
        f'UPDATE entries SET article = ? WHERE article IS NULL AND {by} = ? AND "column" IN'
        " (SELECT id FROM columns WHERE site = ?) RETURNING url",
        (article, wanted, seen.site),
    ).fetchall()


def _seen(seen: Sighting, article: int) -> None:
    row = first(
        seen.db,
        "SELECT a.first_seen, a.last_seen, v.published, CASE WHEN v.number > 1 THEN v.first_seen END FROM articles a"
        " JOIN versions v ON v.article = a.id WHERE a.id = ? ORDER BY v.number DESC LIMIT 1",
        article,
    )
    assert row is not None
    born, last, published, changed_at = min(row[0], seen.at), max(row[1], seen.at), *row[2:]
    due = next_visit(last, published or born, changed_at)
    update(seen.db, "articles", article, first_seen=born, last_seen=last, next_visit=due)
