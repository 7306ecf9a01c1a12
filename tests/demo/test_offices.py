"""The offices of the demo county: each site does what is said of it, and nothing else is wrong with it."""

from __future__ import annotations

import pytest
from parsel import Selector

from lufeng_crawler.demo import DAYS, FIRST_OFFICE_DAY, NOTICE, OFFICE_DAYS, OFFICES, SITE_FILES, Office, answer
from lufeng_crawler.demo.county import ROWS_PER_PAGE
from lufeng_crawler.sites import load_site

BY_SITE = {office.site: office for office in OFFICES}


def listing(office: Office, day: int = FIRST_OFFICE_DAY) -> Selector:
    return Selector(answer(office.column.path, day).body.decode())


def lines(office: Office) -> list[str]:
    return listing(office).css("li[id^=line_u] a::attr(href)").getall()


def text(path: str, day: int) -> str:
    return Selector(answer(path, day).body.decode()).css(".v_news_content").xpath("string()").get("")


def header(path: str, day: int, name: str) -> str:
    return dict(answer(path, day).headers)[name]


def test_each_has_a_site_file_that_finds_its_column() -> None:
    assert {path.stem for path in SITE_FILES.iterdir()} == BY_SITE.keys()
    for office in OFFICES:
        site = load_site(office.site, SITE_FILES)
        assert site.is_local
        assert [(column.name, column.path) for column in site.columns] == [(office.column.name, office.column.path)]


def test_their_days_follow_the_county_s_and_are_enough_for_their_crawls() -> None:
    assert min(OFFICE_DAYS.values()) > max(DAYS.values())
    assert max(len(office.crawls) for office in OFFICES) == len(OFFICE_DAYS)


@pytest.mark.parametrize("office", OFFICES, ids=BY_SITE)
def test_every_page_says_that_it_is_fiction(office: Office) -> None:
    for path in (office.column.path, *(path for path in lines(office) if path.startswith("/"))):
        given = answer(path, FIRST_OFFICE_DAY)
        assert NOTICE in given.body.decode() or given.status == 302, path


@pytest.mark.parametrize("office", OFFICES, ids=BY_SITE)
def test_the_county_does_not_know_them(office: Office) -> None:
    for page in ("/", "/index.htm", "/about.htm"):
        assert office.column.path not in answer(page, FIRST_OFFICE_DAY).body.decode()


def test_the_pager_states_its_length_and_only_a_script_leads_on() -> None:
    office = BY_SITE["demo-pager"]
    assert len(lines(office)) == ROWS_PER_PAGE < len(office.articles)
    page = listing(office)
    assert f"共{len(office.articles)}条" in page.css(".pager").xpath("string()").get("")
    assert page.css("a.Next::attr(href)").getall() == ["javascript:goPage(2)", "javascript:goPage(3)"]


def test_the_counter_moves_in_every_article_and_nothing_else_does() -> None:
    for path in lines(BY_SITE["demo-counter"]):
        before, now = (text(path, day) for day in (FIRST_OFFICE_DAY, FIRST_OFFICE_DAY + 1))
        assert before != now
        assert before.partition("您是")[0] == now.partition("您是")[0]


def test_a_page_changes_every_day_and_its_validators_never_do() -> None:
    days, paths = [*OFFICE_DAYS], lines(BY_SITE["demo-304"])
    changing = [path for path in paths if len({text(path, day) for day in days}) == len(days)]
    assert len(changing) == 1
    for path in paths:
        tags = {(header(path, day, "ETag"), header(path, day, "Last-Modified")) for day in days}
        assert len(tags) == 1
        [(tag, modified)] = tags
        for asked in ({"If-None-Match": tag}, {"If-Modified-Since": modified}):
            assert [answer(path, day, asked).status for day in days] == [304] * len(days)


def test_the_lines_of_what_moved_lead_to_another_host() -> None:
    assert {path.split("/")[2] for path in lines(BY_SITE["demo-moved"])} == {"jyj.lufengxian.example"}


def test_the_gate_leads_back_to_itself_with_a_cookie() -> None:
    for path in lines(BY_SITE["demo-gate"]):
        assert answer(path, FIRST_OFFICE_DAY).status == 302
        assert header(path, FIRST_OFFICE_DAY, "Location") == path
        assert header(path, FIRST_OFFICE_DAY, "Set-Cookie").startswith("pass=")
