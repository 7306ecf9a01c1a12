"""Takes articles out of the archive into files that other tools read; a file is whole or not there."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

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

    with _whole(path) as file:
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


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """A file that takes the path's place when all of it is written; until then, where the system can, without a name.

    So that nothing is left behind by a process that is killed.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(_nameless(path.parent, draft), "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if not draft.exists():
                _name(file.fileno(), draft)
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot write: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def _nameless(folder: Path, draft: Path) -> int:
    """A new file in the folder that has no name, or the draft's where there are no such files (not Linux, NFS)."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):
        return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)


def _name(handle: int, draft: Path) -> None:
    folder = os.open(draft.parent, os.O_RDONLY)  # with a folder's handle Python follows the link under /proc
    try:
        os.link(f"/proc/self/fd/{handle}", draft.name, dst_dir_fd=folder)
    finally:
        os.close(folder)
