"""Tests what is compared of two texts: what is away, what is a copy, what is another form, and how copies are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.shingles import (
    MAX_LENGTH,
    MIN_LENGTH,
    MIN_PRINTS,
    PRINT_RATIO,
    ComparedText,
    Similarity,
    comparable_text,
    make_sketch,
    similarity,
    text_id,
)
from tests.support.made_copies import edited, made

TEXTS = st.text(min_size=MIN_LENGTH, max_size=300)


def likeness(one: str, other: str) -> Similarity | None:
    return similarity(ComparedText(one), ComparedText(other))


def share_of_prints(one: str, other: str) -> float:
    here, there = set(make_sketch(one)), set(make_sketch(other))
    return len(here & there) / min(len(here), len(there))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("全县 税收\n3.42亿元，增长５％。", "全县税收342亿元增长5"),
        ("（责任编辑：甲）", "责任编辑甲"),
        ("GDP 与ＧＤＰ", "gdp与gdp"),
        ("一\u200b二\xad三_四", "一二三四"),
        ("，。", ""),
    ],
)
def test_what_is_compared_of_a_body(body: str, expected: str) -> None:
    assert comparable_text(body) == expected


def test_names_and_prints_are_the_same_on_every_machine() -> None:
    text = "鹿峰县人民政府办公室关于做好春季农田水利建设工作的通知" * 3
    assert text_id(text) == 6910421047685537113
    assert make_sketch(text)[:3] == [61583923, 474746273, 1438641764]


@given(TEXTS)
def test_a_text_has_prints_and_a_name_whatever_it_is(text: str) -> None:
    assert 0 <= text_id(text) < 1 << 63
    found = make_sketch(text)
    assert found == sorted(set(found))
    assert 1 <= len(found) <= len(text) * 2


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_from_both_sides(one: str, other: str) -> None:
    found, back = likeness(one, other), likeness(other, one)
    assert (found and (found.shared, found.other_length, found.length)) == (back and tuple(back))


@given(TEXTS)
def test_a_text_is_wholly_like_itself(text: str) -> None:
    found = likeness(text, text)
    assert found is not None
    assert found.length == found.other_length == found.shared


def test_prints_are_one_in_so_many_of_a_long_text_and_no_fewer_than_some_of_a_short_one() -> None:
    assert len(make_sketch(made(100))) == MIN_PRINTS
    assert len(make_sketch(made(32_000))) == pytest.approx(32_000 / PRINT_RATIO, rel=0.1)


@pytest.mark.parametrize("length", [100, 300, 1000, 5000])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.1, 0.2, 0.3])
def test_an_edited_copy_is_found_and_is_one(length: int, share: float) -> None:
    text = made(length)
    other = edited(text, share)
    assert likeness(text, other) is not None
    assert share_of_prints(text, other) > 0.15


@pytest.mark.parametrize("length", [100, 300, 1000])
def test_what_is_quoted_whole_is_found_in_what_quotes_it(length: int) -> None:
    text = made(length)
    long = made(4000, 2) + text + made(4000, 3)
    found = likeness(text, long)
    assert found is not None
    assert found.shared == found.length < found.other_length / 8
    assert share_of_prints(text, long) > 0


@pytest.mark.parametrize("seed", range(2, 12))
def test_texts_of_the_same_characters_are_no_copies(seed: int) -> None:
    assert likeness(made(1000), made(1000, seed)) is None


def test_of_two_that_share_less_than_half_neither_is_a_copy() -> None:
    shared = made(400)
    assert likeness(shared + made(500, 2), shared + made(500, 3)) is None
    assert likeness(shared + made(300, 2), shared + made(300, 3)) is not None


WEATHER = (
    "县气象台{}日{}时发布：今天白天到夜间多云间晴，偏南风{}级，最高气温{}℃，最低气温{}℃，相对湿度{}%到{}%，"
    "森林火险等级{}级。明天白天晴转多云，气温{}到{}℃，请注意防火。"
)
HOLIDAY = (
    "各乡镇人民政府、县直各部门：根据国务院办公厅通知精神，现将{}年春节放假安排通知如下：{}月{}日至{}日放假调休，共{}天。"
    "节假日期间，各单位要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。{}年{}月{}日"
)


@pytest.mark.parametrize("form", [WEATHER, HOLIDAY])
def test_the_same_form_with_other_figures_is_no_copy(form: str) -> None:
    one, other = (comparable_text(form.format(*range(start, start + 10))) for start in (11, 61))
    assert likeness(one, other) is None
    assert likeness(one, one) is not None


@pytest.mark.parametrize("change", [("61", "62"), ("一", "三")])
def test_one_changed_figure_is_an_edit_and_not_another_form(change: tuple[str, str]) -> None:
    text = made(200) + "61户，占百分之一" + made(200, 2)
    assert likeness(text, text.replace(*change)) is not None


def test_of_very_long_texts_the_beginning_is_compared() -> None:
    text = made(MAX_LENGTH)
    found = likeness(text + made(100, 2), text + made(100, 3))
    assert found is not None and found.length == found.shared
    assert make_sketch(text) == make_sketch(text + "后")


def test_what_is_no_valid_text_is_compared_as_well() -> None:
    broken = made(80) + "\ud800"
    assert text_id(broken) != text_id(made(80))
    assert likeness(broken, broken) is not None
