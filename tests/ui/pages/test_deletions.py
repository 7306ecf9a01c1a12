"""Tests the page on what was taken down: states apart, last texts, proofs, both languages, nothing that runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsel import Selector

from tests.support.archive_builder import Story, answer, article
from tests.support.browser import get
from tests.support.demo_archive import AllDays

HOSTILE = "<svg onload=alert(1)>"


def shown(folder: Path, path: str = "/deletions", language: str = "en") -> Selector:
    given = get(folder, path, accept_language=language)
    assert given.status_code == 200, given.text
    return Selector(given.text)


def test_each_state_stands_apart(all_days: AllDays) -> None:
    page = shown(all_days.folder)
    sections = {one.css("h2::text").get(): one for one in page.css("main section")}
    assert list(sections) == ["Gone", "Missing", "Back again"]
    assert [len(one.css("article")) for one in sections.values()] == [3, 0, 3]
    assert "Nothing is missing." in sections["Missing"].xpath("string()").get("")
    chips = page.css(".chips a").xpath("normalize-space()").getall()
    assert chips == ["all 6", "gone 3", "missing 0", "restored 3"]


def test_a_card_has_the_last_text_and_the_evidence(all_days: AllDays) -> None:
    card = shown(all_days.folder, "/deletions?state=gone").css("article")[0]
    assert card.css("h3 a::text").get() == "关于公开征集2027年民生实事项目的公告"
    text = card.css("details.last div.text::text").get("")
    assert text.startswith("为做好2027年民生实事项目筛选工作") and text.endswith("报县人民政府审定后公布。"[-1])
    assert card.css("details.last summary span::text").get("").rstrip("…") == text[:160]
    facts = card.css("dl.fields").xpath("string()").get("")
    assert "for 5 days at least" in facts and "2026-11-02" in facts
    assert card.css("summary::text").getall()[-1] == "2 captures prove it"
    assert len(card.css(".proofs a[href^='/captures/']")) == 2


def test_what_came_back_says_for_how_long_it_was_away(all_days: AllDays) -> None:
    page = shown(all_days.folder, "/deletions?state=restored", "zh")
    assert page.css("h2::text").getall() == ["已恢复"]
    assert "约 6 天" in page.css("article dl")[0].xpath("string()").get("")
    assert "已恢复：2026-11-25 又能看到" in page.css("article")[0].xpath("string()").get("")


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty missing articles with hostile texts, one of them without any."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, *(article(n, f"题{n}{HOSTILE}", f"{HOSTILE}{n}" * 20) for n in range(1, 60)), article(60, "六十", ""))
    story.run(2, *(answer(n, status=404) for n in range(1, 61)))
    return story.folder


def test_pages_are_the_whole(taken: Path) -> None:
    first = shown(taken)
    assert len(first.css("article")) == 10
    further = shown(taken, first.css(".pager a::attr(href)").get(""))
    assert len(further.css("article")) == 50 and not further.css(".pager a")
    titles = first.css("article h3 a::text").getall() + further.css("article h3 a::text").getall()
    assert len(set(titles)) == 60 and titles[0] == "六十"


def test_what_a_page_says_stays_text(taken: Path) -> None:
    page = shown(taken)
    assert page.css("main svg").getall() == []
    assert "The last page seen had no text." in page.css("article")[0].xpath("string()").get("")
    assert HOSTILE in page.css("article")[1].css("h3 a::text").get("")


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("state=vanished", 400, "state must be one of gone, missing, restored"),
        ("state=gone&before=-1", 400, "before must be a whole number"),
        ("site=nowhere", 404, "the archive has nothing of a site of this name"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(all_days: AllDays, asked: str, status: int, said: str) -> None:
    given = get(all_days.folder, f"/deletions?{asked}")
    assert given.status_code == status and said in given.text


def test_what_was_taken_down_here_and_stands_elsewhere_is_said(tmp_path: Path) -> None:
    said = "。".join(f"第{n}条 防汛值守责任落实到乡镇和部门第{n}项" for n in range(1, 15))
    story = Story(tmp_path)
    story.run(1, article(1, "甲", said), article(2, "乙", said, column="公告"))
    story.run(2, answer(1, status=404))
    card = shown(tmp_path, "/deletions?state=missing").css("article")[0]
    assert card.css("dd a[href='/articles/2']")
    assert "the same text" in card.css("dl").xpath("string()").get("").lower()
