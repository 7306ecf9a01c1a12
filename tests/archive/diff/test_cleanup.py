"""Tests that of the ways to mark a difference the one is taken that a person would choose."""

from __future__ import annotations

import pytest

from lufeng_crawler.archive.diff.cleanup import clean_up, join_ranges
from lufeng_crawler.archive.diff.tokens import tokenize
from lufeng_crawler.archive.diff.word_diff import WordRange


def tidy(old: str, new: str, *changes: tuple[int, int, int, int]) -> list[tuple[str, str]]:
    here, there = tokenize(old), tokenize(new)
    found = clean_up([WordRange(*change) for change in changes], here, there)
    return [
        ("".join(word.key for word in here[one.i1 : one.i2]), "".join(word.key for word in there[one.j1 : one.j2]))
        for one in found
    ]


def test_changes_that_touch_are_one() -> None:
    assert join_ranges([WordRange(0, 1, 0, 0), WordRange(1, 1, 0, 2), WordRange(2, 3, 3, 3)]) == [
        WordRange(0, 1, 0, 2),
        WordRange(2, 3, 3, 3),
    ]


def test_the_same_characters_in_other_words_are_no_change() -> None:
    assert tidy("38.5 %", "38.5%", (0, len(tokenize("38.5 %")), 0, 1)) == []


def test_what_is_equal_at_the_ends_of_a_change_is_not_changed() -> None:
    assert tidy("全县税收", "全县收入", (0, 2, 0, 2)) == [("税收", "收入")]


@pytest.mark.parametrize(
    ("change", "added"),
    [((0, 0, 0, 3), "乙乙。"), ((1, 1, 1, 4), "乙乙。")],
)
def test_a_sentence_added_ends_with_its_end(change: tuple[int, int, int, int], added: str) -> None:
    old, new = "甲。丙。", "甲。乙乙。丙。"
    assert len(tokenize(new)) == len(tokenize(old)) + len(tokenize(added))
    at = len(tokenize("甲。"))
    size = len(tokenize(added))
    for shift in (0, -1):  # `乙乙。` behind the first stop, or `。乙乙` before it
        found = tidy(old, new, (at + shift, at + shift, at + shift, at + shift + size))
        assert found == [("", added)]


def test_of_a_doubled_word_the_second_is_the_one_too_many() -> None:
    here, there = tokenize("要进一步进一步加强"), tokenize("要进一步加强")
    assert clean_up([WordRange(1, 2, 1, 1)], here, there) == [WordRange(2, 3, 2, 2)]


def test_an_item_added_takes_its_sign_with_it() -> None:
    assert tidy("甲、乙", "甲、丙、乙", (1, 1, 1, 3)) == [("", "丙、")]


def test_particles_that_two_sentences_share_are_changed_with_them() -> None:
    old, new = "森林防火的宣传和检查工作", "税收收入的增长和完成情况"
    here, there = ([word.key for word in tokenize(text)] for text in (old, new))
    (i, k), (j, m) = ((keys.index("的"), keys.index("和")) for keys in (here, there))
    shreds = ((0, i, 0, j), (i + 1, k, j + 1, m), (k + 1, len(here), m + 1, len(there)))
    assert tidy(old, new, *shreds) == [(old, new)]


def test_one_figure_for_another_is_no_shred_however_often() -> None:
    old, new = "3.1%、4.2%、5.3%", "3.2%、4.3%、5.4%"
    assert tidy(old, new, (0, 1, 0, 1), (2, 3, 2, 3), (4, 5, 4, 5)) == [
        ("3.1%", "3.2%"),
        ("4.2%", "4.3%"),
        ("5.3%", "5.4%"),
    ]
