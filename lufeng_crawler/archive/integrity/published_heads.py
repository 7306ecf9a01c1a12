"""Writes the heads of runs to a file, and compares such a file: a published head proves what was captured before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from lufeng_crawler.archive.db.rows import dicts, value
from lufeng_crawler.errors import UsageError

HEADS_SQL = """SELECT name AS run, finished_at, (SELECT count(*) FROM captures WHERE run = runs.id) AS captures, head
    FROM runs WHERE head IS NOT NULL ORDER BY id"""


def unproved_heads(db: sqlite3.Connection, file: Path) -> Iterator[str]:
    """Yield published heads that the archive does not have, one line each. Raise UsageError for any other file."""
    for number, head, run in _read_heads(file):
        known = value(db, "SELECT id FROM runs WHERE name = ?", run)
        if known is None:
            yield f"{file} line {number}: the run {run} is not in the archive"
        elif value(db, "SELECT 1 FROM run_events WHERE run = ? AND kind = 'end' AND chain = ?", known, head) is None:
            yield f"{file} line {number}: {head} is no head of {run}: what was captured by then was altered or lost"


def publish_heads(db: sqlite3.Connection, file: Path) -> int:
    """Append the heads that the file does not have yet, one JSON object a line. Return their number."""
    known = {head for _, head, _ in _read_heads(file)}
    new = [row for row in dicts(db, HEADS_SQL) if row["head"] not in known]
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in new)
    return len(new)


def _read_heads(file: Path) -> Iterator[tuple[int, str, str]]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            yield number, entry["head"], entry["run"]
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{file} line {number}: not a head that lufeng verify --heads wrote") from None
