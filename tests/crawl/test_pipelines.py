"""Tests where readings become rows: everything is handed to the archive, only articles go on to Scrapy's feeds."""

from __future__ import annotations

import json
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.exporters import JsonLinesItemExporter

from lufeng_crawler import pages
from lufeng_crawler.crawl_run import CrawlItem, CrawlRun
from lufeng_crawler.demo import answer
from lufeng_crawler.items import Article, Blocked, Capture, Evidence, Gone, Listing, Other, Reading, Redirect, Unchanged
from lufeng_crawler.pipelines import ArchivePipeline
from tests.support.archive_builder import address

READINGS: tuple[Reading, ...] = (
    Listing(()),
    Gone("404"),
    Blocked("521"),
    Redirect(address(2), True),
    Unchanged(),
    Other("a picture"),
)
PROOF = {"title": Evidence("h1", "题")}


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Reading]]:
    """What the archive was handed, in order."""
    got: list[tuple[Any, Reading]] = []
    archive = SimpleNamespace(set_reading=lambda kept, reading: got.append((kept, reading)))
    monkeypatch.setattr(CrawlRun, "of", lambda crawler: SimpleNamespace(archive=archive))
    return got


def process(reading: Reading) -> Reading:
    kept: Any = "kept"
    crawler: Any = SimpleNamespace()
    return ArchivePipeline.from_crawler(crawler).process_item(CrawlItem(kept, reading))


@pytest.mark.parametrize("reading", READINGS, ids=lambda one: type(one).__name__)
def test_what_is_no_article_is_recorded_and_goes_no_further(
    reading: Reading, handed: list[tuple[Any, Reading]]
) -> None:
    with pytest.raises(DropItem, match=f"^{type(reading).__name__.lower()}$"):
        process(reading)
    assert handed == [("kept", reading)]


def test_an_article_is_recorded_and_goes_on_as_it_is(handed: list[tuple[Any, Reading]]) -> None:
    article = Article("1", address(1), "题", "文", provenance=PROOF)
    found = process(article)
    assert handed == [("kept", article)]
    assert found == article


def test_what_goes_on_can_be_written_by_scrapys_exporters(handed: list[tuple[Any, Reading]]) -> None:
    path = "/info/1001/1164.htm"
    article = pages.read(
        Capture(f"http://lufengxian.example{path}", "2026-11-16T00:00:00Z", 200, (), answer(path, 1).body)
    )
    out = BytesIO()
    exporter = JsonLinesItemExporter(out)
    exporter.export_item(process(article))
    written = json.loads(out.getvalue())
    assert written["title"] == "前10个月全县税收收入稳中有升"
    assert written["provenance"]["title"]["rule"]
