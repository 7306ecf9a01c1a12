"""Tests that WARC files of other makers give the answers that were served, in whatever dialect they are written."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from lufeng_crawler.archive import foreign
from lufeng_crawler.errors import DamagedCapture
from lufeng_crawler.items import Capture

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")

URL, AT = "http://www.lufengxian.example/info/1001/1.htm", "2026-11-16T02:00:00Z"
BODY = "<p>鹿峰县召开防汛工作会议</p>".encode()
Made = dict[str, Any]


def made(path: Path, records: Sequence[Made], zipped: bool = True, version: str = "1.0") -> Path:
    """A WARC of responses as warcio writes it; each may differ in url, body, status, headers, date, kind and more."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another"}))
        for given in records:
            headers = [("Content-Type", "text/html"), *given.get("headers", ())]
            http = StatusAndHeaders(given.get("status", "200 OK"), headers, protocol="HTTP/1.1")
            more = {"WARC-Date": given.get("date", AT)} | given.get("more", {})
            kind, url, payload = given.get("kind", "response"), given.get("url", URL), BytesIO(given.get("body", BODY))
            writer.write_record(
                writer.create_warc_record(url, kind, payload=payload, http_headers=http, warc_headers_dict=more)
            )
    return path


def only(path: Path, **given: Any) -> Capture:
    (found,) = foreign.captures(made(path, [given]))
    assert found
    return found


def chunked(pieces: Sequence[bytes], end: bytes = b"0\r\n\r\n") -> bytes:
    return b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + end


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.warc.gz"


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_an_answer_is_given_as_it_was_served(path: Path, zipped: bool, version: str) -> None:
    cookies = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    (found,) = foreign.captures(made(path, [{"headers": cookies}], zipped, version))
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
    assert list(foreign.captures(made(path, [{"date": "lately"}]))) == [None]


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
    assert foreign._unchunked(chunked(pieces)) == (b"".join(pieces), None)


def test_a_content_coding_is_left_as_it_is(path: Path) -> None:
    packed = gzip.compress(BODY, mtime=0)
    found = only(path, body=packed, headers=[("Content-Encoding", "gzip")])
    assert (found.body, found.header("content-encoding")) == (packed, "gzip")


def test_an_address_in_angle_brackets_is_an_address(path: Path) -> None:
    assert only(path, url=f"<{URL}>").url == URL


def test_what_the_maker_says_it_cut_is_cut(path: Path) -> None:
    assert only(path, more={"WARC-Truncated": "length"}).truncated == "length"


def test_what_is_larger_than_can_be_read_is_taken_that_far(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "LARGEST", 1000)
    found = [one for one in foreign.captures(made(path, [{"body": b"x" * 5000}, {"body": b"y"}])) if one]
    assert [(one.body[:1], len(one.body), one.truncated) for one in found] == [(b"x", 1000, "length"), (b"y", 1, None)]


@pytest.mark.parametrize(
    "record",
    [
        {"status": "304 Not Modified", "body": b""},
        {"kind": "revisit", "body": b"", "more": {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": AT}},
    ],
)
def test_an_answer_whose_payload_lies_elsewhere_is_counted_and_not_given(path: Path, record: Made) -> None:
    first, second = foreign.captures(made(path, [record, {}]))
    assert first is None
    assert second


def test_what_only_accompanies_is_passed_over(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for kind, url in (("metadata", URL), ("resource", URL), ("request", URL)):
            http = StatusAndHeaders("GET /", [], protocol="HTTP/1.1") if kind == "request" else None
            mime = None if http else "text/plain"
            record = writer.create_warc_record(
                url, kind, payload=BytesIO(b"x"), http_headers=http, warc_content_type=mime or ""
            )
            writer.write_record(record)
    assert list(foreign.captures(path)) == []


def test_an_answer_of_another_protocol_is_none_of_ours(path: Path) -> None:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        payload = BytesIO(b"20261116\nlufengxian.example. A 192.0.2.1")
        writer.write_record(
            writer.create_warc_record(
                "dns:lufengxian.example", "response", payload=payload, warc_content_type="text/dns"
            )
        )
    assert list(foreign.captures(path)) == [None]


def test_files_laid_end_to_end_are_one_file(tmp_path: Path) -> None:
    one = made(tmp_path / "1.warc.gz", [{"body": b"one"}])
    other = made(tmp_path / "2.warc.gz", [{"body": b"two"}, {"body": b"three"}], version="1.1")
    (tmp_path / "both.warc.gz").write_bytes(one.read_bytes() + other.read_bytes())
    bodies = [found.body for found in foreign.captures(tmp_path / "both.warc.gz") if found]
    assert bodies == [b"one", b"two", b"three"]


def test_damage_is_said_behind_all_that_can_be_read(path: Path) -> None:
    made(path, [{"body": b"one"}, {"body": b"two"}])
    path.write_bytes(path.read_bytes()[:-30])
    seen: list[bytes] = []
    with pytest.raises(DamagedCapture, match=r"records are whole"):
        seen.extend(found.body for found in foreign.captures(path) if found)
    assert seen == [b"one"]


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"PK\x03\x04 a zip", gzip.compress(b"no record")])
def test_a_file_without_records_is_said_to_have_none(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedCapture, match=r"no WARC records in it|a zip file|damaged"):
        list(foreign.captures(path))
