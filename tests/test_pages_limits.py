"""Tests a law: whatever a page repeats, reading it takes time in proportion to its length."""

from __future__ import annotations

import time

import pytest

from lufeng_crawler.items import Capture, Reading
from lufeng_crawler.pages import read

SMALL, LARGE = 60_000, 480_000
LINEAR = LARGE / SMALL
SLACK = 6
"""How much worse than in proportion a busy machine may make it look; what is quadratic is so by LINEAR once more."""

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
    *("createPageHTML(", "var source='", "countPage=", "document.write('来源", '{"title":', "[{", "columnid='1'"),
]


def seconds(head: str, piece: str, length: int) -> float:
    body = (head + piece * (length // len(piece))).encode()
    capture = Capture("http://a.example/b/c.html", "2024-06-01T00:00:00Z", 200, (), body)
    start = time.process_time()
    reading = read(capture)
    assert isinstance(reading, Reading)
    return time.process_time() - start


@pytest.mark.parametrize("head", [HEAD, ZOOM], ids=["page", "article"])
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_length_and_not_with_its_square(head: str, piece: str) -> None:
    small = max(seconds(head, piece, SMALL), 0.02)
    assert seconds(head, piece, LARGE) < SLACK * LINEAR * small


@pytest.mark.parametrize("tag", ["div", "span", "table", "ul", "font", "a href=x"])
def test_a_hundred_thousand_nested_elements_are_read(tag: str) -> None:
    assert seconds(HEAD, f"<{tag}>", 100_000 * (len(tag) + 2)) < 20
