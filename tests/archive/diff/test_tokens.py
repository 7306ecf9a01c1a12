"""Tests where words end: as rjieba says, but whole figures and dates; and that no character is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.diff.tokens import CLAUSE, ITEM, PARAGRAPH, SENTENCE, clear_cache, tokenize
from lufeng_crawler.archive.text import normalise

texts = st.text(
    st.sampled_from("鹿峰县财政局由小峰不合格，。、；的增长3.4亿%元年月日2０ \t\n　第a.-\u200b"), max_size=40
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def keys(text: str) -> list[str]:
    return [word.key for word in tokenize(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "1,234.5万元", "38.5%", "-3.5%", "2023年6月29日", "2023年6月", "6月29日", "2026-11-12", "09:30", "第3条",
        "5个工作日", "2.5个百分点", "3公里", "12.6万吨", "１２．６万吨", "百分之五十", "三个月", "2026年度",
        "二〇二六年十一月十二日", "0878-1234567", "http://www.example.gov.cn/a.htm?b=1", "a.b@example.gov.cn",
    ],
)  # fmt: skip
def test_a_figure_is_one_word(whole: str) -> None:
    assert keys(f"其中，{whole}，其余") == ["其中", ",", normalise(whole), ",", "其余"]


@pytest.mark.parametrize("text", ["2026 年 6 月 29 日", "38.5 %", "1,234.5 万元", "全　县", "全\u200b县"])
def test_spacing_parts_no_word(text: str) -> None:
    assert keys(text) == keys(normalise(text))


def test_line_ends_and_cells_part_words() -> None:
    assert keys("县\n级") == ["县", "级"]
    assert keys("12\t34\n56") == ["12", "34", "56"]


def test_a_guess_at_a_name_takes_no_particle() -> None:
    assert keys("会议由鹿大江主持")[:2] == ["会议", "由"]


def test_what_ends_with_a_word() -> None:
    found = tokenize("甲、乙，丙。丁\n戊\t己")
    assert [word.ends for word in found if word.ends] == [ITEM, CLAUSE, SENTENCE, PARAGRAPH, ITEM]


@given(texts)
def test_words_put_together_are_the_text(text: str) -> None:
    found = tokenize(text)
    assert "".join(word.text for word in found) == (text if normalise(text) else "")
    assert "".join(word.key for word in found) == "".join(normalise(word.text) for word in found)
    assert all(word.key for word in found)


@given(texts)
def test_what_is_remembered_changes_nothing(text: str) -> None:
    before = tokenize(text)
    clear_cache()
    assert tokenize(text) == before
