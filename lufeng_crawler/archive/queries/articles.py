"""Queries about articles: filtered lists, one article with its versions, and the URLs, listings and files it has.

Rows are dictionaries keyed by column name, with lists decoded. An article is named by its id or one of its URLs.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import Row, decoded, dicts, value
from lufeng_crawler.archive.search.query_parser import fts5_match
from lufeng_crawler.errors import NotInArchive


def article_condition(article_filter: Filter) -> tuple[str, list[object]]:
    """Return the SQL condition for `latest_articles` and its values. Raise UsageError for an invalid query."""
    condition, values = article_filter.column_conditions()
    if article_filter.query is None:
        return condition, values
    match, match_values = fts5_match(article_filter.query)
    return f"{condition} AND {match}", [*values, *match_values]


def list_articles(db: sqlite3.Connection, article_filter: Filter) -> Iterator[Row]:
    """Yield rows of the view `latest_articles` (an article with its latest version), ordered by id."""
    condition, values = article_condition(article_filter)
    for row in dicts(db, f"SELECT * FROM latest_articles WHERE {condition} ORDER BY id", values):
        yield decoded(row)


def list_article_ids(db: sqlite3.Connection, article_filter: Filter) -> Iterator[int]:
    """Yield the ids of matching articles, in order."""
    condition, values = article_condition(article_filter)
    return (id for (id,) in db.execute(f"SELECT id FROM latest_articles WHERE {condition} ORDER BY id", values))


def count_articles(db: sqlite3.Connection, article_filter: Filter) -> int:
    """Count matching articles."""
    condition, values = article_condition(article_filter)
    return int(value(db, f"SELECT count(*) FROM latest_articles WHERE {condition}", *values))


def article_columns(db: sqlite3.Connection) -> list[str]:
    """Return the column names of `latest_articles`, the keys of the rows that `list_articles` yields."""
    return [name for (name,) in db.execute("SELECT name FROM pragma_table_info('latest_articles')")]


def find_article_id(db: sqlite3.Connection, article: str | int) -> int:
    """Return the id of the article with this id or URL. Raise NotInArchive.

    A number is an id that the caller has looked up already.
    """
    if isinstance(article, int):
        return article
    is_id = article.isdecimal() and len(article) < 19  # SQLite's integers have at most 19 digits
    by_id = value(db, "SELECT id FROM articles WHERE id = ?", int(article)) if is_id else None
    id: int | None = by_id or value(db, "SELECT article FROM urls WHERE url = ? ORDER BY article LIMIT 1", article)
    if id is None:
        raise _not_in_archive(article)
    return id


def get_article(db: sqlite3.Connection, article: str | int) -> Row:
    """Return the article's row of `latest_articles`, with `provenance` of its latest version. Raise NotInArchive."""
    id = find_article_id(db, article)
    row = next(dicts(db, "SELECT * FROM latest_articles WHERE id = ?", [id]), None)
    if row is None:
        raise _not_in_archive(article)
    provenance = value(db, "SELECT provenance FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1", id)
    return decoded(row | {"provenance": provenance})


def get_history(db: sqlite3.Connection, article: str | int) -> list[Row]:
    """Return the article's versions (view `article_versions`), oldest first. Raise NotInArchive.

    `software` is what captured the version. Where `reader` is not of that software, the capture was parsed again later.
    """
    sql = """SELECT version.*, run.software FROM article_versions version
        JOIN captures capture ON capture.id = version.capture JOIN runs run ON run.id = capture.run
        WHERE version.article = ? ORDER BY version.number"""
    return [decoded(row) for row in dicts(db, sql, [find_article_id(db, article)])]


def get_version(db: sqlite3.Connection, article: int, number: int) -> Row:
    """Return all columns of a version, and as `files` the attachments it links to. Raise NotInArchive.

    A file has url, text, mime, length, digest and capture; all but the first two are None where it was not fetched.
    """
    version = next(dicts(db, "SELECT * FROM versions WHERE article = ? AND number = ?", [article, number]), None)
    if version is None:
        raise NotInArchive(f"article {article} has no version {number}")
    sql = "SELECT url, text, mime, length, digest, capture FROM attachments WHERE version = ?"
    return decoded(version) | {"files": list(dicts(db, sql, [version["id"]]))}


def listing_entries(db: sqlite3.Connection, article: int) -> list[Row]:
    """Return the listing entries that link to the article, ordered by when they were first seen.

    Keys: column, title, published, first_seen, last_seen, delisted_at, last_capture.
    """
    sql = """SELECT site_column.name AS "column", entry.title, entry.published, entry.first_seen, entry.last_seen,
            entry.delisted_at, entry.last_capture
        FROM entries entry JOIN columns site_column ON site_column.id = entry."column"
        WHERE entry.article = ? ORDER BY entry.first_seen, entry.id"""
    return list(dicts(db, sql, [article]))


def article_urls(db: sqlite3.Connection, article: int) -> list[Row]:
    """Return every URL that led to the article (`url`), and when it first did (`first_seen`)."""
    return list(dicts(db, "SELECT url, first_seen FROM urls WHERE article = ? ORDER BY first_seen, url", [article]))


def list_replaced_files(db: sqlite3.Connection, article: str | int) -> list[Row]:
    """Return rows of the view `files` for attachments of the article that were replaced. Raise NotInArchive.

    An attachment replaced under its URL makes no version: the page says the same as before. All of its states are
    returned, ordered by URL and time; attachments with a single state are left out.
    """
    sql = """SELECT * FROM files WHERE url IN (
            SELECT attachment.url FROM versions version JOIN attachments attachment ON attachment.version = version.id
            WHERE version.article = ?)
        ORDER BY url, first_seen"""
    states = list(dicts(db, sql, [find_article_id(db, article)]))
    states_of_url = Counter(state["url"] for state in states)
    return [state for state in states if states_of_url[state["url"]] > 1]


def _not_in_archive(article: str | int) -> NotInArchive:
    return NotInArchive(f"{article}: no article of the archive has this id or address")
