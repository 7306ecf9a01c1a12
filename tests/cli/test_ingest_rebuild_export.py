"""Tests ingest, rebuild and export as commands: what they print, what they leave, how they end."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import click.testing
import pytest

from lufeng_crawler import pages
from lufeng_crawler.archive.warc import records
from lufeng_crawler.archive.warc.files import WarcWriter
from lufeng_crawler.cli import main
from lufeng_crawler.demo import answer, county
from lufeng_crawler.items import Article, Capture, Layout, Reading
from lufeng_crawler.pages import read
from tests.support.archive_builder import warcs
from tests.support.foreign_files import made, revisit

# warcio's writer leaves its temporary files to the garbage collector.

HOST = "http://www.lufengxian.example"
PATHS = [one.url(one.columns[0]) for one in county(1).articles if not one.link][:3]


def run(folder: Path, *words: object) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["--archive", str(folder / "archive"), *map(str, words)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A WARC of three pages of the county."""
    (tmp_path / "made").mkdir()
    writer = WarcWriter(tmp_path / "made", "test")
    for second, path in enumerate(PATHS):
        given, at = answer(path, 1), f"2026-11-16T02:00:{second:02}Z"
        capture = Capture(HOST + path, at, given.status, given.headers, given.body)
        writer.append(at, *records.encode_exchange(capture, "run", records.RequestMetadata()))
    writer.close()
    return next((tmp_path / "made").iterdir())


def test_an_ingest_counts_what_it_took_and_the_second_time_skips_all(tmp_path: Path, file: Path) -> None:
    first, second = (json.loads(run(tmp_path, "ingest", file, "--json").stdout) for _ in range(2))
    assert (first["files"], first["captures"], first["new"], first["skipped"], first["errors"]) == (1, 3, 3, 0, 0)
    assert (second["captures"], second["new"], second["skipped"]) == (0, 0, 3)


def test_an_ingest_by_several_processes_says_the_same(tmp_path: Path, file: Path) -> None:
    said = json.loads(run(tmp_path, "ingest", file, "--jobs", 2, "--json").stdout)
    assert (said["captures"], said["new"], said["without_original"]) == (3, 3, 0)
    assert run(tmp_path, "ingest", file, "--jobs", 0).exit_code == 2


