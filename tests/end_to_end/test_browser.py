"""Tests the UI in a real browser: a reader's way through it, nothing that fails, nothing that shuts anybody out.

Debian's chromium under Playwright, with axe-core for the rules of accessibility (WCAG 2.2 A and AA).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

from lufeng_crawler.demo import answer
from tests.support.archive_builder import rows
from tests.support.browser import served
from tests.support.demo_archive import AllDays
from tests.support.foreign_files import made
from tests.support.ingests import PATHS, ingest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium here, so the UI was not tried in a real browser (apt-get install chromium)"
)

HOSTILE = """
<p id="hostile">财政<script>alert('script')</script>预算<img src="x" onerror="alert('onerror')">
<a href="javascript:alert('link')">点击</a><a href="data:text/html,<script>alert(1)</script>">数据</a>
<svg onload="alert('svg')"><a xlink:href="javascript:alert(1)"><text>图</text></a></svg>
<iframe srcdoc="<script>parent.alert('frame')</script>"></iframe><style>body{display:none}</style>
<base href="http://elsewhere.example/"><meta http-equiv="refresh" content="0;url=http://elsewhere.example/">
<form action="http://elsewhere.example/"><button autofocus onfocus="alert('focus')">提交</button></form>
<img src="http://elsewhere.example/spy.png" srcset="http://elsewhere.example/spy2.png 2x"></p>
<p style="background:url(http://elsewhere.example/style.png)">完</p>
"""
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
FRAMED = re.compile(r"/captures/\d+/raw|about:srcdoc")
"""A page as the site served it: the browser says of it what it kept from running and from being loaded."""

LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"]], ...] = ((NARROW, "light"), (NARROW, "dark"), (WIDE, "dark"))
PAGES = {
    "home": "/",
    "search": "/search?q=税收",
    "article": "/articles/{edited}",
    "diff": "/articles/{edited}/diff",
    "changes": "/changes",
    "deletions": "/deletions",
    "health": "/health",
    "capture": "/captures/22",
}


@pytest.fixture(scope="module")
def site(all_days: AllDays, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo archive, with one page of another site that does what it can to harm who reads it."""
    folder = tmp_path_factory.mktemp("browsed") / "archive"
    shutil.copytree(all_days.folder, folder)
    page = answer(PATHS[0], 1)
    body = re.sub(rb"(<div[^>]*v_news_content[^>]*>)", rb"\1" + HOSTILE.encode(), page.body)
    assert body != page.body
    record = {"url": "http://www.hostile.example/info/1001/1001.htm", "body": body}
    taken, said = ingest(folder, made(folder.parent / "hostile.warc.gz", [record]))
    assert (taken.new, said) == (1, [])
    with served(folder) as url:
        yield url


@pytest.fixture(scope="module")
def edited(all_days: AllDays) -> int:
    """An article that was silently edited: ids are given in the order in which the answers of a crawl came."""
    (row,) = rows(all_days.folder, "SELECT article FROM edits WHERE title LIKE '%税收收入稳中%'")
    return int(row["article"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Watched:
    """A page of the browser that remembers all that went wrong on it."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page, self.wrong = context.new_page(), list[str]()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", self._dismissed)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)
        self.site = site

    def _said(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not FRAMED.search(said.location["url"] + said.text):
            self.wrong.append(said.text)

    def _failed(self, request: Request) -> None:
        left = request.failure == "net::ERR_ABORTED" and not request.is_navigation_request()  # by the next click
        if not left and not (request.failure == "csp" and FRAMED.search(request.frame.url)):
            self.wrong.append(f"{request.url}: {request.failure}")

    def _answered(self, given: Response) -> None:
        if given.status >= 400 or not given.url.startswith((self.site, "data:")):
            self.wrong.append(f"{given.status} {given.url}")

    def _dismissed(self, dialog: Dialog) -> None:
        self.wrong.append(f"dialog {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def watched(browser: Browser, site: str) -> Iterator[Watched]:
    context = browser.new_context(base_url=site, viewport=WIDE, locale="zh-CN")
    yield Watched(context, site)
    context.close()


def test_a_reader_finds_an_article_its_edit_and_what_was_taken_down(watched: Watched) -> None:
    page = watched.page
    page.goto("/")
    expect(page).to_have_title(re.compile("禄丰存档"))
    page.get_by_role("searchbox").first.fill("税收收入")
    page.get_by_role("searchbox").first.press("Enter")
    page.locator("main").get_by_role("link", name="全县税收收入").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("税收收入")
    page.locator("main a[href*='/diff']").first.click()
    expect(page.locator("main ins").first).to_be_visible()
    expect(page.locator("main del").first).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="撤下").click()
    expect(page.locator("main a[href^='/articles/']").first).to_be_visible()
    assert watched.wrong == []


def test_a_hostile_article_is_harmless(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto("/search?q=财政预算")
    page.locator("main a[href^='/articles/']").first.click()
    text = page.locator("main")
    expect(text).to_contain_text("财政预算")
    expect(text).to_be_visible()
    assert text.locator("script, style, iframe[srcdoc], svg[onload], [onerror], [onfocus], base, meta").count() == 0
    assert text.locator("a[href^='javascript:'], a[href^='data:']").count() == 0
    page.wait_for_load_state("networkidle")
    assert page.url.startswith(site)
    assert watched.wrong == []


def test_what_was_captured_does_nothing_in_its_frame(watched: Watched, site: str) -> None:
    page = watched.page
    page.goto("/articles?url=http://www.hostile.example/info/1001/1001.htm")
    page.locator("main a[href^='/captures/']").first.click()
    expect(page.locator("iframe[sandbox]")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    assert page.url.startswith(site)
    assert watched.wrong == []


FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
"""Whether a page is no wider than its window."""


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(watched: Watched, edited: int, name: str) -> None:
    page = watched.page
    page.goto(PAGES[name].format(edited=edited), wait_until="networkidle")
    assert serious(page) == []
    for viewport, scheme in LOOKS:
        page.set_viewport_size(viewport)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(FITS)  # a chart is drawn anew in the next frame, on a busy machine later
    assert serious(page) == []
    assert watched.wrong == []


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core finds that keeps somebody from using the page: the rule and the elements."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    bad = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in bad]


def test_it_can_be_used_by_keyboard_alone(watched: Watched) -> None:
    page = watched.page
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    assert watched.wrong == []
