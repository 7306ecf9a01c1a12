"""Tests what a reader asked the UI for: arguments, numbers, addresses with others, the language."""

from __future__ import annotations

from pathlib import Path

import pytest

from lufeng_crawler.errors import UsageError
from lufeng_crawler.ui.request import PageRequest, choose_language

ASKED = PageRequest(
    "/search", Path("data"), arguments={"q": ("税收",), "site": ("a", "b"), "page": ("2",), "lang": ("zh",)}
)


def test_an_argument_is_its_first_value_or_none() -> None:
    assert (ASKED.argument("q"), ASKED.argument("site"), ASKED.argument("to")) == ("税收", "a", None)


def test_a_number_comes_from_the_address_first() -> None:
    asked = PageRequest(
        "/articles/7", Path("data"), parts={"article": "7"}, arguments={"article": ("8",), "page": ("2",)}
    )
    assert (asked.number("article", 1), asked.number("page", 1), asked.number("version", 5)) == (7, 2, 5)


@pytest.mark.parametrize("said", ["0", "-1", "1e3", "٣", "1001", "9" * 30, "x"])
def test_what_is_no_such_number_is_said(said: str) -> None:
    with pytest.raises(UsageError, match=r"^page must be a whole number from 1 to 1,000$"):
        PageRequest("/", Path("data"), arguments={"page": (said,)}).number("page", 1, most=1000)


@pytest.mark.parametrize(
    ("changed", "address"),
    [
        ({}, "/search?q=%E7%A8%8E%E6%94%B6&site=a&site=b&page=2"),
        ({"page": 3, "site": None}, "/search?q=%E7%A8%8E%E6%94%B6&page=3"),
        ({"q": "a&b", "site": None, "page": None}, "/search?q=a%26b"),
        ({"q": None, "site": None, "page": None}, "/search"),
    ],
)
def test_an_address_is_the_same_page_with_other_arguments(changed: dict[str, object], address: str) -> None:
    assert ASKED.url_with(**changed) == address


@pytest.mark.parametrize(
    ("wanted", "remembered", "accepted", "expected"),
    [
        (None, None, "", "en"),
        (None, None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        (None, None, "en-GB,en;q=0.9,zh;q=0.8", "en"),
        (None, None, "en;q=0.5, zh-TW;q=0.7", "zh"),
        (None, None, "fr, de;q=0.5", "en"),
        (None, None, ";q=,,zh;q=x", "zh"),
        (None, "zh", "en", "zh"),
        ("en", "zh", "zh", "en"),
        ("xx", "yy", "zh", "zh"),
    ],
)
def test_the_language_is_as_asked_for_else_as_the_browser_likes(
    wanted: str | None, remembered: str | None, accepted: str, expected: str
) -> None:
    assert choose_language(wanted, remembered, accepted) == expected
