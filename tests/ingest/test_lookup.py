"""Tests that a lookup knows what an ingest stored, whether or not its row is written yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lufeng_crawler.archive import Archive, RunStart
from lufeng_crawler.ingest.lookup import ArchiveLookup
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.items import Capture
from lufeng_crawler.reader import open_archive
from tests.support.archive_builder import article, at, moment

PAGE = at(article(1), moment(1, 1))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path, None)) as opened:
        opened.begin(RunStart("run", "ingest", moment(1)))
        yield opened


@pytest.fixture
def lookup(archive: Archive) -> ArchiveLookup:
    """An archive in which PAGE was stored, whose row waits for its batch."""
    found = ArchiveLookup(archive)
    archive.store(PAGE, "run")
    found.add_stored(PAGE.url)
    return found


def test_the_guess_does_not_write_rows_and_the_answer_does(lookup: ArchiveLookup) -> None:
    assert not lookup.has_row(PAGE.url, PAGE.fetched_at)
    assert lookup.has(PAGE)
    assert lookup.has_row(PAGE.url, PAGE.fetched_at)


@pytest.mark.parametrize(
    ("other", "known"),
    [
        (PAGE, True),
        (replace(PAGE, body=b"other"), False),
        (replace(PAGE, status=404), False),
        (replace(PAGE, fetched_at=moment(2)), False),
        (replace(PAGE, url="http://gulou.example/other"), False),
    ],
)
def test_a_capture_is_known_by_url_time_status_and_payload(lookup: ArchiveLookup, other: Capture, known: bool) -> None:
    assert lookup.has(other) == known


@pytest.mark.parametrize(("status", "known"), [(0, True), (200, True), (404, False)])
def test_a_revisit_that_states_no_status_is_known_by_url_and_time(
    lookup: ArchiveLookup, status: int, known: bool
) -> None:
    assert lookup.has_response(Revisit(replace(PAGE, status=status, body=b""))) == known


def test_what_a_304_confirms_and_a_revisit_repeats_is_found_among_what_was_just_stored(lookup: ArchiveLookup) -> None:
    later = replace(PAGE, fetched_at=moment(2), status=304, body=b"")
    assert lookup.has_confirmed_by_304(later)
    assert not lookup.has_confirmed_by_304(replace(later, url="http://gulou.example/other"))
    original = lookup.find_original(Revisit(replace(later, status=200), PAGE.url, PAGE.fetched_at))
    assert original is not None
    assert original.body == PAGE.body
