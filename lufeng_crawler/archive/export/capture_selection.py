"""Selects the captures that leave the archive together: by site, time and article, with all that they need."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from lufeng_crawler.archive.db.conditions import MAX_REDIRECT_HOPS, UP_TO, condition
from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.errors import NotInArchive

SHOWS_STATE = "status != 304 AND outcome != 'blocked'"
"""Captures that show a state of what is at their URL, errors of its server included (RFC 7089, 4.5).

A 304 shows none: it says that an earlier one still stands. A challenge or a login page is not of that URL.
"""


@dataclass(frozen=True, slots=True)
class CaptureFilter:
    """Captures of a site, made from `since` to `until` (days or moments of UTC, the last day included), about articles.

    What is None or empty excludes nothing.
    """

    site: str | None = None
    since: str | None = None
    until: str | None = None
    articles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CaptureSelection:
    """The selected captures, which lie in a temporary table of the connection `db`; made by `select_captures`.

    `CAPTURES` in the FROM clause of a query over `db` is the table `captures`, limited to them. `article` is the one
    article that was selected by, None where there was none or several.
    """

    CAPTURES: ClassVar[str] = "captures NATURAL JOIN temp.selected_captures"

    db: sqlite3.Connection
    article: int | None

    def __len__(self) -> int:
        return int(value(self.db, "SELECT count(*) FROM temp.selected_captures"))


@contextmanager
def select_captures(db: sqlite3.Connection, capture_filter: CaptureFilter) -> Iterator[CaptureSelection]:
    """Select captures inside a transaction, so that `db` shows the archive as of now until the block ends.

    Selecting by article takes all captures of it, of its URLs, of the files and pictures of its versions, and of where
    those redirect. A revisit brings the capture that it repeats, whenever that was made. Raise NotInArchive where
    nothing matches.
    """
    db.execute("BEGIN")
    try:
        articles = dict.fromkeys(capture_filter.articles)
        _fill_tables(db, capture_filter)
        selection = CaptureSelection(db, next(iter(articles)) if len(articles) == 1 else None)
        if not len(selection):
            raise NotInArchive("the archive has no captures of this site, time and article")
        yield selection
    finally:
        db.rollback()  # the temporary tables go with the transaction


def _fill_tables(db: sqlite3.Connection, capture_filter: CaptureFilter) -> None:
    db.execute("CREATE TEMP TABLE selected_captures (id INTEGER PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE selected_articles (article INTEGER PRIMARY KEY)")
    articles = [(article,) for article in capture_filter.articles]
    db.executemany("INSERT OR IGNORE INTO selected_articles VALUES (?)", articles)
    of_articles = f"(article IN selected_articles OR url IN ({_URLS_OF_ARTICLES}))" if articles else "1"
    tests = {
        "since": "fetched_at >= ?",
        "until": f"fetched_at {UP_TO}",
        "site": "site = (SELECT id FROM sites WHERE name = ?)",
    }
    where, values = condition({name: getattr(capture_filter, name) for name in tests}, tests)
    db.execute(f"INSERT INTO selected_captures SELECT id FROM captures WHERE {of_articles} AND {where}", values)
    originals = f"SELECT revisit_of FROM {CaptureSelection.CAPTURES} WHERE revisit_of > 0"
    db.execute(f"INSERT OR IGNORE INTO selected_captures {originals}")


_URLS_OF_ARTICLES = f"""
    WITH RECURSIVE target (url, hops) AS (
        SELECT attachment.url, 0 FROM versions version JOIN attachments attachment ON attachment.version = version.id
            WHERE version.article IN selected_articles
        UNION SELECT image.value, 0 FROM versions version JOIN json_each(version.images) image
            WHERE version.article IN selected_articles
        UNION SELECT capture.location, hops + 1 FROM target JOIN captures capture ON capture.url = target.url
            WHERE capture.location IS NOT NULL AND hops < {MAX_REDIRECT_HOPS})
    SELECT url FROM target UNION SELECT url FROM urls WHERE article IN selected_articles"""
"""The URLs of the files and pictures of articles, where those redirect, and the articles' own."""
