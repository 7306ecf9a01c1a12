"""Tests what is the same to a searcher, and that places in the folded text lead back into the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.search.folding import (
    SPACE_TOKEN,
    fold_text,
    folded_positions,
    folding_scheme,
    space_characters,
    to_nfc,
)

some = st.text("稅税 \n\u3000Ａa…①\u200be\u0301␣", max_size=20)
texts = some | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("稅收徵管", "税收征管"),
        ("乾隆與著作", "干隆与著作"),
        ("２０２３年（试行）", "2023年(试行)"),
        ("ＧＤＰ gdp GDP", "gdp gdp gdp"),
        ("第①项…㎡", "第1项...m2"),
        ("一\n\n\u3000\u3000二\t三\xa0四", "一 二 三 四"),
        ("零\u200b宽\u00ad度\ufeff", "零宽度"),
        ("cafe\u0301 CAFÉ", "café café"),
        ("Straße", "strasse"),
        ("a\0b\x1bc", "a b c"),
        (f"a{SPACE_TOKEN}b", "a b"),
        ("𠮷野家", "𠮷野家"),
        ("", ""),
    ],
)
def test_what_is_the_same_folds_to_the_same(text: str, folded: str) -> None:
    assert fold_text(text) == folded


@given(texts)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold_text(fold_text(text)) == fold_text(text)


@given(texts)
def test_every_character_of_the_folded_text_stands_where_it_is_said_to(text: str) -> None:
    text = to_nfc(text)
    folded, at = folded_positions(text)
    assert to_nfc(folded) == fold_text(text)
    assert len(at) == len(folded) + 1
    assert list(at) == sorted(at)
    assert at[-1] == len(text)
    assert all(character in fold_text(text[place]) for character, place in zip(folded, at, strict=False))


def test_places_of_a_text_whose_length_changes() -> None:
    assert folded_positions("稅…\n\n收") == ("税... 收", [0, 1, 1, 1, 2, 4, 5])


def test_characters_are_set_apart_with_a_sign_for_white_space() -> None:
    assert space_characters("稅收 ＡB") == "税 收 ␣ a b"


def test_the_scheme_names_what_decides_it() -> None:
    assert "opencc" in folding_scheme()
