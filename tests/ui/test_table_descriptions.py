"""Tests that Datasette's pages explain the archive, in both languages, under a head that leads to ours."""

from __future__ import annotations

import tomllib
from contextlib import closing
from pathlib import Path

import pytest
from parsel import Selector

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.ui import table_descriptions
from tests.support.browser import get
from tests.support.demo_archive import AllDays

SAID = tomllib.loads(Path(table_descriptions.__file__).with_name("tables.toml").read_text("utf-8"))


def names(folder: Path, kind: str) -> set[str]:
    with closing(connect_for_reading(folder)) as db:
        return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))}


def test_every_view_is_described_and_nothing_that_is_not_there(all_days: AllDays) -> None:
    views, tables = names(all_days.folder, "view"), names(all_days.folder, "table")
    assert views <= set(SAID["tables"]) <= views | tables
    with closing(connect_for_reading(all_days.folder)) as db:
        there = {
            column
            for name in SAID["tables"]
            for (column,) in db.execute(f"SELECT name FROM pragma_table_info('{name}')")
        }
    assert set(SAID["columns"]) | set(SAID["units"]) <= there


@pytest.mark.parametrize("part", ["tables", "columns"])
def test_each_is_said_in_english_and_chinese(part: str) -> None:
    for name, texts in SAID[part].items():
        assert len(texts) == 2 and all(texts), name
        assert any("\u4e00" <= sign <= "\u9fff" for sign in texts[1]), name


def test_machinery_is_hidden(all_days: AllDays) -> None:
    with closing(connect_for_reading(all_days.folder)) as db:
        tables = table_descriptions.metadata(db)["databases"]["archive"]["tables"]
    assert tables["stale"] == {"hidden": True}
    shown = Selector(get(all_days.folder, "/archive").text).css("h3 a::text").getall()
    assert "captures" in shown and "stale" not in shown


def test_a_table_explains_its_columns(all_days: AllDays) -> None:
    page = get(all_days.folder, "/archive/captures?_size=1")
    assert page.status_code == 200
    assert SAID["tables"]["captures"][1] in page.text and SAID["columns"]["payload_digest"][0] in page.text


@pytest.mark.parametrize(("language", "word"), [("en", "Taken down"), ("zh", "撤下")])
def test_the_head_leads_to_our_pages(all_days: AllDays, language: str, word: str) -> None:
    page = Selector(get(all_days.folder, "/archive/events?_size=1", accept_language=language).text)
    links = dict(zip(page.css(".lufeng a::text").getall(), page.css(".lufeng a::attr(href)").getall(), strict=True))
    assert links[word] == "/deletions"
    style = page.css("link[href*='datasette.css']::attr(href)").get("")
    assert get(all_days.folder, style).status_code == 200
