"""Tests what is shown of a hit: the piece with most of the words, marked where they stand in the text as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.search.folding import fold_text, to_nfc
from lufeng_crawler.archive.search.snippets import SNIPPET_LENGTH, Snippet, best_snippet, mark_all

FILLER = "天地玄黄宇宙洪荒" * 40


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        ("全县税收增长", ["税收"], "全县[税收]增长"),
        ("稅收、税收", ["税收"], "稅收、[税收]"),
        ("稅收增長", ["税收", "增长"], "[稅收][增長]"),
        ("ＧＤＰ增长", ["gdp"], "[ＧＤＰ]增长"),
        ("第…項㎡的稅", ["项m2的"], "第…[項㎡的]稅"),
        ("一\n\n二　三", ["一 二 三"], "[一  二 三]"),
        ("税\u200b收 税收入", ["税收入"], "税\u200b收 [税收入]"),
        ("稅\u200b收", ["税收"], "[稅\u200b收]"),
        ("啊啊啊", ["啊啊"], "[啊啊]啊"),
        ("增长增收", ["增", "增收"], "[增]长[增收]"),
        ("没有", ["税收"], "没有"),
        ("", ["税收"], ""),
        ("没有", [], "没有"),
    ],
)
def test_marks_are_in_the_text_as_it_is(text: str, terms: list[str], marked: str) -> None:
    found = mark_all(text, terms).marked("[", "]")
    assert found.replace("][", "") == marked.replace("][", "")


def test_the_piece_has_most_of_the_words() -> None:
    text = f"税收。{FILLER}税收在先，{FILLER}有税收也有通知。{FILLER}通知"
    found = best_snippet(text, ["税收", "通知"])
    assert "有[税收]也有[通知]。" in found.marked("[", "]")
    assert found.text.startswith("…")
    assert found.text.endswith("…")
    assert len(found.text) == SNIPPET_LENGTH + 2


def test_a_piece_begins_with_a_sentence_where_one_is_near() -> None:
    assert best_snippet(f"{FILLER}。\n全县税收{FILLER}", ["税收"]).marked("[", "]").startswith("…全县[税收]天")


def test_the_end_of_a_text_is_shown_in_full_length() -> None:
    found = best_snippet(f"{FILLER}税收", ["税收"])
    assert found.text == f"…{(FILLER + '税收')[-SNIPPET_LENGTH:]}"
    assert found.marks == ((SNIPPET_LENGTH - 1, SNIPPET_LENGTH + 1),)


def test_without_the_words_it_is_the_beginning() -> None:
    assert best_snippet(FILLER, ["税收"]) == Snippet(FILLER[:SNIPPET_LENGTH] + "…")


def test_what_moves_a_cursor_is_not_shown() -> None:
    assert mark_all("税\x1b[31m收\u202e\n", []).text == "税 [31m收  "


@given(
    st.text("税稅收 \n。…ａé\u0301\u200b", max_size=300),
    st.lists(st.sampled_from(["税", "税收", "a", " 收", "..."]), max_size=3),
)
def test_marks_are_inside_in_order_and_say_the_words(text: str, terms: list[str]) -> None:
    for found in (mark_all(text, terms), best_snippet(text, terms)):
        assert all(0 <= start < stop <= len(found.text) for start, stop in found.marks)
        assert all(before[1] < after[0] for before, after in zip(found.marks, found.marks[1:], strict=False))
        for start, stop in found.marks:
            assert any(term in fold_text(found.text[start:stop]) or stop == len(found.text) - 1 for term in terms)
    assert len(mark_all(text, terms).text) == len(to_nfc(text))


def test_a_passage_comes_in_pieces() -> None:
    assert list(Snippet("甲乙丙丁", ((1, 2), (3, 4))).parts()) == [
        ("甲", False),
        ("乙", True),
        ("丙", False),
        ("丁", True),
        ("", False),
    ]
