"""The capture files: what others' tools find in them, and what damage costs."""

from __future__ import annotations

import json
import logging
import zlib
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import Archive, RequestMetadata, RunEnd, RunStart, digests, open_archive
from lufeng_crawler.archive.warc import records
from lufeng_crawler.archive.warc.files import WarcWriter, read_members, warc_files
from lufeng_crawler.archive.warc.records import FileHeader
from lufeng_crawler.items import Capture
from tests.support.archive_builder import (
    READER,
    Story,
    address,
    answer,
    article,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
    warcio,
    warcs,
)

header_text = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=20)
header_names = st.sampled_from(["Set-Cookie", "ETag", "X-中".encode().decode("latin-1")])
captures = st.builds(
    Capture,
    url=st.sampled_from([address(1), address(2) + "?a=1&b=%E4%B8%AD", "http://[::1]:8047/x"]),
    fetched_at=st.just(moment(1)),
    status=st.sampled_from([200, 206, 301, 404, 412, 503, 521, 599]),
    headers=st.lists(
        st.tuples(
            st.sampled_from(["Set-Cookie", "ETag", "X-中".encode().decode("latin-1")]), header_text.map(str.strip)
        )
    ).map(tuple),
    body=st.binary(max_size=50),
    site=st.sampled_from(["gulou", "鼓楼"]),
    column=st.none() | st.just("要闻动态"),
    kind=st.sampled_from(["home", "listing", "article", "other"]),
    truncated=st.none() | st.sampled_from(["length", "disconnect"]),
)


@given(captures, st.none() | st.just("北京"))
def test_a_record_gives_its_capture_back(capture: Capture, vantage: str | None) -> None:
    member, _ = records.encode_exchange(capture, "a run", RequestMetadata(vantage=vantage))
    found = records.parse_record(zlib.decompress(member, 31))
    assert isinstance(found, records.Record)
    assert (found.capture, found.run, found.vantage) == (capture, "a run", vantage)
    assert found.digest == digests.sha256(capture.body)


def odd() -> list[Capture]:
    """Answers that tools have stumbled over."""
    page = article(1)
    cookies = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Name", "鼓楼".encode().decode("latin-1")))
    return [
        article(1, headers=(("Content-Type", "text/html; charset=gbk"), ("ETag", '"1"'), *cookies)),
        answer(2, status=521, headers=(("Content-Encoding", "gzip"),)),
        answer(3),
        answer(4, {"title": "被切断"}, truncated="length"),
        answer(5, status=301, to=6),
        answer(7, status=404),
        answer(8, status=999),
        answer("x?y=1&z=%E4%B8%AD", {"lines": []}),
        page,
        answer(1, status=304),
    ]


def test_warcio_finds_nothing_wrong_with_odd_answers(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, *odd())
    story.run(2, *odd())
    assert len(rows(tmp_path, "SELECT 1 FROM captures WHERE revisit_of > 0")) == 4
    checked = warcio("check", warcs(tmp_path), "-v")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count("digest pass") >= 20
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_files_roll_and_each_opens_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lufeng_crawler.archive.warc.files.ROLL_AT", 2000)
    archive = open_archive(tmp_path, READER, "test")
    monkeypatch.setattr(archive._writer, "roll_at", 2000)
    archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
    for second in range(40):
        archive.store(article(second, str(second), fetched_at=moment(1, second)), "run")
    archive.end(RunEnd("run", moment(1, 60), "good"))
    archive.close()
    found = warcs(tmp_path)
    assert len(found) > 5
    assert all(path.stat().st_size < 4000 for path in found)
    assert [row["file"] for row in rows(tmp_path, "SELECT file FROM warcs ORDER BY file")] == [
        one.name for one in found
    ]
    index = warcio("index", found, "-f", "warc-type,warc-filename")
    names = [
        one["warc-filename"] for line in index.stdout.splitlines() if (one := json.loads(line)).get("warc-filename")
    ]
    assert names == [one.name for one in found]
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_a_killed_run_over_many_files_is_caught_up_with(tmp_path: Path) -> None:
    archive = open_archive(tmp_path, READER, "test")
    archive._writer.roll_at = 2000
    archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
    for second in range(40):
        archive.store(article(second, str(second), fetched_at=moment(1, second)), "run")
    archive.release()
    assert len(rows(tmp_path, "SELECT * FROM captures")) < 40  # those of the file that was open are not there
    open_archive(tmp_path, READER, "test").close()
    assert len(rows(tmp_path, "SELECT * FROM captures")) == 40
    assert rows(tmp_path, "SELECT outcome, finished_at FROM runs") == [
        {"outcome": "interrupted", "finished_at": moment(1, 39)}
    ]
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_a_flipped_bit_costs_one_record_and_a_rebuild_cuts_nothing_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Story(tmp_path).run(1, *(article(number) for number in range(1, 9)))
    (path,) = warcs(tmp_path)
    place = rows(tmp_path, "SELECT offset FROM captures WHERE id = 4")[0]["offset"]
    content = bytearray(path.read_bytes())
    content[place + 40] ^= 1
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        again = rebuilt(tmp_path)
    assert len(again["captures"]) == 7
    assert f"bytes at {place} cannot be read: damaged" in caplog.text
    assert path.read_bytes() == content


