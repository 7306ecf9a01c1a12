"""Exports articles to files that other tools read: CSV, JSON Lines, Parquet, SQLite."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import Row, value
from lufeng_crawler.archive.export import parquet, sqlite_subset
from lufeng_crawler.archive.export.atomic_file import atomic_write
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.errors import UsageError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins with one of these is run by spreadsheets (OWASP, CSV injection; full-width forms too)."""


def export(db: sqlite3.Connection, article_filter: Filter, path: Path, progress: Progress = no_progress) -> int:
    """Write matching articles to a file, in the format of its ending. Return their number.

    They are as of one moment, whoever writes to the archive meanwhile. `progress` counts articles. Raise UsageError for
    an unknown ending, a missing library, the archive's own file, and where the file cannot be written; then no file is
    left behind.
    """
    if path.suffix not in ENDINGS:
        raise UsageError(f"{path}: the file name must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    if path.exists() and path.samefile(value(db, "SELECT file FROM pragma_database_list WHERE name = 'main'")):
        raise UsageError(f"{path}: is the archive itself")
    counter = _Counter(progress)
    with atomic_write(path) as file:
        if path.suffix in TABLE_WRITERS:
            rows = counter.count_rows(articles.list_articles(db, article_filter))
            TABLE_WRITERS[path.suffix](rows, articles.article_columns(db), file)
        else:
            sqlite_subset.write_subset(db, article_filter, path, file.buffer, counter.add)
    return counter.total


@dataclass(slots=True)
class _Counter:
    """Counts the articles written, and reports them to `progress`."""

    progress: Progress
    total: int = 0

    def add(self, count: int) -> None:
        self.total += count
        self.progress(count)

    def count_rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            yield row
            self.add(1)


def _write_jsonl(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    for row in rows:
        file.write(json.dumps({column: row[column] for column in columns}, ensure_ascii=False) + "\n")


def _write_csv(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    """Write CSV for spreadsheets: a byte order mark, so that Excel reads UTF-8, lists as JSON, formulas escaped."""
    file.write("\ufeff")
    table = csv.writer(file)
    table.writerow(columns)
    for row in rows:
        table.writerow([_csv_cell(row[column]) for column in columns])


def _write_parquet(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    parquet.write_parquet(rows, columns, file.buffer)


TABLE_WRITERS: Mapping[str, Callable[[Iterable[Row], Sequence[str], TextIO], None]] = {
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".parquet": _write_parquet,
}
"""Formats that hold one row for each article."""

ENDINGS = (*TABLE_WRITERS, ".db")


def _csv_cell(value: object) -> object:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
