"""Tests that every whole record is found wherever gzip members begin, and that damage costs no more and is said."""

from __future__ import annotations

import gzip
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest import record_search
from lufeng_crawler.ingest.responses import parse_response
from lufeng_crawler.ingest.scanner import RecordRef, ScanReport, find_records
from lufeng_crawler.ingest.stated_digests import canonical_digest
from lufeng_crawler.items import Capture
from tests.support.foreign_files import AT, BODY, LATEST, URL, answers, made, revisit, sha1, wacz

# warcio's writer leaves its temporary files to the garbage collector.

SAID = [b"%d " % number * 300 for number in range(5)]


def told(path: Path) -> tuple[list[bytes], str]:
    """The bodies that are found, and what is said of damage."""
    report = ScanReport()
    bodies = [answer.body for answer in answers(path, report) if isinstance(answer, Capture)]
    return bodies, "\n".join(report.errors)


@pytest.fixture
def whole(tmp_path: Path) -> bytes:
    """Five records, uncompressed."""
    return made(tmp_path / "whole.warc", [{"body": body} for body in SAID], zipped=False).read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.warc.gz"


def starts(content: bytes) -> list[int]:
    found, at = [], content.find(b"WARC/1.")
    while at >= 0:
        found.append(at)
        at = content.find(b"\r\n\r\nWARC/1.", at) + 4 if content.find(b"\r\n\r\nWARC/1.", at) >= 0 else -1
    return found


def test_a_record_is_found_with_what_its_header_says(path: Path) -> None:
    more = {"WARC-Record-ID": "<urn:uuid:1>", "WARC-Date": "2026-11-16T10:00:00+08:00"}
    made(path, [{"url": f"<{URL}>", "more": more, "date": ""}, revisit()])
    with ExitStack() as kept:
        first, second = find_records(path, kept, ScanReport())
    assert (first.at, first.url, first.id, first.digest) == (AT, URL, "<urn:uuid:1>", canonical_digest(sha1(BODY)))
    assert (first.offset + first.length, second.offset + second.length) == (second.offset, path.stat().st_size)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 1), max_size=6))
def test_gzip_members_may_begin_anywhere(path: Path, whole: bytes, cuts: list[float]) -> None:
    """One for all, one for some, or in the middle of a record: all records are there, each once, in order."""
    at = [0, *sorted(round(cut * len(whole)) for cut in cuts), len(whole)]
    path.write_bytes(b"".join(gzip.compress(whole[start:end]) for start, end in pairwise(at) if start < end))
    assert told(path) == (SAID, "")


@pytest.mark.parametrize("every", [1, 2, 3, 9])
def test_gzip_members_may_hold_some_records_each(path: Path, whole: bytes, every: int) -> None:
    at = [*starts(whole)[::every], len(whole)]
    members = [gzip.compress(whole[start:end]) for start, end in pairwise(at)]
    for between in (b"", gzip.compress(b"")):
        path.write_bytes(between.join([b"", *members, b""]))
        assert told(path) == (SAID, "")


def test_one_member_that_is_cut_gives_what_is_whole(path: Path, whole: bytes) -> None:
    path.write_bytes(gzip.compress(whole)[:-40])
    bodies, said = told(path)
    assert bodies == SAID[: len(bodies)]
    assert len(bodies) > 1
    assert said.startswith(f"{path}, unpacked: at byte ")


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("zipped", [False, True])
def test_damage_costs_its_record_and_a_line(tmp_path: Path, zipped: bool, inside: bool) -> None:
    warc = made(tmp_path / "b.warc.gz", [{"body": body} for body in SAID], zipped)
    with ExitStack() as kept:
        third = list(find_records(warc, kept, ScanReport()))[2]
    content = bytearray(warc.read_bytes())
    content[third.offset : third.offset + 30] = b"\0" * 30
    warc.write_bytes(content)
    path = wacz(tmp_path / "a.wacz", {"1.warc.gz": bytes(content), "2.warc.gz": bytes(content)}) if inside else warc
    bodies, said = told(path)
    left = SAID[:2] + SAID[3:]
    assert bodies == (left * 2 if inside else left)
    name = f"{path}: 'archive/1.warc.gz'" if inside else str(path)
    where = f"at byte {third.offset}: "
    assert [where in line for line in said.splitlines()] == [True] * (1 + inside)
    assert said.startswith(f"{name}: {where}")


def test_damage_between_two_looks_is_passed_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the next record begins is looked for piece by piece, and a piece may end in its first bytes."""
    for piece in range(8, 40):
        monkeypatch.setattr(record_search, "PIECE", piece)
        made(path, [{"body": SAID[0]}, {"body": SAID[1]}], zipped=False)
        content = path.read_bytes()
        second = starts(content)[1]
        path.write_bytes(content[:second] + b"\0" * 30 + content[second + 30 :])
        assert told(path)[0] == [SAID[1]]


def test_how_much_was_looked_through_is_told(path: Path) -> None:
    made(path, [{"body": body} for body in SAID])
    steps: list[int] = []
    with ExitStack() as kept:
        found: list[RecordRef] = list(find_records(path, kept, ScanReport(), steps.append))
    assert sum(steps) == found[-1].offset + found[-1].length == path.stat().st_size


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_damage_ends_an_ingest(path: Path, whole: bytes, data: st.DataObject) -> None:
    """Bytes that are changed, dropped or doubled: what is found is read or is no answer, and the rest is said."""
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    path.write_bytes(content)
    report = ScanReport()
    with ExitStack() as kept:
        try:
            for one in find_records(path, kept, report):
                parse_response(one.read(), LATEST)
        except DamagedCapture as error:
            report.errors.append(str(error))
    assert all(len(error.splitlines()) == 1 for error in report.errors)
