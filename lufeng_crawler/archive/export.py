"""Takes articles out of the archive into files that other tools read; a file is whole or not there."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from lufeng_crawler.archive.output import whole
from lufeng_crawler.errors import UsageError

Row = Mapping[str, Any]
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell must not begin with, or a spreadsheet runs it (OWASP, CSV injection; full-width forms too)."""


def export(rows: Iterable[Row], columns: Sequence[str], path: Path, watch: Callable[[], None] = lambda: None) -> int:
    """Write the rows to `.jsonl` or `.csv`, by the path's ending; how many. Raises UsageError for another ending."""
    write = WRITERS.get(path.suffix)
    if write is None:
        raise UsageError(f"{path}: its ending must be one of {', '.join(WRITERS)}")
    written = 0

    def watched() -> Iterator[Row]:
        nonlocal written
        for row in rows:
            yield row
            written += 1
            watch()

    with whole(path) as file:
        write(watched(), columns, file)
    return written


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


WRITERS: Mapping[str, Callable[[Iterable[Row], Sequence[str], TextIO], None]] = {".jsonl": _jsonl, ".csv": _csv}


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value
