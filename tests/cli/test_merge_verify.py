"""Tests merge and verify as commands: what they print and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import click.testing
import pytest

from lufeng_crawler.archive.db.connection import exclusive_lock
from lufeng_crawler.cli import main
from tests.archive.integrity.test_verify import alter
from tests.support.archive_builder import Story, article, rows, warcs
from tests.support.demo_archive import AllDays


def run(folder: Path, *words: object) -> click.testing.Result:
    return click.testing.CliRunner().invoke(main, ["--archive", str(folder), *map(str, words)])


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    Story(tmp_path / "one").run(1, article(1), article(2))
    Story(tmp_path / "other", told=[""] * 9).run(2, article(2, body="改"), article(3))
    return tmp_path / "one", tmp_path / "other"


def test_a_merge_reports_what_the_archive_then_amounts_to(two: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(tmp_path / "new", "merge", *two, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report.pop("seconds") >= 0, report.pop("without_original")) == (0, True, 0)
    # the made pages are no pages to the real reader: captures are what it can count
    assert report == {"files": 2, "captures": 4, "new": 0, "edited": 0, "unchanged": 0, "skipped": 0, "errors": 0}
    again = run(tmp_path / "new", "merge", *two)
    assert again.stdout.startswith("0 files: 4 captures, 0 new, 0 edited, 0 unchanged, 2 skipped, 0 errors; ")


def test_a_merge_that_cannot_be_says_why_in_a_line(two: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(two[0], "merge", two[0])
    assert (done.exit_code, done.stderr) == (
        2,
        f"lufeng: {two[0]}: is the archive itself; name others to merge into it\n",
    )
    done = run(two[0], "merge", tmp_path)
    assert (done.exit_code, done.stderr) == (2, f"lufeng: {tmp_path}: no archive there\n")
    exclusive_lock(two[1])
    done = run(two[0], "merge", two[1])
    assert (done.exit_code, done.stderr) == (3, f"lufeng: {two[1]}: is being written to\n")
    assert run(two[0], "merge").exit_code == 2


def test_a_file_that_differs_ends_a_merge_with_an_error(two: tuple[Path, Path]) -> None:
    run(two[0], "merge", two[1])
    (path,) = warcs(two[1])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    done = run(two[0], "merge", two[1])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"lufeng: {path} and ")


def test_an_archive_that_is_whole_is_said_to_be(two: tuple[Path, Path]) -> None:
    (head,) = rows(two[0], "SELECT head FROM runs")
    done = run(two[0], "verify")
    said = f"2 captures in one file: all as it was written; head {head['head']}\n"
    assert (done.exit_code, done.stdout) == (0, said)
    done = run(two[0], "verify", "--quick", "--json")
    report = {"captures": 2, "warc_files": 1, "bad": [], "head": head["head"], "heads": [head["head"]]}
    assert (done.exit_code, json.loads(done.stdout)) == (0, report)


def test_what_is_wrong_is_a_line_each_and_exit_code_1(two: tuple[Path, Path]) -> None:
    alter(two[0], "UPDATE captures SET status = 404 WHERE id = 2")
    done = run(two[0], "verify")
    finding, last = done.stdout.splitlines()
    assert done.exit_code == 1
    assert finding.startswith("captures row 2: status: not as in lufeng-000001-")
    assert last.startswith("2 captures in one file: 1 findings; head sha256:")
    done = run(two[0], "verify", "--json")
    assert (done.exit_code, json.loads(done.stdout)["bad"]) == (1, [finding])


def test_heads_are_written_where_all_is_well_and_checked_later(two: tuple[Path, Path], tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    assert run(two[0], "verify", "--heads", file).stdout.endswith("; 1 heads written\n")
    before = file.read_text()
    done = run(two[1], "verify", "--heads", file)
    assert (done.exit_code, file.read_text()) == (1, before)
    assert done.stdout.startswith(f"{file} line 1: the run run-000 is not in the archive\n")
    run(two[1], "merge", two[0])
    assert run(two[1], "verify", "--heads", file).exit_code == 0
    assert len(file.read_text().splitlines()) == 2


def test_where_there_is_no_archive_nothing_can_be_proved(tmp_path: Path) -> None:
    assert run(tmp_path, "verify").exit_code == 2


def test_crawled_and_ingested_archives_unite_in_any_order_and_are_whole(all_days: AllDays, tmp_path: Path) -> None:
    assert run(tmp_path / "taken", "ingest", *warcs(all_days.folder)).exit_code == 0
    exports = []
    for name, *merges in (("a", [all_days.folder], [tmp_path / "taken"]), ("b", [tmp_path / "taken", all_days.folder])):
        for sources in merges:
            assert run(tmp_path / name, "merge", *sources).exit_code == 0
        assert run(tmp_path / name, "verify").exit_code == 0
        exports.append(exported(tmp_path / name))
    assert run(tmp_path / "a", "rebuild").exit_code == 0
    exports.append(exported(tmp_path / "a"))
    assert exports[0] == exports[1] == exports[2]
    of_site = "WHERE site = (SELECT id FROM sites WHERE name = 'demo')"
    here = f"SELECT presence, count(*) AS count FROM articles {of_site} GROUP BY presence ORDER BY presence"
    assert rows(tmp_path / "a", here) == rows(all_days.folder, here)


def exported(folder: Path) -> str:
    assert run(folder, "export", folder / "all.jsonl").exit_code == 0
    return (folder / "all.jsonl").read_text("utf-8")
