"""Tests breadcrumbs, and how a column is found by its name."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Capture
from lufeng_crawler.pages import find_column
from lufeng_crawler.pages.article.breadcrumb import read_breadcrumb


@pytest.mark.parametrize(
    ("lines", "columns"),
    [
        (["首页 >> 新闻动态 >> 鹿峰动态"], ("新闻动态", "鹿峰动态")),
        (["当前位置： 首页 > 新闻动态 > 鹿峰动态 > 正文"], ("新闻动态", "鹿峰动态")),
        (["您现在的位置：首页>新闻动态>"], ("新闻动态",)),
        (["您的位置是：网站首页 / 政务公开 / 通知公告"], ("政务公开", "通知公告")),
        (["当前位置：鹿峰县政府首页 » 政务公开"], ("政务公开",)),
        (["当前位置：", "首页", ">", "政务公开", ">", "通知公告"], ("政务公开", "通知公告")),
        (["首页", "新闻动态", "政务公开"], ()),
        (["没有位置的一行"], ()),
        ([], ()),
    ],
)
def test_a_breadcrumb(lines: list[str], columns: tuple[str, ...]) -> None:
    assert read_breadcrumb(lines) == columns


def found(html: str, name: str = "鹿峰动态") -> str | None:
    return find_column(Capture("http://a.example/index.htm", "", 200, (), html.encode()), name)


@pytest.mark.parametrize(
    "link",
    [
        "<a href='lfdt.htm'>鹿峰动态</a>",
        "<a href='lfdt.htm'> 鹿峰 动态 ›</a>",
        "<a href='lfdt.htm'><span>· 鹿峰</span>动态 &gt;&gt;</a>",
        "<a href='lfdt.htm'>鹿　峰　动　态</a>",
        "<a href='lfdt.htm'>【鹿峰动态】</a>",
        "<a href='lfdt.htm' title='鹿峰动态'>更多</a>",
        "<a href='lfdt.htm'><img src='a.png' alt='鹿峰动态'></a>",
    ],
)
def test_a_column_however_its_name_is_written(link: str) -> None:
    assert found(f"<p>鹿峰县人民政府</p>{link}") == "http://a.example/lfdt.htm"


def test_the_navigation_goes_first() -> None:
    page = "<a href='old.htm'>鹿峰动态</a><div class='main-nav'><a href='lfdt.htm'>鹿峰动态</a></div>"
    assert found(page) == "http://a.example/lfdt.htm"


def test_a_link_to_nowhere_is_passed_over() -> None:
    page = "<nav><a href='javascript:;'>鹿峰动态</a></nav><a href='lfdt.htm'>鹿峰动态</a>"
    assert found(page) == "http://a.example/lfdt.htm"


def test_full_width_letters_are_the_same() -> None:
    assert found("<a href='a.htm'>ＧＤＰ公报</a>", "GDP公报") == "http://a.example/a.htm"


def test_no_such_column() -> None:
    assert found("<a href='a.htm'>鹿峰动态网</a>") is None
    assert found("") is None
