"""Tests one line of a listing: its title whole, its own date, its link and no other, and what pins it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Entry
from lufeng_crawler.pages.html.page import parse
from lufeng_crawler.pages.listing.entries import distinct_entries, has_pin_class, read_entry

URL = "http://www.lufengxian.example/tzgg/index.htm"
TITLE = "鹿峰县关于停水的通知"
LONG = "鹿峰县人民政府关于做好今年防汛抗旱工作的通知"


def row(html: str) -> Entry | None:
    page = parse(URL, f"<ul><li>{html}</li></ul>")
    return read_entry(page.root.xpath("//li")[0], page, has_pin_class(page))


def line(html: str) -> Entry:
    found = row(html)
    assert found
    return found


@pytest.mark.parametrize(
    "html",
    [
        f"<a href='1.htm' title='{LONG}'>{LONG[:12]}...</a>",
        f"<a href='1.htm' title='{LONG}'>{LONG[:12]}…</a>",
        f"<a href='1.htm' title='{LONG}'>{LONG[:12]}……</a>",
        f"<a href='1.htm' title='{LONG}'><img src='new.gif'></a>",
        f"<a href='1.htm'>{LONG}</a>",
        f"<a href='1.htm'>· {LONG}</a>",
        f"<a href='1.htm'>1、{LONG}</a>",
        f"<a href='1.htm'>【置顶】{LONG}</a>",
        f"<a href='1.htm'>{LONG} [2024-05-01]</a>",
        f"<a href='lm.htm'>[通知公告]</a><a href='1.htm'>{LONG}</a>",
        f"<a href='1.htm'>{LONG}</a><a href='1.htm'>[详细]</a>",
        f"<a href='1.htm'><h3>{LONG}</h3><p>摘要：各乡镇人民政府要落实责任。</p></a>",
        f"<a href='1.htm' title='{LONG}'>{LONG[:12]}</a>",
        f"<a href='1.htm' title='{LONG}'><h3>{LONG[:12]}…</h3></a>",
        f"<a href='1.htm'><b title='{LONG}'>{LONG[:12]}...</b></a>",
        f"<a href='1.htm' title='标题：{LONG}&#10;发布时间：2024-05-01'>{LONG[:12]}...</a>",
        f"<a href='1.htm' title='{LONG} 发布时间：2024-05-01'>{LONG}</a>",
        f"<a href='1.htm' title='{LONG}发布时间：2024-05-01'>{LONG}</a>",
        f"<a href='1.htm'><b>01</b><i>2024-05</i>{LONG}</a>",
        f"<a href='1.htm'>{LONG}<i>05-01</i></a>",
        f"<a href='lm.htm'>通知公告 |</a><a href='1.htm'>{LONG}</a>",
        f"<a href='lm.htm'>〖通知公告〗</a><a href='1.htm'>{LONG}</a>",
        f"<a href='/rsj/'>鹿峰县人力资源和社会保障局</a><a href='1.htm'>{LONG}</a>",
        f"<a href='1.htm'><img src='1.jpg'></a><a href='1.htm'>{LONG}</a>",
        f"<a href='1.htm' title='查看详情'><img src='1.jpg'></a><a href='1.htm'>{LONG}</a>",
        f"<h4>{LONG}</h4><p>摘要：各乡镇人民政府要落实责任。</p><a href='1.htm'>查看详情&gt;&gt;</a>",
        f"<p>{LONG}</p><a href='1.htm'>[详细]</a>",
    ],
)
def test_the_title_is_whole_and_nothing_else(html: str) -> None:
    assert line(f"{html}<span>2024-05-01</span>").title == LONG


@pytest.mark.parametrize(
    "html",
    [
        "<span>2024-05-01</span>",
        "<span>[2024/05/01]</span>",
        "<span>2024年5月1日</span>",
        "<span>发布时间：2024-05-01</span>",
        "<div><b>01</b><i>2024-05</i></div>",
        "<div><b>05-01</b><i>2024</i></div>",
        "<span>01</span><em>2024-05</em>",
        "<p>05/01</p><p>2024</p>",
        "<b>2024</b><b>05</b><b>01</b>",
        "<b>1日</b><i>5月</i><i>2024年</i>",
        "<p>于2023年1月1日起施行的办法，现予公布，请各单位认真学习并遵照执行，如有疑问请及时联系。</p><i>2024-05-01</i>",
    ],
)
def test_the_date_is_the_lines_own_however_it_is_split(html: str) -> None:
    for text in (f"<a href='1.htm'>{TITLE}</a>{html}", f"{html}<a href='1.htm'>{TITLE}</a>"):
        assert line(text).published == "2024-05-01"


@given(
    st.dates(date(1990, 1, 1), date(2098, 1, 1)), st.sampled_from(["{0:%Y-%m-%d}", "[{0:%Y/%m/%d}]", "{0:%Y.%m.%d}"])
)
def test_any_day_is_read_as_it_is_written(day: date, form: str) -> None:
    assert line(f"<a href='1.htm'>{TITLE}</a><em>{form.format(day)}</em>").published == day.isoformat()


@pytest.mark.parametrize("html", ["", "<span>05-01</span>", "<span>昨天</span>", "<span>阅读 2024</span>"])
def test_no_year_is_invented(html: str) -> None:
    assert line(f"<a href='1.htm'>{TITLE}</a>{html}").published is None


@pytest.mark.parametrize("html", ["<span>05-01</span>", "<b>01</b><i>05月</i>"])
def test_a_year_that_only_the_address_states(html: str) -> None:
    assert line(f"<a href='../202405/t20240501_9.htm'>{TITLE}</a>{html}").published == "2024-05-01"
    assert line(f"<a href='../202404/t20240430_9.htm'>{TITLE}</a>{html}").published is None


@pytest.mark.parametrize("number", ["<b>2024</b>", "2024", "<b>20</b><i>24</i>"])
def test_a_number_that_begins_a_title_and_is_no_date_is_the_titles(number: str) -> None:
    assert line(f"<a href='1.htm'>{number}年鹿峰县工作要点</a>2024-05-01").title == "2024年鹿峰县工作要点"


@pytest.mark.parametrize(
    "html",
    [
        "<a href='javascript:;' onclick=\"location.href='1.htm'\">{}</a>",
        "<a href='#' onclick=\"window.open('1.htm')\">{}</a>",
        "<a onclick=\"window.open('/tzgg/1.htm')\">{}</a>",
    ],
)
def test_a_line_leads_to_what_a_click_goes_to(html: str) -> None:
    assert line(html.format(TITLE)).url == "http://www.lufengxian.example/tzgg/1.htm"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>没有链接</p>",
        "<a href='1.htm'></a>",
        "<a href='1.htm'>查看更多&gt;&gt;</a>",
        "<a href='1.htm'>一</a>",
        "<a>锚点的名字</a>",
    ],
)
def test_what_links_to_nothing_with_a_title_is_no_line(html: str) -> None:
    assert row(html) is None


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("1.htm", "http://www.lufengxian.example/tzgg/1.htm"),
        ("../info/1/2.htm", "http://www.lufengxian.example/info/1/2.htm"),
        ("//other.example/1.htm", "http://other.example/1.htm"),
        ("1.htm#top", "http://www.lufengxian.example/tzgg/1.htm"),
        ("javascript:void(0)", ""),
        ("#", ""),
    ],
)
def test_a_lines_address_is_absolute_or_none(href: str, address: str) -> None:
    assert line(f"<a href='{href}'>{TITLE}</a>").url == address


@pytest.mark.parametrize(
    ("html", "pinned"),
    [
        ("<i>置顶</i><a href='1.htm'>{}</a>", True),
        ("<a href='1.htm'>[置顶]{}</a>", True),
        ("<a href='1.htm'>（置顶）{}</a>", True),
        ("<i class='top-tag'></i><a href='1.htm'>{}</a>", True),
        ("<i class='new isTop'></i><a href='1.htm'>{}</a>", True),
        ("<img src='/images/zhiding.png'><a href='1.htm'>{}</a>", True),
        ("<img alt='置顶'><a href='1.htm'>{}</a>", True),
        ("<a href='1.htm'>{}</a><i class='stop'></i>", False),
        ("<a href='1.htm'>{}的置顶说明</a>", False),
    ],
)
def test_what_pins_a_line(html: str, pinned: bool) -> None:
    assert line(html.format(TITLE)).pinned is pinned


ENTRIES = st.lists(
    st.none()
    | st.builds(
        Entry,
        st.just(TITLE),
        st.sampled_from(["", "http://a.example/1", "http://a.example/2"]),
        st.just("k"),
        st.none() | st.just("2024-05-01"),
    ),
    max_size=8,
)


@given(ENTRIES)
def test_each_address_is_one_line_and_no_date_is_lost(entries: list[Entry | None]) -> None:
    found, given = distinct_entries(entries), [one for one in entries if one]
    addresses = [one.url for one in given if one.url]
    assert [one.url for one in found if one.url] == list(dict.fromkeys(addresses))
    assert sum(not one.url for one in found) == sum(not one.url for one in given)
    dated = {one.url for one in given if one.url and one.published}
    assert {one.url for one in found if one.url and one.published} == dated


@given(ENTRIES)
def test_making_lines_distinct_twice_is_the_same_as_once(entries: list[Entry | None]) -> None:
    assert distinct_entries(distinct_entries(entries)) == distinct_entries(entries)


@pytest.mark.parametrize(
    ("page_url", "href", "key"),
    [
        ("http://www.lufengxian.example/xw.htm", "https://lufengxian.example/info/1/77.htm", "77"),
        ("https://lufengxian.example/xw.htm", "http://www.lufengxian.example/info/1/77.htm", "77"),
        ("http://www.lufengxian.example/xw.htm", "/info\\1\\77.htm", "77"),
        (
            "http://www.lufengxian.example/xw.htm",
            "http://other.example/info/1/77.htm",
            "http://other.example/info/1/77.htm",
        ),
    ],
)
def test_an_id_is_a_sites_own_whatever_its_scheme_and_with_or_without_www(page_url: str, href: str, key: str) -> None:
    page = parse(page_url, f"<li><a href='{href}'>{TITLE}</a></li>")
    entry = read_entry(page.root.xpath("//li")[0], page)
    assert entry
    assert entry.key == key


def test_links_lead_from_where_the_page_says_and_in_its_encoding() -> None:
    html = f"<head><base href='../a/'></head><li><a href='b.asp?q=中'>{TITLE}</a></li>"
    page = parse("http://www.lufengxian.example/xw/l.htm", html, encoding="gb18030")
    entry = read_entry(page.root.xpath("//li")[0], page)
    assert entry
    assert entry.url == "http://www.lufengxian.example/a/b.asp?q=%D6%D0"
