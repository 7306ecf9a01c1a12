"""Tests the order in which the records of several capture files count."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, permutations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import digests
from lufeng_crawler.archive.warc import records
from lufeng_crawler.archive.warc.files import WarcWriter, read_members, warc_files
from lufeng_crawler.archive.warc.ordering import FileRange, OrderedRecord, file_range, iterate_in_order
from lufeng_crawler.archive.warc.records import FileHeader, Record, RequestMetadata
from tests.support.archive_builder import article, moment


def written(folder: Path, *days: float, opening: FileHeader | None = None) -> Path:
    """A file with a capture of each of these days."""
    folder.mkdir(exist_ok=True)
    writer = WarcWriter(folder, "test")
    writer.open(moment(days[0]), opening or FileHeader())
    for day in days:
        writer.append(
            moment(day), *records.encode_exchange(article(1, fetched_at=moment(day)), "run", RequestMetadata())
        )
    writer.close()
    return folder / writer.file


def captured(parts: Sequence[FileRange]) -> list[tuple[str, str]]:
    """Folder and time of each capture, in order."""
    found = iterate_in_order(parts)
    return [(one.part.path.parent.name, one.item.at[8:13]) for one in found if isinstance(one.item, Record)]


def test_records_of_several_archives_count_by_time(tmp_path: Path) -> None:
    parts = [file_range(written(tmp_path / "a", 1, 3, 5)), file_range(written(tmp_path / "b", 2, 4))]
    expected = [("a", "01T00"), ("b", "02T00"), ("a", "03T00"), ("b", "04T00"), ("a", "05T00")]
    assert captured(parts) == captured(parts[::-1]) == expected


def test_those_of_one_file_keep_their_order_whatever_their_times(tmp_path: Path) -> None:
    parts = [file_range(written(tmp_path / "a", 3, 1, 4)), file_range(written(tmp_path / "b", 2, 3.5))]
    assert [one for one in captured(parts) if one[0] == "a"] == [("a", "03T00"), ("a", "01T00"), ("a", "04T00")]
    assert captured(parts)[0] == ("b", "02T00")


def test_a_file_stands_behind_all_that_its_archive_had(tmp_path: Path) -> None:
    """The clock went back: the second file says how far the first had come."""
    first = written(tmp_path / "a", 5)
    second = written(tmp_path / "a", 1, opening=FileHeader(("sha256:0",), moment(5)))
    other = written(tmp_path / "b", 2)
    parts = [file_range(path) for path in (second, other, first)]
    assert [part.newest_time for part in parts] == [moment(5), "", ""]
    assert captured(parts) == [("b", "02T00"), ("a", "05T00"), ("a", "01T00")]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(1, 20), min_size=1, max_size=4), min_size=1, max_size=3))
def test_the_order_is_one_of_the_files_and_not_of_how_they_are_named(days: list[list[int]]) -> None:
    with TemporaryDirectory() as name:
        parts = [file_range(written(Path(name, str(number)), *of)) for number, of in enumerate(days)]
        orders = [[one.key for one in iterate_in_order(each)] for each in permutations(parts)]
        assert all(order == orders[0] for order in orders)
        assert all(a <= b for a, b in pairwise(orders[0]))


def test_a_record_and_its_request_are_one(tmp_path: Path) -> None:
    path = written(tmp_path / "a", 1, 2)
    told: list[str] = []
    found = list(iterate_in_order([file_range(path)], lambda place, data: told.append(data.split(b"\r\n")[1].decode())))
    records = [one for one in found if one.item]
    assert len(told) == 5
    assert [type(one.item).__name__ for one in records] == ["FileHeader", "Record", "Record"]
    ends = [place.offset + place.length for place, _ in read_members(path)]
    assert [one.end for one in records] == [ends[0], ends[2], ends[4]]
    raw = path.read_bytes()
    assert [one.place.digest for one in records] == [digests.sha256(raw[one.place.offset : one.end]) for one in records]


def test_a_part_begins_and_ends_where_it_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a", 1, 2, 3)
    whole: list[OrderedRecord] = [one for one in iterate_in_order([file_range(path)]) if isinstance(one.item, Record)]
    only = list(iterate_in_order([FileRange(path, moment(9), whole[1].place.offset, whole[1].end)]))
    assert [(one.place, one.key[0]) for one in only if one.item] == [(whole[1].place, moment(9))]


def test_a_file_whose_beginning_is_damaged_is_read_all_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "a", 1, 2, opening=FileHeader((), moment(9)))
    path.write_bytes(b"\0" + path.read_bytes()[1:])
    assert file_range(warc_files(tmp_path / "a")[0]).newest_time == ""
    assert captured([file_range(path)]) == [("a", "01T00"), ("a", "02T00")]
    path.write_bytes(b"")
    assert captured([file_range(path)]) == []
