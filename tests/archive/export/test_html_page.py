"""Tests that pages that stand alone share a stylesheet, escape what they are given and miss nothing in silence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup
from parsel import Selector

from lufeng_crawler.archive.export.html_page import render_page


def changes(title: str = "Changes", **more: object) -> str:
    values: dict[str, object] = {"about": "about", "days": [], "count": 0, "one_line": str, "web_address": str}
    return render_page("changes.html", "lufeng_crawler.archive.export", title=title, **(values | more))


def diff(title: str = "题", **more: object) -> str:
    values: dict[str, object] = {"url": "u", "versions": "v", "coarse": "", "fields": []}
    return render_page("diff.html", "lufeng_crawler.cli.shared", title=title, **(values | more))


@pytest.mark.parametrize("page", [changes, diff])
def test_every_page_has_its_stylesheet_in_it_and_loads_nothing(page: Callable[[], str]) -> None:
    shown = Selector(page())
    (style,) = shown.css("style::text").getall()
    assert style == Selector(changes()).css("style::text").get()
    assert "prefers-color-scheme: dark" in style
    assert "default-src 'none'" in (shown.css("meta[http-equiv]::attr(content)").get() or "")
    assert not re.search(r"<(?:script|link|img|iframe)\b|@import|url\(|src=", page())


@pytest.mark.parametrize("page", [changes, diff])
def test_what_is_not_markup_is_escaped(page: Callable[[str], str]) -> None:
    assert Selector(page("<script>&\"'")).css("h1::text").get() == "<script>&\"'"
    assert "<script" not in page("<script>")
    assert Selector(page(Markup("<i>x</i>"))).css("h1 i::text").get() == "x"


def test_a_value_that_is_missing_is_an_error_and_no_gap() -> None:
    with pytest.raises(UndefinedError):
        render_page("changes.html", title="Changes")


def test_each_page_names_its_language() -> None:
    assert [Selector(page()).css("html::attr(lang)").get() for page in (changes, diff)] == ["en", "zh-CN"]


def test_a_diff_without_fields_says_so() -> None:
    assert Selector(diff()).css("main p::text").get() == "no difference"
    assert Selector(diff(coarse="coarse")).css(".coarse::text").get() == "coarse"
