"""Reads the saved pages of sites that do not exist, compares with what was approved, and never sees `read` raise."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler import pages
from lufeng_crawler.items import Article, Blocked, Capture, Gone, Layout, Listing, Other, Reading
from tests.support.paths import PAGES, SHARED

SAVED = sorted(PAGES.rglob("*.html"))
FIRST_PAGE = SHARED / "first-page.txt"
HTML = (("Content-Type", "text/html"),)


def captured(
    body: bytes,
    url: str = "http://www.lufengxian.example/info/1011/1.htm",
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = HTML,
) -> Capture:
    return Capture(url, "2024-01-02T03:04:05Z", status, headers, body)


def saved(path: Path) -> Capture:
    body = path.read_bytes()
    address = re.search(rb"saved from url=(\S+)", body)
    assert address, f"{path} names no address"
    return captured(body, address[1].decode())


def plain(reading: Reading) -> dict[str, Any]:
    """A reading as JSON would give it back."""

    def bare(value: Any) -> Any:
        return dict(value) if not isinstance(value, (str, int, float, list, tuple, dict, type(None))) else value

    fields = {name: getattr(reading, name) for name in reading.__dataclass_fields__}
    if isinstance(reading, Article):
        fields["provenance"] = {field: asdict(evidence) for field, evidence in reading.provenance.items()}
        fields["attachments"] = [asdict(file) for file in reading.attachments]
    if isinstance(reading, Listing):
        fields["entries"] = [asdict(entry) for entry in reading.entries]
        fields["extent"] = asdict(reading.extent)
    read: dict[str, Any] = json.loads(json.dumps({"kind": type(reading).__name__} | fields, default=bare))
    return read


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_page_reads_as_approved(path: Path) -> None:
    approved, read = path.with_suffix(".json"), plain(pages.read(saved(path)))
    if not approved.exists():
        approved.write_text(json.dumps(read, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
        pytest.fail(f"wrote {approved.name} of {path.parent.name}: read it, then commit it")
    assert read == json.loads(approved.read_text("utf-8"))


@pytest.mark.parametrize("path", SAVED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_reading_is_a_function_of_the_capture(path: Path) -> None:
    capture = saved(path)
    assert pages.read(capture) == pages.read(capture)


def test_a_listing_and_its_article_agree_on_the_key() -> None:
    listing = pages.read(saved(PAGES / "lufengxian" / "listing.html"))
    article = pages.read(saved(PAGES / "lufengxian" / "article.html"))
    assert isinstance(listing, Listing)
    assert isinstance(article, Article)
    assert article.key in {entry.key for entry in listing.entries}


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    assert isinstance(pages.read(captured(body)), Reading)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_page_is_read(data: st.DataObject) -> None:
    body = bytearray(data.draw(st.sampled_from(SAVED)).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(body)))
        end = start + data.draw(st.integers(0, 300))
        body[start:end] = data.draw(st.binary(max_size=30))
    assert isinstance(pages.read(captured(bytes(body))), Reading)


@given(
    st.text(max_size=60),
    st.integers(0, 999),
    st.lists(
        st.tuples(st.sampled_from(["Location", "Content-Type", "Content-Encoding", "Set-Cookie"]), st.text(max_size=30))
    ),
    st.binary(max_size=60),
)
def test_any_capture_is_read(url: str, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    assert isinstance(pages.read(captured(body, url, status=status, headers=tuple(headers))), Reading)


def test_deep_nesting_is_read() -> None:
    assert isinstance(pages.read(captured(b"<div>" * 20_000 + "字".encode())), Reading)
    assert isinstance(pages.read(captured(b"<table><tr><td>" * 5_000)), Reading)


@pytest.mark.parametrize(
    "piece", [b"<script", b"<!--", b"<p>\n", b"<a href=x>", b"\t<td></td>", b"&nbsp;", b"<pre>", b"(("]
)
def test_no_page_takes_long_for_its_size(piece: bytes) -> None:
    assert isinstance(pages.read(captured(b"<html><body>" + piece * 20_000)), Reading)


def test_a_broken_selector_of_a_site_file_is_told() -> None:
    reading = pages.read(captured("<p>通知</p>".encode()), Layout(article={"body": "div[["}))
    assert isinstance(reading, Other)
    assert "selector" in reading.reason


def test_a_wrong_site_id_code_is_a_block() -> None:
    capture = saved(PAGES / "lanwan" / "article.html")
    assert pages.read(capture, Layout(site_id_code="1234567890")) == Blocked(
        "SiteIDCode 9900000001 instead of 1234567890"
    )
    assert isinstance(pages.read(capture, Layout(site_id_code="9900000001")), Article)


def test_a_site_file_goes_first() -> None:
    capture = saved(PAGES / "lanwan" / "article.html")
    article = pages.read(
        capture, Layout(article={"source": "td:nth-child(4)", "title": "title", "body": "#zoom p:nth-child(2)"})
    )
    assert isinstance(article, Article)
    assert article.source == "蓝湾市教育局"
    assert article.provenance["source"].rule == "site file: td:nth-child(4)"
    assert article.body.startswith("为做好")


def test_a_site_file_selects_the_lines_and_the_next_page() -> None:
    capture = saved(PAGES / "lanwan" / "listing.html")
    listing = pages.read(capture, Layout(listing={"entries": "ul.nav li", "next": "div.page a:last-child::attr(href)"}))
    assert isinstance(listing, Listing)
    assert [entry.title for entry in listing.entries] == ["政务公开", "互动交流", "办事服务"]
    assert listing.next_page == "https://www.lanwan.example/zwgk/tzgg/index_9.html"


def test_a_home_page_is_neither() -> None:
    body = (PAGES / "lanwan" / "listing.html").read_bytes()
    assert pages.read(captured(body, "https://www.lanwan.example/")) == Other("home page")


def test_a_soft_404_is_gone_and_its_words_in_an_article_are_not() -> None:
    assert pages.read(captured("<p>您访问的页面不存在或已删除</p>".encode())) == Gone(
        "soft 404: 您访问的页面不存在或已删除"
    )
    body = (PAGES / "lanwan" / "article.html").read_text("utf-8").replace("各区教育局", "页面不存在，各区教育局")
    assert isinstance(pages.read(captured(body.encode())), Article)


def test_the_page_that_started_it_all() -> None:
    if not FIRST_PAGE.exists():
        pytest.skip("the first page is not here: ../shared/first-page.txt")
    text = [line.strip() for line in FIRST_PAGE.read_text("utf-8").splitlines() if line.strip()]
    site, trail, title, fields, *body, before, after, close = text
    page = as_vsb(site, trail, title, fields, body, [before, after, close])
    article = pages.read(captured(page.encode()))
    assert isinstance(article, Article)
    assert (article.title, article.published) == ("禄丰市召开2023年法治政府建设推进会议", "2023-06-29")
    assert (article.author, article.source) == ("花之金", "市司法局")
    assert article.columns[-1] == "禄丰动态"
    assert article.body.split("\n") == [re.sub(r"[ \u3000]+", " ", line) for line in body]


def as_vsb(site: str, trail: str, title: str, fields: str, body: list[str], foot: list[str]) -> str:
    """A page in the way VSB writes them."""
    paragraphs: Callable[[list[str]], str] = lambda texts: "".join(f"<p>{text}</p>\n" for text in texts)  # noqa: E731
    return (
        f"<html><head><title>{title}-{site}</title><!--Announced by Visual SiteBuilder 9--></head><body>"
        f"<h1>{site}</h1><div>{trail.replace('>', '&gt;')}</div><form name='_newscontent_fromname'><h2>{title}</h2>"
        f"<div>{fields.replace('   ', '&nbsp;&nbsp; ')}</div><div id='vsb_content'><div class='v_news_content'>"
        f"{paragraphs(body)}</div></div>{paragraphs(foot)}</form></body></html>"
    )
