"""Small helpers that run SQL over one SQLite connection."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

RowTuple = tuple[Any, ...]

Row = dict[str, Any]
JSON_COLUMNS = ("urls", "attachments", "fields", "captures", "evidence", "provenance", "keywords")


def insert(db: sqlite3.Connection, table: str, **values: object) -> int:
    """Insert a row and return its id."""
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))
    return int(cursor.lastrowid or 0)


def update(db: sqlite3.Connection, table: str, id: int, **values: object) -> None:
    """Update columns of the row with that id."""
    names = ", ".join(f'"{name}" = ?' for name in values)
    db.execute(f"UPDATE {table} SET {names} WHERE id = ?", (*values.values(), id))


def first(db: sqlite3.Connection, sql: str, *values: object) -> RowTuple | None:
    """Return the first row of the result, or None."""
    row: RowTuple | None = db.execute(sql, values).fetchone()
    return row


def value(db: sqlite3.Connection, sql: str, *values: object) -> Any:
    """Return the first column of the first row, or None."""
    row = first(db, sql, *values)
    return row[0] if row else None


def dicts(db: sqlite3.Connection, sql: str, values: Iterable[object] = ()) -> Iterator[Row]:
    """Yield rows as dictionaries by column name, one at a time."""
    cursor = db.execute(sql, tuple(values))
    names = [column[0] for column in cursor.description]
    return (dict(zip(names, row, strict=True)) for row in cursor)


def decoded(row: Row) -> Row:
    """Return the row with its JSON columns decoded."""
    return {name: json.loads(cell) if name in JSON_COLUMNS and cell else cell for name, cell in row.items()}
