"""Tests where an article's title is found: each rule with a small page, best first, and no column's name for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Evidence, Layout
from lufeng_crawler.pages.article.title import find_confirmed_line, find_titles
from lufeng_crawler.pages.families import generic
from lufeng_crawler.pages.html.evidence import weigh_findings
from lufeng_crawler.pages.html.page import parse

URL = "http://www.lufengxian.example/info/1001/1.htm"
TITLE = "鹿峰县召开防汛抗旱工作会议"
SITE = "鹿峰县人民政府"
NAMES = st.text("鹿峰县防汛抗旱工作会议通知", min_size=4, max_size=20)


def found(
    above: list[str], title: str = "", html: str = "", layout: Layout | None = None, **tags: str
) -> Evidence | None:
    """The title of a page with that `<title>`, those lines over its text, and that markup."""
    page = parse(URL, f"<title>{title}</title>{html}")
    findings = find_titles(page, above, ["新闻动态", "鹿峰动态"], generic.FAMILY, layout or Layout(), tags)
    return weigh_findings(findings).get("title")


def value(above: list[str], title: str = "", html: str = "", **tags: str) -> str | None:
    evidence = found(above, title, html, None, **tags)
    return evidence.value if evidence else None


@pytest.mark.parametrize(
    "title",
    [TITLE, f"{TITLE}-{SITE}", f"{TITLE}_{SITE}", f"{TITLE} - 鹿峰动态 - {SITE}", f"{TITLE}|{SITE}", f" {TITLE} "],
)
def test_the_line_that_the_pages_title_confirms(title: str) -> None:
    above = [SITE, "首页 > 新闻动态 > 鹿峰动态", TITLE, "日期：2026-11-01　来源：县融媒体中心"]
    assert value(above, title) == TITLE


def test_a_title_over_two_lines_is_put_together() -> None:
    assert (
        value(["鹿峰县召开防汛抗旱", "工作会议", "日期：2026-11-01"], f"{TITLE}-{SITE}")
        == "鹿峰县召开防汛抗旱 工作会议"
    )


def test_a_bracket_that_only_the_pages_title_has_is_put_back() -> None:
    assert value([TITLE, "日期：2026-11-01"], f"【通知】{TITLE}-{SITE}") == f"【通知】{TITLE}"


def test_the_tag_confirms_where_the_pages_title_names_only_the_site() -> None:
    evidence = found([SITE, TITLE, "日期：2026-11-01"], SITE, articletitle=TITLE, sitename=SITE)
    assert evidence
    assert (evidence.value, "articletitle" in evidence.rule) == (TITLE, True)


@pytest.mark.parametrize("column", ["新闻动态", "鹿峰动态"])
def test_a_columns_name_is_no_title_though_the_pages_title_begins_with_it(column: str) -> None:
    assert value([column, TITLE, "日期：2026-11-01　来源：县融媒体中心"], f"{column}-{SITE}") == TITLE


def test_the_line_over_the_fields_where_the_pages_title_says_nothing() -> None:
    above = ["当前位置：首页 > 新闻动态", TITLE, "发布时间：2026-11-01　来源：县融媒体中心", "字号：大 中 小"]
    assert value(above, SITE) == TITLE


def test_a_headings_words_where_nothing_stands_over_the_text() -> None:
    assert value([], "", f"<h1>{TITLE}</h1>") == TITLE
    assert value([], "", f"<h1>网站</h1><h2>{TITLE}</h2>") == TITLE
    assert value([], "", f"<h2>友情链接 / Links</h2><h2>{TITLE}</h2>") == TITLE


def test_what_the_pages_title_opens_with_where_no_line_confirms_it() -> None:
    assert value(["日期：2026-11-01"], f"{TITLE}-{SITE}") == TITLE
    assert value(["日期：2026-11-01"], f"{SITE}网站-{TITLE}") != SITE + "网站"


def test_the_site_file_goes_before_everything() -> None:
    layout = Layout(article={"title": "div.t"})
    html = "<div class='t'>另一个标题在这里</div>"
    evidence = found([TITLE, "日期：2026-11-01"], f"{TITLE}-{SITE}", html, layout)
    assert evidence
    assert (evidence.value, evidence.rule) == ("另一个标题在这里", "site file: div.t")
    assert evidence.other_value == TITLE


def test_a_tag_that_says_otherwise_is_kept_as_a_disagreement() -> None:
    evidence = found([TITLE, "日期：2026-11-01"], f"{TITLE}-{SITE}", articletitle="另一个标题在这里")
    assert evidence
    assert (evidence.value, evidence.other_value) == (TITLE, "另一个标题在这里")


def test_a_date_behind_the_title_is_none_of_it() -> None:
    assert value([f"{TITLE} 2026-11-01"], f"{TITLE}-{SITE}") == TITLE


@given(NAMES, NAMES)
def test_what_is_confirmed_stands_over_the_text_and_begins_the_title(line: str, other: str) -> None:
    for title in (line, other, f"{line}-{SITE}"):
        confirmed = find_confirmed_line([other, line], title, set())
        assert confirmed is None or title.startswith(confirmed.replace(" ", ""))
        assert confirmed is None or set(confirmed.split()) <= {line, other}


@given(NAMES)
def test_a_whole_line_that_is_the_title_is_always_found(line: str) -> None:
    assert find_confirmed_line(["导航", line], f"{line}-{SITE}", set()) == line
    assert find_confirmed_line(["导航", line], f"{line}-{SITE}", {line}) is None


@pytest.mark.parametrize("above", [[], [""], ["短"], ["导航", "首页"]])
def test_nothing_confirms_what_is_not_there(above: list[str]) -> None:
    assert find_confirmed_line(above, TITLE, set()) is None


def test_a_page_without_any_sign_of_a_title_has_none() -> None:
    assert not value([])


def test_the_sites_name_over_the_navigation_is_no_title_though_the_pages_title_says_no_more() -> None:
    above = [SITE, "首页 > 新闻动态 > 鹿峰动态", TITLE, "日期：2026-11-01　来源：县融媒体中心"]
    assert value(above, SITE) == TITLE


CUT = "鹿峰县召开防汛..."


@pytest.mark.parametrize("cut", [CUT, "鹿峰县召开防汛…", "鹿峰县召开防汛……"])
def test_a_title_cut_short_gives_way_to_the_line_that_goes_on(cut: str) -> None:
    assert value([f"名称：{cut}", TITLE, "日期：2026-11-01"], "信息公开目录首页") == TITLE
    assert value([TITLE, "日期：2026-11-01"], f"{cut}-{SITE}") == TITLE
    assert value([f"名称：{cut}", "日期：2026-11-01"], "信息公开目录首页") == cut


def test_a_title_that_ends_in_dots_of_its_own_stays() -> None:
    assert value(["他们一直在路上……", "日期：2026-11-01"], f"他们一直在路上……-{SITE}") == "他们一直在路上……"


@pytest.mark.parametrize("title", [f"{SITE} 新闻动态 {TITLE}", f"新闻动态 - {TITLE}", f"{SITE}-新闻动态-{TITLE}"])
def test_the_line_that_ends_a_title_which_begins_with_site_or_column(title: str) -> None:
    assert value([SITE, TITLE, "日期：2026-11-01"], title) == TITLE


def test_an_office_over_the_title_belongs_to_it_and_the_sites_name_behind_it_does_not() -> None:
    office = "鹿峰县教育局"
    assert value([office, TITLE, "日期：2026-11-01"], f"{office} {TITLE}") == f"{office} {TITLE}"
    evidence = found(["鹿峰县教育体育局网", "日期：2026-11-01"], "新闻动态 鹿峰县教育体育局网")
    assert evidence is None or "ends" not in evidence.rule


def test_the_tag_of_social_networks_where_nothing_else_gives_the_title() -> None:
    said = {"og:title": TITLE}
    assert value(["日期：2026-11-01"], SITE, **said) == TITLE
    evidence = found([TITLE, "日期：2026-11-01"], f"{TITLE}-{SITE}", "", None, **{"og:title": f"{TITLE}|鹿峰"})
    assert evidence
    assert (evidence.value, evidence.other_value) == (TITLE, None)