def test_a_revisit_without_what_it_repeats_is_said_and_is_no_failure(tmp_path: Path) -> None:
    path = made(tmp_path / "a.warc.gz", [revisit()])
    done = run(tmp_path, "ingest", path, "--json")
    assert (done.exit_code, json.loads(done.stdout)["without_original"]) == (0, 1)
    assert done.stderr.startswith(f"lufeng: {path}: left out 1 answers that repeat one which is neither in these files")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "content"), [("a.zip", b"PK\x03\x04"), ("a.arc", b"filedesc://a.arc 0.0.0.0 1 text 9")]
)
def test_what_is_no_warc_costs_a_line_and_the_others_are_taken(
    tmp_path: Path, file: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run(tmp_path, "ingest", tmp_path / name, file, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["files"], report["captures"], report["errors"]) == (1, 2, 3, 1)
    assert done.stderr.startswith(f"lufeng: {tmp_path / name}: ")
    assert len(done.stderr.splitlines()) == 1


def test_an_ingest_in_words_has_the_same_counts(tmp_path: Path, file: Path) -> None:
    said = run(tmp_path, "ingest", file).stdout
    assert said.startswith("1 files: 3 captures, 3 new, ")
    assert "0 errors" in said


def test_a_damaged_file_is_said_on_stderr_and_ends_with_1(tmp_path: Path, file: Path) -> None:
    damaged = tmp_path / "damaged.warc.gz"
    damaged.write_bytes(file.read_bytes()[:-40])
    done = run(tmp_path, "ingest", damaged, "--json")
    assert (done.exit_code, json.loads(done.stdout)["errors"]) == (1, 1)
    assert done.stderr.startswith(f"lufeng: {damaged}: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    done = run(tmp_path, "ingest", tmp_path / "none.warc.gz")
    assert done.exit_code == 2
    assert not (tmp_path / "archive").exists()


def test_a_rebuild_gives_the_same_articles_from_the_captures_alone(tmp_path: Path, file: Path) -> None:
    run(tmp_path, "ingest", file)
    before = run(tmp_path, "show", HOST + PATHS[0], "--json").stdout
    (tmp_path / "archive" / "archive.db").unlink()
    done = run(tmp_path, "rebuild", "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["files"], report["captures"], report["new"]) == (
        0,
        len(warcs(tmp_path / "archive")),
        3,
        3,
    )
    assert run(tmp_path, "show", HOST + PATHS[0], "--json").stdout == before


def test_there_must_be_something_to_rebuild_from(tmp_path: Path) -> None:
    done = run(tmp_path, "rebuild")
    assert done.exit_code == 2
    assert done.stderr == f"lufeng: {tmp_path / 'archive'}: no captures there to rebuild from\n"


def otherwise(capture: Capture, layout: Layout) -> Reading:
    """What a later version of the package might read."""
    found = read(capture, layout)
    return replace(found, index_number="LF-1") if isinstance(found, Article) else found


def test_a_dry_run_shows_what_would_read_differently_and_is_no_failure(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "ingest", file)
    assert run(tmp_path, "rebuild", "--dry-run").stdout == (
        "0 of 3 articles would read differently; nothing was written\n"
    )
    before = run(tmp_path, "show", HOST + PATHS[0], "--json").stdout
    monkeypatch.setattr(pages, "read", otherwise)
    done = run(tmp_path, "rebuild", "--dry-run")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0,
        "3 of 3 articles would read differently: index_number 3; nothing was written",
    )
    assert f'  {HOST}{PATHS[0]}\n  version 1 index_number: null → "LF-1"\n\n' in done.stdout
    assert run(tmp_path, "show", HOST + PATHS[0], "--json").stdout == before


def test_a_dry_run_as_json_is_a_line_for_each_difference_and_the_counts(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "ingest", file)
    monkeypatch.setattr(pages, "read", otherwise)
    *lines, last = map(json.loads, run(tmp_path, "rebuild", "--dry-run", "--json").stdout.splitlines())
    assert sorted(line["url"] for line in lines) == sorted(HOST + path for path in PATHS)
    assert all(line["fields"] == {"index_number": {"old": None, "new": "LF-1"}} for line in lines)
    assert (last["captures"], last["new"], last["edited"], last["articles"], last["differing"]) == (3, 3, 0, 3, 3)
    counts = json.loads(run(tmp_path, "rebuild", "--json").stdout)
    assert {name: last[name] for name in counts} | {"seconds": 0} == counts | {"seconds": 0}
    assert run(tmp_path, "rebuild", "--dry-run").stdout.startswith("0 of 3 ")


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
    tmp_path: Path, file: Path, options: tuple[str, ...], count: int
) -> None:
    run(tmp_path, "ingest", file)
    out = tmp_path / "all.jsonl"
    done = run(tmp_path, "export", out, *options)
    assert (done.exit_code, done.stdout) == (0, f"{count} articles in {out}\n")
    assert len(out.read_text("utf-8").splitlines()) == count


@pytest.mark.parametrize("name", ["all.doc", "all"])
def test_an_export_of_no_known_kind_writes_nothing(tmp_path: Path, file: Path, name: str) -> None:
    run(tmp_path, "ingest", file)
    done = run(tmp_path, "export", tmp_path / name)
    assert (done.exit_code, done.stdout) == (2, "")
    assert not (tmp_path / name).exists()


def test_an_exported_database_is_an_archive(tmp_path: Path, file: Path) -> None:
    run(tmp_path, "ingest", file)
    (tmp_path / "part").mkdir()
    done = run(tmp_path, "export", tmp_path / "part" / "archive.db")
    assert (done.exit_code, done.stdout) == (0, f"3 articles in {tmp_path / 'part' / 'archive.db'}\n")
    shown = click.testing.CliRunner().invoke(main, ["--archive", str(tmp_path / "part"), "show", HOST + PATHS[0]])
    assert shown.stdout == run(tmp_path, "show", HOST + PATHS[0]).stdout != ""


def test_without_the_extra_a_parquet_file_is_wrong_use(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, "ingest", file)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run(tmp_path, "export", tmp_path / "a.parquet")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "lufeng: a .parquet file needs pyarrow: pip install 'lufeng-crawler[parquet]'\n"
