"""The demo county: every page well made and plainly fictional, every happening as its table says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urljoin, urlsplit
from zipfile import ZipFile

import pytest
from parsel import Selector

from lufeng_crawler.demo import DAYS, EVENTS, NOTICE, TROUBLES, DemoArticle, DemoColumn, DemoEvent, answer, county
from lufeng_crawler.demo.county import ROWS_PER_PAGE
from lufeng_crawler.demo.skins import SKINS

MAIN = 1001
CALM = [day for day in DAYS if day not in TROUBLES]
COLUMNS = ("/xwdt/lfdt.htm", "/tzgg.htm", "/zwgk.htm", "/xwdt/xzzc.htm")


def page(path: str, day: int) -> Selector:
    """A page as a browser reads it: decoded as its own header, or else its meta tag, declares."""
    given = answer(path, day)
    stated = dict(given.headers)["Content-Type"] + given.body[:300].decode("ascii", "replace")
    charset = re.search(r"charset=([\w-]+)", stated)
    assert charset
    # What browsers do with the label gb2312.
    return Selector(given.body.decode("gb18030" if charset[1] == "gb2312" else charset[1]))


def main_column(day: int) -> DemoColumn:
    return county(day).column(MAIN)


def on(day: int, news_id: int) -> DemoArticle:
    found = county(day).article(news_id)
    assert found
    return found


def status(news_id: int, day: int) -> int:
    """What the address that the article had on the day it was published answers."""
    article = on(day, news_id)
    return answer(f"/info/{article.columns[0]}/{news_id}.htm", day).status


def listed(column: DemoColumn, day: int) -> list[str]:
    """The addresses a visitor finds who starts at the column and clicks 下页 to the end."""
    path, found = column.path, list[str]()
    while True:
        shown = page(path, day)
        found += shown.css("li[id^=line_u] a::attr(href)").getall()
        onward = shown.xpath("//a[text()='下页']/@href").get()
        if onward is None:
            return found
        path = urljoin(path, onward)


def is_listed(news_id: int, day: int) -> bool:
    article = on(day, news_id)
    column = county(day).column(article.columns[0])
    return article.listed_url(column.id) in listed(column, day)


def body_of(shown: Selector) -> str:
    """The article's text as a reader sees it, written here anew so that the site is held to its own data."""
    paragraphs = []
    for part in shown.css("#vsb_content .v_news_content > p, #vsb_content .v_news_content tr"):
        cells = part.css("td")
        paragraphs.append("\t".join(cell.xpath("string()").get("") for cell in cells or [part]))
    return "\n".join(text for text in paragraphs if text)


@cache
def reachable(day: int) -> dict[str, int]:
    """Every address of the site that a visitor can come to on a day, with its status."""
    found: dict[str, int] = {}
    waiting = ["/", "/robots.txt"]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        given = answer(path, day)
        found[path] = given.status
        waiting += [dict(given.headers)["Location"]] if given.status == 301 else []
        waiting += links(path, day) if dict(given.headers)["Content-Type"].startswith("text/html") else []
    return found


def links(path: str, day: int) -> list[str]:
    targets = page(path, day).css("a::attr(href), img::attr(src), script::attr(src)").getall()
    return [target for target in targets if target.startswith("/")]


def html_pages(day: int) -> Iterator[str]:
    for path in reachable(day):
        if dict(answer(path, day).headers)["Content-Type"].startswith("text/html"):
            yield path


@pytest.mark.parametrize("day", CALM)
def test_every_page_says_that_it_is_fiction_outside_the_article(day: int) -> None:
    paths = [*html_pages(day), "/nothing-here.htm"]
    assert len(paths) > 60
    for path in paths:
        shown = page(path, day)
        assert NOTICE in shown.xpath("string(//body)").get(""), path
        assert NOTICE not in shown.xpath("string(//*[@id='vsb_content'])").get(""), path


class Tags(HTMLParser):
    """Fails on a tag that closes what is not open, and gathers ids."""

    VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()


@pytest.mark.parametrize("day", [1, 3, 6])
def test_pages_are_well_formed(day: int) -> None:
    for path in html_pages(day):
        given = answer(path, day)
        html = given.body.decode("gb18030" if b"charset=gb2312" in given.body else "utf-8")
        tags = Tags(html)
        assert tags.open == [], path
        assert len(tags.ids) == len(set(tags.ids)), path
        assert '<html lang="zh-CN">' in html or given.status == 521
        assert "$" not in html, path  # no word of a template left unfilled


def test_pages_fit_a_telephone() -> None:
    html = page("/info/1001/1162.htm", 1).get()
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in html
    assert "@media(max-width:600px)" in html


