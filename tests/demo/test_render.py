"""Tests the county's pages part by part: article, tables and files, pager, navigation and the template's looks."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from datetime import date
from html import escape
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from lufeng_crawler.demo import article_body, county, media, render
from lufeng_crawler.demo.county import County, DemoArticle, DemoColumn
from lufeng_crawler.demo.skins import NOTICE, SKINS

ONE = DemoArticle(
    4660, 4660, 4660, (1001,), "鹿峰县召开防汛工作会议", date(2026, 11, 1), "一\n二", "某人", "县融媒体中心"
)
WORDS = st.text("鹿峰县防汛<>&\"' ab", min_size=1, max_size=20)
COLUMN = county(1).columns[0]
LINES = st.lists(st.text("鹿峰县防汛<>&\"'", min_size=1, max_size=12), min_size=1, max_size=5)


def shown(one: DemoArticle, looks: int = 0) -> Selector:
    return Selector(render.render_article(replace(county(1), skin=looks), COLUMN, one))


def texts(html: str, css: str) -> list[str]:
    return [each.xpath("string()").get("") for each in Selector(f"<div>{html}</div>").css(css)]


@given(LINES)
def test_every_line_of_a_body_is_a_paragraph_as_written(lines: list[str]) -> None:
    plain = [line.lstrip(">") for line in lines]
    assert texts(article_body.render_text(replace(ONE, body="\n".join(lines))), "p") == plain


@given(st.lists(st.lists(st.text("鹿峰县<&", min_size=1, max_size=5), min_size=1, max_size=4), min_size=1, max_size=4))
def test_lines_of_cells_that_follow_one_another_are_one_table(rows: list[list[str]]) -> None:
    html = article_body.render_text(replace(ONE, body="前\n" + "\n".join("|" + "|".join(row) for row in rows) + "\n后"))
    found = Selector(html)
    assert len(found.css("table")) == 1
    assert [[cell.xpath("string()").get("") for cell in row.css("td")] for row in found.css("tr")] == rows
    assert texts(html, "p") == ["前", "后"]


def test_a_signature_stands_at_the_right_and_a_caption_under_its_picture() -> None:
    found = Selector(article_body.render_text(replace(ONE, body=">县政府办公室\n!大桥通车", picture="bridge")))
    assert "right" in found.xpath("//p[text()='县政府办公室']/@style").get("")
    assert found.css("p.vsbcontent_img img::attr(src)").get() == media.picture_url("bridge")


def test_only_a_document_has_a_table_and_only_stated_fields_a_row() -> None:
    assert article_body.render_document_table(ONE) == ""
    html = article_body.render_document_table(
        replace(ONE, index_number="5300-2026-001", doc_number="鹿政发〔2026〕1号")
    )
    assert texts(html, "th") == ["索引号", "发文字号"]
    assert texts(html, "td") == ["5300-2026-001", "鹿政发〔2026〕1号"]


def test_an_attachment_is_worded_as_vsb_words_it() -> None:
    assert article_body.render_attachments(ONE) == ""
    html = article_body.render_attachments(replace(ONE, attachment="报名表.docx"))
    assert texts(html, "li") == ["附件【报名表.docx】"]
    assert Selector(html).css("a::attr(href)").get() == media.attachment_url(ONE.news_id)


@given(WORDS, WORDS, WORDS)
def test_whatever_a_title_holds_it_is_words_and_not_markup(title: str, author: str, source: str) -> None:
    page = shown(replace(ONE, title=title, author=author, source=source))
    assert page.xpath("//title/text()").get("").strip() == f"{title}-{render.SITE}".strip()
    whole = page.xpath("string()").get("")
    assert title in whole and author in whole and source in whole


@pytest.mark.parametrize("looks", range(len(SKINS)))
def test_a_template_changes_what_is_around_an_article_and_nothing_in_it(looks: int) -> None:
    first, now = shown(ONE), shown(ONE, looks)
    assert now.css(".v_news_content").getall() == first.css(".v_news_content").getall()
    assert (now.get() == first.get()) == (looks == 0)
    assert SKINS[looks].motto in now.get()
    assert NOTICE in now.get()


@pytest.mark.parametrize("column", county(1).columns, ids=lambda one: one.path)
def test_a_listing_page_offers_its_neighbours_and_its_ends(column: DemoColumn) -> None:
    today: County = county(1)
    paths = list(today.pages(column))
    for number, path in enumerate(paths):
        page = Selector(render.render_listing(today, column, path))
        links = {link.xpath("text()").get(): link.attrib["href"] for link in page.css("a.Prev, a.Next")}
        expected: dict[str, str] = {}
        if number:
            expected |= {"首页": paths[0], "上页": paths[number - 1]}
        if number + 1 < len(paths):
            expected |= {"下页": paths[number + 1], "尾页": paths[-1]}
        assert links == expected


def test_a_long_title_is_cut_in_its_line_and_whole_in_its_tooltip() -> None:
    for length in (29, 30, 31, 60):
        title = "鹿" * length
        link = Selector(render._render_link("/1.htm", title)).css("a")
        text = link.xpath("string()").get("")
        assert link.attrib["title"] == title
        assert text == title if length <= 30 else (text.endswith("...") and len(text) == 32)


def test_a_page_of_the_system_says_its_words_and_that_it_is_fiction() -> None:
    html = render.render_prompt("系统提示", "您访问的页面不存在")
    assert texts(html, "h3") == ["系统提示"]
    assert "您访问的页面不存在" in html and escape(NOTICE) in html


def test_the_picture_is_a_whole_png_of_its_size() -> None:
    data, at, kinds, pixels = media.draw_bridge(), 8, [], b""
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(kind + content),)
        kinds.append(kind)
        pixels += content if kind == b"IDAT" else b""
        at += length + 12
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    assert len(zlib.decompress(pixels)) == 360 * (640 * 3 + 1)


@given(st.text("鹿峰县报名表", min_size=1, max_size=9))
def test_a_form_is_a_document_of_its_title_and_the_same_each_time(title: str) -> None:
    data = media.write_form(title, NOTICE)
    assert data == media.write_form(title, NOTICE)
    with ZipFile(BytesIO(data)) as file:
        assert file.testzip() is None
        parts = {name: ElementTree.fromstring(file.read(name)) for name in file.namelist()}
    lines = ["".join(line.itertext()) for line in parts["word/document.xml"].iterfind(".//{*}p")]
    assert (lines[0], lines[-1]) == (title, NOTICE)


@given(st.text(max_size=9), st.text(max_size=9))
def test_pictures_of_two_names_have_two_addresses(one: str, other: str) -> None:
    assert (media.picture_url(one) == media.picture_url(other)) == (one == other)
    assert media.picture_url(one).startswith("/__local/")
