"""Tests that WARC files of other makers give the answers that were served, in whatever dialect they are written."""

from __future__ import annotations

import gzip
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.ingest import responses
from lufeng_crawler.ingest.left_out import LeftOut
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.scanner import ScanReport
from lufeng_crawler.items import Capture
from tests.support.foreign_files import AT, BODY, URL, Made, answers, chunked, made

# warcio's writer leaves its temporary files to the garbage collector.


def only(path: Path, **given: Any) -> Capture:
    (found,) = answers(made(path, [given]))
    assert isinstance(found, Capture)
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.warc.gz"


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_answer_is_given_as_it_was_served(path: Path, zipped: bool, version: str) -> None:
    cookies = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    (found,) = answers(made(path, [{"headers": cookies}], zipped, version))
    assert found == Capture(URL, AT, 200, (("Content-Type", "text/html"), *cookies), BODY)


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("2026-11-16T02:00:00Z", "2026-11-16T02:00:00Z"),
        ("2026-11-16T02:00:00.123456Z", "2026-11-16T02:00:00Z"),
        ("2026-11-16T10:00:00+08:00", "2026-11-16T02:00:00Z"),
        ("2026-11-16", "2026-11-16T00:00:00Z"),
        ("2026-11-16T02:00Z", "2026-11-16T02:00:00Z"),
    ],
)
def test_a_date_may_be_more_or_less_precise_than_ours(path: Path, said: str, ours: str) -> None:
    assert only(path, date=said).fetched_at == ours


def test_an_answer_that_says_not_when_is_no_evidence(path: Path) -> None:
    assert list(answers(made(path, [{"date": "lately"}]))) == [LeftOut.MISDATED]


@pytest.mark.parametrize(
    ("body", "expected", "truncated"),
    [
        (chunked([BODY[:9], BODY[9:]]), BODY, None),
        (chunked([BODY]).replace(b"\r\n", b";name=value\r\n", 1), BODY, None),
        (chunked([BODY], b"0\r\nTrailer: x\r\n\r\n"), BODY, None),
        (chunked([BODY], b""), BODY, "disconnect"),
        (chunked([BODY])[:20], BODY[:16], "disconnect"),
        (BODY, BODY, None),
        (b"", b"", None),
    ],
)
def test_chunks_are_undone_where_they_are_there(
    path: Path, body: bytes, expected: bytes, truncated: str | None
) -> None:
    found = only(path, body=body, headers=[("Transfer-Encoding", "chunked")])
    assert (found.body, found.truncated, found.header("Transfer-Encoding")) == (expected, truncated, None)


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6))
def test_whatever_is_cut_into_chunks_comes_back_whole(pieces: list[bytes]) -> None:
    assert responses._unchunk(chunked(pieces)) == (b"".join(pieces), None)


def test_a_content_coding_is_left_as_it_is(path: Path) -> None:
    packed = gzip.compress(BODY, mtime=0)
    found = only(path, body=packed, headers=[("Content-Encoding", "gzip")])
    assert (found.body, found.header("content-encoding")) == (packed, "gzip")


def test_an_address_in_angle_brackets_is_an_address(path: Path) -> None:
    assert only(path, url=f"<{URL}>").url == URL


def test_what_the_maker_says_it_cut_is_cut(path: Path) -> None:
    assert only(path, more={"WARC-Truncated": "length"}).truncated == "length"


def test_what_is_larger_than_can_be_read_is_taken_that_far(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "MAX_BODY", 1000)
    found = [one for one in answers(made(path, [{"body": b"x" * 5000}, {"body": b"y"}])) if isinstance(one, Capture)]
    assert [(one.body[:1], len(one.body), one.truncated) for one in found] == [(b"x", 1000, "length"), (b"y", 1, None)]


