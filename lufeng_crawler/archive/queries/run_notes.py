"""What a run found out about its site that is no event of an article's: its template's counters, its 304s."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

from lufeng_crawler.archive.db.rows import dicts, first


def run_notes(db: sqlite3.Connection, run: str) -> list[str]:
    """Return the notes of a run, a sentence each."""
    return [*_template_lines(db, run), *_false_304(db, run)]


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
