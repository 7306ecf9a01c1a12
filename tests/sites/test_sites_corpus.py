"""Reads saved real pages of the bundled sites as their files say, where the corpus of pages lies beside the project."""

from __future__ import annotations

import json
from urllib.parse import urljoin

import pytest

from lufeng_crawler import reader, sites
from lufeng_crawler.items import Article, Capture, Kind, Listing, Reading
from tests.support.paths import SHARED

CORPUS = SHARED / "corpus"
HERE = CORPUS.exists()
pytestmark = pytest.mark.skipif(not HERE, reason="the corpus of real pages is not here: ../shared/corpus")
SITES = sites.load_all_sites()
LISTINGS = {
    "mofcom/mofcom-list.html": ("mofcom", "政策发布"),
    "sc-jiyuehua/edu.sc-list-c100494.html": ("sichuan-edu", "教育要闻"),
    "sc-jiyuehua/edu.sc-list-c100538.html": ("sichuan-edu", "政策文件"),
    "siteserver/pds-list-channels_1751.html": ("pingdingshan", "市教育体育局"),
    "siteserver/pds-list-channels_10320.html": ("pingdingshan", "政策解读"),
}
"""Saved first pages of columns: whose they are."""


def articles() -> list[tuple[str, str, str]]:
    """Site, file and address of each saved article of a bundled site."""
    if not HERE:
        return []
    rows = [json.loads(line) for line in (CORPUS / "index.jsonl").read_text("utf-8").splitlines()]
    details = [row for row in rows if row["kind"] == "detail"]
    return [
        (site.name, row["file"], urljoin(f"http://{row['host']}/a/b/", row["url"] or row["file"]))
        for row in details
        for site in SITES.values()
        if row["host"] in site.all_hosts
    ]


def read(name: str, file: str, url: str, kind: Kind) -> Reading:
    body = (CORPUS / "pages" / file).read_bytes()
    headers = (("Content-Type", "text/html"),)
    return reader.reader(None).read(Capture(url, "2026-01-01T00:00:00Z", 200, headers, body, name, kind=kind))


@pytest.mark.parametrize("file", LISTINGS)
def test_a_columns_first_page_is_a_listing_of_what_is_expected(file: str) -> None:
    site = SITES[LISTINGS[file][0]]
    column = next(column for column in site.columns if column.name == LISTINGS[file][1])
    url = column.url(site)
    assert url
    found = read(site.name, file, url, "listing")
    assert isinstance(found, Listing)
    assert len(found.entries) >= (site.expect.entries or 1)
    assert found.family == site.family


@pytest.mark.parametrize(("name", "file", "url"), articles())
def test_an_article_of_a_site_is_read_as_one(name: str, file: str, url: str) -> None:
    found = read(name, file, url, "article")
    assert isinstance(found, Article), found
    assert found.title
    assert found.family == (SITES[name].family or found.family)


def test_most_sites_of_which_pages_were_saved_are_asked() -> None:
    assert len({name for name, _, _ in articles()}) >= 20
