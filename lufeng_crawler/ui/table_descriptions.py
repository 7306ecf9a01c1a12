"""The descriptions that Datasette's own pages show: of each table, view and column, in English and Chinese."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Metadata = Mapping[str, Any]

TITLE = "Lufeng Crawler · 禄丰存档"
ABOUT = (
    "The archive's tables and views, to be filtered, counted, asked in SQL and taken away as JSON or CSV. Read the"
    " views first. · 存档的表与视图：可筛选、统计、用 SQL 查询，并以 JSON 或 CSV 取走。请先看视图。"
)


def metadata(db: sqlite3.Connection) -> Metadata:
    """Return Datasette's metadata: descriptions and units; tables that tables.toml does not describe are hidden."""
    texts = tomllib.loads(Path(__file__).with_name("tables.toml").read_text("utf-8"))
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    tables = {name: _table(db, name, texts) if name in texts["tables"] else {"hidden": True} for name in names}
    return {"title": TITLE, "databases": {"archive": {"description": ABOUT, "tables": tables}}}


def _table(db: sqlite3.Connection, name: str, texts: Metadata) -> Metadata:
    columns = [column for (column,) in db.execute("SELECT name FROM pragma_table_info(?)", (name,))]
    return {
        "description": _both(texts["tables"][name]),
        "columns": {column: _both(texts["columns"][column]) for column in columns if column in texts["columns"]},
        "units": {column: texts["units"][column] for column in columns if column in texts["units"]},
    }


def _both(pair: tuple[str, str]) -> str:
    return " · ".join(dict.fromkeys(pair))
