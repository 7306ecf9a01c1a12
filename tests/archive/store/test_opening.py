"""Tests that an archive opens caught up with its captures, and that deriving it anew gives what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from lufeng_crawler.archive import Reader, open_archive, rebuild
from lufeng_crawler.errors import ArchiveInUse
from lufeng_crawler.items import Capture, Reading
from tests.support.archive_builder import READER, Story, article, everything, listing, rebuilt, rows, warcs


def refuse(capture: Capture) -> Reading:
    raise ValueError(f"cannot read {capture.url}")


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    told.run(1, listing(1, 2), article(1), article(2), sweeps={"要闻": "complete"})
    told.run(2, article(1, body="改"), article(2))
    return told


def test_opening_makes_an_empty_archive_where_there_is_none(tmp_path: Path) -> None:
    open_archive(tmp_path / "deep" / "down", READER, "test").close()
    assert rows(tmp_path / "deep" / "down", "SELECT * FROM captures") == []
    assert warcs(tmp_path / "deep" / "down") == []


def test_opening_what_was_closed_changes_nothing(story: Story) -> None:
    before, files = everything(story.folder), {path: path.read_bytes() for path in warcs(story.folder)}
    for _ in range(2):
        open_archive(story.folder, READER, "test").close()
    assert everything(story.folder) == before
    assert {path: path.read_bytes() for path in warcs(story.folder)} == files


def test_without_its_tables_it_is_derived_from_the_captures(story: Story) -> None:
    before = everything(story.folder)
    for path in story.folder.glob("archive.db*"):
        path.unlink()
    open_archive(story.folder, READER, "test").close()
    assert everything(story.folder) == before == rebuilt(story.folder)


def test_progress_is_told_in_bytes_of_what_is_read(story: Story) -> None:
    steps: list[int] = []
    rebuild(story.folder, READER, "test", steps.append)
    assert sum(steps) == sum(path.stat().st_size for path in warcs(story.folder))
    steps.clear()
    open_archive(story.folder, READER, "test", steps.append).close()
    assert steps == []


def test_a_rebuild_leaves_neither_drafts_nor_a_lock_behind(story: Story) -> None:
    for leftover in ("archive.db.new", "archive.db.new-wal"):
        (story.folder / leftover).write_bytes(b"left behind by a rebuild that was killed")
    before = everything(story.folder)
    assert rebuilt(story.folder) == before
    names = {path.name for path in story.folder.iterdir()}
    assert names <= {"archive.db", "archive.db-wal", "archive.db-shm", "archive.lock", "captures", "exports"}
    open_archive(story.folder, READER, "test").close()


def test_a_reader_that_fails_leaves_the_archive_open_to_the_next(story: Story) -> None:
    before = everything(story.folder)
    with pytest.raises(ValueError, match="cannot read"):
        rebuild(story.folder, Reader(refuse, "broken"), "test")
    assert everything(story.folder) == before
    open_archive(story.folder, READER, "test").close()


def test_two_cannot_write_at_once(story: Story) -> None:
    archive = open_archive(story.folder, READER, "test")
    try:
        for attempt in (open_archive, rebuild):
            with pytest.raises(ArchiveInUse, match="in use by another writer"):
                attempt(story.folder, READER, "test")
    finally:
        archive.close()


def test_a_run_that_never_ended_is_ended_when_it_is_found(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1), article(2), outcome=None)
    open_archive(tmp_path, READER, "test").close()
    (run,) = rows(tmp_path, "SELECT outcome, reason, finished_at FROM runs")
    assert run == {
        "outcome": "interrupted",
        "reason": "the process ended before the run did",
        "finished_at": "2026-11-01T00:00:02Z",
    }
    assert story.kinds() == ["new", "new"]
    assert everything(tmp_path) == rebuilt(tmp_path)
