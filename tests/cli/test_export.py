"""Tests `lufeng export`: how many articles it writes, and what it refuses."""

from __future__ import annotations

import sys
from pathlib import Path

import click.testing
import pytest

from lufeng_crawler.cli import main
from tests.support.command_archives import HOST, PATHS
from tests.support.invoked import run_in


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 3),
        (("--site", "www.lufengxian.example"), 3),
        (("--site", "elsewhere"), 0),
        (("--from", "2000-01-01"), 3),
        (("--to", "2000-01-01"), 0),
        (("--column", "没有的栏目"), 0),
    ],
)
def test_an_export_says_how_many_and_writes_so_many(
    tmp_path: Path, county_warc: Path, options: tuple[str, ...], count: int
) -> None:
    run_in(tmp_path, "ingest", county_warc)
    out = tmp_path / "all.jsonl"
    done = run_in(tmp_path, "export", out, *options)
    assert (done.exit_code, done.stdout) == (0, f"{count} articles in {out}\n")
    assert len(out.read_text("utf-8").splitlines()) == count


@pytest.mark.parametrize("name", ["all.doc", "all"])
def test_an_export_of_no_known_kind_writes_nothing(tmp_path: Path, county_warc: Path, name: str) -> None:
    run_in(tmp_path, "ingest", county_warc)
    done = run_in(tmp_path, "export", tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not (tmp_path / name).exists()


def test_an_exported_database_is_an_archive(tmp_path: Path, county_warc: Path) -> None:
    run_in(tmp_path, "ingest", county_warc)
    (tmp_path / "part").mkdir()
    done = run_in(tmp_path, "export", tmp_path / "part" / "archive.db")
    assert (done.exit_code, done.stdout) == (0, f"3 articles in {tmp_path / 'part' / 'archive.db'}\n")
    shown = click.testing.CliRunner().invoke(main, ["--archive", str(tmp_path / "part"), "show", HOST + PATHS[0]])
    assert shown.stdout == run_in(tmp_path, "show", HOST + PATHS[0]).stdout != ""


def test_without_the_extra_a_parquet_file_is_wrong_use(
    tmp_path: Path, county_warc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in(tmp_path, "ingest", county_warc)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run_in(tmp_path, "export", tmp_path / "a.parquet")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "lufeng: a .parquet file needs pyarrow: pip install 'lufeng-crawler[parquet]'\n"
