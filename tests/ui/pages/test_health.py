"""Tests the page on the sites' health: all in a table, one in full, both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsel import Selector

from tests.support.archive_builder import Story, article
from tests.support.browser import get
from tests.support.demo_archive import AllDays


def shown(folder: Path, path: str = "/health", language: str = "en") -> Selector:
    return Selector(get(folder, path, accept_language=language).text)


def table(page: Selector, label: str) -> list[list[str]]:
    rows = page.xpath(f"//div[@aria-label='{label}']//tbody/tr")
    return [row.xpath("th | td").xpath("normalize-space()").getall() for row in rows]


def test_the_only_site_is_told_of_in_full(all_days: AllDays) -> None:
    page = shown(all_days.folder)
    assert page.css("h1").xpath("normalize-space()").get() == "Health: 鹿峰县人民政府"
    facts = page.css("dl.fields").xpath("normalize-space()").get("")
    assert "at least 5 entries on the first page of each column" in facts and "63 entries in the last run" in facts
    assert "2026-11-26 08:00" in facts
    assert [row[0] for row in table(page, "Columns")] == ["乡镇之窗", "政务公开", "通知公告", "鹿峰动态"]


def test_its_runs_say_how_they_went(all_days: AllDays) -> None:
    runs = table(shown(all_days.folder), "Runs")
    assert len(runs) == 11
    assert runs[4][:3] == ["2026-11-22 02:00 full", "blocked 412 加速乐", "68"]
    assert runs[4][7:10] == ["67", "4", "4"]
    assert runs[-1][:4] == ["2026-11-16 02:00", "good", "61", "51"]


def test_blocks_and_alarms_lead_to_captures(all_days: AllDays) -> None:
    page = shown(all_days.folder)
    assert table(page, "Blocks")[0][:3] == ["412 加速乐", "412", "67"]
    assert [row[2] for row in table(page, "Layout alarms")] == ["a listing"]
    assert len(page.css("main a[href^='/captures/']")) == 4


def test_in_chinese(all_days: AllDays) -> None:
    page = shown(all_days.folder, language="zh")
    assert page.css("h1::text").get("").startswith("运行状况")
    assert table(page, "抓取批次")[4][1] == "被拦截 412 加速乐"


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, article(1), article(2, "<b>二</b>", "文2", site="gongguan"), outcome="blocked")
    return story.folder


def test_of_several_sites_each_has_a_line_that_leads_on(two: Path) -> None:
    page = shown(two)
    lines = table(page, "Sites")
    assert [line[0] for line in lines] == ["gongguan", "gulou"]
    assert [line[1] for line in lines] == ["not finished", "blocked"]
    assert page.css("tbody th a::attr(href)").getall() == ["/health?site=gongguan", "/health?site=gulou"]
    alone = shown(two, "/health?site=gongguan")
    assert "No crawl of this site is on record." in alone.css("main").xpath("string()").get("")
    assert "no site file" in alone.css("dl.fields").xpath("string()").get("")


def test_every_table_has_headers_of_rows_and_columns(all_days: AllDays, two: Path) -> None:
    for page in (shown(all_days.folder), shown(two)):
        assert page.css("table") and not page.css("th:not([scope])")
        assert len(page.css("tbody tr")) == len(page.css("tbody th[scope=row]"))


def test_what_is_not_there_is_said(two: Path, tmp_path: Path) -> None:
    assert get(two, "/health?site=nowhere").status_code == 404
    Story(tmp_path).run(1)
    assert "gulou" in get(tmp_path, "/health").text


def test_a_broken_site_file_is_named_and_the_page_is_shown(tmp_path: Path) -> None:
    Story(tmp_path / "archive").run(1, article(1))
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "broken.toml").write_text("title = ", encoding="utf-8")
    for path in ("/", "/health"):
        answer = get(tmp_path / "archive", path, sites=tmp_path / "sites")
        assert answer.status_code == 200
    assert "broken.toml" in Selector(answer.text).css("p.notice.bad::text").get("")
    assert str(tmp_path) not in answer.text
