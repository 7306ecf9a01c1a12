"""Tests that counters, buttons and tools are no content, and that the lines of a text are."""

from __future__ import annotations

from itertools import product

import pytest

from lufeng_crawler.items import Article, Capture
from lufeng_crawler.pages import read
from lufeng_crawler.pages.article.tool_lines import remove_tools

TEXT = ["鹿峰县人民政府召开常务会议，研究部署防汛工作。", "会议要求，各乡镇要压实责任、细化措施。"]
LABELS = [
    "点击数",
    "点击",
    "浏览次数",
    "浏览量",
    "浏览",
    "阅读",
    "阅读量",
    "阅读次数",
    "访问量",
    "人气",
    "点击率",
    "本文浏览次数",
]
SEPARATORS = ["：", ":", "： ", " : "]
NUMBERS = ["354", "", "1,354", "[80]", "【80】", "（0）", "12 次", "加载中...", "1.2万"]


@pytest.mark.parametrize(("label", "separator", "number"), list(product(LABELS, SEPARATORS, NUMBERS)))
def test_a_counter_is_no_content_whatever_its_number(label: str, separator: str, number: str) -> None:
    line = f"{label}{separator}{number}".strip()
    assert remove_tools([*TEXT, line]) == TEXT
    assert remove_tools([line, *TEXT]) == TEXT
    assert remove_tools([*TEXT, f"【{line}】", "责任编辑：花之金"]) == [*TEXT, "责任编辑：花之金"]
    assert remove_tools([*TEXT, f"责任编辑：花之金 {line}"]) == [*TEXT, "责任编辑：花之金"]
    assert remove_tools([*TEXT, f"{line} 【打印】【关闭】"]) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "核发：dgb 点击数：80 【收藏本页】",
        "核发：0 点击数：80【收藏本页】",
        "核发：dgb 【收藏本页】",
        "核发：dgb",
        "【打印】【关闭】",
        "[打印] [关闭窗口] [返回顶部]",
        "打印本页 | 关闭窗口",
        "【字体：大 中 小】",
        "字体：大 中 小",
        "字号：[大] [中] [小]",
        "【大 中 小】【打印】【关闭】",
        "字体大小：大 中 小 阅读：12 次 打印",
        "分享到：",
        "分享到",
        "分享至：微信 微博 QQ空间",
        "分享到：新浪微博 腾讯微博 QQ空间 更多",
        "扫一扫在手机打开当前页",
        "阅读：12 次",
        "已有 354 人阅读",
        "[354]次浏览",
        "访问量",
        "浏览次数",
        "点赞",
        "点赞(12) 评论(0)",
        "点赞数：3\t收藏：",
        "Views: 354",
        "Hits：12 Print Close",
        "我要纠错 打印 分享",
        "收藏本页",
    ],
)
def test_a_line_of_tools_over_or_under_a_text_is_no_content(line: str) -> None:
    assert remove_tools([*TEXT, line]) == TEXT
    assert remove_tools([line, *TEXT]) == TEXT
    assert remove_tools(["点击：1", line, *TEXT, line, "浏览次数："]) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：花之金",
        "（责任编辑 花之金）",
        "初审：花之金 复审：花之银 终审：花之铜",
        "鹿峰县人民政府办公室",
        "2024年5月11日",
        "今年以来，平台点击量：354万次，同比增长两成。",
        "县图书馆全年阅读人次354人次，访问量创新高。",
        "请点击附件查看",
        "点击下载：鹿峰县防汛预案.doc",
        "阅读原文",
        "阅读推广活动启动仪式",
        "浏览全县风光",
        "打印店管理办法",
        "关闭矿井12处",
        "分享会在县文化馆举行",
        "核发营业执照354份",
        "核发机关：鹿峰县市场监督管理局",
        "大中小学开学第一课",
        "字体设计大赛公告",
        "收藏品展览",
        "人气旺",
        "一、点击率考核办法",
        "评论员文章",
        "附件：1.点击率统计表.xls",
        "12人访问团来访",
        "共354人次访问鹿峰县博物馆",
    ],
)
def test_a_line_of_the_text_stays(line: str) -> None:
    assert remove_tools([*TEXT, line]) == [*TEXT, line]
    assert remove_tools([TEXT[0], line, TEXT[1]]) == [TEXT[0], line, TEXT[1]]


def test_buttons_stay_within_a_text_that_speaks_of_them() -> None:
    assert remove_tools([TEXT[0], "打印", TEXT[1]]) == [TEXT[0], "打印", TEXT[1]]


def test_a_number_in_a_box_of_its_own_goes_with_its_label() -> None:
    assert remove_tools([*TEXT, "浏览次数：", "354", "次"]) in (TEXT, [*TEXT, "次"])
    assert remove_tools([*TEXT, "点击数：", "354", "责任编辑：花之金"]) == [*TEXT, "责任编辑：花之金"]


@pytest.mark.parametrize("box", ["zoom", "v_news_content", "wenben"])
@pytest.mark.parametrize(
    "line", ["", "核发：dgb 点击数：{} 【收藏本页】", "浏览次数：{}次", "{}", "来源：鹿峰日报 点击：{}"]
)
@pytest.mark.parametrize("number", ["354", "80", ""])
def test_a_body_does_not_depend_on_its_counter(box: str, line: str, number: str) -> None:
    counter = f"<p>{line.format('点击数：' + number if line == '{}' else number)}</p>" if line else ""
    html = (
        "<title>鹿峰县召开防汛工作会议</title><h1>鹿峰县召开防汛工作会议</h1><div>发布时间：2024-05-11</div>"
        f"<div id='{box}' class='{box}'>{''.join(f'<p>{text}</p>' for text in TEXT)}{counter}</div>"
    )
    headers = (("Content-Type", "text/html"),)
    article = read(
        Capture("http://www.lufengxian.example/a/1.htm", "2024-06-01T00:00:00Z", 200, headers, html.encode())
    )
    assert isinstance(article, Article)
    assert article.body.split("\n") == [*TEXT, *(["来源：鹿峰日报"] if "来源" in line else [])]
    assert article.source == ("鹿峰日报" if "来源" in line else None)
