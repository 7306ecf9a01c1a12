"""Tests that archives unite: in any order and grouping, once or twice, whatever was copied, forked or killed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import RunEnd, RunStart, open_archive
from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export.export import export
from lufeng_crawler.archive.store.merge import MergeResult, merge_archives
from lufeng_crawler.archive.warc.files import truncate_file
from lufeng_crawler.errors import ArchiveInUse, UsageError
from lufeng_crawler.items import Capture
from tests.support.archive_builder import (
    READER,
    Story,
    answer,
    article,
    at,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
    take,
    warcs,
)

ANSWERS: tuple[Callable[[], Capture], ...] = (
    lambda: listing(1, 2),
    lambda: listing(2, 3),
    lambda: article(1),
    lambda: article(1, body="改"),
    lambda: article(2),
    lambda: article(2, published="2026-10-01"),
    lambda: answer(1, status=404),
    lambda: answer(1, status=304),
    lambda: answer(2, status=301, to=3),
    lambda: article(3),
    lambda: answer(3, status=521),
)
NAMES = count()


@dataclass(frozen=True, slots=True)
class Lived:
    """One run: its day, the answers by number, whether it ended; in `forked` archives a copy goes on with it."""

    day: int
    answers: tuple[int, ...]
    ended: bool
    forked: bool


RUNS = st.builds(
    Lived,
    st.integers(1, 6),
    st.lists(st.integers(0, len(ANSWERS) - 1), min_size=1, max_size=6).map(tuple),
    st.sampled_from([True, True, True, False]),
    st.booleans(),
)
ARCHIVES = st.lists(st.lists(RUNS, min_size=1, max_size=3), min_size=2, max_size=3)


def live(folder: Path, run: Lived) -> None:
    """Another run of the archive, on the day it is told, even if the last one was later."""
    name = f"run-{next(NAMES)}"
    archive = open_archive(folder, READER, "test")
    archive.begin(RunStart(name, "crawl", moment(run.day), "gulou"))
    for second, number in enumerate(run.answers, 1):
        take(archive, name, at(ANSWERS[number](), moment(run.day, second)))
    if run.ended:
        archive.end(RunEnd(name, moment(run.day, 60), "good", sweeps={"要闻": "complete"}))
        archive.close()
    else:
        archive.flush()
        archive.release()


def made(folder: Path, lives: Sequence[Sequence[Lived]]) -> list[Path]:
    """Archives that lived so, and the copies that parted from them on the way."""
    found: list[Path] = []
    for number, runs in enumerate(lives):
        archive = folder / f"archive-{number}"
        for run in runs:
            if run.forked and archive.exists():
                shutil.copytree(archive, copy := folder / f"copy-{len(found)}-{number}")
                live(copy, run)
                found.append(copy)
            live(archive, run)
        found.append(archive)
    return found


def unite(folder: Path, *sources: Path) -> MergeResult:
    with merge_archives(folder, sources, READER, "test") as (_, brought):
        return brought


def exported(folder: Path) -> str:
    with connect_for_reading(folder) as db:
        export(db, Filter(), folder / "all.jsonl")
    return (folder / "all.jsonl").read_text()


def said(folder: Path) -> tuple[object, ...]:
    """Export and views, local ids and all: even these are the same."""
    views = ("article_versions", "edits", "deletions", "site_health", "files")
    changes = rows(folder, "SELECT id, at, kind, article, fields, evidence FROM changes ORDER BY id")
    return exported(folder), changes, [rows(folder, f"SELECT * FROM {view}") for view in views]


@settings(max_examples=8, deadline=None)
@given(ARCHIVES, st.randoms(use_true_random=False))
@example([[Lived(1, (0, 2, 4), True, False)], [Lived(1, (0, 2, 4), True, False)]], Random(1))
def test_a_merge_commutes_associates_and_is_idempotent(lives: list[list[Lived]], random: Random) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        archives = made(folder, lives)
        unite(folder / "all", *archives)
        expected = said(folder / "all")
        unite(folder / "all", *archives)
        assert said(folder / "all") == expected

        random.shuffle(archives)
        for one in archives:
            unite(folder / "one by one", one)
        assert said(folder / "one by one") == expected

        half = len(archives) // 2
        unite(folder / "left", *archives[:half])
        unite(archives[-1], *archives[half:-1])
        unite(folder / "left", archives[-1], folder / "all", folder / "one by one")
        assert said(folder / "left") == expected

        before = everything(folder / "left")
        assert rebuilt(folder / "left") == before


@settings(max_examples=5, deadline=None)
@given(ARCHIVES, RUNS)
def test_a_crawl_after_a_merge_is_what_a_rebuild_makes_of_it(lives: list[list[Lived]], run: Lived) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        archives = made(folder, lives)
        unite(archives[0], *archives[1:])
        live(archives[0], run)
        open_archive(archives[0], READER, "test").close()
        before = everything(archives[0])
        assert rebuilt(archives[0]) == before


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    one, other = Story(tmp_path / "one"), Story(tmp_path / "other", told=[""] * 100)
    one.run(1, listing(1, 2), article(1), article(2), sweeps={"要闻": "complete"})
    other.run(2, listing(1, 2), article(1, body="改"), article(2), sweeps={"要闻": "complete"})
    one.run(3, listing(1, 2), article(1, body="又改"), answer(2, status=404), sweeps={"要闻": "complete"})
    other.run(5, listing(1, 2), article(1, body="又改"), answer(2, status=404), sweeps={"要闻": "complete"})
    return one.folder, other.folder


def test_what_each_saw_is_one_history(tmp_path: Path, two: tuple[Path, Path]) -> None:
    sources = {path: path.read_bytes() for one in two for path in one.rglob("*") if path.is_file()}
    brought = unite(tmp_path / "new", *two)
    assert (brought.files, brought.skipped, brought.differing) == (4, 0, [])
    told = rows(tmp_path / "new", "SELECT kind, article, at FROM changes WHERE kind != 'new' ORDER BY id")
    assert [(one["kind"], one["article"], one["at"][8:10]) for one in told] == [
        ("edited", 1, "02"),
        ("edited", 1, "03"),
        ("missing", 2, "03"),
        ("gone", 2, "05"),
    ]
    assert {path: path.read_bytes() for one in two for path in one.rglob("*") if path.is_file()} == sources


def test_the_heads_of_both_stay_and_the_next_file_follows_both(tmp_path: Path, two: tuple[Path, Path]) -> None:
    heads = {row["head"] for one in two for row in rows(one, "SELECT head FROM runs")}
    unite(two[0], two[1])
    assert {row["head"] for row in rows(two[0], "SELECT head FROM runs")} == heads
    Story(two[0], told=[""] * 200).run(6, article(1))
    *_, last = rows(two[0], "SELECT follows, head FROM warcs ORDER BY file")
    ends = {rows(one, "SELECT head FROM runs ORDER BY finished_at DESC LIMIT 1")[0]["head"] for one in (two[1],)}
    assert ends < set(json.loads(last["follows"]))
    assert len(json.loads(last["follows"])) == 2


def test_what_is_there_already_is_not_copied_again(two: tuple[Path, Path]) -> None:
    assert unite(two[0], two[1]).files == 2
    before = everything(two[0])
    again = unite(two[0], two[1])
    assert (again.files, again.skipped) == (0, 2)
    assert everything(two[0]) == before


def test_a_copy_that_ends_sooner_adds_nothing_and_is_completed(tmp_path: Path, two: tuple[Path, Path]) -> None:
    shutil.copytree(two[0], tmp_path / "copy")
    (*_, last) = warcs(tmp_path / "copy")
    truncate_file(last, last.stat().st_size - 700)
    shutil.copytree(tmp_path / "copy", tmp_path / "torn")
    expected = said(two[0])
    assert unite(two[0], tmp_path / "copy").files == 0
    assert said(two[0]) == expected
    assert unite(tmp_path / "torn", two[0]).files == 1
    assert said(tmp_path / "torn") == expected


def test_overlapping_runs_delist_only_what_nobody_saw_listed(tmp_path: Path) -> None:
    one, other = Story(tmp_path / "one"), Story(tmp_path / "other", told=[""] * 100)
    one.run(1, listing(1, 2), article(1), article(2), sweeps={"要闻": "complete"})
    one.run(2, listing(1, 2), article(1), article(2), article(3), article(4), sweeps={"要闻": "complete"})
    other.run(2.00002, listing(1, 2), article(1), sweeps={"要闻": "broken"}, outcome="below_expectation")
    unite(one.folder, other.folder)
    assert one.kinds() == ["new"] * 4


def test_an_end_that_others_gave_a_run_is_no_last_word(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "one", READER, "test")
    archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
    take(archive, "run", article(1, fetched_at=moment(1, 1)))
    archive.flush()
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    archive.end(RunEnd("run", moment(1, 2), "good"))
    archive.close()
    open_archive(tmp_path / "copy", READER, "test").close()
    assert rows(tmp_path / "copy", "SELECT outcome FROM runs") == [{"outcome": "interrupted"}]
    unite(tmp_path / "copy", tmp_path / "one")
    assert rows(tmp_path / "copy", "SELECT outcome FROM runs") == [{"outcome": "good"}]


def test_a_merge_that_was_killed_is_completed_by_the_next_start(
    tmp_path: Path, two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    unite(tmp_path / "whole", *two)
    expected = said(tmp_path / "whole")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("lufeng_crawler.archive.store.merge.open_locked", killed)
        with pytest.raises(KeyboardInterrupt):
            unite(two[0], two[1])
    (two[0] / "captures" / ".lufeng-x.part").write_bytes(b"left behind")
    open_archive(two[0], READER, "test").close()
    assert said(two[0]) == expected
    unite(two[0], two[1])
    assert said(two[0]) == expected
    assert not (two[0] / "captures" / ".lufeng-x.part").exists()


def test_runs_that_bear_one_name_by_chance_do_no_harm(tmp_path: Path) -> None:
    for name, day in (("one", 1), ("other", 2)):
        Story(tmp_path / name).run(day, article(day))
    unite(tmp_path / "one", tmp_path / "other")
    assert rows(tmp_path / "one", "SELECT name, started_at FROM runs") == [{"name": "run-000", "started_at": moment(1)}]
    assert len(rows(tmp_path / "one", "SELECT * FROM latest_articles")) == 2


def test_of_two_files_that_differ_ours_is_kept_and_it_is_said(tmp_path: Path, two: tuple[Path, Path]) -> None:
    shutil.copytree(two[0], tmp_path / "copy")
    path = warcs(tmp_path / "copy")[0]
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)
    (problem,) = unite(two[0], tmp_path / "copy").differing
    assert f"{path} and" in problem and "differ at byte 1000" in problem


def test_neither_itself_nor_what_is_no_archive_nor_what_is_written_to(two: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the archive itself"):
        unite(two[0], two[0])
    with pytest.raises(UsageError, match="no archive there"):
        unite(two[0], tmp_path)
    archive = open_archive(two[1], READER, "test")
    try:
        with pytest.raises(ArchiveInUse, match="being written to"):
            unite(two[0], two[1])
    finally:
        archive.close()
    assert not (tmp_path / "none").exists()
