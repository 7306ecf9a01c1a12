"""Tests that the benchmark of the UI asks every page, says what is late or not there, and that ours answer."""

from __future__ import annotations

import asyncio
import re
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.ui.pages import ROUTES
from lufeng_crawler.ui.raw_response import RawResponse

OURS = {"home", "home of a site", "changes", "changes: edits", "changes of a site", "feeds", "deletions", "health"}


@pytest.fixture(scope="module")
def bench() -> Any:
    return import_module("ui")


@pytest.fixture(scope="module")
def folder(bench: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = bench.made(tmp_path_factory.mktemp("made") / "archive", 300)
    return made


def test_what_follows_from_versions_is_there(folder: Path) -> None:
    with closing(connect_for_reading(folder)) as db:
        assert db.execute("SELECT count(*), count(DISTINCT site) FROM latest").fetchone() == (300, 8)


def test_every_page_is_asked(bench: Any, folder: Path) -> None:
    with closing(connect_for_reading(folder)) as db:
        asked = [path.partition("?")[0] for paths in bench.addresses(db).values() for path in paths]
    pages = [page.path for page in ROUTES if not isinstance(page, RawResponse)]  # which answers with bytes of a WARC
    assert [path for path in pages if not any(re.match(path, one) for one in asked)] == []


def test_our_pages_answer(bench: Any, folder: Path) -> None:
    found = dict(asyncio.run(bench.measured(folder, 2)))
    assert {name for name, taken in found.items() if taken} >= OURS
    assert all(bench.share(taken.times, 50) > 0 and taken.bytes > 500 for taken in found.values() if taken)


def test_a_line_for_each_page(bench: Any) -> None:
    quick, slow = bench.Taken([1.0] * 20, [1.0] * 20, 2000), bench.Taken([1.0, 200.0] * 10, [1.0] * 20, 2000)
    assert bench.told("home", quick).split()[:4] == ["home", "p50", "1.0", "ms"]
    assert bench.told("home", slow).endswith("over 150 ms")
    assert not bench.told("Datasette: events", slow).endswith("over 150 ms")
    assert bench.told("article", None).endswith("is not there, or could not answer")
