"""Tests lines, dates, pinned lines and pagers of listings."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Capture, Entry, Kind, Listing, Reading
from lufeng_crawler.pages import read
from lufeng_crawler.pages.html.page import parse
from lufeng_crawler.pages.listing.entries import distinct_entries, read_entry

URL = "http://www.lanwan.example/tzgg/index.html"
ROWS = "".join(f"<li><a href='{n}.html'>关于第{n}号事项的通知</a><span>2024-05-0{n}</span></li>" for n in range(1, 6))


def got(html: str, url: str = URL) -> Reading:
    return read(Capture(url, "2024-06-01T00:00:00Z", 200, (("Content-Type", "text/html"),), html.encode()))


def listing(html: str, url: str = URL) -> Listing:
    reading = got(f"<title>通知公告</title>{html}", url)
    assert isinstance(reading, Listing), reading
    return reading


def line(html: str) -> Entry:
    page = parse(URL, f"<ul><li id='row'>{html}</li></ul>")
    found = read_entry(page.root.xpath("//li")[0], page)
    assert found
    return found


@pytest.mark.parametrize(
    ("html", "title", "date"),
    [
        ("<a href='a.html'>关于停水的通知</a><span>2024-05-01</span>", "关于停水的通知", "2024-05-01"),
        ("<a href='a.html'>· 关于停水的通知</a>[2024-05-01]", "关于停水的通知", "2024-05-01"),
        ("<a href='a.html' title='关于停水的通知和说明'>关于停水的…</a>2024/5/1", "关于停水的通知和说明", "2024-05-01"),
        (
            "<a href='a.html' title='关于停水的通知和说明'>关于停水的...</a>2024/5/1",
            "关于停水的通知和说明",
            "2024-05-01",
        ),
        ("<a href='x'>[公告]</a><a href='a.html'>关于停水的通知</a>2024-05-01", "关于停水的通知", "2024-05-01"),
        (
            "<a href='a.html'><h4>关于停水的通知</h4><p>自2023-01-01起停水</p><i>2024-05-01</i></a>",
            "关于停水的通知",
            "2024-05-01",
        ),
        ("<a href='a.html'>关于停水的通知 2024-05-01</a>", "关于停水的通知", "2024-05-01"),
        ("<p>05/01</p><p>2024</p><a href='a.html'>关于停水的通知</a>", "关于停水的通知", "2024-05-01"),
        ("<b>01</b><i>2024-05</i><a href='a.html'>关于停水的通知</a>", "关于停水的通知", "2024-05-01"),
        ("<a href='a.html'>关于停水的通知</a><span>05-01</span>", "关于停水的通知", None),
        (
            "<a href='a.html'>2023-12-31停水通知</a><span>2024-05-01 08:30</span>",
            "2023-12-31停水通知",
            "2024-05-01T08:30:00+08:00",
        ),
        ("<a href='a.html'>关于停水的通知</a><a href='a.html'>查看详情</a>2024-05-01", "关于停水的通知", "2024-05-01"),
        ("<a href='a.html' title='关于停水的通知'><img src='a.jpg'></a>2024-05-01", "关于停水的通知", "2024-05-01"),
    ],
)
def test_a_line(html: str, title: str, date: str | None) -> None:
    found = line(html)
    assert (found.title, found.published, found.url) == (title, date, "http://www.lanwan.example/tzgg/a.html")
    assert found.key == found.url


@pytest.mark.parametrize(
    ("html", "pinned"),
    [
        ("<em>[置顶]</em><a href='a.html'>关于停水的通知</a>", True),
        ("<a href='a.html'>【置顶】关于停水的通知</a>", True),
        ("<a href='a.html'>关于停水的通知</a><img src='zhiding.gif'>", True),
        ("<a href='a.html'>关于停水的通知</a><i class='icon-zhiding'></i>", True),
        ("<a href='a.html'>关于文章置顶功能的说明书</a>", False),
        ("<a href='a.html'>关于停水的通知</a>", False),
    ],
)
def test_a_pinned_line(html: str, pinned: bool) -> None:
    assert line(html).pinned is pinned


def test_a_line_that_leads_nowhere_has_neither_address_nor_key() -> None:
    found = line("<a href='javascript:;'>关于停水的通知</a>2024-05-01")
    assert (found.url, found.key) == ("", "")


def test_a_picture_and_a_headline_of_one_article_are_one_line() -> None:
    first = Entry("关于停水的通知", "http://a.example/1", "1")
    assert distinct_entries([first, None, Entry("另一个标题", "http://a.example/1", "1", "2024-05-01")]) == (
        Entry("关于停水的通知", "http://a.example/1", "1", "2024-05-01"),
    )


def test_lines_that_lead_nowhere_are_all_kept() -> None:
    days = [Entry("例行公告", "", "", day) for day in ("2024-05-01", "2024-05-02", "2024-05-02")]
    assert [each.published for each in distinct_entries(days)] == ["2024-05-01", "2024-05-02", "2024-05-02"]


def test_the_lines_of_a_page_in_its_order() -> None:
    found = listing(f"<ul class='nav'><li><a href='/'>首页</a></li><li><a href='/a'>政务</a></li></ul><ul>{ROWS}</ul>")
    assert [entry.title for entry in found.entries] == [f"关于第{n}号事项的通知" for n in range(1, 6)]
    assert found.next_page is None


def test_lists_of_five_lines_that_follow_one_another_are_one() -> None:
    assert len(listing(f"<div><ul>{ROWS}</ul><ul>{ROWS.replace('html', 'htm')}</ul></div>").entries) == 10


def test_a_table_of_lines() -> None:
    rows = ROWS.replace("<li>", "<tr><td>").replace("<span>", "</td><td>").replace("</span></li>", "</td></tr>")
    found = listing(f"<table><tr><th>名称</th><th>日期</th></tr>{rows}</table>")
    assert [entry.published for entry in found.entries] == [f"2024-05-0{n}" for n in range(1, 6)]


def test_lines_without_dates() -> None:
    rows = "".join(f"<a href='{n}.html'>鹿峰县关于第{n}号专项规划的公示公告</a><br>" for n in range(3))
    assert len(listing(f"<td>{rows}</td>").entries) == 3


@pytest.mark.parametrize(
    ("pager", "address"),
    [
        ("<a href='index_1.html'>下一页</a>", "http://www.lanwan.example/tzgg/index_1.html"),
        ("<a href='17.htm'>下页</a><a href='1.htm'>尾页</a>", "http://www.lanwan.example/tzgg/17.htm"),
        ("<a href='2.htm'>&gt;</a>", "http://www.lanwan.example/tzgg/2.htm"),
        ("<a href='2.htm' title='下一页'><i></i></a>", "http://www.lanwan.example/tzgg/2.htm"),
        ("<a href='2.htm'>下一页 »</a>", "http://www.lanwan.example/tzgg/2.htm"),
        ("<a href='javascript:go(2)'>下一页</a>", None),
        ("<a href='index.html#'>下一页</a>", None),
        ("<a href='http://elsewhere.example/2.htm'>下一页</a>", None),
        ("<a href='2.htm'>2</a>", None),
        ("<span>下一页</span>", None),
    ],
)
def test_the_next_page_is_what_the_page_offers(pager: str, address: str | None) -> None:
    assert listing(f"<ul>{ROWS}</ul><div>{pager}</div>").next_page == address


def test_a_pager_that_leads_nowhere_first_and_somewhere_then() -> None:
    pager = "<a href='javascript:;'>下一页</a><a href='index_1.html'>下一页</a>"
    assert listing(f"<ul>{ROWS}</ul>{pager}").next_page == "http://www.lanwan.example/tzgg/index_1.html"


def test_the_longest_list_of_a_vsb_page_is_its_own() -> None:
    rows = "".join(f"<li id='line_u5_0'><a href='info/1/{n}.htm'>第{n}条消息</a></li>" for n in range(4))
    side = "<li id='line_u9_0'><a href='info/2/9.htm'>旁栏消息</a><span>2024-01-01</span></li>"
    page = f"<!--Announced by Visual SiteBuilder 9--><ul>{side}</ul><ul>{rows}</ul>"
    found = listing(page)
    assert ([entry.key for entry in found.entries], found.family) == (["0", "1", "2", "3"], "vsb")


def test_a_line_that_leaves_the_site_is_known_by_its_address_and_not_by_an_id_of_ours() -> None:
    rows = "".join(
        f'<li id="line_u1_{n}"><a href="{url}">鹿峰县举行第{n}次防汛演练活动</a><span>2026-11-1{n}</span></li>'
        for n, url in enumerate(("/info/1001/4660.htm", "http://elsewhere.example/info/1001/4660.htm"))
    )
    source = f"<!--Announced by Visual SiteBuilder 9--><ul>{rows}</ul>"
    page = read(Capture("http://lufengxian.example/xwdt.htm", "2026-11-22T00:00:00Z", 200, (), source.encode()))
    assert isinstance(page, Listing)
    assert [entry.key for entry in page.entries] == ["4660", "http://elsewhere.example/info/1001/4660.htm"]


@pytest.mark.parametrize(("kind", "lines"), [("listing", 1), ("other", 0)])
def test_a_last_page_of_one_line_is_a_listing_where_one_was_asked_for(kind: Kind, lines: int) -> None:
    markup = "<ul><li><a href='9.html'>县教育局举办教师培训班</a><span>2024-05-09</span></li></ul>"
    types = (("Content-Type", "text/html; charset=utf-8"),)
    reading = read(Capture(URL, "2024-06-01T00:00:00Z", 200, types, markup.encode(), kind=kind))
    assert len(getattr(reading, "entries", ())) == lines
