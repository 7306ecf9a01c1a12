"""What an answer that reads as an article (or as unchanged) does to the archive: new, edited, unchanged, moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

from lufeng_crawler.archive import clock, presence, versions
from lufeng_crawler.archive.digest import content_digest
from lufeng_crawler.archive.rows import first, insert, update, value
from lufeng_crawler.archive.sightings import Change, Sighting
from lufeng_crawler.archive.visits import next_visit
from lufeng_crawler.items import Article

PERMANENT = "(301, 308)"


def seen_as_article(seen: Sighting, page: Article, reader: str, reread: Callable[[int], Article | None]) -> int:
    """Record the page as a version, or as the version we have; the article's id.

    `reread` reads an earlier capture with today's reader: what differs only because we read differently is no edit.
    """
    article = find(seen.db, seen.site, page.key, page.url)
    if article is None and (article := _moved_here(seen, page.url)) is None:
        article = _new(seen, page, reader)
    else:
        _again(seen, article, page, reader, reread)
        _moved(seen, article, page.url)
    _addresses(seen, article, page)
    _seen(seen, article)
    return article


def seen_unchanged(seen: Sighting, article: int) -> None:
    """Record that the article's page still is what its latest version shows."""
    seen.db.execute("UPDATE versions SET last_seen = ? WHERE id = ?", (seen.at, versions.latest(seen.db, article).id))
    presence.seen_live(seen, article)
    _seen(seen, article)


def find(db: sqlite3.Connection, site: int, key: str, url: str) -> int | None:
    """The article of that identity within its site: by the CMS's id, else by any address that ever led to it."""
    by_key: int | None = value(db, "SELECT id FROM articles WHERE site = ? AND key = ?", site, key)
    return by_key if by_key is not None else at_address(db, site, url)


def at_address(db: sqlite3.Connection, site: int, url: str) -> int | None:
    """The article that an address leads to."""
    article: int | None = value(db, "SELECT article FROM urls WHERE site = ? AND url = ?", site, url)
    return article


def add_address(db: sqlite3.Connection, site: int, url: str, article: int, at: str) -> None:
    """Remember that an address leads to an article; the first to claim it keeps it."""
    db.execute(
        "INSERT OR IGNORE INTO urls (site, url, article, first_seen) VALUES (?, ?, ?, ?)", (site, url, article, at)
    )


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
        next_visit=seen.at,
    )
    versions.write(seen, article, 1, page, reader)
    backdated = _is_backdated(seen, column, page.published)
    Change("new", seen.at, article, seen.run, [seen.id], to_version=1, backdated=backdated).write(seen.db)
    return article


def _is_backdated(seen: Sighting, column: str | None, published: str | None) -> bool:
    """Its column had been seen whole before, and the page claims to be over a day older than that."""
    swept = value(seen.db, "SELECT swept_at FROM columns WHERE site = ? AND name = ?", seen.site, column)
    return bool(swept and published and clock.parse(published) < clock.parse(swept) - timedelta(days=1))


def _again(seen: Sighting, article: int, page: Article, reader: str, reread: Callable[[int], Article | None]) -> None:
    known, digest = versions.latest(seen.db, article), content_digest(page)
    if known.content_digest != digest and known.reader != reader and (before := reread(known.capture)):
        versions.reread(seen.db, known, before, reader)
        known = versions.latest(seen.db, article)
    if known.content_digest == digest:
        return seen_unchanged(seen, article)
    presence.seen_live(seen, article)
    _edited(seen, article, known, page, reader)
    return None


def _edited(seen: Sighting, article: int, known: versions.Version, page: Article, reader: str) -> None:
    fields = versions.differing(seen.db, known, page)
    versions.write(seen, article, known.number + 1, page, reader)
    Change(
        "edited",
        seen.at,
        article,
        seen.run,
        [known.capture, seen.id],
        known.number,
        known.number + 1,
        fields,
        silent="published" not in fields,
        backdated=bool(known.published and page.published and _day(page.published) < _day(known.published)),
    ).write(seen.db)


def _day(published: str) -> str:
    return published[:10]


def _moved_here(seen: Sighting, url: str) -> int | None:
    """The known article whose address redirects to this one for good."""
    row = _redirect(seen, url)
    return row[1] if row else None


def _redirect(seen: Sighting, url: str) -> tuple[int, int] | None:
    row = first(
        seen.db,
        f"SELECT id, article FROM captures WHERE location = ? AND site = ? AND status IN {PERMANENT}"
        " AND article IS NOT NULL ORDER BY id DESC LIMIT 1",
        url,
        seen.site,
    )
    return (row[0], row[1]) if row else None


def _moved(seen: Sighting, article: int, url: str) -> None:
    if value(seen.db, "SELECT url FROM articles WHERE id = ?", article) == url:
        return
    if (redirect := _redirect(seen, url)) and redirect[1] == article:
        update(seen.db, "articles", article, url=url)
        Change("moved", seen.at, article, seen.run, [redirect[0], seen.id]).write(seen.db)


def _addresses(seen: Sighting, article: int, page: Article) -> None:
    """Every address that led here: the page's own, those that redirected to it, and listed ones of the same key."""
    for url in (page.url, seen.capture.url):
        add_address(seen.db, seen.site, url, article, seen.at)
    via = seen.db.execute("SELECT url FROM captures WHERE location = ? AND site = ?", (seen.capture.url, seen.site))
    for (url,) in via.fetchall():
        add_address(seen.db, seen.site, url, article, seen.at)
        _claim(seen, article, "url", url)
    for (url,) in _claim(seen, article, "key", page.key):
        add_address(seen.db, seen.site, url, article, seen.at)


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
        "SELECT coalesce(v.published, a.first_seen), CASE WHEN v.number > 1 THEN v.first_seen END FROM articles a"
        " JOIN versions v ON v.article = a.id WHERE a.id = ? ORDER BY v.number DESC LIMIT 1",
        article,
    )
    assert row is not None
    update(seen.db, "articles", article, last_seen=seen.at, next_visit=next_visit(seen.at, *row))
