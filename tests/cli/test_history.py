"""Tests `lufeng history`: versions, events and captures in their order."""

from __future__ import annotations

from pathlib import Path

import click.testing

from lufeng_crawler.cli import main
from tests.support.invoked import json_rows, output_of


def test_where_there_is_no_archive_nothing_is_made(tmp_path: Path) -> None:
    done = click.testing.CliRunner().invoke(main, ["--archive", str(tmp_path / "none"), "history", "1"])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_history_tells_versions_then_events_then_looks(gulou: Path) -> None:
    lines = output_of(gulou, "history", "1").splitlines()
    assert [line.split()[:2] for line in lines[:2]] == [["version", "1"], ["version", "2"]]
    assert lines[0].endswith("旧题") and lines[1].endswith("新题")
    assert [line[:10] for line in lines[2:]] == ["2026-11-01", "2026-11-02", "2026-11-01", "2026-11-02"]
    assert lines[-1].endswith("capture 3: the article was there")


def test_a_history_tells_why_an_article_is_missing(gulou: Path) -> None:
    assert output_of(gulou, "history", "2").splitlines()[-1].endswith("capture 4: not there: the site answered 404")
    assert [row["number"] for row in json_rows(gulou, "history", "2")] == [1]
