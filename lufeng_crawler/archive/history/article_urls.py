"""Finds the article that a URL or a CMS's own id means, and keeps the table of URLs."""

from __future__ import annotations

import sqlite3

from lufeng_crawler.archive.db.rows import first, value


def find_article(db: sqlite3.Connection, site: int, key: str, url: str) -> int | None:
    """Return the site's article with that key, else the one that the URL leads to, else the one listed under the key.

    An article that moved keeps the id it had before; the entry that was tied to it has its new key.
    """
    by_key: int | None = value(db, "SELECT id FROM articles WHERE site = ? AND key = ?", site, key)
    if by_key is None:
        by_key = article_at_url(db, site, url)
    return by_key if by_key is not None else _listed_under(db, site, key)


def article_at_url(db: sqlite3.Connection, site: int, url: str) -> int | None:
    """Return the article that a URL leads to."""
    article: int | None = value(db, "SELECT article FROM urls WHERE site = ? AND url = ?", site, url)
    return article


def add_url(db: sqlite3.Connection, site: int, url: str, article: int, at: str) -> None:
    """Remember that a URL leads to an article. The first article to claim a URL keeps it."""
    db.execute(
        "INSERT OR IGNORE INTO urls (site, url, article, first_seen) VALUES (?, ?, ?, ?)", (site, url, article, at)
    )


def is_same_place(url: str, other: str) -> bool:
    """Return whether two URLs differ by scheme and `www.` alone: http and https of a host are one."""
    return _place(url) == _place(other)


def _place(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.")


def has_moved_away(db: sqlite3.Connection, article: int, url: str) -> bool:
    """Return whether the article left that URL for another: what the URL answers since says nothing of the article."""
    return moved_away_at(db, article, url) is not None


def moved_away_at(db: sqlite3.Connection, article: int, url: str) -> tuple[str, int] | None:
    """Return when the article left that URL and the run that saw it; None where it did not."""
    return first(
        db,
        "SELECT m.at, m.run FROM changes m JOIN captures c ON c.id = json_extract(m.evidence, '$[0]')"
        " JOIN articles a ON a.id = m.article WHERE a.id = ?1 AND m.kind = 'moved' AND c.url = ?2 AND a.url != ?2"
        " ORDER BY m.at LIMIT 1",
        article,
        url,
    )


def remove_url(db: sqlite3.Connection, site: int, url: str) -> None:
    """Untie a URL, and the entries that name it, from the article they lead to."""
    db.execute("DELETE FROM urls WHERE site = ? AND url = ?", (site, url))
    within = 'url = ? AND "column" IN (SELECT id FROM columns WHERE site = ?)'
    db.execute(f"UPDATE entries SET article = NULL WHERE {within}", (url, site))


def _listed_under(db: sqlite3.Connection, site: int, key: str) -> int | None:
    article: int | None = value(
        db,
        'SELECT e.article FROM entries e JOIN columns c ON c.id = e."column"'
        " WHERE e.key = ? AND c.site = ? AND e.article IS NOT NULL ORDER BY e.id LIMIT 1",
        key,
        site,
    )
    return article
