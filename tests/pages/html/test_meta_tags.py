"""Tests the meta tags that 国办发〔2017〕47号 prescribes: read as stated, whatever else a head is filled with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.html.evidence import Finding
from lufeng_crawler.pages.html.meta_tags import (
    find_other_dates,
    find_tagged_fields,
    read_meta_tags,
    select_prescribed,
    split_keywords,
)
from lufeng_crawler.pages.html.page import parse

STANDARD = (
    "SiteName SiteDomain SiteIDCode ColumnName ColumnDescription ColumnKeywords ColumnType ArticleTitle PubDate "
    "ContentSource Keywords Author Description Image Url"
)
WORDS = st.text("鹿峰县防汛工作通知", min_size=1, max_size=8)


def tags(html: str) -> dict[str, str]:
    return read_meta_tags(
        parse("http://www.lufengxian.example/1.htm", f"<html><head>{html}</head><body></body></html>")
    )


@pytest.mark.parametrize(
    "html",
    [
        '<meta name="ArticleTitle" content="停水通知">',
        '<META NAME="articletitle" CONTENT=" 停水通知 ">',
        '<meta content="停水通知" name=" ArticleTitle ">',
        '<meta name="ArticleTitle" content="停水通知"><meta name="ArticleTitle" content="另一个">',
        '<meta name="ArticleTitle" content=""><meta name="ArticleTitle" content="停水通知">',
        '<meta name="ArticleTitle" content="&nbsp;停水通知\u200b">',
    ],
)
def test_a_tag_however_it_is_written(html: str) -> None:
    assert tags(html) == {"articletitle": "停水通知"}


@pytest.mark.parametrize("html", ["<meta charset='utf-8'>", "<meta name='PubDate'>", "<meta name='a' content=' '>", ""])
def test_a_tag_that_states_nothing_is_none(html: str) -> None:
    assert tags(html) == {}


@given(st.dictionaries(st.sampled_from(STANDARD.split()), WORDS))
def test_every_tag_of_the_standard_comes_back_under_its_own_name(said: dict[str, str]) -> None:
    html = "".join(f'<meta name="{name}" content="{text}">' for name, text in said.items())
    assert select_prescribed(tags(html)) == said


def test_tags_of_others_are_left_out() -> None:
    html = '<meta name="viewport" content="width=device-width"><meta name="SiteName" content="鹿峰县人民政府">'
    assert select_prescribed(tags(html)) == {"SiteName": "鹿峰县人民政府"}


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("防汛,抗旱", ("防汛", "抗旱")),
        ("防汛，抗旱；通知、公告|办法", ("防汛", "抗旱", "通知", "公告", "办法")),
        ("防汛 抗旱", ("防汛", "抗旱")),
        ("防汛 工作, 抗旱", ("防汛 工作", "抗旱")),
        ("防汛,防汛,,", ("防汛",)),
        ("", ()),
    ],
)
def test_keywords_are_parted_by_whatever_parts_them(stated: str, words: tuple[str, ...]) -> None:
    assert split_keywords({"keywords": stated}) == words


@given(st.lists(WORDS, max_size=6), st.sampled_from([",", "，", ";", "、", " | "]))
def test_keywords_come_back_each_once(words: list[str], between: str) -> None:
    assert split_keywords({"keywords": between.join(words)}) == tuple(dict.fromkeys(words))


def test_no_keywords_are_none() -> None:
    assert split_keywords({}) == ()


@pytest.mark.parametrize(
    ("stated", "iso"),
    [
        ("2026-11-01", "2026-11-01"),
        ("2026-11-01 09:30", "2026-11-01T09:30:00+08:00"),
        ("2026年11月1日", "2026-11-01"),
        ("20261101", "2026-11-01"),
    ],
)
def test_the_tags_date_is_a_finding(stated: str, iso: str) -> None:
    assert list(find_tagged_fields({"pubdate": stated})) == [Finding("published", iso, "meta pubdate")]


@pytest.mark.parametrize("stated", ["", "暂无", "0000-00-00", "2026-13-01"])
def test_a_tag_that_holds_no_date_finds_none(stated: str) -> None:
    assert list(find_tagged_fields({"pubdate": stated})) == []


def test_the_tags_author_is_who_put_the_page_up_and_no_finding() -> None:
    said = {"author": "管理员", "contentsource": "鹿峰县融媒体中心", "articletitle": "停水通知"}
    assert list(find_tagged_fields(said)) == [Finding("source", "鹿峰县融媒体中心", "meta contentsource")]


@pytest.mark.parametrize("name", ["publishdate", "firstpublishedtime", "article:published_time", "og:published_time"])
def test_other_systems_names_for_the_date(name: str) -> None:
    said = tags(f"<meta property='{name}' content='2026-11-01 09:30'>")
    assert list(find_other_dates(said)) == [Finding("published", "2026-11-01T09:30:00+08:00", f"meta {name}")]
    assert list(find_tagged_fields(said)) == []


@pytest.mark.parametrize("said", [{}, {"publishdate": "soon"}, {"lastmodified": "2026-11-01"}, {"date": "2026-11-01"}])
def test_other_tags_date_nothing(said: dict[str, str]) -> None:
    assert list(find_other_dates(said)) == []


def test_tags_that_nobody_asks_for_are_left_out() -> None:
    assert tags("<meta name='viewport' content='width=device-width'><meta name='generator' content='x'>") == {}
