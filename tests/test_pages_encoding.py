"""Tests how bytes become text: what is declared, what is true, and what is neither."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.encoding import to_text

NEWS = "鹿峰县召开防汛工作会议"


def test_a_bom_goes_first() -> None:
    assert to_text(codecs.BOM_UTF8 + NEWS.encode(), "text/html; charset=gbk") == NEWS
    assert to_text(codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le")) == NEWS


def test_the_header_is_believed() -> None:
    assert to_text(NEWS.encode("gb18030"), "text/html; charset=GB2312") == NEWS


def test_gb2312_is_read_as_gb18030() -> None:
    rare = "朱镕基的镕与𠮷"
    assert to_text(b'<meta charset="gb2312">' + rare.encode("gb18030")).endswith(rare)


def test_the_meta_tag_is_believed() -> None:
    assert to_text(b'<meta charset="big5"><p>' + "縣政府公告".encode("big5")).endswith("縣政府公告")


def test_declared_utf8_that_is_gbk() -> None:
    assert to_text(b'<meta charset="utf-8">' + NEWS.encode("gbk"), "text/html; charset=utf-8").endswith(NEWS)


def test_declared_gbk_that_is_utf8() -> None:
    assert to_text(b'<meta charset="gbk">' + NEWS.encode()).endswith(NEWS)


@pytest.mark.parametrize("word", ["通知", "公告通知", NEWS])
def test_undeclared_gbk_even_where_it_is_valid_utf8(word: str) -> None:
    assert to_text(word.encode("gbk")) == word


@pytest.mark.parametrize("word", ["café", "naïve été", "© 2023", "§ 3 ± 2"])
def test_western_letters_in_utf8_stay(word: str) -> None:
    assert to_text(word.encode()) == word


def test_a_truncated_page_keeps_its_encoding() -> None:
    assert to_text(NEWS.encode() * 20 + b"\xe9\xb9").startswith(NEWS)
    assert to_text(NEWS.encode("gbk") * 20 + b"\xc2").startswith(NEWS)


def test_broken_bytes_follow_the_less_broken() -> None:
    assert NEWS in to_text(NEWS.encode() * 5 + b"\xff\xfe\xff" + NEWS.encode())


def test_the_site_file_has_the_last_word() -> None:
    assert to_text("Ä".encode("latin-1"), "text/html; charset=utf-8", "latin-1") == "Ä"
    assert to_text(NEWS.encode("gbk"), None, "gb2312") == NEWS


def test_an_unknown_name_is_no_name() -> None:
    assert to_text(NEWS.encode(), "text/html; charset=nonsense") == NEWS
    assert to_text(NEWS.encode(), None, "nonsense") == NEWS


@pytest.mark.parametrize("name", ["rot13", "hex", "base64", "idna", "punycode", "undefined", "utf-7", "zlib", "utf-16"])
def test_no_codec_of_another_kind_is_asked(name: str) -> None:
    assert isinstance(to_text(b"abc\xff+AGA-", f"text/html; charset={name}"), str)
    assert isinstance(to_text(b"abc\xff+AGA-", None, name), str)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_that_can_be_written(body: bytes) -> None:
    to_text(body).encode("utf-8")


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=80))
def test_chinese_comes_back_from_both_encodings(text: str) -> None:
    assert to_text(text.encode()) == text
