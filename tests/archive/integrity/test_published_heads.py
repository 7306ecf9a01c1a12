"""Tests the heads that are published: they prove that what was captured up to then is as it was, merged or not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.integrity.published_heads import publish_heads
from lufeng_crawler.archive.store.merge import merge_archives
from lufeng_crawler.errors import UsageError
from tests.archive.integrity.test_verify import alter, found
from tests.support.archive_builder import READER, Story, article, rebuilt, warcs


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path / "archive")
    told.run(1, article(1), article(2))
    return told


def published(folder: Path, file: Path) -> int:
    with connect_for_reading(folder) as db:
        return publish_heads(db, file)


def test_each_run_is_a_line_once(story: Story, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    assert published(story.folder, file) == 1
    story.run(2, article(1, body="改"))
    assert published(story.folder, file) == 1
    assert published(story.folder, file) == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["run"], line["captures"]) for line in lines] == [("run-000", 2), ("run-001", 1)]
    assert all(line["head"].startswith("sha256:") and line["finished_at"] for line in lines)
    assert found(story.folder, published=file) == []


def test_they_hold_after_a_rebuild_and_in_a_merged_archive(story: Story, tmp_path: Path) -> None:
    other = Story(tmp_path / "other", told=[""] * 9)
    other.run(1.5, article(1), article(3))
    for one in (story, other):
        published(one.folder, tmp_path / "heads")
    assert found(story.folder, published=tmp_path / "heads") == [
        f"{tmp_path / 'heads'} line 2: the run run-009 is not in the archive"
    ]
    with merge_archives(story.folder, [other.folder], READER, "test"):
        pass
    rebuilt(story.folder)
    assert found(story.folder, published=tmp_path / "heads") == []


def test_captures_that_were_replaced_and_derived_anew_are_found_by_them(story: Story, tmp_path: Path) -> None:
    published(story.folder, tmp_path / "heads")
    forged = Story(tmp_path / "forged")
    forged.run(1, article(1), article(2, body="假"))
    shutil.rmtree(story.folder)
    shutil.copytree(forged.folder, story.folder)
    assert found(story.folder) == []
    (line,) = found(story.folder, published=tmp_path / "heads")
    assert "line 1: sha256:" in line and "is no head of run-000" in line


def test_a_file_that_was_taken_away_is_missed_even_after_a_rebuild(story: Story) -> None:
    story.run(2, article(1, body="改"))
    warcs(story.folder)[0].unlink()
    rebuilt(story.folder)
    (line,) = found(story.folder)
    assert line.startswith("warcs row lufeng-000002-") and line.endswith("an earlier file is missing")


def test_a_file_of_something_else_is_said(story: Story, tmp_path: Path) -> None:
    for text in ("{}", "not JSON", "[1]"):
        (tmp_path / "heads").write_text(text)
        with pytest.raises(UsageError, match="line 1: not a head"):
            found(story.folder, published=tmp_path / "heads")


def test_an_altered_head_in_the_tables_is_no_proof(story: Story, tmp_path: Path) -> None:
    published(story.folder, tmp_path / "heads")
    alter(story.folder, "UPDATE run_events SET chain = 'sha256:0' WHERE kind = 'end'")
    assert any("is no head of run-000" in line for line in found(story.folder, True, tmp_path / "heads"))
