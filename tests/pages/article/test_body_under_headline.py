"""Tests that a text is found by what stands over it, in boxes that nobody has named."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Article, Capture, Listing, Reading
from lufeng_crawler.pages import read
from lufeng_crawler.pages.article import body_under_headline
from lufeng_crawler.pages.html.page import parse, text_of
from lufeng_crawler.pages.text.whitespace import collapse_spaces, split_lines

TITLE = "鹿峰县召开秋冬季森林防火工作会议"
LABELS = "发布时间：2024-05-11 来源：县林草局 浏览次数：次 【字体：大 中 小】"
FIRST, SECOND = "会议强调，要压实责任，加强值守。", "会议要求，各乡镇做好宣传。"
TEXT = f"<p>　　{FIRST}</p><p>　　{SECOND}</p>"
NAVIGATION = "<div><ul><li><a href='/a/'>要闻动态</a></li><li><a href='/b/'>通知公告</a></li></ul></div>"
FOOT = "<div><p>主办：鹿峰县人民政府 网站标识码：5300000001 滇ICP备00000000号</p></div>"
NEIGHBOURS = "<div>上一篇：<a href='1.htm'>县医院义诊活动公告</a> 下一篇：<a href='2.htm'>没有了</a></div>"
ASIDE = "".join(f"<li><a href='/c/{n}.htm'>全县第{n}次防汛工作会议召开</a> 2024-05-0{n}</li>" for n in range(1, 6))


def page(main: str, title: str = f"{TITLE}-鹿峰县人民政府") -> str:
    return f"<html><head><title>{title}</title></head><body>{NAVIGATION}{main}{FOOT}</body></html>"


def got(html: str) -> Reading:
    return read(Capture("http://a.example/xw/9.htm", "2024-06-01T00:00:00Z", 200, (), html.encode()))


def article(html: str) -> Article:
    reading = got(html)
    assert isinstance(reading, Article), reading
    return reading


LAYOUTS = {
    "boxes": f"<div><h1>{TITLE}</h1><div>{LABELS}</div><div>{TEXT}</div></div>",
    "rows": f"<table><tr><td>{TITLE}</td></tr><tr><td>{LABELS}</td></tr><tr><td>{TEXT}</td></tr></table>",
    "labels in the headline's box": f"<div><div><h2>{TITLE}</h2><p>{LABELS}</p></div><div>{TEXT}</div></div>",
    "labels in the text's box": f"<div><h3>{TITLE}</h3><div><p>{LABELS}</p><div>{TEXT}</div></div></div>",
    "no box of its own": f"<h1>{TITLE}</h1><div>{LABELS}</div>{TEXT}",
    "a label a box": f"<h1>{TITLE}</h1><ul><li>来源：县林草局</li><li>时间：2024-05-11</li></ul><div>{TEXT}</div>",
    "split headline": f"<div><p><span>{TITLE[:8]}</span><br>{TITLE[8:]}</p></div><div>{LABELS}</div><div>{TEXT}</div>",
    "subtitle": f"<h1>{TITLE}</h1><p>——以防为主</p><div>{LABELS}</div><div>{TEXT}</div>",
    "buttons of their own": f"<h1>{TITLE}</h1><div>{LABELS}</div><div>打印 分享到：</div><div>{TEXT}</div>",
    "a button nobody listed": f"<h1>{TITLE}</h1><div><p>{LABELS}</p><p>我的夹子</p></div><div>{TEXT}</div>",
    "editor behind": f"<h1>{TITLE}</h1><div>{LABELS}</div><div><div>{TEXT}</div><div>责任编辑：张三</div></div>",
}


@pytest.mark.parametrize("aside", ["", f"<div><h4>最新</h4><ul>{ASIDE}</ul></div>"], ids=["alone", "beside a list"])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_short_text_in_boxes_without_names(layout: str, aside: str) -> None:
    found = article(page(f"<div>{layout}{NEIGHBOURS}</div>{aside}"))
    assert (collapse_spaces(found.title), found.published, found.source) == (TITLE, "2024-05-11", "县林草局")
    assert found.body == f"{FIRST}\n{SECOND}"
    assert found.provenance["body"].rule == "what stands under the headline and its labels"


def test_who_edited_it_stands_under_the_text_and_fills_its_field() -> None:
    assert article(page(LAYOUTS["editor behind"])).editor == "张三"


@pytest.mark.parametrize("media", ["<p><img src='/x/1.jpg'></p>", "<iframe src='/x/1.pdf'></iframe>", ""])
def test_a_text_may_be_a_picture_or_nothing_that_is_shown(media: str) -> None:
    found = article(page(f"<div><h1>{TITLE}</h1><div>{LABELS}</div><div>{media}</div>{NEIGHBOURS}</div>"))
    assert found.body == ""
    assert found.images == (("http://a.example/x/1.jpg",) if "img" in media else ())


def test_a_text_may_be_a_file() -> None:
    file = "<p>附件：<a href='/x/1.doc'>防火预案.doc</a></p>"
    found = article(page(f"<div><h1>{TITLE}</h1><div>{LABELS}</div><div>{file}</div>{NEIGHBOURS}</div>"))
    assert [each.url for each in found.attachments] == ["http://a.example/x/1.doc"]


def test_where_title_names_the_site_the_line_of_labels_is_enough() -> None:
    html = page(f"<div><p>{TITLE}</p><div>{LABELS}</div><div>{TEXT}</div></div>", title="鹿峰县人民政府")
    assert (article(html).title, article(html).body) == (TITLE, f"{FIRST}\n{SECOND}")


def test_the_labels_may_stand_over_the_headline() -> None:
    found = article(page(f"<div><div>{LABELS}</div><h1>{TITLE}</h1><div>{TEXT}</div></div>"))
    assert (found.published, found.source, found.body) == ("2024-05-11", "县林草局", f"{FIRST}\n{SECOND}")


def test_a_table_of_facts_that_names_the_headline_first_is_no_text() -> None:
    facts = f"<table><tr><td>索引号：</td><td>1-2</td></tr><tr><td>名称：</td><td>{TITLE}</td></tr></table>"
    found = article(page(f"<div>{facts}<div><h1>{TITLE}</h1><div>{LABELS}</div><div>{TEXT}</div></div></div>"))
    assert (found.index_number, found.body) == ("1-2", f"{FIRST}\n{SECOND}")


def test_a_date_alone_is_enough_under_a_long_headline_that_title_confirms() -> None:
    assert article(page(f"<div><h1>{TITLE}</h1><p>2024-05-11</p><div>{TEXT}</div></div>")).body == f"{FIRST}\n{SECOND}"


def test_facts_and_an_appointment_in_the_text_stay_in_it() -> None:
    text = "<p>时间：2024年5月20日</p><p>地点：县政务中心</p>"
    found = article(page(f"<div><h1>{TITLE}</h1><div>{LABELS}</div>{text}{TEXT}</div>"))
    assert found.body.split("\n")[:2] == ["时间：2024年5月20日", "地点：县政务中心"]


@pytest.mark.parametrize(
    "heading", ["<h2>要闻动态</h2>", "<h1>鹿峰县人民政府门户网站</h1>", "<div>要闻动态</div><p>今天是2024-05-11</p>"]
)
def test_a_column_is_a_listing_whatever_its_heading(heading: str) -> None:
    reading = got(page(f"{heading}<ul>{ASIDE}</ul>", title="要闻动态-鹿峰县人民政府门户网站"))
    assert isinstance(reading, Listing)
    assert len(reading.entries) == 5


def test_lines_with_labels_of_their_own_are_no_text() -> None:
    rows = "".join(
        f"<div><a href='{n}.htm'>全县第{n}次防汛工作会议</a><p>发布时间：2024-05-0{n} 来源：县水务局</p></div>"
        for n in range(1, 6)
    )
    assert isinstance(got(page(f"<div>{rows}</div>", title="要闻动态")), Listing)


@pytest.mark.parametrize("html", ["", TEXT, f"<h1>{TITLE}</h1>{TEXT}", f"<div>{LABELS}</div>", f"<h1>{TITLE}</h1>"])
def test_without_headline_labels_and_text_there_is_no_such_place(html: str) -> None:
    assert body_under_headline.find_body(parse("http://a.example/", f"<title>{TITLE}</title>{html}")) is None


def test_several_boxes_are_put_into_one_in_their_order() -> None:
    found = body_under_headline.find_body(parse("http://a.example/", page(LAYOUTS["no box of its own"])))
    assert found is not None
    assert split_lines(text_of(found)) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("line", "over"),
    [
        ("发布时间：2024-05-11 来源：县林草局", True),
        ("2024-05-11 09:30 次浏览", True),
        ("字体：大 中 小 打印", True),
        ("【打印本页】【关闭窗口】", True),
        (FIRST, False),
        ("上一篇：关于停水的通知", False),
        (f"{TITLE} 来源：县林草局", False),
        ("2024年5月11日，会议在县政务中心召开。", False),
    ],
)
def test_what_belongs_over_a_text(line: str, over: bool) -> None:
    assert body_under_headline.is_head_line(line) is over
