"""Tests the capture files: what is appended is found again, and damage costs what it hits and no more."""

from __future__ import annotations

import gzip
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive.warc import files, records
from lufeng_crawler.archive.warc.files import (
    RecordLocation,
    WarcWriter,
    find_next_member,
    read_members,
    read_record,
    truncate_file,
    warc_files,
)
from lufeng_crawler.archive.warc.records import RequestMetadata
from lufeng_crawler.errors import ArchiveError, DamagedCapture
from tests.support.archive_builder import article, moment

BODIES = st.lists(st.binary(max_size=80), min_size=1, max_size=6)


def member(body: bytes) -> bytes:
    return gzip.compress(b"WARC/1.1\r\n" + body, mtime=0)


def written(path: Path, bodies: list[bytes]) -> list[RecordLocation]:
    """A file of members, and where each lies."""
    places, offset = [], 0
    with path.open("wb") as file:
        for body in bodies:
            length = file.write(member(body))
            places.append(RecordLocation(path.name, offset, length))
            offset += length
    return places


def found(path: Path, start: int = 0) -> list[RecordLocation]:
    return [place for place, _ in read_members(path, start)]


@given(BODIES)
def test_each_place_gives_its_own_record(bodies: list[bytes]) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "a.warc.gz")
        places = written(path, bodies)
        assert list(read_members(path)) == [
            (place, b"WARC/1.1\r\n" + body) for place, body in zip(places, bodies, strict=True)
        ]
        assert [read_record(Path(name), place) for place in places] == [data for _, data in read_members(path)]


@given(BODIES, BODIES)
def test_files_laid_end_to_end_hold_the_members_of_both(one: list[bytes], other: list[bytes]) -> None:
    with TemporaryDirectory() as name:
        paths = [Path(name, letter) for letter in "abc"]
        written(paths[0], one)
        written(paths[1], other)
        paths[2].write_bytes(paths[0].read_bytes() + paths[1].read_bytes())
        both = [data for path in paths[:2] for _, data in read_members(path)]
        assert [data for _, data in read_members(paths[2])] == both


@given(BODIES, st.data())
def test_a_cut_anywhere_costs_the_record_it_falls_into(bodies: list[bytes], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "a.warc.gz")
        places = written(path, bodies)
        length = data.draw(st.integers(0, path.stat().st_size))
        truncate_file(path, length)
        assert path.stat().st_size == length
        assert found(path) == [place for place in places if place.offset + place.length <= length]


@settings(deadline=None)
@given(BODIES, st.binary(max_size=40))
def test_noise_between_records_is_passed_over(bodies: list[bytes], noise: bytes) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "a.warc.gz")
        path.write_bytes(member(b"first") + b"\0" + noise + b"".join(map(member, bodies)))
        texts = [data for _, data in read_members(path)]
    assert texts[0] == b"WARC/1.1\r\nfirst"
    assert texts[-len(bodies) :] == [b"WARC/1.1\r\n" + body for body in bodies]


@given(BODIES)
def test_reading_may_begin_at_any_record(bodies: list[bytes]) -> None:
    with TemporaryDirectory() as name:
        path = Path(name, "a.warc.gz")
        places = written(path, bodies)
        for number, place in enumerate(places):
            assert found(path, place.offset) == places[number:]


def test_the_next_whole_record_is_one_of_a_warc_and_not_any_gzip(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    other = gzip.compress(b"<html>no record</html>", mtime=0)
    path.write_bytes(b"noise" + other + member(b"x"))
    with path.open("rb") as file:
        assert find_next_member(file, 0) == 5 + len(other)
        assert find_next_member(file, 6 + len(other)) is None
        assert find_next_member(file, path.stat().st_size) is None


@pytest.mark.parametrize(
    "place",
    [RecordLocation("a.warc.gz", 3, 20), RecordLocation("a.warc.gz", 0, 9), RecordLocation("none.warc.gz", 0, 9)],
)
def test_what_is_not_whole_at_its_place_is_said_with_file_and_offset(tmp_path: Path, place: RecordLocation) -> None:
    written(tmp_path / "a.warc.gz", [b"x" * 50])
    with pytest.raises(DamagedCapture, match=rf"{place.file} at {place.offset}: no whole record"):
        read_record(tmp_path, place)


def exchange(number: int) -> tuple[bytes, bytes]:
    return records.encode_exchange(article(number, fetched_at=moment(1, number)), "run", RequestMetadata())


def test_a_writer_names_its_files_in_the_order_it_writes_them(tmp_path: Path) -> None:
    for day in (3, 1, 2):  # the number goes first, whatever the clock says
        writer = WarcWriter(tmp_path, "test")
        writer.append(moment(day), *exchange(day))
        writer.close()
    names = [path.name for path in warc_files(tmp_path)]
    assert [name.split("-")[1] for name in names] == ["000001", "000002", "000003"]
    assert [name.split("-")[2][:8] for name in names] == ["20261103", "20261101", "20261102"]


def test_a_writer_knows_how_long_each_of_its_files_has_become(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, "test", roll_at=1500)
    places = [writer.append(moment(1), *exchange(number)) for number in range(1, 6)]
    writer.close()
    assert writer.written == {path.name: path.stat().st_size for path in warc_files(tmp_path)}
    assert len(writer.written) > 1
    for number, place in enumerate(places, 1):
        record = records.parse_record(read_record(tmp_path, place))
        assert isinstance(record, records.Record)
        assert record.capture == article(number, fetched_at=moment(1, number))


def test_files_of_other_names_are_none_of_ours(tmp_path: Path) -> None:
    for name in ("lufeng-000002-20261101000000.warc.gz", "other.warc.gz", "lufeng-x-1.warc.gz", "lufeng-000001-1.warc"):
        (tmp_path / name).touch()
    assert [path.name for path in warc_files(tmp_path)] == ["lufeng-000002-20261101000000.warc.gz"]
    assert warc_files(tmp_path / "nowhere") == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot write"):
        WarcWriter(tmp_path / "nowhere", "test").append(moment(1), *exchange(1))
    with pytest.raises(ArchiveError, match="cannot write"):
        truncate_file(tmp_path / "nowhere.warc.gz", 0)


def test_a_member_is_given_as_it_lies_there_and_uncompressed(tmp_path: Path) -> None:
    places = written(tmp_path / "a.warc.gz", [b"one", b"two"])
    for place, body in zip(places, [b"one", b"two"], strict=True):
        assert files.read_member(tmp_path, "a.warc.gz", place.offset) == (member(body), b"WARC/1.1\r\n" + body)


@pytest.mark.parametrize(("file", "offset"), [("a.warc.gz", 1), ("a.warc.gz", 10_000), ("none.warc.gz", 0)])
def test_where_no_member_begins_that_is_said(tmp_path: Path, file: str, offset: int) -> None:
    written(tmp_path / "a.warc.gz", [b"one"])
    with pytest.raises(DamagedCapture, match=file):
        files.read_member(tmp_path, file, offset)
