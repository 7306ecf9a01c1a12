"""Tests which line of many pages is found to be a counter of the template, and what becomes of the edits it made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from lufeng_crawler.archive.digests import mask_digits, without_counts
from lufeng_crawler.items import Capture
from tests.support.archive_builder import Story, article, everything, moment, rebuilt, rows

TEXT = "县人民政府召开常务会议，研究部署冬春农田水利建设，要求各乡镇落实责任，确保质量和安全。" * 3
ALL = range(1, 8)


def pages(
    line: Callable[[int], str], numbers: Iterable[int] = ALL, more: Callable[[int], str] = lambda n: ""
) -> list[Capture]:
    """Articles of texts of their own with a line under each."""
    return [article(n, f"第{n}条", f"{TEXT[n:]}{more(n)}\n{line(n)}\n责任编辑：张三") for n in numbers]


def counter(at: int) -> Callable[[int], str]:
    return lambda number: f"浏览 {number + at} 次"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    told = Story(tmp_path)
    crawl(told, 1, *pages(counter(0)))
    return told


def crawl(story: Story, day: float, *answers: Capture, **more: Any) -> list[str]:
    """What a run by today's rules tells."""
    return [event["kind"] for event in story.run(day, *answers, **{"rules": 1, "proves": True} | more)]


def found(story: Story) -> list[str]:
    return [row["line"] for row in rows(story.folder, "SELECT line FROM template_lines ORDER BY line")]


def test_a_line_that_counts_on_many_pages_is_of_the_template(story: Story) -> None:
    assert crawl(story, 2, *pages(counter(10))) == []
    (row,) = rows(story.folder, "SELECT line, since, run, articles FROM template_lines")
    assert (row["line"], row["since"], row["run"]) == ("浏览#次", moment(2, 8), 2)
    assert json.loads(row["articles"]) == list(ALL)
    assert rows(story.folder, "SELECT max(number) AS n, min(last_seen) AS seen FROM versions") == [
        {"n": 1, "seen": moment(2, 1)}
    ]
    assert everything(story.folder) == rebuilt(story.folder)


def test_from_then_on_it_says_nothing_and_stays_in_the_text(story: Story) -> None:
    crawl(story, 2, *pages(counter(10)))
    assert crawl(story, 3, *pages(counter(20))) == []
    assert crawl(story, 4, *pages(counter(30), [1], lambda n: "又补充一句。")) == ["edited"]
    (row,) = rows(story.folder, "SELECT body FROM latest_articles WHERE id = 1")
    assert "又补充一句。\n浏览 31 次\n" in row["body"]
    (event,) = story.events("kind = 'edited'")
    assert json.loads(event["fields"]) == ["body"]
    assert everything(story.folder) == rebuilt(story.folder)


def test_edits_of_runs_before_that_it_made_are_withdrawn_too(story: Story) -> None:
    assert crawl(story, 2, *pages(counter(10), [1, 2])) == ["edited"] * 2
    assert crawl(story, 3, *pages(counter(20))) == []
    assert story.kinds() == ["new"] * 7
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize(
    ("counting", "edited", "is_found"),
    [(5, 0, True), (4, 0, False), (5, 1, True), (5, 2, False), (7, 0, True), (6, 1, True)],
)
def test_how_many_it_takes(story: Story, counting: int, edited: int, is_found: bool) -> None:
    """Five articles, and four fifths of those whose page changed."""
    real = pages(counter(0), range(counting + 1, counting + edited + 1), lambda n: "又补充一句。")
    told = crawl(story, 2, *pages(counter(10), range(1, counting + 1)), *real)
    assert bool(found(story)) is is_found
    assert len(told) == (edited if is_found else counting + edited)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("投资 10 亿元", "投资 20 亿元"),
        ("完成 10%", "完成 20%"),
        ("到会 10 人", "到会 20 人"),
        ("造林 10 亩", "造林 20 亩"),
        ("2026年11月1日", "2026年11月2日"),
        ("更新于 2026-11-01", "更新于 2026-11-02"),
        ("开始 10:20", "开始 10:30"),
        ("发布次数 10", "发布次数 20"),
        ("联系电话 10", "联系电话 20"),
        ("浏览 10 次", "浏览 十 次"),
        ("浏览 10 次", "阅读 10 次"),
    ],
)
def test_figures_that_say_something_are_content(tmp_path: Path, before: str, after: str) -> None:
    story = Story(tmp_path)
    crawl(story, 1, *pages(lambda n: before))
    assert crawl(story, 2, *pages(lambda n: after)) == ["edited"] * 7
    assert found(story) == []


def test_where_more_than_that_line_differs_it_is_an_edit(story: Story) -> None:
    assert crawl(story, 2, *pages(counter(10), ALL, lambda n: "又补充一句。")) == ["edited"] * 7
    assert found(story) == []


def test_another_line_more_is_no_counter(story: Story) -> None:
    assert crawl(story, 2, *pages(lambda n: f"{counter(0)(n)}\n浏览 5 次")) == ["edited"] * 7


def test_a_run_of_older_rules_or_an_ingest_finds_none(story: Story) -> None:
    assert crawl(story, 2, *pages(counter(10)), rules=0) == ["edited"] * 7
    assert crawl(story, 3, *pages(counter(20)), kind="ingest", proves=None) == ["edited"] * 7
    assert found(story) == []
    assert crawl(story, 4, *pages(counter(30))) == []
    assert story.kinds() == ["new"] * 7, "those before went with it"
    assert everything(story.folder) == rebuilt(story.folder)


def test_the_same_line_of_another_site_is_its_own_affair(story: Story) -> None:
    crawl(story, 2, *pages(counter(10)))
    for day in (3, 4):
        story.run(day, *[article(1, body=f"{TEXT}\n浏览 {day} 次", site="other")], kind="ingest")
    assert story.kinds("site = 'other'") == ["new", "edited"]


def test_lines_are_compared_by_their_words() -> None:
    assert mask_digits(" 浏览 12 次 ") == mask_digits("浏览　０ 次") == "浏览#次"
    body = "正文\n浏览 12 次\n浏览 12 次。\n浏览次"
    assert without_counts(body, {"浏览#次"}) != body
    assert without_counts(body, ()) == body


def test_an_edit_that_brought_the_line_stays_told(story: Story) -> None:
    crawl(story, 2, *pages(lambda number: f"浏览 {number} 次\n收藏 {number} 次"))
    before = story.kinds()
    assert before.count("edited") == len(ALL)
    crawl(story, 3, *pages(lambda number: f"浏览 {number} 次\n收藏 {number + 7} 次"))
    assert found(story) == ["收藏#次"]
    assert story.kinds() == before
    assert everything(story.folder) == rebuilt(story.folder)


@pytest.mark.parametrize("line", ["累计确诊病例{n}例", "共排查隐患{n}处", "本轮巡查出动{n}车次，发现火情{n}次。"])
def test_what_a_text_says_in_figures_is_never_the_templates(story: Story, line: str) -> None:
    crawl(story, 2, *pages(lambda number: line.format(n=number)))
    crawl(story, 3, *pages(lambda number: line.format(n=number + 3)))
    assert found(story) == []
    assert story.kinds().count("edited") == 2 * len(ALL)
