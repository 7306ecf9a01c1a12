"""What a run found out about its site that is no event of an article's: its template's counters, its 304s."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from lufeng_crawler.archive.db.rows import dicts, first

MIN_RUNS_NOT_SHOWN = 2
"""Runs in which an article is answered with something else before that is worth a note."""


def run_notes(db: sqlite3.Connection, run: str) -> list[str]:
    """Return the notes of a run, a sentence each."""
    return [*_template_lines(db, run), *_false_304(db, run), *_not_shown(db, run)]


def _template_lines(db: sqlite3.Connection, run: str) -> Iterator[str]:
    sql = "SELECT line, articles FROM template_lines WHERE run = (SELECT id FROM runs WHERE name = ?) ORDER BY id"
    for row in dicts(db, sql, [run]):
        articles = json.loads(row["articles"])
        urls = db.execute("SELECT url FROM articles WHERE id IN (?, ?) ORDER BY id", articles[:2]).fetchall()
        places = ", ".join(url for (url,) in urls)
        where = f"{row['line']} ({len(articles)} articles: {places})"
        yield f"a line of the template, left out of comparisons from now on: {where}"


def _false_304(db: sqlite3.Connection, run: str) -> Iterator[str]:
    sql = """SELECT c.url FROM sites s JOIN captures c ON c.id = s.false_304
        WHERE c.run = (SELECT id FROM runs WHERE name = ?)"""
    if row := first(db, sql, run):
        yield f"it answered 304 although the page had changed; asked unconditionally from now on: {row[0]}"


def _not_shown(db: sqlite3.Connection, run: str) -> Iterator[str]:
    """Yield that known articles have shown something else in several runs: it is no denial, and no version either."""
    sql = """SELECT article.url, article.last_seen
        FROM captures answer JOIN articles article ON article.id = answer.article
        WHERE answer.run = (SELECT id FROM runs WHERE name = ?) AND article.presence = 'live'
            AND answer.outcome IN ('unconfirmed', 'redirect', 'other') AND answer.fetched_at > article.last_seen
            AND (SELECT count(DISTINCT run) FROM captures earlier WHERE earlier.article = article.id
                AND earlier.fetched_at > article.last_seen) >= ?
        GROUP BY article.id ORDER BY article.last_seen, article.id"""
    rows = db.execute(sql, (run, MIN_RUNS_NOT_SHOWN)).fetchall()
    if rows:
        places = ", ".join(f"{url} since {last_seen}" for url, last_seen in rows[:2])
        yield f"{len(rows)} known articles are answered with something else in run after run: {places}"
