"""Tests `lufeng verify`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

from tests.archive.integrity.test_verify import alter
from tests.support.archive_builder import rows
from tests.support.invoked import invoke


def test_an_archive_that_is_whole_is_said_to_be(two_archives: tuple[Path, Path]) -> None:
    (head,) = rows(two_archives[0], "SELECT head FROM runs")
    done = invoke(two_archives[0], "verify")
    said = f"2 captures in one file: nothing altered or lost; head {head['head']}\n"
    assert (done.exit_code, done.stdout) == (0, said)
    done = invoke(two_archives[0], "verify", "--quick", "--json")
    report = {"captures": 2, "warc_files": 1, "bad": [], "head": head["head"], "heads": [head["head"]]}
    assert (done.exit_code, json.loads(done.stdout)) == (0, report)


def test_what_is_wrong_is_a_line_each_and_exit_code_1(two_archives: tuple[Path, Path]) -> None:
    alter(two_archives[0], "UPDATE captures SET status = 404 WHERE id = 2")
    done = invoke(two_archives[0], "verify")
    finding, last = done.stdout.splitlines()
    assert done.exit_code == 1
    assert finding.startswith("captures row 2: status: not as in lufeng-000001-")
    assert last.startswith("2 captures in one file: 1 findings; head sha256:")
    done = invoke(two_archives[0], "verify", "--json")
    assert (done.exit_code, json.loads(done.stdout)["bad"]) == (1, [finding])


def test_heads_are_written_where_all_is_well_and_checked_later(two_archives: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    assert invoke(two_archives[0], "verify", "--heads", file).stdout.endswith("; 1 heads written\n")
    before = file.read_text()
    done = invoke(two_archives[1], "verify", "--heads", file)
    assert (done.exit_code, file.read_text()) == (1, before)
    assert done.stdout.startswith(f"{file} line 1: the run run-000 is not in the archive\n")
    invoke(two_archives[1], "merge", two_archives[0])
    assert invoke(two_archives[1], "verify", "--heads", file).exit_code == 0
    assert len(file.read_text().splitlines()) == 2


def test_where_there_is_no_archive_nothing_can_be_proved(tmp_path: Path) -> None:
    assert invoke(tmp_path, "verify").exit_code == 2