@pytest.mark.parametrize("day", CALM)
def test_nothing_real_is_named(day: int) -> None:
    places = "禄丰|陆丰|楚雄|云南|昆明|贵州|四川|北京|上海|中国|广东|重庆"
    offices_with_names = r"(?:书记|县长|局长|镇长|乡长|主任|主席|总理)[\u4e00-\u9fff]{2,3}(?:同志|表示|强调|指出)"
    bylines = {"", "鹿小峰", "桐小坪", "本县通讯员"}
    for article in county(day).articles:
        told = article.title + article.body + article.source
        assert not re.search(f"{places}|{offices_with_names}", told), article.title
        assert article.author in bylines


def test_articles_read_like_articles() -> None:
    own = [article for article in county(6).articles if not article.link]
    assert len(own) >= 55
    assert all(200 <= len(article.text) <= 600 and article.text.count("\n") >= 2 for article in own)
    assert len({article.title for article in own}) == len({article.text for article in own}) == len(own)
    told = "".join(article.title + article.text for article in own)
    assert all(told.count(word) > 1 for word in ("税收", "防汛", "通知", "法治政府", "森林防火", "供水"))


@pytest.mark.parametrize("day", CALM)
def test_only_what_the_table_takes_down_is_missing(day: int) -> None:
    missing = {path for path, status in reachable(day).items() if status == 404}
    down = [article for article in county(day).articles if article.condition == "gone" and article.listed]
    assert missing == {article.url(column) for article in down for column in article.columns}


@pytest.mark.parametrize("day", CALM)
def test_an_article_shows_what_the_county_knows_of_it(day: int) -> None:
    for article in county(day).articles:
        for column in article.columns if article.condition == "live" and not article.link else ():
            shown = page(article.url(column), day)
            assert shown.css("h1.title::text").get() == article.title
            assert body_of(shown) == article.text
            label = shown.css("div.time").xpath("string()").get("")
            published = f"{article.published:%Y}年{article.published:%m}月{article.published:%d}日"
            stated = re.match(r"日期:(\S+)\s+作者:(\S*)\s+来源:(\S+)\s+点击:\[", label)
            assert stated
            assert stated.groups() == (published, article.author, article.source)


def test_pages_bear_the_marks_of_their_cms() -> None:
    shown = page("/info/1001/1168.htm", 1)
    html = shown.get()
    assert "<!--Announced by Visual SiteBuilder 9-->" in html
    assert "_jsq_(1001,'/content.jsp',1168,1810426)" in html
    assert '_showDynClicks("wbnews", 1810426, 1168)' in html
    assert shown.css("form[name=_newscontent_fromname] div#vsb_content > div.v_news_content")
    trail = shown.css("div.position span a::text").getall()
    assert trail == ["首页", "新闻动态", "鹿峰动态"]
    assert "关闭" in shown.css("p.close").xpath("string()").get("")


def test_neighbours_are_the_newer_above_and_the_older_below() -> None:
    shown = page("/info/1001/1167.htm", 1)
    text = shown.css("div.pages").xpath("string()").get("")
    assert text.split() == ["上一条：县人民政府召开第38次常务会议", "下一条：周末不打烊：县政务服务中心开设“周六专窗”"]


def test_columns_are_found_by_name_in_the_navigation() -> None:
    nav = page("/", 1).css("div.nav a")
    found = {link.xpath("string()").get(): link.attrib["href"] for link in nav}
    assert {column.name: found[column.name] for column in county(1).columns} == {
        "鹿峰动态": "/xwdt/lfdt.htm", "通知公告": "/tzgg.htm", "政务公开": "/zwgk.htm", "乡镇之窗": "/xwdt/xzzc.htm",
    }  # fmt: skip
    assert nav.xpath("following-sibling::ul/li/a/text()").getall() == ["鹿峰动态", "乡镇之窗"]


@pytest.mark.parametrize("day", CALM)
def test_the_pager_leads_through_every_line_once(day: int) -> None:
    for column in county(day).columns:
        expected = [article.listed_url(column.id) for article in county(day).listing(column)]
        assert listed(column, day) == expected
        assert len(set(expected)) == len(expected)
        total = page(column.path, day).css("td[id^=fanye]::text").get("")
        assert total.split() == [f"共{len(expected)}条", f"1/{-(-len(expected) // ROWS_PER_PAGE)}"]


