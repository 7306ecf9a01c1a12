"""Tests the search page: hits with marks, facets that narrow and widen, orders, pages, queries that make no sense."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html

from tests.support.archive_builder import Story, article, rows
from tests.support.browser import get
from tests.support.demo_archive import AllDays


def page(folder: Path, query: str, language: str = "en") -> html.HtmlElement:
    answer = get(folder, f"/search?{quote(query, safe='&=')}", accept_language=language)
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def texts(tree: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


def test_a_hit_shows_where_the_words_stand(all_days: AllDays) -> None:
    tree = page(all_days.folder, "q=税收收入稳中")
    assert texts(tree, "//ol[contains(@class,'hits')]//h2") == ["前10个月全县税收收入稳中有升"]
    assert texts(tree, "//ol//h2//mark") == ["税收收入稳中"]
    (row,) = rows(all_days.folder, "SELECT id FROM latest_articles WHERE title LIKE '%税收收入稳中%'")
    assert tree.xpath("//ol//h2/a/@href") == [f"/articles/{row['id']}"]
    assert tree.xpath("//input[@name='q']/@value") == ["税收收入稳中"]


def test_traditional_and_full_width_find_the_same(all_days: AllDays) -> None:
    found = [texts(page(all_days.folder, f"q={query}"), "//ol//h2") for query in ("前10个月", "前１０個月")]
    assert found[0] == found[1] != []


def test_a_facet_narrows_and_when_chosen_widens(all_days: AllDays) -> None:
    tree = page(all_days.folder, "q=税收")
    narrow = tree.xpath("//aside//a[contains(., '县税务局')]/@href")
    assert narrow == [f"/search?q={quote('税收')}&source={quote('县税务局')}"]
    chosen = html.document_fromstring(get(all_days.folder, narrow[0]).text)
    assert len(texts(chosen, "//ol/li")) == 1
    assert chosen.xpath("//aside//a[@aria-current]/@href") == [f"/search?q={quote('税收')}"]
    assert chosen.xpath("//form[@class='choice']/input[@name='source']/@value") == ["县税务局"]


def test_a_year_is_its_first_to_its_last_day(all_days: AllDays) -> None:
    (year,) = page(all_days.folder, "q=税收").xpath("//aside//a[contains(., '2026')]/@href")
    assert year == f"/search?q={quote('税收')}&from=2026-01-01&to=2026-12-31"
    assert texts(html.document_fromstring(get(all_days.folder, year).text), "//aside//a[@aria-current]") == ["2026 2"]


def test_without_words_all_articles_come_the_newest_first(all_days: AllDays) -> None:
    tree = page(all_days.folder, "site=demo")
    dates = texts(tree, "//ol/li//time")
    assert len(dates) == 20 and dates == sorted(dates, reverse=True)
    assert texts(tree, "//h1") == ["All articles"]
    (following,) = tree.xpath("//a[@rel='next']/@href")
    assert following == "/search?site=demo&page=2"
    second = html.document_fromstring(get(all_days.folder, following).text)
    assert second.xpath("//ol/@start") == ["21"]
    assert texts(second, "//ol/li//time")[0] <= dates[-1]


@pytest.mark.parametrize(
    ("query", "said"),
    [("q=税收)", "The query cannot be understood: the query has a ) that no ( belongs to"), ("q=" + "税" * 501, "501")],
)
def test_a_query_that_makes_no_sense_is_said_where_it_can_be_mended(all_days: AllDays, query: str, said: str) -> None:
    tree = page(all_days.folder, query)
    assert said in texts(tree, "//p[@role='alert']")[0]
    assert tree.xpath("//input[@name='q']") and not tree.xpath("//ol")


@pytest.mark.parametrize("query", ["from=yesterday", "sort=random", "page=0", "page=501", "to=2026-02-30"])
def test_other_arguments_that_make_no_sense_are_a_bad_request(all_days: AllDays, query: str) -> None:
    assert get(all_days.folder, f"/search?{query}").status_code == 400


def test_nothing_found_is_said_and_how_to_find_more(all_days: AllDays) -> None:
    tree = page(all_days.folder, "q=税收&site=nowhere", "zh")
    assert texts(tree, "//p[@class='card']") == ["没有这样的文章。 去掉其他条件再搜"]
    assert tree.xpath("//p[@class='card']/a/@href") == [f"/search?q={quote('税收')}"]


def test_what_a_page_says_stays_text(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1, "<b>税收</b>", "<script>alert(1)</script>税收 & 财政", source="<i>"))
    tree = page(tmp_path, "q=税收")
    assert texts(tree, "//ol//h2") == ["<b>税收</b>"]
    assert texts(tree, "//ol//p[1]") == ["<script>alert(1)</script>税收 & 财政"]
    assert not tree.xpath("//main//script | //main//b | //main//i")


def test_a_gone_article_is_found_and_said_to_be_gone(all_days: AllDays) -> None:
    tree = page(all_days.folder, "q=民生实事项目的公告")
    assert texts(tree, "//ol//span[contains(@class,'badge')]") == ["gone"]
