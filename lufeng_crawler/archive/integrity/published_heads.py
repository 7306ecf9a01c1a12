"""Heads of runs in a file of their own: published, they prove later that nothing before them was altered."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from lufeng_crawler.archive.db.rows import dicts, value
from lufeng_crawler.errors import UsageError

HEADS_SQL = """SELECT name AS run, finished_at, (SELECT count(*) FROM captures WHERE run = r.id) AS captures, head
    FROM runs r WHERE head IS NOT NULL ORDER BY id"""


def unproved_heads(db: sqlite3.Connection, file: Path) -> Iterator[str]:
    """Published heads that the archive has not, one line each. Raises UsageError for a file of something else."""
    for number, head, run in _published(file):
        known = value(db, "SELECT id FROM runs WHERE name = ?", run)
        if known is None:
            yield f"{file} line {number}: the run {run} is not in the archive"
        elif value(db, "SELECT 1 FROM run_events WHERE run = ? AND kind = 'end' AND chain = ?", known, head) is None:
            yield f"{file} line {number}: {head} is no head of {run}: what was captured up to then is not as it was"


def publish_heads(db: sqlite3.Connection, file: Path) -> int:
    """Write the heads that the file does not have yet behind those that it has, one JSON object a line; how many."""
    known = {head for _, head, _ in _published(file)}
    new = [row for row in dicts(db, HEADS_SQL) if row["head"] not in known]
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in new)
    return len(new)


def _published(file: Path) -> Iterator[tuple[int, str, str]]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            yield number, said["head"], said["run"]
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{file} line {number}: not a head that lufeng verify --heads wrote") from None
