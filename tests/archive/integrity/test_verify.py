"""Tests that whatever is altered, dropped, swapped, put in or lost is found, in one line that names it."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import RunStart, open_archive
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.integrity.verify import summary, verify_archive
from lufeng_crawler.archive.store.merge import merge_archives
from tests.support.archive_builder import (
    READER,
    Story,
    answer,
    article,
    at,
    document,
    listing,
    moment,
    rebuilt,
    rows,
    take,
    warcs,
)
from tests.support.demo_archive import AllDays


def found(folder: Path, quick: bool = False, published: Path | None = None) -> list[str]:
    with connect_for_reading(folder) as db:
        return list(verify_archive(db, folder, quick, published, lambda step: None))


def alter(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for statement in statements:
            assert db.execute(statement).rowcount > 0
        db.commit()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs: captures 1 to 5 (two listings' lines, a file), 6 to 9 (an edit, a revisit, something missing)."""
    story = Story(tmp_path_factory.mktemp("lived"))
    files = [("http://gulou.example/a.pdf", "附件")]
    pages = (article(1, files=files), article(2), document("a.pdf"))
    story.run(1, listing(1, 2), *pages, answer(9, status=521), sweeps={"要闻": "complete"})
    story.run(2, listing(1, 2), article(1, body="改"), article(2), answer(2, status=404))
    open_archive(story.folder, READER, "test").close()
    return story.folder


@pytest.fixture
def archive(lived: Path, tmp_path: Path) -> Path:
    shutil.copytree(lived, tmp_path / "archive")
    return tmp_path / "archive"


def test_of_what_is_as_it_was_written_there_is_nothing_to_say(archive: Path, all_days: AllDays) -> None:
    for folder in (archive, all_days.folder):
        for quick in (False, True):
            assert found(folder, quick) == []
    rebuilt(archive)
    assert found(archive) == []
    with connect_for_reading(archive) as db:
        report = summary(db, [])
    (head,) = rows(archive, "SELECT head FROM runs WHERE id = 2")
    assert (report["captures"], report["warc_files"], report["bad"], report["head"]) == (9, 2, [], head["head"])


def test_a_merged_archive_is_whole_and_has_an_end_for_each(archive: Path, tmp_path: Path) -> None:
    Story(tmp_path / "other", told=[""] * 9).run(1.5, listing(1, 3), article(1), article(3))
    with merge_archives(archive, [tmp_path / "other"], READER, "test"):
        pass
    assert found(archive) == found(archive, quick=True) == []
    with connect_for_reading(archive) as db:
        assert len(summary(db, [])["heads"]) == 2


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 0.9999), st.integers(1, 255))
@example(0.0, 1)
@example(0.001, 1)  # in the gzip header of the file's first record, which then reads as it did
def test_one_flipped_byte_anywhere_is_found_in_one_line(lived: Path, where: float, mask: int) -> None:
    path = warcs(lived)[-1]
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[int(where * len(whole))] ^= mask
    try:
        path.write_bytes(flipped)
        lines = found(lived)
        (line,) = lines
        assert line.startswith((f"captures/{path.name} at ", f"warcs row {path.name}"))
    finally:
        path.write_bytes(whole)


@pytest.mark.parametrize("header", range(10))
def test_so_is_one_that_no_tool_minds(archive: Path, header: int) -> None:
    """A gzip header holds a time, a system and other things that change nothing of what is in it."""
    path = warcs(archive)[0]
    (row,) = rows(archive, "SELECT offset FROM captures WHERE id = 3")
    content = bytearray(path.read_bytes())
    content[row["offset"] + header] ^= 1
    path.write_bytes(content)
    (line,) = found(archive)
    assert line.startswith(f"captures/{path.name} at {row['offset']}: ")
    assert "captures row 3" in line


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("url", "'http://gulou.example/x'"),
        ("fetched_at", "'2026-11-01T00:00:09Z'"),
        ("status", "404"),
        ("payload_digest", "'sha256:0'"),
        ("run", "2"),
        ("kind", "'listing'"),
        ("column", "'别的'"),
        ("vantage", "'elsewhere'"),
        ("chain", "'sha256:0'"),
        ("record_digest", "'sha256:0'"),
    ],
)
def test_an_altered_row_is_found_by_both(archive: Path, column: str, value: str) -> None:
    alter(archive, f'UPDATE captures SET "{column}" = {value} WHERE id = 4')
    assert any("captures row 4" in line for line in found(archive))
    assert any("captures row 4" in line for line in found(archive, quick=True))


@pytest.mark.parametrize("column", ["mime", "etag", "last_modified", "length", "record_length"])
def test_what_the_chain_leaves_out_is_compared_with_the_record(archive: Path, column: str) -> None:
    alter(archive, f"UPDATE captures SET {column} = 7 WHERE id = 4")
    (line,) = found(archive)
    assert line.startswith(f"captures row 4: {column}: not as in lufeng-000001")


def test_an_altered_revisit_is_found(archive: Path) -> None:
    assert rows(archive, "SELECT revisit_of FROM captures WHERE id = 8") == [{"revisit_of": 3}]
    alter(archive, "UPDATE captures SET revisit_of = 2 WHERE id = 8")
    (line,) = found(archive)
    assert line.startswith("captures row 8: revisit_of: not as in")
    (line,) = found(archive, quick=True)
    assert line.startswith("captures row 8: was altered")


