"""Tests the page of a difference: any two versions, both views, folds, and what works without a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.archive_builder import Story, article
from tests.support.browser import get, page

KEPT = "\n".join(f"第{number}条 县人民政府要求各乡镇各部门抓好落实，不得有误，长期坚持。" for number in range(20))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    story = Story(tmp_path)
    story.run(1, article(1, "通知", f"到会12人。\n{KEPT}"), article(2))
    story.run(2, article(1, "通告", f"到会21人。\n{KEPT}"))
    story.run(3, article(1, "通告", f"到会21人。<script>\n{KEPT}"))
    return tmp_path


def said(page: Any, where: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.xpath(where)]


def test_by_default_the_last_edit_is_shown(folder: Path) -> None:
    shown = page(folder, "/articles/1/diff")
    assert said(shown, "//h2") == ["Body text"]
    assert said(shown, "//ins") == ["<script>"] and not shown.xpath("//main//script")
    assert said(shown, "//option[@selected]") == ["version 2 · 2026-11-02", "version 3 · 2026-11-03"]


def test_fields_come_first_and_labels_in_the_readers_language(folder: Path) -> None:
    shown = page(folder, "/articles/1/diff?from=1&to=2&lang=zh")
    assert said(shown, "//h2") == ["标题", "正文"]
    assert said(shown, "//small") == ["数字"]
    assert said(shown, "//del") == ["通知", "12人"] and said(shown, "//ins") == ["通告", "21人"]


def test_versions_may_be_swapped_or_the_same(folder: Path) -> None:
    assert said(page(folder, "/articles/1/diff?from=2&to=1"), "//ins")[-1] == "12人"
    assert said(page(folder, "/articles/1/diff?from=2&to=2"), "//p[@class='card']") == ["No difference."]


def test_long_stretches_are_folded_in_both_views(folder: Path) -> None:
    for view in ("inline", "side"):
        shown = page(folder, f"/articles/1/diff?from=1&to=2&view={view}")
        [fold] = shown.xpath("//details[@class='fold']")
        assert "characters unchanged" in said(fold, "summary")[0] and "第19条" in fold.text_content()
        assert "第0条" not in fold.text_content()


def test_both_sides_stand_in_tables_with_headings(folder: Path) -> None:
    shown = page(folder, "/articles/1/diff?from=1&to=2&view=side")
    for table in shown.xpath("//table"):
        assert said(table, ".//th[@scope='col']") == ["version 1", "version 2"]
    assert said(shown, "//tr[1]/td[1]")[:2] == ["通知", "到会12人。"]


def test_the_view_stays_when_versions_are_chosen(folder: Path) -> None:
    shown = page(folder, "/articles/1/diff?from=1&to=2&view=side")
    assert shown.xpath("//input[@name='view']/@value") == ["side"]
    assert shown.xpath("//a[@rel='next']/@href") == ["/articles/1/diff?view=side&from=2&to=3"]
    assert said(shown, "//nav//a[@aria-current='true']") == ["Side by side"]
    assert page(folder, "/articles/1/diff?view=upside-down").xpath("//input[@name='view']/@value") == ["inline"]


def test_without_a_script_lists_and_a_button_choose(folder: Path) -> None:
    form = page(folder, "/articles/1/diff").xpath("//form[contains(@class, 'choose')]")[0]
    assert form.xpath(".//select/@name") == ["from", "to"] and form.xpath(".//button")
    assert form.xpath(".//label/@for") == form.xpath(".//select/@id")


def test_an_article_of_one_version_says_so(folder: Path) -> None:
    [line] = said(page(folder, "/articles/2/diff"), "//p[@class='card']")
    assert line.startswith("The archive holds one version of this article, first seen on 2026-11-01")


def test_what_is_not_there(folder: Path) -> None:
    for path, status in (
        ("/articles/7/diff", 404),
        ("/articles/1/diff?from=1&to=9", 404),
        ("/articles/1/diff?to=x", 400),
    ):
        assert get(folder, path).status_code == status


def test_a_coarse_difference_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lufeng_crawler.archive.diff.paragraphs.MAX_UNMATCHED", 1)
    [notice] = said(page(folder, "/articles/1/diff?from=1&to=2"), "//p[@class='notice']")
    assert notice.startswith("Too much differs")