def test_pages_are_numbered_from_the_oldest_end() -> None:
    assert list(county(1).pages(main_column(1))) == ["/xwdt/lfdt.htm", "/xwdt/lfdt/2.htm", "/xwdt/lfdt/1.htm"]
    assert list(county(3).pages(main_column(3)))[1] == "/xwdt/lfdt/3.htm"
    assert answer("/xwdt/lfdt/3.htm", 1).status == 404
    steps = page("/xwdt/lfdt/2.htm", 1).css("table.pager a")
    assert {step.xpath("string()").get(): step.attrib["href"] for step in steps} == {
        "首页": "/xwdt/lfdt.htm", "上页": "/xwdt/lfdt.htm", "下页": "/xwdt/lfdt/1.htm", "尾页": "/xwdt/lfdt/1.htm",
    }  # fmt: skip


def test_an_old_line_is_pinned_on_the_first_page_alone() -> None:
    pinned = page("/xwdt/lfdt.htm", 1).xpath("//li[em='置顶']")
    assert pinned.css("a::attr(href)").getall() == ["/info/1001/1102.htm"]
    assert "2026-03-12" in pinned.get("")
    assert not page("/xwdt/lfdt/1.htm", 1).xpath("//em[.='置顶']")


def test_every_column_writes_its_dates_in_its_own_way() -> None:
    first = {path: page(path, 1).css("li[id^=line_u]:last-child .date").xpath("string()").get() for path in COLUMNS}
    assert first == {
        "/xwdt/lfdt.htm": "2026-11-10", "/tzgg.htm": "2026-09-17", "/zwgk.htm": "2026/06/30",
        "/xwdt/xzzc.htm": "09/042026",
    }  # fmt: skip


def test_the_home_page_shows_the_newest_of_every_column() -> None:
    shown = page("/", 4)
    for column in county(4).columns:
        heading = shown.xpath(f"//h2[a='{column.name}']")
        links = heading.xpath("following-sibling::ul//a/@href").getall()
        assert links == [one.listed_url(column.id) for one in county(4).listing(column)[:6]]


def test_the_about_page_says_what_the_demo_is() -> None:
    assert "鹿峰县只存在于这台电脑" in page("/about.htm", 1).css("div.main").xpath("string()").get("")


def test_a_long_title_is_cut_in_lists_and_whole_in_its_tooltip() -> None:
    link = page("/zwgk.htm", 1).css("a[href='/info/1003/1148.htm']")
    assert link.xpath("string()").get("").endswith("...")
    assert link.attrib["title"] == on(1, 1148).title


def test_one_line_leads_to_a_host_that_cannot_be() -> None:
    hosts = {urlsplit(url).hostname for url in listed(main_column(1), 1)}
    assert hosts == {None, "www.lanjiang.example"}


def test_one_article_answers_under_both_its_columns_and_no_third() -> None:
    assert on(1, 1163).columns == (1002, 1001)
    assert "/info/1001/1163.htm" in listed(main_column(1), 1)
    bodies = {body_of(page(f"/info/{column}/1163.htm", 1)) for column in (1001, 1002)}
    assert bodies == {on(1, 1163).text}
    assert answer("/info/1003/1163.htm", 1).status == 404


def test_the_old_column_is_gb18030_and_says_gb2312() -> None:
    for path in ("/zwgk.htm", "/info/1003/1156.htm"):
        given = answer(path, 1)
        assert dict(given.headers)["Content-Type"] == "text/html"
        assert b"charset=gb2312" in given.body
        assert NOTICE in given.body.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            given.body.decode("utf-8")
    told = answer("/info/1003/1156.htm", 1).body.decode("gb18030")
    assert all(rare in told for rare in "垚㙍")  # beyond what gb2312 and gbk can write
    with pytest.raises(UnicodeDecodeError):
        answer("/info/1003/1156.htm", 1).body.decode("gbk")


def test_a_document_has_its_table() -> None:
    cells = page("/info/1003/1156.htm", 1).css("table.xxgk tr").xpath("string()").getall()
    assert cells == ["索引号LF0002-2026-0117", "发文字号鹿政办发〔2026〕31号", "发布机构鹿峰县人民政府办公室"]
    assert not page("/info/1001/1168.htm", 1).css("table.xxgk")


def test_the_attachment_is_a_word_document() -> None:
    link = page("/info/1002/1166.htm", 1).xpath("//li[contains(., '附件【')]/a")
    assert link.attrib["href"].startswith("/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=")
    given = answer(link.attrib["href"], 1)
    with ZipFile(BytesIO(given.body)) as parts:
        assert parts.testzip() is None
        assert "森林防火专职队员报名表" in parts.read("word/document.xml").decode()
    assert "attachment; filename*=UTF-8''%E9%B9%BF" in dict(given.headers)["Content-Disposition"]


