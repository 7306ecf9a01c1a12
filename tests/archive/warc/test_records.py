"""Tests that what is written is what is read: every answer's record says what its row says, whatever was served."""

from __future__ import annotations

import io
import zlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from lufeng_crawler.archive import RunEnd, RunStart, rebuild
from lufeng_crawler.archive.digests import sha256
from lufeng_crawler.archive.warc import records
from lufeng_crawler.archive.warc.records import Original, Record, RequestMetadata
from lufeng_crawler.errors import ArchiveError
from lufeng_crawler.items import Capture
from lufeng_crawler.reader import open_archive, reader
from tests.support.archive_builder import article, everything, moment, rows
from tests.support.invoked import run_in

COOKIES = tuple(("Set-Cookie", f"c{number}={'x' * 900}; Path=/") for number in range(40))
ODD = st.text(st.sampled_from("aB9:;=/ \t\r\n\0\f\v\x7f\x85\xa0é中\ud800<>%"), max_size=30)
TEXTS = ODD | st.text(max_size=60) | st.sampled_from([0, 70_000]).map("x".__mul__)

CAPTURES = st.builds(
    Capture,
    url=st.builds("http://gulou.example/{}".format, TEXTS) | TEXTS,
    fetched_at=st.datetimes().map(lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ").zfill(20)),
    status=st.integers(0, 999) | st.sampled_from([200, 304, 404, 521]),
    headers=st.lists(st.tuples(TEXTS, TEXTS), max_size=6).map(tuple),
    body=st.binary(max_size=200) | st.sampled_from([0, 1, 50_000]).map(b"\r\n".__mul__),
    site=st.text(max_size=9),
    column=st.none() | st.text(max_size=9),
    kind=st.sampled_from(["article", "listing", "other"]),
    truncated=st.none() | TEXTS,
)
ORIGINALS = st.none() | st.just(
    Original(7, "http://gulou.example/首", "2026-11-01T00:00:00Z", sha256(b"1"), "article", 1)
)
REQUESTS = st.builds(
    RequestMetadata, headers=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple), vantage=st.none() | ODD
)


@given(CAPTURES, ORIGINALS, REQUESTS)
@example(article(1, headers=COOKIES), None, RequestMetadata())
def test_a_record_is_read_as_the_capture_of_which_it_was_made(
    capture: Capture, original: Original | None, request: RequestMetadata
) -> None:
    kept = records.storable(capture)
    assert records.storable(kept) == kept
    members = [zlib.decompress(member, 31) for member in records.encode_exchange(capture, "run", request, original)]
    digest, repeats = (original.digest, (original.url, original.fetched_at)) if original else (sha256(kept.body), None)
    read = replace(kept, body=b"") if original else kept
    assert records.parse_record(members[0]) == Record(read, "run", digest, repeats, request.vantage or None)
    assert [records.find_alterations(member) for member in members] == [[], []]


@given(CAPTURES.filter(lambda capture: capture.status >= 100))
def test_other_tools_read_the_same(capture: Capture) -> None:
    """What they make of odd names in headers is theirs: a first header that is none makes warcio look no further."""
    capture = replace(capture, url="http://gulou.example/首", headers=(("Content-Type", "text/html"), *capture.headers))
    kept, (member, _) = records.storable(capture), records.encode_exchange(capture, "run", RequestMetadata())
    record = next(iter(ArchiveIterator(io.BytesIO(member), check_digests="raise")))
    assert (record.rec_type, record.content_stream().read()) == ("response", kept.body)
    assert record.http_headers.get_statuscode() == str(kept.status)


@pytest.mark.parametrize(
    ("served", "stored"),
    [
        (("A", "b\r\n c"), ("A", "b c")),
        (("A", " b\0 \n"), ("A", "b")),
        (("A:B ", "c:d"), ("A-B", "c:d")),
        (("名", "值\xe9"), ("?", "?\xe9")),
    ],
)
def test_what_a_field_cannot_state_is_stated_as_nearly(served: tuple[str, str], stored: tuple[str, str]) -> None:
    assert records.storable(article(1, headers=(served,))).headers == (stored,)


def test_a_line_break_in_an_address_is_none_of_it() -> None:
    assert records.storable(replace(article(1), url=" http://a.example/\r\n\tb\0c ")).url == "http://a.example/bc"


@pytest.mark.parametrize("cut", [1, 4, 5, 60])
def test_a_record_that_is_not_as_long_as_it_says_is_none(cut: int) -> None:
    whole = zlib.decompress(records.encode_exchange(article(1), "run", RequestMetadata())[0], 31)
    assert records.parse_record(whole)
    assert records.parse_record(whole[:-cut]) is None
    assert records.parse_record(whole + b"\r\n") is None


def test_what_is_not_read_back_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "storable", lambda capture: capture)
    with pytest.raises(ArchiveError, match="cannot be written so that it is read back"):
        records.encode_exchange(article(1, headers=(("A", "b\r\nInjected: c"),)), "run", RequestMetadata())


def test_many_cookies_are_in_order_and_there_after_a_rebuild(tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    pages = [article(1, headers=COOKIES), article(2, headers=(("ETag", ' "1"\r\n'),))]
    with closing(open_archive(folder, None)) as archive:
        archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
        for number, page in enumerate(pages):
            archive.store(replace(page, url=f"{page.url}\r\n", fetched_at=moment(1, number)), "run")
        archive.end(RunEnd("run", moment(1, 9), "good"))
    before = everything(folder)
    assert [row["etag"] for row in rows(folder, "SELECT etag FROM captures ORDER BY id")] == [None, '"1"']
    assert run_in(tmp_path, "verify").exit_code == 0
    rebuild(folder, reader(None))
    assert everything(folder) == before
