"""Tests the page on what happened: by day and kind, with proofs and differences, page by page, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsel import Selector

from lufeng_crawler.archive.diff import edit_script
from lufeng_crawler.archive.queries.events import KINDS
from lufeng_crawler.ui.pages.changes import MAX_EVENTS
from lufeng_crawler.ui.translations import load_translations
from tests.support.archive_builder import Story, article
from tests.support.browser import get
from tests.support.demo_archive import AllDays

HOSTILE = "<img src=x onerror=alert(1)>\x00\u202e"


def shown(folder: Path, path: str, language: str = "en") -> Selector:
    answer = get(folder, path, accept_language=language)
    assert answer.status_code == 200, answer.text
    return Selector(answer.text)


def test_the_newest_come_first_by_day(all_days: AllDays) -> None:
    page = shown(all_days.folder, "/changes")
    days = page.css("h2 time::text").getall()
    assert days == sorted(days, reverse=True) and days[0] == "2026-11-26"
    assert len(page.css("article")) == MAX_EVENTS
    assert page.css("article .badge::text").get() == "gone"
    assert all(path.startswith("/articles/") for path in page.css("article h3 a::attr(href)").getall())


def test_the_chips_count_every_kind(all_days: AllDays) -> None:
    chips = shown(all_days.folder, "/changes?kind=gone").css(".chips a")
    counts = {chip.css("::text").get("").strip(): int(chip.css(".number::text").get("")) for chip in chips}
    assert set(counts) == {"all", *KINDS} and counts["all"] == sum(counts.values()) - counts["all"]
    assert [chip.css("::text").get("").strip() for chip in chips if chip.attrib.get("aria-current")] == ["gone"]


def test_pages_are_the_whole(all_days: AllDays) -> None:
    path: str | None = "/changes"
    seen = list[str]()
    while path:
        page = shown(all_days.folder, path)
        seen += page.css("article .proofs").xpath("string()").getall()
        path = page.css(".pager a[rel=next]::attr(href)").get()
    whole = sum(map(int, shown(all_days.folder, "/changes").css(".chips a:first-child .number::text").getall()))
    assert len(seen) == whole > MAX_EVENTS


def test_an_edit_has_its_difference_in_line(all_days: AllDays) -> None:
    page = shown(all_days.folder, "/changes?kind=edited")
    edits = page.css("article")
    assert len(edits) == 7 and all(edit.css("del, ins") for edit in edits)
    assert edits[0].css("a[href*='/diff?from=1&to=2']")
    assert any("91.8%" in text for text in edits.css("del::text").getall())
    ids = page.css("[id]::attr(id)").getall()
    assert len(ids) == len(set(ids))


def test_what_stayed_is_folded(tmp_path: Path) -> None:
    long = "\n".join(f"第{n}段，共同的内容与往年一样没有任何变化。" for n in range(40))
    story = Story(tmp_path)
    story.run(1, article(1, "题", f"{long}\n收入100万元。\n{long}"))
    story.run(2, article(1, "题", f"{long}\n收入900万元。\n{long}"))
    page = shown(tmp_path, "/changes?kind=edited")
    assert len(page.css("details.folded")) == 2
    assert page.css(".text > small::text").get() == "number"


def test_events_are_proved(all_days: AllDays) -> None:
    gone = shown(all_days.folder, "/changes?kind=gone").css("article")[0]
    assert gone.css("summary::text").get() == "2 captures prove it"
    assert len(gone.css(".proofs a[href^='/captures/']")) == 2
    assert "404" in gone.css(".proofs li").xpath("string()").get("")


def test_the_filters_choose(all_days: AllDays) -> None:
    page = shown(all_days.folder, "/changes?from=2026-11-18&to=2026-11-19&kind=new&kind=moved&site=demo")
    assert set(page.css("h2 time::text").getall()) == {"2026-11-18", "2026-11-19"}
    assert set(page.css("article .badge::text").getall()) == {"new", "moved"}
    assert page.css("input[name=from]::attr(value)").get() == "2026-11-18"
    assert page.css("input[name=kind]::attr(value)").getall() == ["new", "moved"]
    feed = page.css("link[type='application/atom+xml']::attr(href)").get()
    assert feed == "/changes.atom?from=2026-11-18&to=2026-11-19&kind=new&kind=moved&site=demo"


def test_nothing_found_is_said(all_days: AllDays) -> None:
    page = shown(all_days.folder, "/changes?from=2030-01-01")
    assert "No such change was seen." in page.css("main").xpath("string()").get("")
    assert page.css("main a[href='/changes']")


def test_in_chinese(all_days: AllDays) -> None:
    page = shown(all_days.folder, "/changes?kind=edited", "zh")
    assert page.css("h1::text").get() == "变更"
    assert any("有改动" in text for text in page.css("article > p::text").getall())
    assert "数字" in page.css(".text small::text").getall()


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("kind=vanished", 400, "kind must be one of new, edited"),
        ("from=yesterday", 400, "from must be a day such as 2026-11-22"),
        ("before=x", 400, "before must be a whole number"),
        ("site=nowhere", 404, "nowhere: the archive has nothing of a site of this name"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_line(all_days: AllDays, asked: str, status: int, said: str) -> None:
    for page in ("/changes", "/changes.atom"):
        answer = get(all_days.folder, f"{page}?{asked}")
        assert answer.status_code == status and said in answer.text


def test_what_a_page_says_stays_text(tmp_path: Path) -> None:
    story = Story(tmp_path)
    story.run(1, article(1, f"一{HOSTILE}", f"甲{HOSTILE}", source=HOSTILE))
    story.run(2, article(1, f"二{HOSTILE}", f"乙{HOSTILE}", source=f"丙{HOSTILE}"))
    answer = get(tmp_path, "/changes")
    assert "<img src=x" not in answer.text
    assert Selector(answer.text).css("article .difference img, article h3 img").getall() == []


def test_every_label_of_a_difference_has_a_word() -> None:
    assert {f"label_{name}" for name in (*edit_script.LABELS, "moved")} <= set(load_translations())
