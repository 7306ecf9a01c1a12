"""Tests how results are printed: JSON an object a line, and progress that shows itself on a terminal alone."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import open_archive
from lufeng_crawler.cli.options import Options, bar, print_json, spinner
from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError
from tests.support.archive_builder import READER, Story, article

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
ROWS = st.dictionaries(
    WORDS, st.none() | st.booleans() | st.integers() | WORDS | st.lists(WORDS, max_size=3), max_size=5
)


class Terminal(io.StringIO):
    """What a terminal shows."""

    def isatty(self) -> bool:
        """As a terminal says it is one."""
        return True


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


def test_no_progress_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with bar("reading", 10) as step, spinner() as show:
        for _ in range(10):
            step(1)
        show("gulou", "3 pages")
        print("result")
    assert capsys.readouterr() == ("result\n", "")


def test_progress_on_a_terminal_goes_to_stderr_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Terminal(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with bar("reading", 10) as step:
        step(4)
    with spinner() as show:
        show("gulou", "3 pages")
        show("gulou", "4 pages")
    assert out.getvalue() == ""
    assert "reading" in err.getvalue()
    assert "4 pages" in err.getvalue()


def test_what_is_put_out_to_a_file_stays_clean_though_stderr_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    with bar("reading", 2) as step:
        print("one")
        step(1)
        print("two")
    assert out.getvalue() == "one\ntwo\n"


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
