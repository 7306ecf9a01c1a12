"""Tests of the index of many files: what it holds by time, and which answer a revisit means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.scanner import ScanReport
from lufeng_crawler.ingest.time_index import TimeIndex
from lufeng_crawler.items import Capture
from tests.support.foreign_files import AT, BODY, LATEST, URL, Made, made, sha1

# warcio's writer leaves its temporary files to the garbage collector.

OTHER = "http://www.lufengxian.example/info/1001/2.htm"
REPEAT = Revisit(Capture(URL, "2026-11-18T00:00:00Z", 200))


def at(day: int) -> str:
    return f"2026-11-{day:02}T02:00:00Z"


def test_answers_come_by_time_and_those_of_one_second_as_they_lie(tmp_path: Path) -> None:
    one = made(tmp_path / "1.warc.gz", [{"date": at(3), "body": b"3"}, {"date": at(1), "body": b"1a"}])
    two = made(tmp_path / "2.warc", [{"date": at(1), "body": b"1b"}, {"date": at(2), "body": b"2"}], zipped=False)
    with TimeIndex(LATEST) as index:
        for path in (one, two):
            index.add(path, ScanReport())
        found = list(index.in_order())
        assert len(index) == 4
        assert [(one.at, one.source.path) for one in found] == [(at(1), one), (at(1), two), (at(2), two), (at(3), one)]
        assert [one.read()[-6:].strip() for one in found][1:3] == [b"1b", b"2"]


def test_what_is_whole_of_a_damaged_file_is_there(tmp_path: Path) -> None:
    path = made(tmp_path / "1.warc.gz", [{"body": b"one"}, {"body": b"two"}])
    path.write_bytes(path.read_bytes()[:-30])
    with TimeIndex(LATEST) as index:
        report = ScanReport()
        index.add(path, report)
        assert [error.startswith(f"{path}: at byte ") for error in report.errors] == [True]
        assert [one.url for one in index.in_order()] == [URL]


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ({"id": "<urn:uuid:4>"}, b"four"),
        ({"url": URL, "at": at(1)}, b"one"),
        ({"url": OTHER, "at": at(16)}, BODY),
        ({"digest": sha1(b"one")}, b"one"),
        ({"id": "<urn:uuid:none>", "digest": sha1(b"four")}, b"four"),
        ({"id": "<urn:uuid:none>"}, None),
        ({"url": URL, "at": at(2)}, None),
        ({"digest": sha1(b"none")}, None),
        ({}, None),
    ],
)
def test_a_revisit_means_what_it_names(tmp_path: Path, named: dict[str, Any], meant: bytes | None) -> None:
    records: list[Made] = [
        {"date": at(1), "body": b"one"},
        {"date": at(4), "body": b"four", "more": {"WARC-Record-ID": "<urn:uuid:4>"}},
        {"date": AT, "url": OTHER},
    ]
    with TimeIndex(LATEST) as index:
        index.add(made(tmp_path / "1.warc.gz", records), ScanReport())
        list(index.in_order())
        found = index.original(replace(REPEAT, **named))
    assert (found and found.body) == meant


def test_of_many_with_its_digest_it_means_the_last_before_it_at_its_own_address(tmp_path: Path) -> None:
    records: list[Made] = [{"date": at(day), "headers": [("X-Day", str(day))]} for day in (9, 12, 20)]
    elsewhere: list[Made] = [{"date": at(17), "url": OTHER}]
    with TimeIndex(LATEST) as index:
        index.add(made(tmp_path / "1.warc.gz", [*elsewhere, *records]), ScanReport())
        list(index.in_order())
        for day, meant in ((18, 12), (10, 9), (1, 9), (30, 20)):
            found = index.original(Revisit(Capture(URL, at(day), 200), digest=sha1(BODY)))
            assert found
            assert found.header("X-Day") == str(meant)
