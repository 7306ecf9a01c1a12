"""A Parquet file says what the view says, in types that do not hang on its rows; pandas and DuckDB are the judges."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow.parquet
import pytest

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export import parquet
from lufeng_crawler.archive.export.export import export
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.errors import UsageError
from tests.support.archive_builder import Story, article


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("archive"))
    files = [("http://gulou.example/a.pdf", "附件"), ("http://gulou.example/b.pdf", "")]
    first = article(1, "题\n=1", body="一\n😀", published="2026-11-01", files=files, column="要闻")
    story.run(5, first, article(2, published="2026-11-02T00:30:00+08:00"), article(3, source="来源"))
    story.run(6, article(1, body="改"))
    return story.folder


def rows(folder: Path, path: Path, wanted: Filter | None = None) -> list[Mapping[str, Any]]:
    """What the view says; it is written to the path."""
    with closing(connect_for_reading(folder)) as db:
        export(db, wanted or Filter(), path)
        return list(articles.list_articles(db, wanted or Filter()))


def plain(table: Any) -> list[dict[str, Any]]:
    """Rows as the view has them: times as text, no `published_on`."""
    found = table.to_pylist()
    for row in found:
        row.pop("published_on")
        row.update({name: row[name].strftime("%Y-%m-%dT%H:%M:%SZ") for name in parquet.TIMES})
    return list(found)


def test_what_is_read_back_is_what_the_view_says(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    said = rows(folder, path)
    assert plain(pyarrow.parquet.read_table(path)) == said
    assert json.loads(pandas.read_parquet(path)[["id", "title", "body"]].to_json(orient="records")) == [
        {name: row[name] for name in ("id", "title", "body")} for row in said
    ]
    with duckdb.connect() as db:
        found = db.sql(f"SELECT id, urls, attachments, published, body FROM '{path}' ORDER BY id").fetchall()
    assert found == [tuple(row[name] for name in ("id", "urls", "attachments", "published", "body")) for row in said]


def test_the_schema_hangs_on_nothing(folder: Path, tmp_path: Path) -> None:
    rows(folder, tmp_path / "all.parquet")
    assert rows(folder, tmp_path / "none.parquet", Filter(site="nowhere")) == []
    full, empty = (pyarrow.parquet.read_schema(tmp_path / f"{name}.parquet") for name in ("all", "none"))
    assert full.equals(empty)
    with duckdb.connect() as db:
        described = db.sql(f"DESCRIBE FROM '{tmp_path / 'none.parquet'}'").fetchall()
    types = {name: type for name, type, *_ in described}
    assert {name: types.pop(name) for name in ("id", "version", "urls", "attachments", "published_on")} == {
        "id": "BIGINT",
        "version": "INTEGER",
        "urls": "VARCHAR[]",
        "attachments": 'STRUCT(url VARCHAR, "text" VARCHAR, digest VARCHAR)[]',
        "published_on": "DATE",
    }
    assert {types.pop(name) for name in parquet.TIMES} == {"TIMESTAMP WITH TIME ZONE"}
    assert set(types.values()) == {"VARCHAR"}


def test_the_day_of_publication_is_that_of_the_page(folder: Path, tmp_path: Path) -> None:
    rows(folder, tmp_path / "a.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "a.parquet", columns=["published_on"])
    assert table.column(0).to_pylist() == [date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 1)]


def test_row_groups_are_bounded_by_rows_and_by_characters(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, bound, groups in (("MAX_GROUP_ROWS", 2, 2), ("MAX_GROUP_CHARACTERS", 0, 3)):
        with monkeypatch.context() as patch:
            patch.setattr(parquet, name, bound)
            rows(folder, tmp_path / "a.parquet")
        assert pyarrow.parquet.read_metadata(tmp_path / "a.parquet").num_row_groups == groups


def test_without_the_library_it_is_said_what_to_install(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'lufeng-crawler\[parquet\]'"):
        rows(folder, tmp_path / "a.parquet")
    assert list(tmp_path.iterdir()) == []
