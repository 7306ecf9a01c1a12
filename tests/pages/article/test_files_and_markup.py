"""Tests what an article's box holds: pictures, files, and markup in which nothing runs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Attachment
from lufeng_crawler.pages.article.files_and_markup import find_attachments, find_images, has_file_links, sanitize_body
from lufeng_crawler.pages.html.page import Element, parse

URL = "http://www.lufengxian.example/info/1001/1.htm"
SITE = "http://www.lufengxian.example"


def box(html: str) -> Element:
    return parse(URL, f"<div id='box'>{html}</div>").root.xpath("//div[@id='box']")[0]


def safe(html: str) -> str:
    return sanitize_body(box(html), URL)


def files(html: str) -> list[tuple[str, str]]:
    return [(file.url.removeprefix(SITE), file.text) for file in find_attachments([box(html)], URL)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<img src='a.png'>", ["/info/1001/a.png"]),
        ("<img src='/__local/a.png'><img src='/__local/b.png'>", ["/__local/a.png", "/__local/b.png"]),
        ("<img src='/a.png'><p>文</p><img src='/a.png'>", ["/a.png"]),
        ("<img src='/blank.gif' data-src='/a.png'>", ["/a.png"]),
        ("<img src='/small.png' orisrc='/a.png'>", ["/a.png"]),
        ("<img src='data:image/gif;base64,AAAA' data-original='/a.png'>", ["/a.png"]),
        ("<a href='/a.png'>图</a>", []),
    ],
)
def test_the_pictures_of_a_text(html: str, expected: list[str]) -> None:
    assert [image.removeprefix(SITE) for image in find_images(box(html), URL)] == expected


@pytest.mark.parametrize(
    "name",
    [
        "a.pdf",
        "a.docx",
        "a.DOC",
        "a.xls",
        "a.wps",
        "a.et",
        "a.ofd",
        "a.ceb",
        "a.zip",
        "a.rar",
        "a.pdf?v=2",
        "附件.xlsx",
    ],
)
def test_a_link_to_a_file_is_one(name: str) -> None:
    assert [text for _, text in files(f"<p><a href='/{name}'>报名表</a></p>")] == ["报名表"]


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/info/1001/2.htm'>相关通知</a>",
        "<a href='/x.html'>点击查看</a>",
        "<a href='/pdfs/'>全部文件</a>",
        "<a href='/1.htm'>http://www.lufengxian.example/a.pdf</a>",
        "<a name='a.pdf'>报名表</a>",
        "<p>报名表.docx</p>",
    ],
)
def test_a_link_to_a_page_is_no_file(html: str) -> None:
    assert files(f"<p>{html}</p>") == []
    assert not has_file_links(box(html))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>附件：<a href='/d?x=1'>报名表</a></p>", [("/d?x=1", "报名表")]),
        ("<p>附 件</p><p>附件1：<a href='/d?x=1'>甲</a></p>", [("/d?x=1", "甲")]),
        ("<li>附件【<a href='/system/_content/download.jsp?id=1'>表.docx</a>】</li>", None),
        (
            "<p>附件：<a href='/d?x=1'>1.甲表</a></p><p><a href='/d?x=2'>2.乙表</a></p>",
            [("/d?x=1", "1.甲表"), ("/d?x=2", "2.乙表")],
        ),
        ("<a href='/a.pdf' title='通知全文'><img src='pdf.gif'></a>", [("/a.pdf", "通知全文")]),
        ("<a href='/f/a.pdf'></a>", [("/f/a.pdf", "a.pdf")]),
        ("<a href='/d?x=1'>方案.docx</a>", [("/d?x=1", "方案.docx")]),
    ],
)
def test_a_file_is_told_by_its_address_its_name_or_the_lists_head(
    html: str, expected: list[tuple[str, str]] | None
) -> None:
    assert files(html) == (expected or [("/system/_content/download.jsp?id=1", "表.docx")])


def test_a_file_that_two_areas_name_is_one() -> None:
    link = "<p><a href='/a.pdf'>通知</a></p>"
    assert find_attachments([box(link), box(link + link)], URL) == (Attachment(f"{SITE}/a.pdf", "通知"),)


@pytest.mark.parametrize(
    "html",
    [
        "<iframe src='/f/公告.pdf'></iframe>",
        "<embed src='/f/公告.pdf' type='application/pdf'>",
        "<object data='/f/公告.pdf'></object>",
        "<iframe src='/pdfjs/web/viewer.html?file=/f/公告.pdf#page=1'></iframe>",
        "<iframe src='/viewer.html?file=%2Ff%2F%E5%85%AC%E5%91%8A.pdf'></iframe>",
        "<iframe src='/f/公告.pdf' title='公告.pdf'></iframe>",
    ],
)
def test_a_document_that_the_page_itself_shows(html: str) -> None:
    assert files(f"<p>{html}</p>") == [("/f/%E5%85%AC%E5%91%8A.pdf", "公告.pdf")]


@pytest.mark.parametrize(
    "html",
    [
        "<iframe src='/map.html'></iframe>",
        "<embed src='/v/a.mp4'>",
        "<iframe></iframe>",
        "<iframe src='javascript:a.pdf'></iframe>",
        "<p>附件：<a href='/a.jpg'><img src='/a.jpg'></a></p>",
    ],
)
def test_other_frames_and_pictures_are_no_files(html: str) -> None:
    assert files(html) == []


@pytest.mark.parametrize(
    "html",
    [
        "<a href='/a.pdf'>申报指南</a> <a href='/a.pdf'>点击下载</a>",
        "<a href='/a.pdf'>下载</a> <a href='/a.pdf'>申报指南</a>",
        "<a href='/a.pdf'>指南</a> <a href='/a.pdf'>申报指南</a>",
        "<a href='/a.pdf'>申报指南</a> <iframe src='/a.pdf'></iframe>",
        "<iframe src='/a.pdf'></iframe> <a href='/a.pdf'>申报指南</a>",
        "<a href='/a.pdf'><img src='/pdf.gif'></a> <a href='/a.pdf'>申报指南</a>",
    ],
)
def test_one_address_is_one_file_by_its_best_name(html: str) -> None:
    assert files(f"<p>{html}</p>") == [("/a.pdf", "申报指南")]


def test_a_file_that_only_its_download_name_tells() -> None:
    assert files("<a href='/f?id=7' download='名单.xls'>名单</a>") == [("/f?id=7", "名单")]


def test_a_file_whose_link_leads_nowhere_is_known_by_its_name() -> None:
    assert files("<a href='javascript:void(0)'>方案.docx</a>") == [("", "方案.docx")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>一</p><script>alert(1)</script>", "<p>一</p>"),
        ("<p onclick='alert(1)' style='color:red' class='x' id='y'>一</p>", "<p>一</p>"),
        ("<p>一<img src='/a.png' onerror='alert(1)'></p>", f'<p>一<img src="{SITE}/a.png"></p>'),
        ("<p>一</p><iframe src='http://elsewhere.example/'></iframe>", "<p>一</p>"),
        ("<p>一</p><form><input name='a'></form>", "<p>一</p>"),
        ("<a href='2.htm'>二</a>", f'<a href="{SITE}/info/1001/2.htm" rel="noopener">二</a>'),
        ("<td colspan='2'>一</td>", "一"),
    ],
)
def test_markup_is_kept_without_what_runs_styles_or_tracks(html: str, expected: str) -> None:
    assert safe(html).replace("\n", "") == f"<div>{expected}</div>"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "vbscript:x",
        "data:text/html,<script>",
        "&#106;avascript:x",
    ],
)
@pytest.mark.parametrize("html", ["<a href='{}'>二</a>", "<img src='{}'>", "<video src='{}'></video>"])
def test_no_address_that_runs_is_kept(address: str, html: str) -> None:
    kept = re.findall(r'(?:href|src)="([^"]*)"', safe(html.format(address)))
    assert all(not each or each.startswith(SITE) for each in kept)


def test_a_table_stays_a_table() -> None:
    table = "<table><tr><th colspan='2'>名单</th></tr><tr><td rowspan='2'>一</td><td>二</td></tr></table>"
    kept = safe(table)
    assert re.findall(r"<(\w+)", kept) == ["div", "table", "tbody", "tr", "th", "tr", "td", "td"]
    assert 'colspan="2"' in kept and 'rowspan="2"' in kept


TAGS = (
    "<p>",
    "</p>",
    "<script>",
    "</script>",
    "<svg onload=x>",
    "<style>",
    "</style>",
    "<!--",
    "-->",
    "<math>",
    "<td>",
)
ODD = ("<a href='javascript:x'>", "<img src=x onerror=y>", "<base href='//x/'>", "<meta http-equiv=refresh>", "<", "一")


@given(st.lists(st.sampled_from(TAGS + ODD), max_size=12).map("".join))
def test_whatever_the_markup_is_nothing_in_it_runs(html: str) -> None:
    found = parse(URL, f"<div id='box'>{html}</div>").root.xpath("//div[@id='box']")
    kept = sanitize_body(found[0], URL) if found else ""
    tags = re.findall(r"<\s*/?\s*(\w+)", kept)
    assert not {"script", "svg", "style", "math", "base", "meta", "iframe"} & {tag.lower() for tag in tags}
    assert not re.search(r"<[^>]*\s(?:on\w+|style|href=\"javascript)\b", kept, re.I)


def test_a_picture_without_an_address_of_its_own_is_not_the_page() -> None:
    page = parse(
        "http://lufengxian.example/info/1.htm", '<div><img src="data:image/gif;base64,R0"><img><img src=""></div>'
    )
    assert find_images(page.root, page.url) == ()
    assert "lufengxian.example" not in sanitize_body(page.root, page.url)


@pytest.mark.parametrize(
    "html",
    [
        "<iframe src='/x/1.pdf'></iframe>",
        "<iframe src='/pdfjs/web/viewer.html?file=%2Fx%2F1.pdf'></iframe>",
        "<embed src='/x/1.pdf' type='application/pdf'>",
        "<object data='/x/1.pdf'></object>",
        "<iframe src='/x/1.pdf'></iframe><a href='/x/1.pdf'>1.pdf</a>",
    ],
)
def test_a_file_that_the_page_shows_is_one(html: str) -> None:
    assert files(html) == [("/x/1.pdf", "1.pdf")]


def test_a_frame_of_another_page_is_no_file() -> None:
    assert files("<iframe src='/video/9.html?url=/x/9'></iframe>") == []


@pytest.mark.parametrize("texts", [("申报指南", "下载"), ("点击下载", "申报指南")])
def test_a_file_linked_twice_is_one_and_has_its_name(texts: tuple[str, str]) -> None:
    assert files("".join(f"<a href='/x/1.doc'>{text}</a>" for text in texts)) == [("/x/1.doc", "申报指南")]


@pytest.mark.parametrize("markup", ["<div>" * 600, "&amp;" * 60_000, "&nbsp;" * 60_000])
def test_markup_that_would_take_time_with_its_square_is_not_kept(markup: str) -> None:
    assert safe(f"{markup}文") == ""
