"""Tests listings that come as JSON, and JSON that is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Capture, Extent, Listing, Other, Reading
from lufeng_crawler.pages import read
from lufeng_crawler.pages.listing import json_listing

URL = "http://www.lanwan.example/gkmlpt/api/all/12?page=2&sid=7"


def got(body: str, url: str = URL, mime: str = "application/json") -> Reading:
    return read(Capture(url, "2024-06-01T00:00:00Z", 200, (("Content-Type", mime),), body.encode()))


def listing(answer: Any, url: str = URL) -> Listing:
    found = got(json.dumps(answer, ensure_ascii=False), url)
    assert isinstance(found, Listing), found
    return found


def test_a_list_of_the_state_council() -> None:
    rows = [
        {
            "TITLE": "关于乡村道路养护的意见",
            "SUB_TITLE": "",
            "URL": "http://www.lanwan.example/1.htm",
            "DOCRELPUBTIME": "2024-05-11",
        },
        {"TITLE": "关于<b>防汛</b>工作的通知", "URL": "/2.htm", "DOCRELPUBTIME": "2024-05-10"},
    ]
    found = listing(rows, "http://www.lanwan.example/zhengce/ZUIXIN.json")
    assert [(entry.title, entry.url, entry.published) for entry in found.entries] == [
        ("关于乡村道路养护的意见", "http://www.lanwan.example/1.htm", "2024-05-11"),
        ("关于防汛工作的通知", "http://www.lanwan.example/2.htm", "2024-05-10"),
    ]
    assert found.next_page is None


def test_a_list_of_guangdong_and_its_next_page() -> None:
    articles = [{"title": f"第{n}号公告", "url": f"/content/post_{n}.html", "date": 1715392800} for n in range(3)]
    found = listing({"classify": {}, "articles": articles, "total": 7})
    assert {entry.published for entry in found.entries} == {"2024-05-11T10:00:00+08:00"}
    assert found.next_page == "http://www.lanwan.example/gkmlpt/api/all/12?page=3&sid=7"
    assert listing({"articles": articles, "total": 6}).next_page is None
    assert listing({"articles": articles}).next_page is None
    assert listing({"articles": articles, "total": 7}, "http://www.lanwan.example/all.json").next_page is None


@pytest.mark.parametrize(
    ("around", "url", "extent", "next_page"),
    [
        ({"total": 23}, "l.json?page=1", Extent(2, 0, 23, None, 1, has_pager=True), "l.json?page=2"),
        ({"total": 23, "pages": 12}, "l?pageNo=12", Extent(2, 0, 23, 12, 12, has_pager=True, is_last=True), None),
        ({"total": 23}, "l?start=10&rows=2", Extent(2, 0, 23, has_pager=True), "l?start=12&rows=2"),
        ({"total": 12}, "l?start=10&rows=2", Extent(2, 0, 12, has_pager=True, is_last=True), None),
        ({"total": 2}, "l.json", Extent(2, 0, 2, has_pager=True, is_last=True), None),
        ({"totalCount": 23}, "l.json", Extent(2, 0, 23, has_pager=True), None),
        ({"hasNextPage": False}, "l.json", Extent(2, has_pager=True, is_last=True), None),
        ({"hasNextPage": True}, "l?page=3", Extent(2, page=3, has_pager=True), "l?page=4"),
        ({}, "l?page=3", Extent(2, page=3), None),
        ({}, "l.json", Extent(2), None),
    ],
)
def test_what_a_document_says_of_its_length(
    around: dict[str, Any], url: str, extent: Extent, next_page: str | None
) -> None:
    rows = [{"title": "关于停水的通知", "url": f"/{number}.html"} for number in range(2)]
    found = listing({"data": {"list": rows} | around}, f"http://www.lanwan.example/{url}")
    assert found.extent == extent
    assert found.next_page == (next_page and f"http://www.lanwan.example/{next_page}")


def test_rows_that_name_no_article_are_left_out() -> None:
    rows = [{"title": "只有标题"}, {"url": "/1.htm"}, {"title": 7, "url": "/2.htm"}, {"title": "有", "url": "/3.htm"}]
    assert isinstance(got(json.dumps(rows)), Other)
    assert len(listing([*rows, {"title": "有标题有地址", "url": "/4.htm", "date": True}]).entries) == 1


def test_json_handed_to_a_callback() -> None:
    found = got('callback([{"title":"关于停水的通知","url":"/1.htm","pubDate":"2024-05-11 09:30"}]);', mime="text/html")
    assert isinstance(found, Listing)
    assert found.entries[0].published == "2024-05-11T09:30:00+08:00"


@pytest.mark.parametrize("body", ["{", "[1, 2]", '{"error": "没有数据"}', "[" * 100_000, "{}", "callback({"])
def test_json_that_lists_nothing_is_no_page(body: str) -> None:
    reading = got(body)
    assert isinstance(reading, Other)
    assert reading.reason.startswith("not a page: JSON")


@pytest.mark.parametrize("text", ["<html>", "通知", "(1) 通知", "【通知】", ""])
def test_a_page_is_no_json(text: str) -> None:
    assert not json_listing.is_json(text)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["title", "url", "date", "total", "articles"]), inner, max_size=4)
    ),
)


@given(_JSON)
def test_any_json_is_read(answer: Any) -> None:
    assert isinstance(json_listing.read_json_listing(json.dumps(answer), URL), Listing | Other)
