"""Tests `lufeng merge`: what it prints and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

from lufeng_crawler.archive.db.connection import exclusive_lock
from tests.support.archive_builder import rows, warcs
from tests.support.demo_archive import AllDays
from tests.support.invoked import invoke


def test_a_merge_reports_what_the_archive_then_amounts_to(two_archives: tuple[Path, Path], tmp_path: Path) -> None:
    done = invoke(tmp_path / "new", "merge", *two_archives, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report.pop("seconds") >= 0, report.pop("without_original")) == (0, True, 0)
    # the made pages are no pages to the real reader: captures are what it can count
    assert report == {"files": 2, "captures": 4, "new": 0, "edited": 0, "unchanged": 0, "skipped": 0, "errors": 0}
    again = invoke(tmp_path / "new", "merge", *two_archives)
    assert again.stdout.startswith("0 files: 4 captures, 0 new, 0 edited, 0 unchanged, 2 skipped, 0 errors; ")


def test_a_merge_that_cannot_be_says_why_in_a_line(two_archives: tuple[Path, Path], tmp_path: Path) -> None:
    done = invoke(two_archives[0], "merge", two_archives[0])
    assert (done.exit_code, done.stderr) == (
        2,
        f"lufeng: {two_archives[0]}: is the archive itself; name others to merge into it\n",
    )
    done = invoke(two_archives[0], "merge", tmp_path)
    assert (done.exit_code, done.stderr) == (2, f"lufeng: {tmp_path}: no archive there\n")
    exclusive_lock(two_archives[1])
    done = invoke(two_archives[0], "merge", two_archives[1])
    assert (done.exit_code, done.stderr) == (3, f"lufeng: {two_archives[1]}: is being written to\n")
    assert invoke(two_archives[0], "merge").exit_code == 2


def test_a_file_that_differs_ends_a_merge_with_an_error(two_archives: tuple[Path, Path]) -> None:
    invoke(two_archives[0], "merge", two_archives[1])
    (path,) = warcs(two_archives[1])
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    done = invoke(two_archives[0], "merge", two_archives[1])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"lufeng: {path} and ")


def test_crawled_and_ingested_archives_unite_in_any_order_and_are_whole(all_days: AllDays, tmp_path: Path) -> None:
    assert invoke(tmp_path / "taken", "ingest", *warcs(all_days.folder)).exit_code == 0
    exports = []
    for name, *merges in (("a", [all_days.folder], [tmp_path / "taken"]), ("b", [tmp_path / "taken", all_days.folder])):
        for sources in merges:
            assert invoke(tmp_path / name, "merge", *sources).exit_code == 0
        assert invoke(tmp_path / name, "verify").exit_code == 0
        exports.append(exported(tmp_path / name))
    assert invoke(tmp_path / "a", "rebuild").exit_code == 0
    exports.append(exported(tmp_path / "a"))
    assert exports[0] == exports[1] == exports[2]
    of_site = "WHERE site = (SELECT id FROM sites WHERE name = 'demo')"
    here = f"SELECT presence, count(*) AS count FROM articles {of_site} GROUP BY presence ORDER BY presence"
    assert rows(tmp_path / "a", here) == rows(all_days.folder, here)


def exported(folder: Path) -> str:
    assert invoke(folder, "export", folder / "all.jsonl").exit_code == 0
    return (folder / "all.jsonl").read_text("utf-8")
