"""Tests `lufeng copies`: the first published first, and what is part of what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.archive_builder import Story, address, answer, article
from tests.support.invoked import json_rows, output_of
from tests.support.made_copies import made


@pytest.fixture(scope="module")
def republished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1, on another site with an end of its own as 2, edited since; 3 is a notice that holds it; 4 is short."""
    folder = tmp_path_factory.mktemp("copies")
    (folder / "sites").mkdir()
    story, text = Story(folder / "archive"), made(300)
    story.run(
        5,
        article(1, "通知", text, published="2026-11-01"),
        article(2, "转发", text + made(30, 2), published="2026-11-03", site="gongguan"),
        article(3, "通知", made(600, 3) + text, published="2026-10-01"),
        article(4, "通知", "详见附件"),
        article(5, "通知", made(300, 5)),
    )
    story.run(6, article(2, "转发", text, published="2026-11-03", site="gongguan"), answer(1, status=404))
    return folder


def test_copies_are_told_the_first_published_first(republished: Path) -> None:
    assert output_of(republished, "copies", "1").splitlines() == [
        "article 1  gulou  2026-11-01  通知",
        "",
        f"article 3  gulou  2026-10-01  {address(3)}",
        "  33% of it is the article; published before the article, by their dates",
        "",
        f"article 2  gongguan  2026-11-03  {address(2)}",
        "  the same text; published after the article, by their dates;"
        " version 2 of it beside version 1 of the article; title differs",
    ]


def test_copies_say_what_became_of_them_and_what_is_part_of_what(republished: Path) -> None:
    lines = output_of(republished, "copies", address(3)).splitlines()
    assert lines[3] == "  it is 33% of the article; published after the article, by their dates; missing"


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        ("4", "its text is too short to be recognised elsewhere"),
        ("5", "no other article of the archive has the same text"),
    ],
)
def test_where_there_are_no_copies_that_is_said(republished: Path, wanted: str, answer: str) -> None:
    assert output_of(republished, "copies", wanted).splitlines()[1:] == [answer]
    assert json_rows(republished, "copies", wanted) == []


def test_copies_as_json_are_rows_of_the_view(republished: Path) -> None:
    first, second = json_rows(republished, "copies", "1")
    assert (first["copy"], first["part"], first["fields"]) == (3, 1.0, [])
    assert (second["copy"], second["exact"], second["fields"], second["first"]) == (2, 1, ["title"], 1)
