"""Tests `lufeng rebuild`: the same articles from the captures alone, and what a dry run shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler import pages
from lufeng_crawler.items import Article, Capture, Layout, Reading
from lufeng_crawler.pages import read
from tests.support.archive_builder import rows, warcs
from tests.support.command_archives import HOST, PATHS
from tests.support.foreign_files import AT, URL, made
from tests.support.invoked import run_in


def otherwise(capture: Capture, layout: Layout) -> Reading:
    """What a later version of the package might read."""
    found = read(capture, layout)
    return replace(found, index_number="LF-1") if isinstance(found, Article) else found


def test_a_rebuild_gives_the_same_articles_from_the_captures_alone(tmp_path: Path, county_warc: Path) -> None:
    run_in(tmp_path, "ingest", county_warc)
    before = run_in(tmp_path, "show", HOST + PATHS[0], "--json").stdout
    (tmp_path / "archive" / "archive.db").unlink()
    done = run_in(tmp_path, "rebuild", "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["files"], report["captures"], report["new"]) == (
        0,
        len(warcs(tmp_path / "archive")),
        3,
        3,
    )
    assert run_in(tmp_path, "show", HOST + PATHS[0], "--json").stdout == before


def test_there_must_be_something_to_rebuild_from(tmp_path: Path) -> None:
    done = run_in(tmp_path, "rebuild")
    assert done.exit_code == 2
    assert done.stderr == f"lufeng: {tmp_path / 'archive'}: no captures there to rebuild from\n"


def test_a_dry_run_shows_what_would_read_differently_and_is_no_failure(
    tmp_path: Path, county_warc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in(tmp_path, "ingest", county_warc)
    assert run_in(tmp_path, "rebuild", "--dry-run").stdout == (
        "0 of 3 articles would read differently; nothing was written\n"
    )
    before = run_in(tmp_path, "show", HOST + PATHS[0], "--json").stdout
    monkeypatch.setattr(pages, "read", otherwise)
    done = run_in(tmp_path, "rebuild", "--dry-run")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0,
        "3 of 3 articles would read differently: index_number 3; nothing was written",
    )
    assert f'  {HOST}{PATHS[0]}\n  version 1 index_number: null → "LF-1"\n\n' in done.stdout
    assert run_in(tmp_path, "show", HOST + PATHS[0], "--json").stdout == before


def test_a_dry_run_as_json_is_a_line_for_each_difference_and_the_counts(
    tmp_path: Path, county_warc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_in(tmp_path, "ingest", county_warc)
    monkeypatch.setattr(pages, "read", otherwise)
    *lines, last = map(json.loads, run_in(tmp_path, "rebuild", "--dry-run", "--json").stdout.splitlines())
    assert sorted(line["url"] for line in lines) == sorted(HOST + path for path in PATHS)
    assert all(line["fields"] == {"index_number": {"old": None, "new": "LF-1"}} for line in lines)
    assert (last["captures"], last["new"], last["edited"], last["articles"], last["differing"]) == (3, 3, 0, 3, 3)
    counts = json.loads(run_in(tmp_path, "rebuild", "--json").stdout)
    assert {name: last[name] for name in counts} | {"seconds": 0} == counts | {"seconds": 0}
    assert run_in(tmp_path, "rebuild", "--dry-run").stdout.startswith("0 of 3 ")


def flip(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("has_tables", [True, False])
def test_a_rebuild_that_finds_less_says_what_is_lost_and_ends_with_1(
    tmp_path: Path, county_warc: Path, has_tables: bool, caplog: pytest.LogCaptureFixture
) -> None:
    run_in(tmp_path, "ingest", county_warc)
    folder = tmp_path / "archive"
    (second,) = rows(folder, "SELECT file, offset, url, fetched_at FROM captures WHERE id = 2")
    flip(folder / "captures" / second["file"], second["offset"] + 40)
    if not has_tables:
        (folder / "archive.db").unlink()
    done = run_in(tmp_path, "rebuild", "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["captures"]) == (1, 2)
    assert report["errors"] == len(caplog.messages) == 1 + has_tables
    assert f"cannot be read: {second['url']} of {second['fetched_at']}" in caplog.text or not has_tables
    assert "bytes at" in caplog.text
    assert f"less than was there: {1 + has_tables} findings" in done.stderr


def test_a_rebuild_without_a_capture_file_says_what_is_lost(
    tmp_path: Path, county_warc: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run_in(tmp_path, "ingest", county_warc)
    run_in(tmp_path, "ingest", made(tmp_path / "more.warc.gz", [{}]))
    folder = tmp_path / "archive"
    warcs(folder)[-1].unlink()
    done = run_in(tmp_path, "rebuild", "--json")
    assert (done.exit_code, json.loads(done.stdout)["captures"]) == (1, 3)
    assert caplog.messages[1].endswith(f": {URL} of {AT}")


def test_a_torn_tail_that_nothing_cites_is_no_loss(tmp_path: Path, county_warc: Path) -> None:
    run_in(tmp_path, "ingest", county_warc)
    with warcs(tmp_path / "archive")[-1].open("ab") as file:
        file.write(county_warc.read_bytes()[:100])
    assert run_in(tmp_path, "rebuild").exit_code == 0


def test_tables_that_cannot_be_read_are_made_anew(tmp_path: Path, county_warc: Path) -> None:
    run_in(tmp_path, "ingest", county_warc)
    (tmp_path / "archive" / "archive.db").write_bytes(b"no database" * 99)
    assert run_in(tmp_path, "rebuild").exit_code == 0
    assert run_in(tmp_path, "verify").exit_code == 0
