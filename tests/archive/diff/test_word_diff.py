"""Tests where wording is found to differ: everywhere it does, nowhere else, and no further than the bound."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.diff.tokens import ITEM, PARAGRAPH, Token, tokenize
from lufeng_crawler.archive.diff.word_diff import (
    DIRECT_CELLS,
    MAX_EQUAL_PAIRS,
    WordRange,
    WorkBudget,
    find_changes,
    token_keys,
    token_units,
)

sentences = st.lists(st.sampled_from(["全县", "税收", "增长", "3%", "，", "。", "不", "的", "\n"]), max_size=30).map(
    "".join
)


def whole(old: list[Token], new: list[Token]) -> WordRange:
    return WordRange(0, len(old), 0, len(new))


def found(old: str, new: str, work: WorkBudget | None = None) -> list[tuple[str, str]]:
    here, there = tokenize(old), tokenize(new)
    changes = find_changes(here, there, whole(here, there), work or WorkBudget())
    return [
        ("".join(word.key for word in here[one.i1 : one.i2]), "".join(word.key for word in there[one.j1 : one.j2]))
        for one in changes
    ]


def test_words_inside_a_clause() -> None:
    text = "今年以来，全县税收收入完成{}，同比增长{}，其中非税收入下降。"
    assert found(text.format("3.42亿元", "8.6%"), text.format("3.24亿元", "2.9%")) == [
        ("3.42亿元", "3.24亿元"),
        ("8.6%", "2.9%"),
    ]


def test_one_side_alone_is_all_of_it() -> None:
    assert found("", "全县。") == [("", "全县。")]
    assert found("全县。", "") == [("全县。", "")]
    assert found("", "") == []


def test_another_text_is_not_compared_by_words() -> None:
    old, new = "欢迎广大市民踊跃报名参加本次活动的各项比赛", "因场地检修的需要停车场暂不开放"
    assert found(old, new) == [(old, new)]


@given(sentences, sentences)
def test_between_changes_all_is_equal(old: str, new: str) -> None:
    here, there = tokenize(old), tokenize(new)
    i = j = 0
    for change in [
        *find_changes(here, there, whole(here, there), WorkBudget()),
        WordRange(*[len(here)] * 2, *[len(there)] * 2),
    ]:
        assert [word.key for word in here[i : change.i1]] == [word.key for word in there[j : change.j1]]
        assert change.i1 <= change.i2
        assert change.j1 <= change.j2
        i, j = change.i2, change.j2


def test_units_lie_side_by_side() -> None:
    text = tokenize("甲、乙\n丙，丁")
    assert token_keys(text, token_units(text, 0, len(text), PARAGRAPH)) == ["甲、乙", "丙,丁"]
    assert token_keys(text, token_units(text, 0, len(text), ITEM)) == ["甲、", "乙", "丙,", "丁"]
    assert token_units(text, 2, 2, ITEM) == []


def test_work_is_refused_by_size_and_by_sum() -> None:
    work = WorkBudget(left=MAX_EQUAL_PAIRS + 10)
    assert not work.allows(MAX_EQUAL_PAIRS + 1)
    assert work.refused
    assert work.allows(MAX_EQUAL_PAIRS)
    assert work.allows(10)
    assert not work.allows(1)


def test_past_the_bound_a_stretch_is_replaced_whole() -> None:
    old, new = "全县税收增长的情况很好", "全县税收下降的情况很好"
    work = WorkBudget(left=0)
    assert len(tokenize(old)) * len(tokenize(new)) <= DIRECT_CELLS
    assert found(old, new, work) == [(old, new)]
    assert work.refused


def test_a_clause_edited_in_a_long_text_is_found_by_its_like() -> None:
    old = "".join(f"第{at}组检查了{chr(0x5000 + at)}{chr(0x6000 + at)}地块的防火情况，" for at in range(60))
    changes = found(old, old.replace("防火", "防汛"))
    assert set(changes) == {("防火", "防汛")}
    assert len(changes) == 60
