"""Tests two laws: whatever a page repeats, reading it takes time in proportion to its length; and it raises nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.items import Capture, Layout, Other, Reading
from lufeng_crawler.pages import read

SMALL, LARGE = 60_000, 480_000
LINEAR = LARGE / SMALL
SLACK = 6
"""How much worse than in proportion a busy machine may make it look; what is quadratic is so by LINEAR once more."""

MEGABYTE, ALLOWED = 1_000_000, 0.4
"""Bytes, and the CPU seconds that reading them may take where nothing else runs: 2 s for the 5 MB that are read."""

LOAD = 4
"""How much longer it may take on a machine that is busy with other things; benchmarks/fuzz.py has no such patience."""

LISTED = "".join(f"<li><a href={n}.htm>关于第{n}号事项的通知</a>2024-05-0{n}</li>" for n in range(1, 6))
HEAD = "<html><head><title>通知</title></head><body><h1>通知</h1>"
ZOOM = f"{HEAD}<p>发布时间：2024-05-11</p><div id='zoom'><p>为做好暑期防溺水工作，现将有关事项通知如下。</p>"
PIECES = [
    *("<", ">", "[", "1", " ", "\u3000", "\n", "\t", "'", "字", "：", "【", "（", "&nbsp;", "\u200b", "=", "/", "- "),
    *("来源：", "作者：甲 ", "2023-01-01 ", "2023年", "来 源", "附件：", "当前位置：首页 > ", "页面不存在", "第一号 "),
    *("<div>", "<b>", "<table><tr><td>", "<td>甲</td>", "<p><b>甲", "<pre>\n", "<font>甲", "<h1>甲</h1>", "</html>"),
    *("<!--", "<script>", "<script></script>", "<![CDATA[", "<record><![CDATA[", "<option>", "<title>", "<?xml "),
    *("<a href=x>关于停水的通知</a>", "<li><a href=x>关于停水的通知</a>2024-05-11</li>", "<img src=x>"),
    *("<p style='display:none'>甲</p>乙", "<p hidden>甲</p>", "<div><a href=1.html>关于停水的通知</a></div>"),
    *("<p>附件：<a href=a.pdf>1.附件</a></p>", "<div id=zoom>", "<meta name=a content=b>", "<ucapcontent>甲"),
    *("<div id=zoom>甲</div>", "<div class=TRS_Editor>甲</div>", "<p style=''>甲</p>", "<p id=a class=b>"),
    *("<!--Announced by Visual SiteBuilder 9--><li id=line_u1_1><a href=x>关于停水的通知</a>",),
    *(
        "<a href=x></a></p>",
        "<a href=x>甲",
        "附件：",
        "<div>来源：甲",
        "<h1>关于停水的通知</h1>",
        "<p style='color:red'>甲",
    ),
    *("<b>1</b><a href=2.html>2</a>", "<a href='#'>下一页</a>", "<option value=a.html selected>1<"),
    *(
        "<b>来源</b><b>甲</b>",
        "<b>来源</b><b>",
        ">来源",
        "来源 ",
        "pubdate='2024-05-11'",
        "pub",
        "<time datetime=a>甲</time>",
    ),
    *(
        "<p>11</p><p>2024-05</p>",
        "<iframe src=a.pdf></iframe>",
        "<iframe src='?file=a.pdf'>",
        "<p>2024-05-11 ",
        "标题...",
    ),
    *(
        "<form><input type=hidden name=page value=1>",
        "<form>",
        "<select><option>1",
        "/* createPager(",
        "// pager({total:9",
    ),
    *(
        "<script>/*",
        "<script>totalPage=36;",
        "<script>laypage.render({",
        "<script>createPager(1, ",
        "<script>pagination(",
    ),
    *(
        "<li style='display:none'><a href=x>关于停水的通知</a>2024-05-11</li>",
        "<a onclick=go(2)>下一页</a>",
        "共 1 ",
        "1/2 ",
    ),
    *(
        "<div class=page>1/2",
        "<span class=next>下一页",
        "<a href=\"javascript:__doPostBack('a','2')\">2</a>",
        "加载更多<br>",
    ),
    *("createPageHTML(", "var source='", "countPage=", "document.write('来源", '{"title":', "[{", "columnid='1'"),
]


def seconds(head: str, piece: str, length: int, url: str = "http://a.example/b/c.html", mime: str = "") -> float:
    whole = piece.encode("utf-8", "replace")
    body = head.encode() + whole * (length // len(whole))
    headers = (("Content-Type", mime),) if mime else ()
    capture = Capture(url, "2024-06-01T00:00:00Z", 200, headers, body)
    start = time.process_time()
    reading = read(capture)
    assert isinstance(reading, Reading)
    return time.process_time() - start


@pytest.mark.parametrize("head", [HEAD, ZOOM, LISTED], ids=["page", "article", "listing"])
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_length_and_not_with_its_square(head: str, piece: str) -> None:
    small = max(seconds(head, piece, SMALL), 0.02)
    assert seconds(head, piece, LARGE) < SLACK * LINEAR * small


@pytest.mark.parametrize("piece", ["<td>", "<li><a>", "<", "<option>", "<p>", "<br>", "><A "])
def test_more_tags_than_any_page_has_are_not_read(piece: str) -> None:
    capture = Capture("http://a.example/b/c.html", "2024-06-01T00:00:00Z", 200, (), (HEAD + piece * 1_000_000).encode())
    start = time.process_time()
    assert read(capture) == Other("too large: more than 100,000 tags")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("tag", ["div", "span", "table", "ul", "font", "a href=x"])
def test_ninety_thousand_nested_elements_are_read(tag: str) -> None:
    assert seconds(HEAD, f"<{tag}>", 90_000 * (len(tag) + 2)) < 20


@settings(deadline=None)
@given(
    head=st.sampled_from(["", HEAD, ZOOM]),
    pieces=st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), min_size=1, max_size=5),
    times=st.sampled_from([1, 2, 20]),
    url=st.sampled_from(
        ["//[", "http://a.example/b/", "http://a.example/info/1/7.htm", "http://a.example/d.jsp", "b/c", ""]
    ),
    mime=st.sampled_from(["", "text/html; charset=gb2312", "application/json", "text/xml", "?"]),
)
def test_whatever_is_put_together_is_read(head: str, pieces: list[str], times: int, url: str, mime: str) -> None:
    piece = "".join(pieces) or " "
    seconds(head, piece, times * len(piece.encode("utf-8", "replace")), url, mime)


@pytest.mark.parametrize("piece", ["<td>", "<li><a>", "<", "<option>", "<p>附件：<a href=a.pdf>1.附件</a></p>"])
def test_a_megabyte_takes_its_share_of_two_seconds(piece: str) -> None:
    assert seconds(HEAD, piece, MEGABYTE) < ALLOWED * LOAD


@pytest.mark.parametrize(
    "piece", ["<li>", "<li><a href=x>关于停水的通知</a>", "<ul><li><a href=x>关于停水的通知</a>2024-05-11"]
)
def test_lines_that_a_site_file_names_may_nest(piece: str) -> None:
    layout = Layout(listing={"entries": "li"})
    capture = Capture("http://a.example/b/", "2024-06-01T00:00:00Z", 200, (), (HEAD + piece * 20_000).encode())
    start = time.process_time()
    read(capture, layout)
    assert time.process_time() - start < ALLOWED * LOAD
