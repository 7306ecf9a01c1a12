"""What readers ask of the archive: rows of its views as plain dictionaries, keyed as the schema names them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator

from lufeng_crawler.archive.db.conditions import NEAREST, Filter
from lufeng_crawler.archive.db.rows import Row, decoded, dicts, value
from lufeng_crawler.archive.search.query_parser import fts5_match
from lufeng_crawler.errors import NotInArchive


def article_condition(wanted: Filter) -> tuple[str, list[object]]:
    """The SQL condition for `latest_articles`, and its values. Raises UsageError for a query that says nothing."""
    chosen, values = wanted.counted()
    found, said = fts5_match(wanted.query) if wanted.query is not None else ("1", [])
    return f"{chosen} AND {found}", [*values, *said]


def list_articles(db: sqlite3.Connection, wanted: Filter) -> Iterator[Row]:
    """The latest version of each article, by id, one at a time."""
    where, values = article_condition(wanted)
    for row in dicts(db, f"SELECT * FROM latest_articles WHERE {where} ORDER BY id", values):
        yield decoded(row)


def list_article_ids(db: sqlite3.Connection, wanted: Filter) -> Iterator[int]:
    """The ids of those articles."""
    where, values = article_condition(wanted)
    return (id for (id,) in db.execute(f"SELECT id FROM latest_articles WHERE {where} ORDER BY id", values))


def count_articles(db: sqlite3.Connection, wanted: Filter) -> int:
    """How many they are."""
    where, values = article_condition(wanted)
    return int(value(db, f"SELECT count(*) FROM latest_articles WHERE {where}", *values))


def article_columns(db: sqlite3.Connection) -> list[str]:
    """The names of what `articles` gives of each."""
    return [row[0] for row in db.execute("SELECT name FROM pragma_table_info('latest_articles')")]


def totals(db: sqlite3.Connection) -> dict[str, int]:
    """What the archive amounts to since its beginning: captures, and events by kind."""
    seen = value(db, "SELECT count(*) FROM captures")
    same = value(db, "SELECT count(*) FROM captures WHERE article IS NOT NULL AND outcome IN ('article', 'unchanged')")
    kinds = dict(db.execute("SELECT kind, count(*) FROM changes GROUP BY kind").fetchall())
    new, edited = kinds.get("new", 0), kinds.get("edited", 0)
    return {"captures": seen, "new": new, "edited": edited, "unchanged": same - new - edited}


def get_article(db: sqlite3.Connection, wanted: str) -> Row:
    """The article of that id or address, with the provenance of its latest version. Raises NotInArchive."""
    id = find_article_id(db, wanted)
    row = next(iter(dicts(db, "SELECT * FROM latest_articles WHERE id = ?", [id])))
    said = value(db, "SELECT provenance FROM versions WHERE article = ? ORDER BY number DESC LIMIT 1", id)
    return decoded(row | {"provenance": said})


def get_history(db: sqlite3.Connection, wanted: str) -> list[Row]:
    """The article's versions, oldest first, each with the `software` that captured it. Raises NotInArchive.

    Where `reader` is not of that software, the capture was read again later.
    """
    sql = (
        "SELECT v.*, r.software FROM article_versions v JOIN captures c ON c.id = v.capture JOIN runs r ON r.id = c.run"
        " WHERE v.article = ? ORDER BY v.number"
    )
    return [decoded(row) for row in dicts(db, sql, [find_article_id(db, wanted)])]


def get_version(db: sqlite3.Connection, article: int, number: int) -> Row:
    """All there is of a version, with the `files` it links to. Raises NotInArchive."""
    found = next(dicts(db, "SELECT * FROM versions WHERE article = ? AND number = ?", [article, number]), None)
    if found is None:
        raise NotInArchive(f"article {article} has no version {number}")
    files = dicts(
        db, "SELECT url, text, mime, length, digest, capture FROM attachments WHERE version = ?", [found["id"]]
    )
    return decoded(found) | {"files": list(files)}


def listing_entries(db: sqlite3.Connection, article: int) -> list[Row]:
    """The lines of columns' listings that lead to the article, the first seen first."""
    sql = (
        'SELECT c.name AS "column", e.title, e.published, e.first_seen, e.last_seen, e.delisted_at, e.last_capture'
        ' FROM entries e JOIN columns c ON c.id = e."column" WHERE e.article = ? ORDER BY e.first_seen, e.id'
    )
    return list(dicts(db, sql, [article]))


def article_urls(db: sqlite3.Connection, article: int) -> list[Row]:
    """Every address that led to the article, and when it first did."""
    return list(dicts(db, "SELECT url, first_seen FROM urls WHERE article = ? ORDER BY first_seen, url", [article]))


def picture_capture(db: sqlite3.Connection, url: str, at: str) -> int | None:
    """The capture of a picture: the first of its address since that time, else the last before."""
    sql = (
        "SELECT p.id FROM captures c JOIN captures p ON p.id = coalesce(c.revisit_of, c.id) WHERE c.url = ?1"
        f" AND p.mime LIKE 'image/%' AND p.status = 200 {NEAREST}"
    )
    id: int | None = value(db, sql, url, at)
    return id


def list_observations(db: sqlite3.Connection, wanted: str) -> list[Row]:
    """Every answer that said something of the article, oldest first. Raises NotInArchive."""
    sql = "SELECT id, fetched_at, status, outcome, reason, location, url FROM captures WHERE article = ? ORDER BY id"
    return list(dicts(db, sql, [find_article_id(db, wanted)]))


def list_replaced_files(db: sqlite3.Connection, wanted: str) -> list[Row]:
    """States of files that the article links or linked to, of those that had more than one. Raises NotInArchive.

    A file that was replaced under its address makes no version: its page says the same as before.
    """
    sql = (
        "SELECT * FROM files WHERE url IN (SELECT f.url FROM attachments f JOIN versions v ON v.id = f.version"
        " WHERE v.article = ?) ORDER BY url, first_seen"
    )
    states = list(dicts(db, sql, [find_article_id(db, wanted)]))
    times = Counter(state["url"] for state in states)
    return [state for state in states if times[state["url"]] > 1]


def first_of_kind(db: sqlite3.Connection, kind: str) -> int | None:
    """The article to which something of that kind happened first."""
    article: int | None = value(db, "SELECT article FROM changes WHERE kind = ? ORDER BY id LIMIT 1", kind)
    return article


def blocked_captures(db: sqlite3.Connection, run: str) -> list[Row]:
    """The answers of a run in which the site would not show the page."""
    sql = "SELECT url, reason FROM captures WHERE outcome = 'blocked' AND run = (SELECT id FROM runs WHERE name = ?)"
    return list(dicts(db, f"{sql} ORDER BY id", [run]))


def health_rows(db: sqlite3.Connection) -> dict[str, Row]:
    """The view `site_health`, by site."""
    return {row["site"]: row for row in dicts(db, "SELECT * FROM site_health ORDER BY site")}


def find_article_id(db: sqlite3.Connection, wanted: str) -> int:
    """The article of that id or address. Raises NotInArchive."""
    is_id = wanted.isdecimal() and len(wanted) < 19  # more is no number to SQLite
    by_id = value(db, "SELECT id FROM articles WHERE id = ?", int(wanted)) if is_id else None
    id: int | None = by_id or value(db, "SELECT article FROM urls WHERE url = ? ORDER BY article LIMIT 1", wanted)
    if id is None:
        raise NotInArchive(f"{wanted}: no article of the archive has this id or address")
    return id
