"""Tests the first page: what it counts and tells, where it leads, and that it is whole without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from parsel import Selector

from lufeng_crawler.ui.pages import home
from tests.support.archive_builder import Story, article
from tests.support.browser import get
from tests.support.demo_archive import AllDays

HOSTILE = "</a><script>alert(1)</script>\"'{{ 7 * 7 }}&amp;"


@pytest.fixture(scope="module")
def page(all_days: AllDays) -> Selector:
    return Selector(get(all_days.folder, "/", accept_language="en").text)


def test_how_much_there_is_stands_first(page: Selector) -> None:
    tiles = dict(
        zip(page.css(".tiles dt::text").getall(), page.css(".tiles dd").xpath("string()").getall(), strict=True)
    )
    assert (tiles["Articles"], tiles["Versions"]) == ("62", "69")
    assert tiles["Captured"] == "2026-11-16 – 2026-11-26"


def test_the_charts_are_tables_that_lead_to_the_search(page: Selector) -> None:
    months, days = page.css("figure.chart")
    assert months.css("tbody th a::text").getall()[:2] == ["2026-11", "2026-10"]
    assert months.css("tbody th a::attr(href)").get() == "/search?sort=date&from=2026-11-01&to=2026-11-30"
    for chart in (months, days):
        assert sum(map(int, chart.css("data::attr(value)").getall())) == 62
        assert chart.css("thead th[scope=col]") and chart.css("tbody th[scope=row]")
    assert days.css("tbody th a::attr(href)").get() == "/search?sort=date&from=2026-11-21&to=2026-11-21"
    assert (days.attrib["data-from"], days.attrib["data-to"]) == ("2025-11-24", "2026-11-26")


def test_the_news_of_a_site_lead_on(page: Selector) -> None:
    [site] = page.css("section.site")
    assert site.css("h3::text, h3 a::text").get() == "鹿峰县人民政府"
    assert site.css(".badge::text").getall()[:2] == ["good", "gone"]
    published, happened = site.css("ul")
    assert published.css("a::attr(href)").re(r"^/articles/\d+$")
    assert len(happened.css("li")) == home.MAX_NEWS
    assert any(text.startswith("2026-11-26") for text in happened.css(".soft").xpath("normalize-space()").getall())
    assert {"/changes?site=demo", "/search?site=demo&sort=date"} <= set(site.css("a::attr(href)").getall())


def test_headings_are_in_order_and_nothing_is_written_into_the_page_that_runs(page: Selector) -> None:
    levels = [
        int(name[1])
        for name in page.xpath("//*[self::h1 or self::h2 or self::h3 or self::h4]").xpath("name()").getall()
    ]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    assert page.css("script:not([src]), style, [style], [onclick]").getall() == []


def test_one_site_alone_in_chinese(all_days: AllDays) -> None:
    shown = Selector(get(all_days.folder, "/?site=demo", accept_language="zh").text)
    assert shown.css("h1::text").get() == "鹿峰县人民政府"
    assert shown.css("figcaption::text").get() == "每月文章数（按页面日期）"
    assert "site=demo" in (shown.css("figure tbody a::attr(href)").get() or "")
    assert any("已被撤下" in text for text in shown.css("section.site .soft").xpath("string()").getall())


def test_another_site_is_not_there(all_days: AllDays) -> None:
    answer = get(all_days.folder, "/?site=nowhere")
    assert answer.status_code == 404 and "the archive has nothing of a site of this name" in answer.text


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """More sites than are told of; the titles are hostile."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, *(article(n, HOSTILE, f"文{n}", site=f"site{n}") for n in range(home.MAX_SITES + 3)))
    yield story.folder


def test_of_many_sites_the_rest_is_counted(many: Path) -> None:
    shown = Selector(get(many, "/", accept_language="en").text)
    assert len(shown.css("section.site")) == home.MAX_SITES
    assert "4 more sites" in shown.css("main > p").xpath("string()").getall()[-1]  # with one of runs and no article
    assert len(shown.css("select option")) == home.MAX_SITES + 5


def test_a_hostile_title_is_text(many: Path) -> None:
    answer = get(many, "/")
    assert "<script>alert" not in answer.text
    assert Selector(answer.text).css("section.site ul a::text").get() == HOSTILE


def test_an_archive_of_nothing_says_so(tmp_path: Path) -> None:
    Story(tmp_path).run(1)
    assert "Nothing has been crawled yet." in get(tmp_path, "/", accept_language="en").text


def test_the_library_of_the_charts_is_the_one_that_its_readme_says(all_days: AllDays) -> None:
    folder = Path(home.__file__).parents[1] / "static" / "echarts"
    digest, name = re.findall(r"^ {4}([0-9a-f]{64})  (\S+)$", (folder / "README.md").read_text("utf-8"), re.MULTILINE)[
        0
    ]
    assert sha256((folder / name).read_bytes()).hexdigest() == digest
    assert {"LICENSE", "NOTICE", "LICENSE-d3"} <= {path.name for path in folder.iterdir()}
    sources = Selector(get(all_days.folder, "/").text).css("script::attr(src)").getall()
    assert [get(all_days.folder, source).status_code for source in sources] == [200, 200]
