"""Tests what counts as an article's date and source, and what a page says in passing that does not."""

from __future__ import annotations

import pytest

from lufeng_crawler.items import Article, Capture
from lufeng_crawler.pages import read

TITLE = "鹿峰县召开秋冬季森林防火工作会议"
TEXT = "<p>近日，鹿峰县召开全县秋冬季森林防火工作会议，安排部署下一阶段重点工作，会议于2024年5月1日召开。</p>"
DAY = "2024-05-11"


def article(under: str = "", over: str = "", head: str = "", title: str = TITLE) -> Article:
    page = (
        f"<title>{title}-鹿峰县</title>{head}<div>当前位置：首页 > 要闻</div>{over}<h1>{title}</h1>{under}"
        f"<div id='zoom'>{TEXT}</div>"
    )
    reading = read(Capture("http://www.lufengxian.example/xw/1.html", "2024-06-01T00:00:00Z", 200, (), page.encode()))
    assert isinstance(reading, Article), reading
    return reading


@pytest.mark.parametrize(
    "under",
    [
        "<div><b>11</b><i>2024-05</i></div>",
        "<div><p>11</p><p>2024-05</p></div>",
        "<div><span>05-11</span><em>2024</em></div>",
        "<div><p>2024</p><p>05/11</p></div>",
        "<p>２０２４－０５－１１</p>",
        "<p>发布时间：24-05-11</p>",
        "<p><label>发布时间</label><span>2024-05-11</span></p>",
        "<p>发布于 2024-05-11 编辑</p>",
        "<p>发布：2024-05-11 更新：2024-05-13</p>",
        "<p>时间<time datetime='2024-05-11'>05-11</time></p>",
    ],
)
def test_a_date_under_the_title(under: str) -> None:
    assert article(under).published == DAY


@pytest.mark.parametrize(
    "under",
    [
        "",
        "<p>（2024年5月11日鹿峰县第十七届人民代表大会第三次会议通过）</p>",
        "<p>2024年5月11日国务院令第1号公布</p>",
        "<p>05-11</p>",
        "<p>成文日期：2024-05-11</p>",
        "<p>11</p><p>05</p>",
        "<ul><li>11</li><li>2024-05</li><li>12</li><li>2024-05</li></ul>",
    ],
)
def test_what_says_when_something_else_was_is_no_date_of_the_texts(under: str) -> None:
    assert article(under).published is None


def test_a_day_that_the_title_names_is_no_date_of_the_texts() -> None:
    assert article(title="关于2024年5月11日停水的通知").published is None
    assert article("<p>2024-05-12</p>", title="关于2024年5月11日停水的通知").published == "2024-05-12"


def test_a_date_over_the_title_where_it_is_the_only_one() -> None:
    assert article(over="<p>2024-05-11 来源：县日报</p>").published == DAY
    assert article(over="<p>2024年5月11日 星期六</p>").published == DAY
    assert article(over="<p>今天是2024年5月11日 星期六</p>").published is None
    assert article(over="<p>2024-05-11</p><p>2024-05-12</p>").published is None
    assert article("<p>2024-05-11</p>", over="<p>2024-05-12</p>").published == DAY


def test_what_nobody_sees_dates_only_a_text_that_shows_no_date() -> None:
    head = (
        "<meta property='article:published_time' content='2024-05-12T09:30:00+08:00'>"
        "<script>var pubDate='2024-05-13'</script>"
    )
    assert article("<p>2024-05-11</p>", head=head).published == DAY
    assert article("<p>2024-05-11</p>", head=head).provenance["published"].other_value is None
    assert article(head=head).published == "2024-05-12T09:30:00+08:00"
    assert article("<p>时间：</p>", head="<script>var pubDate = '2024-05-11 10:00'</script>").published == (
        "2024-05-11T10:00:00+08:00"
    )


@pytest.mark.parametrize(
    ("under", "source"),
    [
        ("<em>来源</em><b>县日报</b><em>发布时间</em><b>2024-05-11</b>", "县日报"),
        ("<li><label>来源</label><span>县日报</span></li><li>2024-05-11</li>", "县日报"),
        ("<dl><dt>来 源</dt><dd><a href='/'>县日报</a></dd></dl>", "县日报"),
        ("<span>来源</span><span>作者</span><span>时间</span>", None),
        ("<span>来源</span><span></span><span>浏览次数</span><span>3</span>", None),
        ("<span>来源</span><span>2024-05-11</span>", None),
        ("<span>来源</span><span>点击：3</span>", None),
        ("<p>问题来源县日报</p>", None),
        ("来源：<a href='/'>县日报</a> 2024-05-11 09:30", "县日报"),
        ("来&nbsp;&nbsp;&nbsp;&nbsp;源：县日报", "县日报"),
    ],
)
def test_a_source_that_stands_in_a_box_or_before_a_date(under: str, source: str | None) -> None:
    assert article(f"<div>{under}</div>").source == source


def test_boxes_elsewhere_on_the_page_label_nothing_of_the_texts() -> None:
    assert article(over="<ul><li><b>来源</b><b>县日报</b></li></ul>" + "<p>栏目</p>" * 20).source is None
