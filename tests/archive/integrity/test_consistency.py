"""Tests that what the tables claim and the captures cannot have said is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.integrity.test_verify import alter, found
from tests.support.archive_builder import Story, answer, article, listing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    story = Story(tmp_path)
    story.run(1, listing(1, 2), article(1, files=[("http://gulou.example/a.pdf", "附件")]), article(2))
    story.run(2, article(1, body="改"), answer(2, status=404))
    story.run(4, answer(2, status=404))
    story.run(5, article(2))
    return tmp_path


@pytest.mark.parametrize("field", ["title", "published", "author", "source", "body"])
def test_altered_words_are_not_those_of_the_digest(folder: Path, field: str) -> None:
    alter(folder, f"UPDATE versions SET {field} = '假' WHERE id = 3")
    assert found(folder) == [
        "versions row 3: version 2 of http://gulou.example/info/1/1.htm does not have its content_digest"
    ]


def test_nor_are_altered_attachments(folder: Path) -> None:
    alter(folder, "UPDATE attachments SET text = '另一个' WHERE id = 1")
    (line,) = found(folder)
    assert line.startswith("versions row 1: version 1 of")


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("DELETE FROM versions WHERE id = 1", "versions of article 1: one is missing between 1 and 2"),
        ("DELETE FROM versions WHERE article = 2", "articles row 2: has no version"),
        ("UPDATE versions SET capture = 1 WHERE id = 2", "versions row 2: its capture 1 does not show it"),
        (
            "UPDATE versions SET first_seen = '2026-11-09' WHERE id = 2",
            "versions row 2: its capture 3 does not show it",
        ),
        ("DELETE FROM urls WHERE article = 1", "articles row 1: no row of urls has its url"),
        ("DELETE FROM changes WHERE kind = 'edited'", "versions row 3: no event for version 2"),
        ("DELETE FROM changes WHERE id = 2", "versions row 2: no event for version 1"),
        ("DELETE FROM versions WHERE id = 3", "changes row 3: no version 2 has its time and evidence"),
        ("UPDATE changes SET at = '2026-11-09' WHERE id = 3", "changes row 3: no version 2 has its time and evidence"),
        ("UPDATE changes SET evidence = '[99]' WHERE id = 4", "changes row 4: its evidence, capture 99, is missing"),
        ("UPDATE changes SET evidence = '[]' WHERE id = 4", "changes row 4: has no evidence"),
        ("DELETE FROM changes WHERE kind = 'restored'", "articles row 2: presence live is not that of its last event"),
        (
            "UPDATE articles SET presence = 'gone' WHERE id = 1",
            "articles row 1: presence gone is not that of its last event",
        ),
        (
            "UPDATE runs SET started_at = '2026-11-09' WHERE id = 1",
            "runs row 1: no record of the run's start has its time",
        ),
        (
            "UPDATE runs SET head = 'sha256:0' WHERE id = 1",
            "runs row 1: no record of the run's end has its head and time",
        ),
    ],
)
def test_what_does_not_hang_together_is_found_quickly_too(folder: Path, statement: str, line: str) -> None:
    alter(folder, statement)
    assert line in found(folder)
    assert line in found(folder, quick=True)