@pytest.mark.parametrize(
    "record",
    [
        {"status": "304 Not Modified", "body": b""},
        {"kind": "revisit", "body": b"", "more": {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": AT}},
    ],
)
def test_an_answer_whose_payload_lies_elsewhere_is_a_repeat(path: Path, record: Made) -> None:
    first, second = answers(made(path, [record, {}]))
    assert isinstance(first, Revisit)
    assert (first.capture.url, first.capture.fetched_at, first.capture.body) == (URL, AT, b"")
    assert second


def test_what_only_accompanies_is_passed_over(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for kind, url in (("metadata", URL), ("request", URL)):
            http = StatusAndHeaders("GET /", [], protocol="HTTP/1.1") if kind == "request" else None
            mime = None if http else "text/plain"
            record = writer.create_warc_record(
                url, kind, payload=BytesIO(b"x"), http_headers=http, warc_content_type=mime or ""
            )
            writer.write_record(record)
    assert list(answers(path)) == []


def test_an_answer_of_another_protocol_is_none_of_ours(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        payload = BytesIO(b"20261116\nlufengxian.example. A 192.0.2.1")
        writer.write_record(
            writer.create_warc_record(
                "dns:lufengxian.example", "response", payload=payload, warc_content_type="text/dns"
            )
        )
    assert list(answers(path)) == [LeftOut.NOT_HTTP]


def test_files_laid_end_to_end_are_one_file(tmp_path: Path) -> None:
    one = made(tmp_path / "1.warc.gz", [{"body": b"one"}])
    other = made(tmp_path / "2.warc.gz", [{"body": b"two"}, {"body": b"three"}], version="1.1")
    (tmp_path / "both.warc.gz").write_bytes(one.read_bytes() + other.read_bytes())
    bodies = [found.body for found in answers(tmp_path / "both.warc.gz") if isinstance(found, Capture)]
    assert bodies == [b"one", b"two", b"three"]


def test_damage_is_said_behind_all_that_can_be_read(path: Path) -> None:
    made(path, [{"body": b"one"}, {"body": b"two"}])
    path.write_bytes(path.read_bytes()[:-30])
    report = ScanReport()
    assert [found.body for found in answers(path, report) if isinstance(found, Capture)] == [b"one"]
    (error,) = report.errors
    assert error.startswith(f"{path}: at byte ")


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"PK\x03\x04 a zip", gzip.compress(b"no record", mtime=0)])
def test_a_file_without_records_is_said_to_have_none(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedCapture, match=r"no WARC records in it|a damaged zip file|damaged"):
        list(answers(path))


def test_a_revisit_says_what_it_repeats(path: Path) -> None:
    named = {"WARC-Refers-To-Target-URI": f"<{URL}>", "WARC-Refers-To-Date": "2026-11-15", "WARC-Refers-To": "<urn:x>"}
    (found,) = answers(
        made(path, [{"kind": "revisit", "body": b"", "more": named | {"WARC-Payload-Digest": "sha1:A"}}])
    )
    assert isinstance(found, Revisit)
    assert (found.url, found.at, found.id, found.digest) == (URL, "2026-11-15T00:00:00Z", "<urn:x>", "sha1:A")
    original = Capture("http://other.example/", AT, 404, (("A", "b"),), BODY, truncated="length")
    assert found.with_original(original) == Capture(
        URL, AT, 200, (("Content-Type", "text/html"),), BODY, truncated="length"
    )


def bare(path: Path, profile: str) -> Revisit:
    """A revisit without the head of its answer, as some makers write it."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        more = {"WARC-Date": AT, "WARC-Profile": f"http://netpreserve.org/warc/1.0/revisit/{profile}"}
        record = writer.create_warc_record(URL, "revisit", payload=BytesIO(b""), length=0, warc_headers_dict=more)
        writer.write_record(record)
    (found,) = answers(path)
    assert isinstance(found, Revisit)
    return found


def test_a_revisit_without_a_head_has_the_one_of_what_it_repeats(path: Path) -> None:
    found = bare(path, "identical-payload-digest")
    original = Capture(URL, "2026-11-01T00:00:00Z", 404, (("A", "b"),), BODY)
    assert found.with_original(original) == Capture(URL, AT, 404, (("A", "b"),), BODY)


def test_a_revisit_that_was_not_modified_is_a_304(path: Path) -> None:
    assert bare(path, "server-not-modified").capture == Capture(URL, AT, 304)