@pytest.mark.parametrize("row", [1, 5, 6, 9])
def test_a_dropped_row_is_found(archive: Path, row: int) -> None:
    (lost,) = rows(archive, f"SELECT file, offset FROM captures WHERE id = {row}")
    alter(archive, f"DELETE FROM captures WHERE id = {row}")
    lines = found(archive)
    assert any(line.startswith(f"captures/{lost['file']} at {lost['offset']}: archive.db has no row") for line in lines)
    assert any("chain" in line for line in found(archive, quick=True))


def test_swapped_rows_are_found(archive: Path) -> None:
    alter(archive, *(f"UPDATE captures SET id = {new} WHERE id = {old}" for old, new in ((2, 99), (4, 2), (99, 4))))
    assert "captures row 3: out of order: row 4 was captured before it" in found(archive)
    assert any(line.startswith("captures row 3: out of order") for line in found(archive, quick=True))


def test_rows_swapped_over_the_end_of_a_file_are_found(archive: Path) -> None:
    alter(archive, *(f"UPDATE captures SET id = {new} WHERE id = {old}" for old, new in ((5, 99), (6, 5), (99, 6))))
    assert "captures row 5: out of order: row 6 was captured before it" in found(archive)


def test_a_row_of_no_record_is_found(archive: Path) -> None:
    names = [row["name"] for row in rows(archive, "SELECT name FROM pragma_table_info('captures')")][1:]
    copied = ", ".join(f'"{name}"' for name in names)
    altered = copied.replace('"offset"', "offset + 1")
    alter(archive, f"INSERT INTO captures ({copied}) SELECT {altered} FROM captures WHERE id = 9")
    (line,) = found(archive)
    assert line.startswith("captures row 10: no such record in lufeng-000002")
    assert any("captures row 10" in line for line in found(archive, quick=True))


@pytest.mark.parametrize(
    ("column", "value"), [("outcome", "'blocked'"), ("software", "'x'"), ("reason", "'x'"), ("stats", "'{\"a\": 1}'")]
)
def test_an_altered_run_is_found(archive: Path, column: str, value: str) -> None:
    alter(archive, f"UPDATE runs SET {column} = {value} WHERE id = 2")
    (line,) = found(archive)
    assert f"runs row 2: {column}: not as in lufeng-000002" in line


@pytest.mark.parametrize("table", ["versions", "changes", "runs", "run_events", "articles", "warcs"])
def test_a_row_dropped_elsewhere_is_found(archive: Path, table: str) -> None:
    alter(archive, f"DELETE FROM {table} WHERE rowid = 1" if table != "warcs" else "DELETE FROM warcs")
    assert found(archive)
    assert found(archive, quick=True)


def test_a_missing_a_shortened_and_a_foreign_file_are_each_one_line(archive: Path) -> None:
    first, second = warcs(archive)
    size = first.stat().st_size
    first.rename(archive / "away")
    said = f"captures/{first.name}: is missing; archive.db cites {size} bytes of it"
    assert found(archive) == found(archive, quick=True) == [said]
    (archive / "away").rename(first)
    shutil.copy(second, second.with_name("lufeng-000003-20261101000000-0.warc.gz"))
    said = "captures/lufeng-000003-20261101000000-0.warc.gz: archive.db does not cite it"
    assert found(archive) == found(archive, quick=True) == [said]
    second.with_name("lufeng-000003-20261101000000-0.warc.gz").unlink()
    with first.open("r+b") as file:
        file.truncate(size - 1)
    assert found(archive, quick=True) == [
        f"captures/{first.name}: ends at {size - 1}; archive.db cites {size} bytes of it"
    ]


@pytest.mark.parametrize("junk", [b"junk", b"\0" * 50, gzip.compress(b"junk", mtime=0)])
def test_what_is_put_behind_the_last_record_is_found_and_costs_no_start(archive: Path, junk: bytes) -> None:
    (*_, path) = warcs(archive)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + junk)
    said = f"captures/{path.name} at {size}: {len(junk)} bytes that archive.db does not cite"
    assert found(archive) == found(archive, quick=True) == [said]
    open_archive(archive, READER, "test").close()


def test_a_record_put_in_its_place_by_whoever_knows_gzip_is_found(archive: Path) -> None:
    path = warcs(archive)[0]
    (row,) = rows(archive, "SELECT offset, record_length AS length FROM captures WHERE id = 3")
    content, end = path.read_bytes(), row["offset"] + row["length"]
    record = gzip.decompress(content[row["offset"] : end]).replace("文".encode(), "武".encode())
    path.write_bytes(content[: row["offset"]] + gzip.compress(record, mtime=0) + content[end:])
    lines = found(archive)
    assert f"captures/{path.name} at {row['offset']}: its payload is not what WARC-Payload-Digest says" in lines
    assert f"captures/{path.name} at {row['offset']}: not the bytes that captures row 3 cites" in lines


def test_a_run_under_way_is_no_finding(archive: Path) -> None:
    writer = open_archive(archive, READER, "test")
    try:
        writer.begin(RunStart("under way", "crawl", moment(3), "gulou"))
        writer.flush()
        take(writer, "under way", at(article(7), moment(3, 1)))
        assert found(archive) == found(archive, quick=True) == []
    finally:
        writer.close()


def test_it_writes_nothing(archive: Path) -> None:
    before = {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()}
    found(archive)
    assert {path: path.read_bytes() for path in before} == before
