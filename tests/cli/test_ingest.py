"""Tests `lufeng ingest`: what it prints, what it leaves, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.foreign_files import made, revisit
from tests.support.invoked import run_in


def test_an_ingest_counts_what_it_took_and_the_second_time_skips_all(tmp_path: Path, county_warc: Path) -> None:
    first, second = (json.loads(run_in(tmp_path, "ingest", county_warc, "--json").stdout) for _ in range(2))
    assert (first["files"], first["captures"], first["new"], first["skipped"], first["errors"]) == (1, 3, 3, 0, 0)
    assert (second["captures"], second["new"], second["skipped"]) == (0, 0, 3)


def test_an_ingest_by_several_processes_says_the_same(tmp_path: Path, county_warc: Path) -> None:
    said = json.loads(run_in(tmp_path, "ingest", county_warc, "--jobs", 2, "--json").stdout)
    assert (said["captures"], said["new"], said["without_original"]) == (3, 3, 0)
    assert run_in(tmp_path, "ingest", county_warc, "--jobs", 0).exit_code == 2


def test_a_revisit_without_what_it_repeats_is_said_and_is_no_failure(tmp_path: Path) -> None:
    path = made(tmp_path / "a.warc.gz", [revisit()])
    done = run_in(tmp_path, "ingest", path, "--json")
    assert (done.exit_code, json.loads(done.stdout)["without_original"]) == (0, 1)
    assert done.stderr.startswith(f"lufeng: {path}: left out 1 answers that repeat one which is neither in these files")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "content"), [("a.zip", b"PK\x03\x04"), ("a.arc", b"filedesc://a.arc 0.0.0.0 1 text 9")]
)
def test_what_is_no_warc_costs_a_line_and_the_others_are_taken(
    tmp_path: Path, county_warc: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run_in(tmp_path, "ingest", tmp_path / name, county_warc, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["files"], report["captures"], report["errors"]) == (1, 2, 3, 1)
    assert done.stderr.startswith(f"lufeng: {tmp_path / name}: ")
    assert len(done.stderr.splitlines()) == 1


def test_an_ingest_in_words_has_the_same_counts(tmp_path: Path, county_warc: Path) -> None:
    said = run_in(tmp_path, "ingest", county_warc).stdout
    assert said.startswith("1 files: 3 captures, 3 new, ")
    assert "0 errors" in said


def test_a_damaged_file_is_said_on_stderr_and_ends_with_1(tmp_path: Path, county_warc: Path) -> None:
    damaged = tmp_path / "damaged.warc.gz"
    damaged.write_bytes(county_warc.read_bytes()[:-40])
    done = run_in(tmp_path, "ingest", damaged, "--json")
    assert (done.exit_code, json.loads(done.stdout)["errors"]) == (1, 1)
    assert done.stderr.startswith(f"lufeng: {damaged}: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    done = run_in(tmp_path, "ingest", tmp_path / "none.warc.gz")
    assert done.exit_code == 2
    assert not (tmp_path / "archive").exists()
