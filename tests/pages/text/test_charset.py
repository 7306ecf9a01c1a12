"""Tests how bytes become text: what is declared, what is true, and what is neither."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.text.charset import decode_text

NEWS = "鹿峰县召开防汛工作会议"
SHORT = ("通知", "公告", "鹿峰", "要闻", "简介", "招聘", "县长信箱", "通知公告", "机构设置", "联系我们")
WRITTEN = ("utf-8", "gb2312", "gbk", "gb18030")
DECLARED = (*WRITTEN, "GB2312", "UTF8", "x-gbk", "nonsense", "")
CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


def test_a_bom_goes_first() -> None:
    assert decode_text(codecs.BOM_UTF8 + NEWS.encode(), "text/html; charset=gbk") == NEWS
    assert decode_text(codecs.BOM_UTF16_LE + NEWS.encode("utf-16-le")) == NEWS


def test_the_header_is_believed() -> None:
    assert decode_text(NEWS.encode("gb18030"), "text/html; charset=GB2312") == NEWS


def test_gb2312_is_read_as_gb18030() -> None:
    rare = "朱镕基的镕与𠮷"
    assert decode_text(b'<meta charset="gb2312">' + rare.encode("gb18030")).endswith(rare)


def test_the_meta_tag_is_believed() -> None:
    assert decode_text(b'<meta charset="big5"><p>' + "縣政府公告".encode("big5")).endswith("縣政府公告")


def test_declared_utf8_that_is_gbk() -> None:
    assert decode_text(b'<meta charset="utf-8">' + NEWS.encode("gbk"), "text/html; charset=utf-8").endswith(NEWS)


def test_declared_gbk_that_is_utf8() -> None:
    assert decode_text(b'<meta charset="gbk">' + NEWS.encode()).endswith(NEWS)


@pytest.mark.parametrize("word", ["通知", "公告通知", NEWS])
def test_undeclared_gbk_even_where_it_is_valid_utf8(word: str) -> None:
    assert decode_text(word.encode("gbk")) == word


@pytest.mark.parametrize("word", ["café", "naïve été", "© 2023", "§ 3 ± 2"])
def test_western_letters_in_utf8_stay(word: str) -> None:
    assert decode_text(word.encode()) == word


def test_a_truncated_page_keeps_its_encoding() -> None:
    assert decode_text(NEWS.encode() * 20 + b"\xe9\xb9").startswith(NEWS)
    assert decode_text(NEWS.encode("gbk") * 20 + b"\xc2").startswith(NEWS)


def test_broken_bytes_follow_the_less_broken() -> None:
    assert NEWS in decode_text(NEWS.encode() * 5 + b"\xff\xfe\xff" + NEWS.encode())


def test_the_site_file_has_the_last_word() -> None:
    assert decode_text("Ä".encode("latin-1"), "text/html; charset=utf-8", "latin-1") == "Ä"
    assert decode_text(NEWS.encode("gbk"), None, "gb2312") == NEWS


def test_an_unknown_name_is_no_name() -> None:
    assert decode_text(NEWS.encode(), "text/html; charset=nonsense") == NEWS
    assert decode_text(NEWS.encode(), None, "nonsense") == NEWS


@pytest.mark.parametrize("name", ["rot13", "hex", "base64", "idna", "punycode", "undefined", "utf-7", "zlib", "utf-16"])
def test_no_codec_of_another_kind_is_asked(name: str) -> None:
    assert isinstance(decode_text(b"abc\xff+AGA-", f"text/html; charset={name}"), str)
    assert isinstance(decode_text(b"abc\xff+AGA-", None, name), str)


@given(st.binary(max_size=300))
def test_any_bytes_give_text_that_can_be_written(body: bytes) -> None:
    decode_text(body).encode("utf-8")


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4, max_size=80))
def test_chinese_comes_back_from_both_encodings(text: str) -> None:
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("written", WRITTEN)
def test_a_header_may_be_wrong(written: str, declared: str) -> None:
    assert decode_text(NEWS.encode(written), f"text/html; charset={declared}") == NEWS


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize(
    "meta", ['<meta charset="{}">', '<meta http-equiv="Content-Type" content="text/html; charset={}">']
)
def test_a_meta_tag_may_be_wrong(written: str, declared: str, meta: str) -> None:
    head = meta.format(declared)
    assert decode_text(head.encode() + NEWS.encode(written), "text/html") == head + NEWS


@pytest.mark.parametrize("header", ["utf-8", "gbk"])
@pytest.mark.parametrize("meta", ["utf-8", "gb2312"])
@pytest.mark.parametrize("written", WRITTEN)
def test_header_and_meta_may_disagree_and_both_be_wrong(written: str, meta: str, header: str) -> None:
    head = f'<meta charset="{meta}">'
    assert decode_text((head + NEWS).encode(written), f"text/html; charset={header}") == head + NEWS


@pytest.mark.parametrize("word", SHORT)
@pytest.mark.parametrize("written", WRITTEN)
def test_a_few_words_that_declare_nothing(written: str, word: str) -> None:
    assert decode_text(word.encode(written)) == word
    assert decode_text(f"<title>{word}</title>".encode(written)) == f"<title>{word}</title>"


@pytest.mark.parametrize(
    ("bom", "written"),
    [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
@pytest.mark.parametrize("declared", ["utf-8", "gbk", "iso-8859-1", ""])
def test_a_bom_is_believed_before_any_declaration_and_is_no_text(bom: bytes, written: str, declared: str) -> None:
    assert decode_text(bom + NEWS.encode(written), f"text/html; charset={declared}") == NEWS


@given(CHINESE, st.sampled_from([None, "text/html", "text/html; charset=utf-8", "text/html; charset=gb2312"]))
def test_any_chinese_in_utf8_comes_back_whatever_is_declared(text: str, declared: str | None) -> None:
    assert decode_text(text.encode(), declared) == text


@given(CHINESE)
def test_any_chinese_in_gbk_comes_back_among_markup(text: str) -> None:
    page = f"<title>鹿峰县人民政府</title><p>{text}</p>"
    assert decode_text(page.encode("gb18030")) == page


@given(st.text(st.characters(codec="ascii"), max_size=60), st.sampled_from(DECLARED))
def test_ascii_is_ascii_whatever_is_declared(text: str, declared: str) -> None:
    body = f"<p>{text}</p>"
    assert decode_text(body.encode("ascii"), f"text/html; charset={declared}") == body


@pytest.mark.parametrize("override", ["gbk", "gb2312", "GB18030"])
def test_the_site_files_word_goes_before_header_and_meta(override: str) -> None:
    body = b'<meta charset="utf-8">' + "镕".encode("gb18030")
    assert decode_text(body, "text/html; charset=utf-8", override).endswith("镕")
