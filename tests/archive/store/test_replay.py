"""Tests what is recorded at a start: what the tables do not know yet, or all anew where that comes late."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lufeng_crawler.archive import Archive, RunStart, open_archive
from lufeng_crawler.archive.progress import no_progress
from lufeng_crawler.archive.store.replay import catch_up, has_late_records, replay
from lufeng_crawler.archive.warc.ordering import file_range
from tests.support.archive_builder import (
    READER,
    Story,
    article,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
    take,
    warcs,
)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path / "archive")
    told.run(1, listing(1, 2), article(1), article(2))
    told.run(3, article(1, body="改"))
    return told


def laid(story: Story, day: float) -> Archive:
    """The archive with a file of another one laid among its captures, of that day."""
    other = Story(story.folder.parent / "other", told=[""] * 9)
    other.run(day, article(1, body="别"), article(3))
    shutil.copy(warcs(other.folder)[0], story.folder / "captures")
    return Archive(story.folder, READER)


def test_there_is_nothing_to_do_where_all_is_known(story: Story) -> None:
    archive = Archive(story.folder, READER)
    before = everything(story.folder)
    assert not has_late_records(archive)
    catch_up(archive)
    archive.close()
    assert everything(story.folder) == before


@pytest.mark.parametrize(("day", "late"), [(2, True), (4, False)])
def test_a_file_that_came_is_late_if_it_is_older_than_what_is_known(story: Story, day: float, late: bool) -> None:
    archive = laid(story, day)
    assert has_late_records(archive) is late
    archive.close()
    open_archive(story.folder, READER, "test").close()
    assert len(rows(story.folder, "SELECT * FROM captures")) == 6
    before = everything(story.folder)
    assert rebuilt(story.folder) == before


def test_what_a_killed_run_left_is_never_late(story: Story) -> None:
    archive = open_archive(story.folder, READER, "test")
    archive.begin(RunStart("run", "crawl", moment(2), "gulou"))  # the clock was set back
    take(archive, "run", article(1, fetched_at=moment(2, 1)))
    archive.release()
    again = Archive(story.folder, READER)
    assert not has_late_records(again)
    steps: list[int] = []
    catch_up(again, steps.append)
    again.close()
    assert sum(steps) == warcs(story.folder)[2].stat().st_size
    before = everything(story.folder)
    assert rebuilt(story.folder) == before


def test_parts_are_recorded_as_far_as_they_are_told_and_the_files_left(story: Story, tmp_path: Path) -> None:
    first, second = warcs(story.folder)
    (place,) = rows(story.folder, "SELECT offset, record_length AS length FROM captures WHERE id = 2")
    stop = place["offset"]
    archive = Archive(tmp_path / "draft", READER)
    sizes = first.stat().st_size, second.stat().st_size
    assert replay(archive, [file_range(first, stop), file_range(second)], no_progress) == {
        first: stop,
        second: sizes[1],
    }
    archive.release()
    assert (first.stat().st_size, second.stat().st_size) == sizes
    assert [row["kind"] for row in rows(tmp_path / "draft", "SELECT kind FROM captures ORDER BY id")] == [
        "listing",
        "article",
    ]
    lengths = rows(tmp_path / "draft", "SELECT file, length FROM warcs ORDER BY file")
    assert lengths == [{"file": first.name, "length": stop}, {"file": second.name, "length": sizes[1]}]