def test_the_picture_is_a_png() -> None:
    source = page("/info/1001/1162.htm", 1).css("#vsb_content img::attr(src)").get("")
    given = answer(source, 1)
    assert dict(given.headers)["Content-Type"] == "image/png"
    assert given.body.startswith(b"\x89PNG\r\n\x1a\n")
    assert given.body[16:24] == (640).to_bytes(4, "big") + (360).to_bytes(4, "big")


def test_robots_allows_all_that_anybody_links() -> None:
    rules = answer("/robots.txt", 1).body.decode().splitlines()
    assert "Disallow: /system/manage/" in rules
    assert not any(rule.startswith("Crawl-delay") for rule in rules)
    assert not any(path.startswith("/system/manage/") for path in reachable(1))


# What happens from day to day


def rows(*kinds: str) -> list[DemoEvent]:
    return [happening for happening in EVENTS if happening.kind in kinds]


def named(happening: DemoEvent) -> str:
    return f"day{happening.day}-{happening.kind}-{happening.news_id}"


def news(happening: DemoEvent) -> int:
    assert happening.news_id is not None
    return happening.news_id


def test_the_table_is_in_order_and_within_the_calendar() -> None:
    days = [happening.day for happening in EVENTS]
    assert days == sorted(days)
    assert set(days) <= DAYS.keys()
    assert DAYS[1] == date(2026, 11, 16)


def test_the_first_three_days_show_every_main_thing() -> None:
    early = {happening.kind for happening in EVENTS if happening.day <= 3}
    assert early >= {
        "new", "backdated", "edited", "silent", "gone", "soft_gone", "restored", "delisted", "moved", "challenged",
        "forbidden", "unblocked", "template",
    }  # fmt: skip


@pytest.mark.parametrize("row", [row for row in EVENTS if row.swaps], ids=named)
def test_every_swap_finds_its_words(row: DemoEvent) -> None:
    before, after = on(row.day - 1, news(row)), on(row.day, news(row))
    for old, new in row.swaps:
        assert old in before.title + before.author + before.source + before.body
        assert new in after.title + after.author + after.source + after.body


@pytest.mark.parametrize("row", rows("new", "backdated"), ids=named)
def test_what_is_new_was_not_there_the_day_before(row: DemoEvent) -> None:
    assert county(row.day - 1).article(news(row)) is None
    assert is_listed(news(row), row.day)
    assert status(news(row), row.day) == 200
    published = on(row.day, news(row)).published
    assert published < DAYS[1] if row.backdated else published == DAYS[row.day]


@pytest.mark.parametrize("row", rows("edited", "silent", "predated"), ids=named)
def test_what_is_edited_differs_and_its_date_moves_only_where_said(row: DemoEvent) -> None:
    before, after = on(row.day - 1, news(row)), on(row.day, news(row))
    assert replace(before, published=after.published) != after
    moved = (after.published > before.published) - (after.published < before.published)
    assert moved == {"edited": 1, "silent": 0, "predated": -1}[row.kind]
    assert (row.silent, row.backdated) == (row.kind == "silent", row.kind == "predated")


@pytest.mark.parametrize("row", rows("gone", "soft_gone"), ids=named)
def test_what_is_taken_down_answered_before(row: DemoEvent) -> None:
    calm = max(day for day in CALM if day < row.day)
    assert status(news(row), calm) == 200
    assert is_listed(news(row), calm)
    assert is_listed(news(row), row.day) == row.listed
    shown = page(on(row.day, news(row)).url(on(row.day, news(row)).columns[0]), row.day)
    assert status(news(row), row.day) == (404 if row.kind == "gone" else 200)
    assert ("您访问的页面不存在" in shown.get()) == (row.kind == "soft_gone")


@pytest.mark.parametrize("row", rows("restored"), ids=named)
def test_what_is_restored_is_what_it_was(row: DemoEvent) -> None:
    assert status(news(row), row.day - 1) == 404
    assert on(row.day, news(row)) == on(1, news(row))
    assert status(news(row), row.day) == 200


@pytest.mark.parametrize("row", rows("delisted", "relisted"), ids=named)
def test_what_is_delisted_still_answers(row: DemoEvent) -> None:
    assert is_listed(news(row), row.day) == (row.kind == "relisted") != is_listed(news(row), row.day - 1)
    assert status(news(row), row.day - 1) == status(news(row), row.day) == 200
    assert on(row.day, news(row)).text == on(1, news(row)).text


