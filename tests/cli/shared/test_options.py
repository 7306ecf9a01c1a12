"""Tests what every command gets: the archive opened and closed, and JSON an object a line."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import open_archive
from lufeng_crawler.cli.shared.options import Options, print_json
from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError
from tests.support.archive_builder import READER, Story, article

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


ROWS = st.dictionaries(
    WORDS, st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS, max_size=3), max_size=5
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, min_size=1, max_size=4))
def test_every_object_is_one_line_and_comes_back(capsys: pytest.CaptureFixture[str], rows: list[Any]) -> None:
    for row in rows:
        print_json(row)
    lines = capsys.readouterr().out.split("\n")
    assert [json.loads(line) for line in lines[:-1]] == rows
    assert lines[-1] == ""


def test_chinese_is_printed_as_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"title": "鹿峰县", "author": None})
    assert capsys.readouterr().out == '{"title": "鹿峰县", "author": null}\n'


@pytest.fixture
def options(tmp_path: Path) -> Options:
    Story(tmp_path).run(1, article(1))
    return Options(tmp_path, None)


def test_reading_gives_a_database_that_is_closed_again(options: Options) -> None:
    with options.reading() as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")


def test_a_fault_of_the_database_names_the_file(options: Options) -> None:
    with pytest.raises(ArchiveError, match=r"archive\.db: no such table: nowhere"), options.reading() as db:
        db.execute("SELECT * FROM nowhere")


def test_reading_needs_an_archive_and_writing_makes_one(tmp_path: Path) -> None:
    nowhere = Options(tmp_path / "new", None)
    with pytest.raises(UsageError, match="no archive there yet"), nowhere.reading():
        pass
    with nowhere.writing() as archive:
        assert archive.folder == tmp_path / "new"
    with nowhere.reading() as db:
        assert db.execute("SELECT count(*) FROM captures").fetchone() == (0,)


def test_writing_keeps_others_out_until_it_is_over_however_it_ends(options: Options) -> None:
    with pytest.raises(ValueError, match="in the middle"), options.writing():
        with pytest.raises(ArchiveInUse):
            open_archive(options.archive, READER, "test")
        raise ValueError("in the middle")
    open_archive(options.archive, READER, "test").close()
