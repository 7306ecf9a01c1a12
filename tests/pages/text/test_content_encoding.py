"""Tests how Content-Encodings are undone: each, several, damaged, lying and too large."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Capture, Other
from lufeng_crawler.pages import read
from lufeng_crawler.pages.text import content_encoding

TEXT = "<p>鹿峰县人民政府</p>".encode() * 200


def bare_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(body) + stream.flush()


CODERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "x-gzip": gzip.compress, "br": brotli.compress}


@pytest.mark.parametrize("coding", CODERS)
def test_a_coding_is_undone(coding: str) -> None:
    assert content_encoding.decode_payload(CODERS[coding](TEXT), coding) == TEXT


@pytest.mark.parametrize("coder", [zlib.compress, bare_deflate])
def test_both_kinds_of_deflate(coder: Callable[[bytes], bytes]) -> None:
    assert content_encoding.decode_payload(coder(TEXT), "deflate") == TEXT


def test_codings_are_undone_from_the_right() -> None:
    assert content_encoding.decode_payload(brotli.compress(gzip.compress(TEXT)), "gzip, br") == TEXT


def test_gzip_of_two_members() -> None:
    assert content_encoding.decode_payload(gzip.compress(TEXT) + gzip.compress(b"more"), "gzip") == TEXT + b"more"


def test_no_coding_and_identity() -> None:
    assert content_encoding.decode_payload(TEXT, "") == TEXT
    assert content_encoding.decode_payload(TEXT, "identity") == TEXT


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_what_came_before_a_break_is_kept(coding: str) -> None:
    text = bytes(range(256)) * 400
    cut = CODERS[coding](text)
    plain = content_encoding.decode_payload(cut[: len(cut) * 3 // 4], coding)
    assert text.startswith(plain)


def test_damage_in_the_middle_keeps_the_beginning() -> None:
    body = bytearray(gzip.compress(b"".join(b"%d " % number for number in range(50_000))))
    body[len(body) // 2 : len(body) // 2 + 40] = b"\xff" * 40
    assert content_encoding.decode_payload(bytes(body), "gzip").startswith(b"0 1 2 3 4 ")


def test_a_body_that_never_wore_its_coding() -> None:
    assert content_encoding.decode_payload(TEXT, "gzip") == TEXT


def test_rubbish_cannot_be_decoded() -> None:
    with pytest.raises(content_encoding.Undecodable):
        content_encoding.decode_payload(b"\x00\x01rubbish", "gzip")


def test_an_unknown_coding_cannot_be_decoded() -> None:
    with pytest.raises(content_encoding.Undecodable, match="unknown"):
        content_encoding.decode_payload(TEXT, "shuffle")


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_bomb_is_not_blown_up(coding: str) -> None:
    with pytest.raises(content_encoding.TooLarge):
        content_encoding.decode_payload(CODERS[coding](b"0" * (content_encoding.MAX_DECODED_BYTES + 1)), coding)


def test_a_large_plain_body_is_too_large() -> None:
    with pytest.raises(content_encoding.TooLarge):
        content_encoding.decode_payload(b"0" * (content_encoding.MAX_DECODED_BYTES + 1), "")


def test_too_large_is_read_as_other() -> None:
    capture = Capture("http://a.example/", "", 200, (("Content-Encoding", "gzip"),), gzip.compress(b"0" * 21_000_000))
    reading = read(capture)
    assert isinstance(reading, Other)
    assert "too large" in reading.reason


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", "br", "gzip, br", "", "zstd"]))
def test_any_body_is_decoded_or_refused(body: bytes, codings: str) -> None:
    with suppress(content_encoding.Undecodable, content_encoding.TooLarge):
        assert isinstance(content_encoding.decode_payload(body, codings), bytes)


@given(st.binary(max_size=2000))
def test_gzip_gives_back_what_was_put_in(body: bytes) -> None:
    assert content_encoding.decode_payload(gzip.compress(body), "gzip") == body