def test_what_stands_behind_the_last_whole_record_is_cut(tmp_path: Path) -> None:
    Story(tmp_path).run(1, article(1), listing(1))
    before = everything(tmp_path)
    (path,) = warcs(tmp_path)
    size = path.stat().st_size
    for tail in (b"\0" * 5000, b"\x1f\x8b\x08\0\0torn", b"noise"):
        with path.open("ab") as file:
            file.write(tail)
        open_archive(tmp_path, READER, "test").close()
        assert path.stat().st_size == size
        assert everything(tmp_path) == before


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(65_000, 66_000) | st.integers(0, 300_000), min_size=1, max_size=4), st.integers(0, 99))
def test_members_are_found_whatever_their_size(sizes: list[int], seed: int) -> None:
    random = Random(seed)
    with TemporaryDirectory() as name:
        writer = WarcWriter(Path(name), "test")
        bodies = [random.randbytes(size) for size in sizes]
        given = [Capture(address(1), moment(1), 200, body=body) for body in bodies]
        places = [writer.append(moment(1), *records.encode_exchange(one, "run", RequestMetadata())) for one in given]
        writer.close()
        found = [
            (place, records.parse_record(data)) for path in warc_files(Path(name)) for place, data in read_members(path)
        ]
    read = [(place, item.capture.body) for place, item in found if isinstance(item, records.Record)]
    assert read == list(zip(places, bodies, strict=True))


def heads(folder: Path) -> list[str]:
    return [row["head"] for row in rows(folder, "SELECT head FROM runs ORDER BY id")]


def test_the_chain_can_be_recomputed_and_shows_what_was_altered(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, *(article(number) for number in range(1, 5)))
    story.run(2, *(article(number) for number in range(1, 5)))
    chain = [row["chain"] for row in rows(tmp_path, "SELECT chain FROM captures UNION SELECT chain FROM run_events")]
    assert len(set(chain)) == 8 + 4
    assert set(heads(tmp_path)) < set(chain)
    assert all(link.startswith("sha256:") for link in chain)
    before = heads(tmp_path)
    rebuilt(tmp_path)
    assert heads(tmp_path) == before
    sole, follower = (records.parse_record(next(read_members(path))[1]) for path in warcs(tmp_path))
    assert isinstance(sole, FileHeader) and isinstance(follower, FileHeader)
    assert (sole.follows, follower.follows) == ((), (before[0],))


def test_a_file_that_lost_what_the_tables_cite_is_said_and_its_rows_withdrawn(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Story(tmp_path).run(1, *(article(number) for number in range(1, 9)))
    (path,) = warcs(tmp_path)
    place = rows(tmp_path, "SELECT offset FROM captures WHERE id = 4")[0]["offset"]
    with path.open("r+b") as file:
        file.truncate(place + 40)
    with caplog.at_level(logging.WARNING):
        open_archive(tmp_path, READER, "test").close()
    assert "is shorter than archive.db cites" in caplog.text
    assert len(rows(tmp_path, "SELECT * FROM captures")) == 3
    assert rows(tmp_path, "SELECT outcome FROM runs") == [{"outcome": "interrupted"}]
    assert everything(tmp_path) == rebuilt(tmp_path)


def test_reading_gives_the_capture_of_a_revisit(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1))
    story.run(2, article(1))
    archive: Archive = open_archive(tmp_path, READER, "test")
    try:
        assert archive.load_capture(2).body == article(1).body
    finally:
        archive.close()


def test_the_type_of_a_record_is_read_from_its_header_alone() -> None:
    answer = Capture(address(1), moment(1), 200, body=b"\r\nWARC-Type: request\r\n")
    members = [zlib.decompress(one, 31) for one in records.encode_exchange(answer, "run", RequestMetadata())]
    assert [records.record_type(one) for one in members] == ["response", "request"]
    assert records.record_type(b"") == records.record_type(b"WARC/1.1\r\nX: y\r\n\r\nWARC-Type: request\r\n") == ""
