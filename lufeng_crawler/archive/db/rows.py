"""Single rows in, single rows out, over one SQLite connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

RowTuple = tuple[Any, ...]

Row = dict[str, Any]
JSON_COLUMNS = ("urls", "attachments", "fields", "captures", "evidence", "provenance", "keywords")


def insert(db: sqlite3.Connection, table: str, **values: object) -> int:
    """Add a row; its id."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    return int(cursor.lastrowid or 0)


def update(db: sqlite3.Connection, table: str, id: int, **values: object) -> None:
    """Change columns of the row with that id."""
    names = ", ".join(f'"{name}" = ?' for name in values)
    db.execute(f"UPDATE {table} SET {names} WHERE id = ?", (*values.values(), id))


def first(db: sqlite3.Connection, sql: str, *values: object) -> RowTuple | None:
    """The first row of the answer, or None."""
    row: RowTuple | None = db.execute(sql, values).fetchone()
    return row


def value(db: sqlite3.Connection, sql: str, *values: object) -> Any:
    """The first column of the first row, or None."""
    row = first(db, sql, *values)
    return row[0] if row else None


def dicts(db: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> Iterator[Row]:
    """Rows by column name, one at a time."""
    cursor = db.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def decoded(row: Row) -> Row:
    """The row with its lists as lists."""
    return {name: json.loads(said) if name in JSON_COLUMNS and said else said for name, said in row.items()}
