"""Tests every way in which pages write a date, and that no year is invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.pages.text import dates


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-06-29", "2023-06-29"),
        ("2023/6/9", "2023-06-09"),
        ("2023.06.29", "2023-06-29"),
        ("2023年6月29日", "2023-06-29"),
        ("2023 年 06 月 29 日", "2023-06-29"),
        ("日期:2023年06月29日   作者:", "2023-06-29"),
        ("发布时间：2023-06-29 09:30", "2023-06-29T09:30:00+08:00"),
        ("2023-06-29 09:30:15", "2023-06-29T09:30:15+08:00"),
        ("2023-06-29T09:30:15Z", "2023-06-29T09:30:15+08:00"),
        ("2023年6月29日 9时30分", "2023-06-29T09:30:00+08:00"),
        ("2023-06-29 09：30", "2023-06-29T09:30:00+08:00"),
        ("[2023-06-29]", "2023-06-29"),
        ("2023-06-29 星期四 09:30", "2023-06-29T09:30:00+08:00"),
        ("2023年6月29日（星期四）下午3时30分", "2023-06-29T15:30:00+08:00"),
        ("2023/6/29 上午 9:30:15", "2023-06-29T09:30:15+08:00"),
        ("2023/6/29 下午 12:30:15", "2023-06-29T12:30:15+08:00"),
        ("2023/6/29 9:30:15 PM", "2023-06-29T21:30:15+08:00"),
        ("2023/6/29 am 12:05", "2023-06-29T00:05:00+08:00"),
        ("2023-06-29 星期四", "2023-06-29"),
        ("2023-06-29-09:30:00", "2023-06-29T09:30:00+08:00"),
        ("２０２３年６月２９日　０９：３０", "2023-06-29T09:30:00+08:00"),
        ("(发布时间：2020-12-15 21:45:20 阅读次数：", "2020-12-15T21:45:20+08:00"),
        ("二〇二三年六月二十九日", "2023-06-29"),
        ("2024-05-11 星期六 09:30", "2024-05-11T09:30:00+08:00"),
        ("2024年5月11日（周六） 9:30", "2024-05-11T09:30:00+08:00"),
        ("2024/5/11 下午 3:30:15", "2024-05-11T15:30:15+08:00"),
        ("2024/5/11 上午 9:30:15", "2024-05-11T09:30:15+08:00"),
        ("２０２４年０５月１１日", "2024-05-11"),
        ("二○一九年十月一日", "2019-10-01"),
        ("二〇二〇年十二月三十一日", "2020-12-31"),
        ("10/23 2020", "2020-10-23"),
        ("10-23\n2020", "2020-10-23"),
        ("29 2023-06", "2023-06-29"),
        ("2023-06 29", "2023-06-29"),
        ("2023.06\n09", "2023-06-09"),
        ("2023 06-29", "2023-06-29"),
        ("2023年06月 29", "2023-06-29"),
    ],
)
def test_a_date_as_pages_write_it(text: str, iso: str) -> None:
    assert dates.find_date(text) == iso


@pytest.mark.parametrize(
    "text", ["", "06-29", "6月29日", "2023-13-01", "2023-02-30", "电话 0875-2023-0629", "12023-06-29", "2023年工作要点"]
)
def test_no_date_is_invented(text: str) -> None:
    assert dates.find_date(text) is None


def test_a_wrong_date_does_not_hide_the_right_one() -> None:
    assert dates.find_date("2023-99-99 2023-06-29") == "2023-06-29"


def test_a_time_that_is_none_is_left_out() -> None:
    assert dates.find_date("2023-06-29 25:99") == "2023-06-29"


def test_a_compact_date_only_where_a_label_promises_one() -> None:
    assert dates.parse_date("20230629") == "2023-06-29"
    assert dates.find_date("20230629") is None


@pytest.mark.parametrize("text", ["23-06-29", "[23/06/29]", "23.06.29 09:30"])
def test_a_year_of_two_digits_only_where_a_label_promises_one(text: str) -> None:
    assert dates.parse_date(text) == "2023-06-29"
    assert dates.find_date(text) is None


@pytest.mark.parametrize("text", ["23-13-29", "023-06-29", "23-06/29", "23-06-295", "06-29"])
def test_other_numbers_are_no_year_of_two_digits(text: str) -> None:
    assert dates.parse_date(text) is None


@pytest.mark.parametrize(
    ("lines", "iso"),
    [
        (["292023-06"], "2023-06-29"),
        (["06-292023"], "2023-06-29"),
        (["2023-0629"], "2023-06-29"),
        (["202306-29"], "2023-06-29"),
        (["29", "2023-06", "通知"], "2023-06-29"),
        (["2023年", "6月", "29日"], "2023-06-29"),
        (["29日", "2023年6月"], "2023-06-29"),
        (["29", "06"], None),
        (["2023", "06"], None),
        (["通知", "29", "2023-06"], None),
        (["20230629"], None),
        (["302023-02"], None),
        ([], None),
    ],
)
def test_a_date_parted_over_lines_or_glued_from_boxes(lines: list[str], iso: str | None) -> None:
    assert dates.parse_split_date(lines) == iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2023-06-29T09:30:00+08:00", "2023-06-29T09:30:00+08:00"),
        ("2023-06-28T18:30:00Z", "2023-06-29T02:30:00+08:00"),
        ("2023-06-29 09:30:15", "2023-06-29T09:30:15+08:00"),
        ("2023-06-29-23:59:59", "2023-06-29"),
        ("2023-06-29T00:00:00+08:00", "2023-06-29"),
        ("9999-12-31T23:30:00-08:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
        ("", None),
    ],
)
def test_what_machines_write_for_machines(text: str, iso: str | None) -> None:
    assert dates.parse_timestamp(text) == iso


@pytest.mark.parametrize(("text", "iso"), [("昨天", "2023-06-29"), ("3小时前", "2023-06-30"), ("2天前", "2023-06-28")])
def test_a_relative_date_counts_from_the_capture(text: str, iso: str) -> None:
    assert dates.parse_date(text, "2023-06-30T04:00:00Z") == iso


def test_a_relative_date_counts_in_shanghai() -> None:
    assert dates.parse_date("昨天", "2023-06-30T20:00:00Z") == "2023-06-30"


def test_a_relative_date_without_a_moment_is_none() -> None:
    assert dates.parse_date("昨天") is None
    assert dates.parse_date("昨天", "whenever") is None


@pytest.mark.parametrize(
    ("text", "yes"), [("06-29", True), ("[2023-06-29]", True), ("6月29日会议", False), ("通知", False)]
)
def test_whether_a_line_is_only_a_date(text: str, yes: bool) -> None:
    assert dates.is_date(text) is yes


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_in_every_form(day: date) -> None:
    for form in (
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y/%m/%d}",
        f"{day:%m-%d} {day.year}",
    ):
        assert dates.find_date(form) == day.isoformat()


@given(st.text(max_size=80))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = dates.parse_date(text, "2023-06-30T04:00:00Z")
    assert found is None or date.fromisoformat(found[:10])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("发布于2024-05-11 09:30", "发布于"),
        ("二〇二四年五月十一日通知", "通知"),
        ("05-11 通知", " 通知"),
        ("关于停水的通知", "关于停水的通知"),
    ],
)
def test_a_line_without_its_dates(text: str, rest: str) -> None:
    assert dates.remove_dates(text) == rest
