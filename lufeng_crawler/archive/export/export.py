"""Takes articles out of the archive into files that other tools read; a file is whole or not there."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.export import parquet, sqlite_subset
from lufeng_crawler.archive.export.atomic_file import atomic_write
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.errors import UsageError

Row = Mapping[str, Any]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell must not begin with, or a spreadsheet runs it (OWASP, CSV injection; full-width forms too)."""


def export(db: sqlite3.Connection, wanted: Filter, path: Path, watch: Callable[[int], None] = lambda step: None) -> int:
    """Write these articles to the path, in the format of its ending; how many. `watch` hears how many more.

    They are as of one moment, whoever writes to the archive meanwhile. Raises UsageError for
    another ending, for a library that is missing, for the archive's own file, and where the file cannot be written.
    """
    if path.suffix not in ENDINGS:
        raise UsageError(f"{path}: its ending must be one of {', '.join(ENDINGS)}")
    if path.exists() and path.samefile(value(db, "SELECT file FROM pragma_database_list WHERE name = 'main'")):
        raise UsageError(f"{path}: is the archive itself")
    written = 0

    def watched(step: int) -> None:
        nonlocal written
        written += step
        watch(step)

    with atomic_write(path) as file:
        if path.suffix in TABLES:
            TABLES[path.suffix](_each(articles.list_articles(db, wanted), watched), articles.article_columns(db), file)
        else:
            sqlite_subset.write_subset(db, wanted, path, file.buffer, watched)
    return written


def _each(rows: Iterable[Row], watch: Callable[[int], None]) -> Iterator[Row]:
    for row in rows:
        yield row
        watch(1)


def _jsonl(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    for row in rows:
        file.write(json.dumps({column: row[column] for column in columns}, ensure_ascii=False) + "\n")


def _csv(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    """For spreadsheets: a byte order mark, so that Excel reads UTF-8, lists as JSON, risky cells escaped."""
    file.write("\ufeff")
    table = csv.writer(file)
    table.writerow(columns)
    for row in rows:
        table.writerow([_cell(row[column]) for column in columns])


def _parquet(rows: Iterable[Row], columns: Sequence[str], file: TextIO) -> None:
    parquet.write_parquet(rows, columns, file.buffer)


TABLES: Mapping[str, Callable[[Iterable[Row], Sequence[str], TextIO], None]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
    ".parquet": _parquet,
}
"""Formats that hold one row for each article."""

ENDINGS = (*TABLES, ".db")


def _cell(said: object) -> object:
    if isinstance(said, list | dict):
        said = json.dumps(said, ensure_ascii=False)
    if isinstance(said, str) and said.startswith(FORMULA_STARTS):
        return f"'{said}"
    return said
