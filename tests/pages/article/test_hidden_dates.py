"""Tests the dates that no line of a page states."""

from __future__ import annotations

import pytest

from lufeng_crawler.pages.article.hidden_dates import find_hidden_time, find_scripted_date
from lufeng_crawler.pages.html.page import parse

URL = "http://www.lufengxian.example/1.htm"


@pytest.mark.parametrize(
    ("source", "iso"),
    [
        ('var pubDate="2024-05-11 10:00";', "2024-05-11T10:00:00+08:00"),
        ("publishTime: '2024-05-11'", "2024-05-11"),
        ('{"docPubTime":"2024年05月11日"}', "2024-05-11"),
        ("document.write('2024-05-11')", "2024-05-11"),
        ("var pubDate='2024-05-11';var pubdate = '2024-05-11'", "2024-05-11"),
    ],
)
def test_a_date_that_a_script_holds(source: str, iso: str) -> None:
    assert [found.value for found in find_scripted_date(source)] == [iso]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "var today='2024-05-11'",
        "var pubDate='2024-05'",
        "var pubDate=new Date()",
        "[{pubDate:'2024-05-11'},{pubDate:'2024-05-12'}]",
        "document.write('2024-05-11 第一次会议，会议在县人民政府会议室召开，由县长主持')",
        "var pubDate='0000-00-00'",
    ],
)
def test_a_date_that_may_be_anothers_is_none(source: str) -> None:
    assert list(find_scripted_date(source)) == []


@pytest.mark.parametrize(
    ("html", "dates"),
    [
        ("<time datetime='2024-05-11T09:30:00+08:00'>05-11</time>", ["2024-05-11T09:30:00+08:00"]),
        ("<time datetime='2024-05-11T01:30:00Z'>05-11</time>", ["2024-05-11T09:30:00+08:00"]),
        ("<time datetime='2024-05-11'>05-11</time><time datetime='2024-05-12'>05-11</time>", ["2024-05-11"]),
        ("<time datetime='2024-05-11'>06-12</time>", []),
        ("<time datetime='2024-05-11'></time>", []),
        ("<time datetime='soon'>05-11</time>", []),
        ("<time>05-11</time>", []),
    ],
)
def test_the_time_element_near_the_title(html: str, dates: list[str]) -> None:
    assert [found.value for found in find_hidden_time(parse(URL, html), ["通知", "05-11 来源：县日报"])] == dates
