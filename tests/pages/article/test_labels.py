"""Tests what is read from label lines and information tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.article import labels
from lufeng_crawler.pages.text.whitespace import GAP


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"日期:2023年06月29日{GAP}作者:甲乙{GAP}来源:县司法局{GAP}点击:[]", {"作者": "甲乙", "来源": "县司法局"}),
        ("作者：甲 乙 来源：丙", {"作者": "甲 乙", "来源": "丙"}),
        ("来源：县融媒体中心 【字体：大 中 小】 打印", {"来源": "县融媒体中心"}),
        ("文章来源： 发布时间：2020-12-23 09:19:32 阅读次数：", {}),
        ("来 源：县教育局", {"来源": "县教育局"}),
        ("信息来源：县教育局 | 浏览：3", {"来源": "县教育局"}),
        ("来源：外贸科 类型：原创 2025-09-26", {"来源": "外贸科"}),
        ("【发布单位】县商务局", {"发布": "县商务局"}),
        ("来源：（县商务局）", {"来源": "县商务局"}),
        ("（责任编辑：甲乙）", {"编辑": "甲乙"}),
        ("供稿：县林草局 供稿人：甲乙", {"来源": "县林草局", "作者": "甲乙"}),
        ("来源：县日报 2024-05-11 09:30", {"来源": "县日报"}),
        ("来源：县日报2024年5月11日", {"来源": "县日报"}),
        (f"来 {GAP} 源：县日报", {"来源": "县日报"}),
    ],
)
def test_a_label_line(line: str, found: dict[str, str]) -> None:
    names = {"作者": "author", "来源": "source", "发布": "publisher", "编辑": "editor"}
    read = {field: value for field, value in labels.find_labelled_values(line) if field != "published"}
    assert read == {names[name]: value for name, value in found.items()}


@pytest.mark.parametrize(
    "line", ["作者：", "作者: 来源:", "来源：\n浏览次数：12", "来源：【打印】", "作者： 点击：[12]", "来源：---"]
)
def test_a_label_that_states_nothing_gives_nothing(line: str) -> None:
    assert list(labels.find_labelled_values(line)) == []


def test_a_value_may_stand_on_the_next_line() -> None:
    assert list(labels.find_labelled_values("来源：\n县教育局\n正文")) == [("source", "县教育局")]


def test_an_information_table() -> None:
    table = (
        "索 引 号：\t990000001/2024-00012\t主题分类：\t教育\n发文机关：\t县教育局\t成文日期：\t2024年05月10日\n"
        "文 号：\t\t有效性：\t有效"
    )
    assert list(labels.find_labelled_values(table)) == [
        ("index_number", "990000001/2024-00012"),
        ("publisher", "县教育局"),
        ("written", "2024年05月10日"),
    ]


def test_labels_with_only_a_space_behind_them() -> None:
    assert list(labels.find_labelled_values("索引号 990000001/2024-00012\n发文字号\n成文日期 2020-02-28")) == [
        ("index_number", "990000001/2024-00012"),
        ("written", "2020-02-28"),
    ]


@pytest.mark.parametrize("word", ["转自", "转载自", "摘自", "信息提供单位", "来源渠道", "信源", "供稿单位"])
def test_words_for_where_a_text_was_copied_from(word: str) -> None:
    assert list(labels.find_labelled_values(f"{word}：县日报")) == [("source", "县日报")]


@pytest.mark.parametrize("word", ["制文机关", "制定机关", "公开部门", "公开单位", "责任部门", "信息公开责任单位"])
def test_words_for_the_office_that_answers_for_a_text(word: str) -> None:
    assert list(labels.find_labelled_values(f"{word}：县教育局")) == [("publisher", "县教育局")]


def test_numbers_that_look_like_dates_stay_whole() -> None:
    assert list(labels.find_labelled_values("索引号：99/2024-05-11-0001")) == [("index_number", "99/2024-05-11-0001")]


BOXES = "<em>来源</em> <b>县日报</b><em>发布时间</em><b>2024-05-11</b><em>打印</em><b>分享</b>"


@pytest.mark.parametrize(
    ("source", "lines", "found"),
    [
        (BOXES, "来源 县日报发布时间2024-05-11打印分享", [("source", "县日报"), ("published", "2024-05-11")]),
        (BOXES, "通知", []),
        (BOXES, "来源：县日报 发布时间：2024-05-11", []),
        ("<b>来源</b><b>作者</b>", "来源作者", []),
        ("<b>来源</b><b>2024-05-11</b>", "来源2024-05-11", []),
        ("<b>来源</b><b>县&#26085;报</b>", "来源县日报", [("source", "县日报")]),
    ],
)
def test_labels_in_boxes_of_their_own(source: str, lines: str, found: list[tuple[str, str]]) -> None:
    assert list(labels.find_boxed_values(source, lines)) == found


def test_a_label_begins_the_line_or_does_not() -> None:
    assert labels.begins_with_label("（来源：县教育局）")
    assert not labels.begins_with_label("记者追问消息来源：县教育局")


def test_what_stands_before_the_first_label() -> None:
    assert labels.text_before_label("2021-12-07作者：浏览次数：") == "2021-12-07"
    assert labels.text_before_label("只有字") == "只有字"


@given(st.text("来源作者：: \t\n【】甲2023-", max_size=80))
def test_values_are_never_empty_nor_labels_alone(text: str) -> None:
    assert all(value.strip() for _, value in labels.find_labelled_values(text))


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("来源：县林草局 2024-05-11 09:30", "县林草局"),
        ("转载自：鹿峰日报 【打印】", "鹿峰日报"),
        ("来源渠道：县融媒体中心\t点击：3", "县融媒体中心"),
        ("信息来源：县林草局 2024年工作组", "县林草局 2024年工作组"),
    ],
)
def test_a_source_ends_before_a_date(line: str, value: str) -> None:
    assert ("source", value) in labels.find_labelled_values(line)
