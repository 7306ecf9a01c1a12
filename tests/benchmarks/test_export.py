"""Tests that the benchmark of exports has every format written by its rivals, too, and finds what reads otherwise."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from big_archive import build
from export import ENDINGS, commands, facts

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export.export import export


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("big"), articles=50, characters=100)


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_reads_as_the_archive_if_all_articles_are_in_it(folder: Path, tmp_path: Path, ending: str) -> None:
    said = facts(folder / "archive.db")
    with closing(connect_for_reading(folder)) as db:
        export(db, Filter(), tmp_path / f"all{ending}")
        export(db, Filter(site="site1"), tmp_path / f"some{ending}")
    assert facts(tmp_path / f"all{ending}") == said != facts(tmp_path / f"some{ending}")


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="SQLite's shell is not here")
def test_every_format_has_a_rival(folder: Path, tmp_path: Path) -> None:
    written = [(who, path.suffix) for who, path, _ in commands(folder, tmp_path)]
    assert [ending for who, ending in written if who == "lufeng"] == [*ENDINGS]
    assert {ending for who, ending in written if who != "lufeng"} == {*ENDINGS}
    assert len({path for _, path, _ in commands(folder, tmp_path)}) == len(written)