@pytest.mark.parametrize("row", rows("challenged", "forbidden"), ids=named)
def test_a_block_lasts_a_day_and_changes_nothing(row: DemoEvent) -> None:
    column = on(row.day, news(row)).columns[0]
    given = answer(f"/info/{column}/{row.news_id}.htm", row.day)
    mark, code = {"challenged": ("__jsl_clearance", 521), "forbidden": ("您没有访问当前栏目的权限", 200)}[row.kind]
    assert mark in given.body.decode()
    assert given.status == code
    assert is_listed(news(row), row.day)
    assert on(row.day - 1, news(row)) == on(row.day + 1, news(row))
    assert row.change is None


@pytest.mark.parametrize("row", rows("reposted"), ids=named)
def test_what_is_posted_anew_is_the_same_text_and_its_old_address_is_not_found(row: DemoEvent) -> None:
    before, new = on(row.day - 1, news(row)), f"/info/{MAIN}/{row.to}.htm"
    assert answer(new, row.day - 1).status == 404
    assert status(news(row), row.day) == 404
    assert body_of(page(new, row.day)) == before.text
    assert new in listed(main_column(row.day), row.day)
    assert not {before.url(MAIN)} & set(listed(main_column(row.day), row.day))
    assert on(row.day, row.to or 0) == on(row.day, news(row))


@pytest.mark.parametrize("row", rows("moved"), ids=named)
def test_what_moved_redirects_to_the_same_text(row: DemoEvent) -> None:
    before = on(row.day - 1, news(row))
    old, new = before.url(MAIN), f"/info/{MAIN}/{row.to}.htm"
    assert answer(new, row.day - 1).status == 404
    given = answer(old, row.day)
    assert (given.status, dict(given.headers)["Location"]) == (301, new)
    assert body_of(page(new, row.day)) == before.text
    assert on(row.day, row.to or 0) == on(row.day, news(row))


def test_the_listing_learns_a_new_address_on_the_day_the_table_says() -> None:
    for row in rows("relinked"):
        new = on(row.day, news(row)).url(MAIN)
        assert new in listed(main_column(row.day), row.day)
        assert new not in listed(main_column(row.day - 1), row.day - 1)


@pytest.mark.parametrize("row", rows("template"), ids=named)
def test_a_new_template_touches_every_page_and_no_article(row: DemoEvent) -> None:
    told = {happening.news_id for happening in EVENTS if happening.day == row.day}
    alike = [article for article in county(row.day).articles if article.news_id not in told and not article.link]
    assert len(alike) > 40
    for article in alike:
        assert article == on(row.day - 1, article.news_id)
        url = article.url(article.columns[0])
        assert answer(url, row.day).body != answer(url, row.day - 1).body or article.condition != "live"
        assert body_of(page(url, row.day)) == body_of(page(url, row.day - 1))


def test_there_is_a_look_for_every_template() -> None:
    assert len(SKINS) == 1 + len(rows("template"))


@pytest.mark.parametrize("day", [day for day in DAYS if day > 1])
def test_an_article_of_which_the_table_says_nothing_stays_as_it_was(day: int) -> None:
    told = {happening.news_id for happening in EVENTS if happening.day == day}
    quiet = [article for article in county(day).articles if article.news_id not in told]
    assert quiet
    assert all(county(day - 1).article(one.news_id) == one for one in quiet if not one.link)


def statuses(day: int) -> dict[int, int]:
    return {one.news_id: status(one.news_id, day) for one in county(day).articles if not one.link}


def test_a_server_fails_and_nothing_but_what_the_table_says_happens_to_the_county() -> None:
    assert list(TROUBLES) == [7, 8, 9]
    assert {answer(path, 7).status for path in (*COLUMNS, "/", "/info/1001/1168.htm", "/nothing.htm")} == {412}
    assert answer("/robots.txt", 7).status == 200
    down = [status == 500 for news_id, status in statuses(8).items()]
    assert 0.4 < sum(down) / len(down) < 0.6
    assert {answer(path, 8).status for path in COLUMNS} == {200}
    assert page("/zwgk.htm", 9).css("li[id^=line_u]").getall() == []
    assert page("/tzgg.htm", 9).css("li[id^=line_u]").getall() != []
    assert sum(status != 200 for status in statuses(9).values()) < 10


def test_every_kind_of_change_that_an_archive_knows_happens() -> None:
    changes = {happening.change for happening in EVENTS} - {None}
    assert changes == {"new", "edited", "missing", "restored", "delisted", "relisted", "moved"}


def test_days_are_counted_from_one_and_the_last_one_lasts() -> None:
    with pytest.raises(ValueError, match="counted from 1"):
        county(0)
    assert county(40).articles == county(max(DAYS)).articles
    assert answer("/", 40).status == 200
