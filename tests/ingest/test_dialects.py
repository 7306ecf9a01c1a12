"""Tests that what the standards allow, and what other tools read, is read; and why what is left out is left out."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lufeng_crawler.ingest.left_out import LeftOut
from lufeng_crawler.ingest.responses import Revisit, parse_response
from lufeng_crawler.items import Capture
from tests.support.foreign_files import LATEST, answers, sha1
from tests.support.raw_records import HTTP, PAGE, members, raw_record

URL, AT = "http://www.lufengxian.example/1.htm", "2024-05-06T07:08:01Z"
LOWER = [("Content-Length", "content-length"), ("WARC-", "warc-"), ("Content-Type", "content-type")]


def lower_case(record: bytes) -> bytes:
    for name, lower in LOWER:
        record = record.replace(name.encode(), lower.encode())
    return record


DIALECTS = {
    "plain": raw_record(),
    "LF only": raw_record(end="\n", after=b"\n\n"),
    "CR CR LF": raw_record(end="\r\r\n"),
    "LF only in HTTP": raw_record(HTTP.replace(b"\r\n", b"\n") + PAGE),
    "nothing behind": raw_record(after=b""),
    "one line end behind": raw_record(after=b"\n"),
    "names in lower case": lower_case(raw_record()),
    "names in capitals": raw_record().replace(b"WARC-Target-URI", b"WARC-TARGET-URI"),
    "type in capitals": raw_record(kind="RESPONSE"),
    "version in lower case": raw_record(version="warc/1.1"),
    "an old version": raw_record(version="WARC/0.18"),
    "media type in capitals": raw_record(more=[("Content-Type", "application/HTTP;msgtype=response")]),
    "no media type": raw_record(leave_out=["Content-Type"]),
    "folded address": raw_record(more=[("WARC-Target-URI", f"\r\n {URL}")]),
    "address folded in its middle": raw_record(more=[("WARC-Target-URI", URL.replace("/1", "/\r\n\t1"))]),
    "address in brackets": raw_record(more=[("WARC-Target-URI", f" < {URL} > ")]),
    "two spaces in the status line": raw_record(b"HTTP/1.1  200  OK" + HTTP[15:] + PAGE),
    "no reason phrase": raw_record(b"HTTP/1.1 200" + HTTP[15:] + PAGE),
    "HTTP/2": raw_record(b"HTTP/2 200" + HTTP[15:] + PAGE),
    "lower-case http": raw_record(b"http/1.0 200 ok" + HTTP[15:] + PAGE),
    "a line before the status line": raw_record(b"\r\n" + HTTP + PAGE),
    "an interim response before it": raw_record(b"HTTP/1.1 100 Continue\r\n\r\n" + HTTP + PAGE),
    "a field without a colon": raw_record(more=[("X", "y")]).replace(b"X: y", b"what is this"),
    "a long header": raw_record(more=[("X", "y" * 200_000)]),
    "an address not in UTF-8": raw_record(more=[("X", "é")]).replace("é".encode(), b"\xe9"),
}


@pytest.mark.parametrize("squeeze", [bytes, gzip.compress], ids=["plain", "zipped"])
@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_read(tmp_path: Path, name: str, squeeze: type[bytes]) -> None:
    """Between two plain records, so that it does not cost its neighbours either."""
    path, others = tmp_path / "a.warc", [raw_record(number=number) for number in (2, 3)]
    path.write_bytes(b"".join(map(squeeze, (others[0], DIALECTS[name], others[1]))))
    _, found, _ = answers(path)
    assert isinstance(found, Capture)
    assert (found.url, found.fetched_at, found.status, found.body, found.truncated) == (URL, AT, 200, PAGE, None)
    assert found.header("content-type") == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2024", "2024-01-01T00:00:00Z"),
        ("2024-05", "2024-05-01T00:00:00Z"),
        ("2024-05-06", "2024-05-06T00:00:00Z"),
        ("2024-05-06T07:08Z", "2024-05-06T07:08:00Z"),
        ("2024-05-06T07:08:09.123456789Z", "2024-05-06T07:08:09Z"),
        ("2024-05-06t07:08:09z", "2024-05-06T07:08:09Z"),
        ("20240506070809", "2024-05-06T07:08:09Z"),
        ("20240506070809123", "2024-05-06T07:08:09Z"),
        ("20240506T070809Z", "2024-05-06T07:08:09Z"),
        ("20240506", "2024-05-06T00:00:00Z"),
        ("2024-05-06T07:08:09-0800", "2024-05-06T15:08:09Z"),
        ("2024-05-06 07:08:09", "2024-05-06T07:08:09Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
    ],
)
def test_a_date_of_any_precision_is_read(said: str, meant: str) -> None:
    found = parse_response(raw_record(more=[("WARC-Date", said)]), LATEST)
    assert isinstance(found, Capture)
    assert found.fetched_at == meant


def dated(date: str) -> bytes:
    return raw_record(more=[("WARC-Date", date)])


def addressed(url: str) -> bytes:
    return raw_record(more=[("WARC-Target-URI", url)])


LEFT_OUT = [
    (LeftOut.UNDATED, raw_record(leave_out=["WARC-Date"])),
    (LeftOut.UNDATED, dated(" ")),
    *((LeftOut.MISDATED, dated(date)) for date in ("lately", "2009-03-65T08:43:19-0800", "0001-01-01T00:00:00+08:00")),
    *((LeftOut.MISDATED, dated(date)) for date in ("9999-12-31T23:59:59-08:00", "1970-01-01T00:00:00Z", "２０２４")),
    (LeftOut.MISDATED, dated("2027-01-02T00:00:00Z")),
    (LeftOut.NO_ADDRESS, raw_record(leave_out=["WARC-Target-URI"])),
    *((LeftOut.NO_ADDRESS, addressed(url)) for url in ("", "/1.htm", "www.lufengxian.example/1.htm", "http://", "<>")),
    *((LeftOut.NO_ADDRESS, addressed(url)) for url in ("http://[1/", "http:///1.htm", "http://a:b/", "https:1.htm")),
    *((LeftOut.NOT_HTTP, addressed(url)) for url in ("dns:a.example", "urn:x", "<ftp://a.example/>", "file:///a")),
    (LeftOut.NOT_HTTP, raw_record(b"1", more=[("Content-Type", "text/dns")])),
    (LeftOut.UNREADABLE, raw_record(b"")),
    (LeftOut.UNREADABLE, raw_record(PAGE)),
    (LeftOut.UNREADABLE, raw_record(b"HTTP/1.1 abc\r\n\r\n")),
    (LeftOut.UNREADABLE, raw_record(b"HTTP/1.1 2000 OK\r\n\r\n")),
    (LeftOut.UNREADABLE, raw_record(b"GET / HTTP/1.1\r\n\r\n")),
    (LeftOut.SEGMENT, raw_record(more=[("WARC-Segment-Number", "1")])),
    (LeftOut.SEGMENT, raw_record(kind="continuation")),
    (LeftOut.CONVERSION, raw_record(kind="conversion")),
    (LeftOut.UNKNOWN_TYPE, raw_record(kind="screenshot")),
    (LeftOut.UNKNOWN_TYPE, raw_record(leave_out=["WARC-Type"])),
    (LeftOut.DIGEST_MISMATCH, raw_record(more=[("WARC-Block-Digest", sha1(b""))])),
    (LeftOut.DIGEST_MISMATCH, raw_record(more=[("WARC-Payload-Digest", sha1(b""))])),
    (
        LeftOut.DIGEST_MISMATCH,
        raw_record(PAGE, "resource", more=[("Content-Type", "text/html"), ("WARC-Payload-Digest", sha1(b""))]),
    ),
]


@pytest.mark.parametrize(("reason", "record"), LEFT_OUT)
def test_what_is_left_out_is_left_out_for_its_reason(reason: LeftOut, record: bytes) -> None:
    assert parse_response(record, LATEST) is reason


def test_every_reason_has_words_and_is_tested() -> None:
    assert {reason for reason, _ in LEFT_OUT} == set(LeftOut) - {LeftOut.WITHOUT_ORIGINAL}
    assert all(reason.words for reason in LeftOut)


@pytest.mark.parametrize(
    "more",
    [
        [("WARC-Block-Digest", sha1(HTTP + PAGE)), ("WARC-Payload-Digest", sha1(PAGE))],
        [("WARC-Payload-Digest", "blake3:00")],
        [("WARC-Payload-Digest", "")],
    ],
)
def test_digests_that_are_right_or_cannot_be_checked_keep_nothing_out(more: list[tuple[str, str]]) -> None:
    assert isinstance(parse_response(raw_record(more=more), LATEST), Capture)


def test_a_payload_digest_may_be_of_the_payload_in_its_coding_or_without() -> None:
    packed = gzip.compress(PAGE, mtime=0)
    coded = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = HTTP[:-2] + b"Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    for payload in (coded, packed, PAGE):
        found = parse_response(raw_record(head + coded, more=[("WARC-Payload-Digest", sha1(payload))]), LATEST)
        assert isinstance(found, Capture)
        assert found.body == packed


def test_a_resource_is_a_page_that_says_what_it_was() -> None:
    found = parse_response(raw_record(PAGE, "resource", more=[("Content-Type", "text/html")]), LATEST)
    headers = (("Content-Type", "text/html"), ("X-Warc-Type", "resource"))
    assert found == Capture(URL, AT, 200, headers, PAGE)


@pytest.mark.parametrize(
    ("length", "body", "truncated"),
    [
        (len(PAGE) + 1, PAGE[:-40], "disconnect"),
        (len(PAGE), PAGE, None),
        (len(PAGE) + 9, PAGE, None),  # it has its end: the maker changed it
        (3, PAGE, None),
    ],
)
def test_a_body_shorter_than_its_own_length_is_cut(length: int, body: bytes, truncated: str | None) -> None:
    found = parse_response(raw_record(HTTP[:-2] + b"Content-Length: %d\r\n\r\n" % length + body), LATEST)
    assert isinstance(found, Capture)
    assert found.truncated == truncated


def test_a_head_that_ends_in_its_middle_is_cut() -> None:
    found = parse_response(raw_record(HTTP[:-2]), LATEST)
    assert isinstance(found, Capture)
    assert (found.status, found.body, found.truncated) == (200, b"", "disconnect")


@pytest.mark.parametrize("block", [b"", b"\r\n\r\n", HTTP, b"nothing"])
def test_a_revisit_may_leave_out_its_head(block: bytes) -> None:
    found = parse_response(raw_record(block, "revisit"), LATEST)
    assert isinstance(found, Revisit)
    assert found.capture.status == (200 if block == HTTP else 0)


def test_a_space_in_an_address_is_one() -> None:
    found = parse_response(addressed("http://a.example/x  y.htm"), LATEST)
    assert isinstance(found, Capture)
    assert found.url == "http://a.example/x%20%20y.htm"


def test_what_a_form_answers_has_its_form_in_a_record_of_ours() -> None:
    found = parse_response(raw_record(more=[("WARC-JSON-Metadata", '{"form": "page=2"}')]), LATEST)
    assert isinstance(found, Capture)
    assert found.url == f"{URL}?__wb_method=POST&page=2"
    for odd in ("[", "[]", "{}", '{"form": 2}', '{"form": "a\\nb"}'):
        found = parse_response(raw_record(more=[("WARC-JSON-Metadata", odd)]), LATEST)
        assert isinstance(found, Capture)
        assert found.url == URL


def test_members_may_each_hold_a_dialect(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(members(*DIALECTS.values()))
    assert len(answers(tmp_path / "a.warc.gz")) == len(DIALECTS)
