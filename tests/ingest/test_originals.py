"""Tests that a revisit finds what it repeats among the captures that an archive has already, and nothing else."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.ingest.originals import find_archived_original
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, address, answer, article, moment

ONE, TWO = article(1, body="一"), article(1, body="二")


def sha1(capture: Capture) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(capture.body).digest()).decode()


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    told.run(1, ONE)
    told.run(2, TWO, answer(2, status=404))
    told.run(3, ONE)
    told.run(4, answer(1, status=304))
    return told


def found(story: Story, day: int = 20, **named: str) -> Capture | None:
    db = connect_for_reading(story.folder)
    try:
        repeat = Revisit(Capture(address(1), moment(day), 200), **named)
        return find_archived_original(db, story.folder / "captures", repeat)
    finally:
        db.close()


@pytest.mark.parametrize(("day", "body"), [(1, ONE.body), (2, TWO.body), (3, ONE.body)])
def test_it_is_found_by_address_and_time_though_it_was_a_revisit_itself(story: Story, day: int, body: bytes) -> None:
    original = found(story, url=address(1), at=moment(day, 1))
    assert original
    assert original.body == body


@pytest.mark.parametrize("given", [ONE, TWO])
def test_it_is_found_by_digest_at_its_own_address(story: Story, given: Capture) -> None:
    original = found(story, digest=sha1(given))
    assert original
    assert original.body == given.body


def test_it_is_found_by_digest_at_the_address_it_names(story: Story) -> None:
    story.run(5, article(3, "另"))
    original = found(story, url=address(3), digest=sha1(article(3, "另")))
    assert original
    assert original.url == address(3)


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"digest": sha1(article(9))},
        {"url": address(1), "at": moment(9)},
        {"url": address(1), "at": moment(4, 1)},  # that was a 304, which has no payload
        {"url": address(9), "at": moment(1, 1)},
    ],
)
def test_what_is_not_there_is_not_found(story: Story, named: dict[str, Any]) -> None:
    assert found(story, **named) is None


def test_of_two_answers_in_one_second_the_one_with_the_digest_is_meant(story: Story) -> None:
    story.run(6, *(article(5, body=body, fetched_at=moment(6)) for body in "甲乙"))
    for body in "甲乙":
        original = found(story, url=address(5), at=moment(6), digest=sha1(article(5, body=body)))
        assert original
        assert original.body == article(5, body=body).body
    assert found(story, url=address(5), at=moment(6)) is None
