"""Tests that every module of a page is served and has its template, and that the navigation follows from the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from parsel import Selector

from lufeng_crawler import ui
from lufeng_crawler.ui import pages
from lufeng_crawler.ui.page import UiPage
from lufeng_crawler.ui.pages import NAVIGATION, PAGES, ROUTES
from lufeng_crawler.ui.translations import load_translations
from tests.support.browser import get
from tests.support.demo_archive import AllDays


def test_every_module_is_listed_once_and_has_routes() -> None:
    modules = {path.stem for path in Path(pages.__path__[0]).glob("*.py")} - {"__init__"}
    assert sorted(PAGES) == sorted(modules)
    assert len(ROUTES) >= len(PAGES)
    assert len({route.path for route in ROUTES}) == len(ROUTES)


def test_every_page_has_its_template() -> None:
    templates = Path(ui.__path__[0]) / "templates" / "lufeng"
    assert [
        route.template for route in ROUTES if isinstance(route, UiPage) and not (templates / route.template).exists()
    ] == []


def test_a_link_is_a_path_of_its_page_and_has_texts() -> None:
    assert [link.path for link in NAVIGATION] == ["/", "/search", "/changes", "/deletions", "/health"]
    assert all(link.text in load_translations() for link in NAVIGATION)
    assert all(any(re.match(route.path, link.path) for route in ROUTES) for link in NAVIGATION)


@pytest.mark.parametrize(("path", "without"), [("/health", "/search"), ("/archive", "/")])
def test_the_navigation_leads_to_the_pages(all_days: AllDays, path: str, without: str) -> None:
    shown = Selector(get(all_days.folder, path, accept_language="en").text)
    links = shown.css("header.top nav a, p.lufeng > a:not(.brand)")
    found = [(link.attrib["href"], link.xpath("string()").get()) for link in links]
    expected = [(link.path, load_translations()[link.text][0]) for link in NAVIGATION if link.path != without]
    assert found[: len(expected)] == expected
