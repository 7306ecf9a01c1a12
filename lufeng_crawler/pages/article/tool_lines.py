"""Takes counters, buttons and tools out of a text's lines: 点击数：354, 【打印】【关闭】, 分享到, 字体：大 中 小.

What a text loses must not depend on the counter's number, nor on whether its script has run: a line is taken apart,
and what is left of it (责任编辑：张三) stays as it would without the counter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lufeng_crawler.pages.article import labels
from lufeng_crawler.pages.text import dates

_DID = r"(?:浏览|点击|阅读|访问|查看|观看|点赞|播放|下载|转发|评论|收藏|关注|点阅|阅览)"
_NUMBER = r"\d[\d,，]*(?:\.\d+)?\s?[万wk+]?\+?"
_BRACKETED = (
    rf"[【\[〔(（<〈「]?\s?(?:{_NUMBER}|loading|加载中|正在加载|读取中)?\s?(?:\.{{2,3}}|…)?\s?[】\]〕)）>〉」]?"
)
_UNIT = r"(?:人次|次数|次|人|篇|条|℃|°C?)?"
_COUNTER = re.compile(
    rf"(?:(?:本|该|此|全)?(?:文|页|页面|文章|信息|栏目|稿件)?(?:已|已被|被|累计|总|今日|当前)?"
    rf"(?:{_DID}(?:次数|总数|总量|数量|人数|人次|量|数|率)|人气(?:指数)?|热度|点击|浏览|阅读|访问|点赞)"
    rf"(?:统计)?\s?(?:[:：]|为)?\s?{_BRACKETED}\s?{_UNIT}(?:(?<=[\d】\])）〉」:：.…次人篇条度℃])|(?!\w)))"
    rf"|(?:评论|转发|收藏|分享|关注|赞)\s?(?:[:：]\s?{_NUMBER}?(?!\w)|[【\[(（]\s?\d[\d,]*\s?[】\])）])"
    rf"|(?:已有|共有|共|已|被|本文)?\s?[【\[(（]?\s?{_NUMBER}\s?[】\])）]?\s?(?:人次|次|人|个)\s?(?:已)?{_DID}(?:过)?(?:本文|该文|此文|本页)?"
    rf"|\b(?:views?|hits?|visits?|visitors?|page\s?views?|clicks?|read(?:ing)?s?\s?(?:count|times))\s?[:：]\s?{_BRACKETED}(?:\s?times?)?",
    re.I,
)
"""A counter with or without its number; before what is a sentence, `_is_line_of_tools` stands guard."""
_OPEN_COUNTER = re.compile(rf"(?:{_DID}(?:次数|总数|总量|数量|人数|人次|量|数|率)|人气|{_DID}\s?[:：])\s?[:：]?\s?\Z")
_NUMBER_ALONE = re.compile(rf"{_BRACKETED}\s?{_UNIT}")

_PLACES = (
    r"(?:新浪微博|腾讯微博|微博|微信(?:朋友圈|好友)?|朋友圈|QQ空间|QQ好友|QQ|人人网|豆瓣网?|百度贴吧|贴吧|开心网|facebook|twitter|"
    r"一键分享|复制(?:链接|网址)|邮件|更多)"
)
_BUTTON = re.compile(
    rf"(?:我要)?打印(?:本页|此页|文章|本文|正文|页面|预览|该页|内容)?|关闭(?:窗口|本页|此页|页面|网页)?|(?:加入|添加)收藏|收藏(?:本页|此页|本站|网页|本文|该页)?"
    r"|推荐给(?:朋友|好友)|返回(?:顶部|上页|上一页|列表|首页|上级)|回到顶部|(?:我要|内容|网站)?纠错|(?:微信)?扫一扫(?:分享|关注|在手机(?:上)?打开(?:当前页面?)?|"
    r"手机(?:端)?(?:浏览|查看|阅读)|打开(?:当前页面?)?)?|语音播报|(?:朗读|播报)(?:本文|正文)|(?:保护)?视力(?:保护)?色|背景(?:色|颜色)|"
    rf"分享(?:到|至|给|本文|此文|文章|按钮)?\s?[:：]?(?:\s?[|、/]?\s?{_PLACES})*"
    r"|(?:字体|字号|文字|正文字体|字体大小|文字大小|字号选择|【?字体)\s?(?:大小|选择)?\s?[:：]?\s?[【\[(（]?\s?(?:[大中小默认特超缩放增减原始+\-A]{1,2}[\s|/、】\]【\[]{0,3}){1,5}[】\])）]?"
    r"|[【\[(（]?\s?大\s?[|/、】\[\]【]{0,3}\s?中\s?[|/、】\[\]【]{0,3}\s?小\s?[】\])）]?|(?:点赞|赞|评论|转发|举报)(?=\s*(?:[【\[(（]\s?\d*\s?[】\])）]|$))"
    r"|(?:print|close)(?:\s?(?:this)?\s?(?:page|window))?|share(?:\s?to)?\s?[:：]?",
    re.I,
)
_SPINNER = re.compile(
    r"(?:正在|数据|内容|页面)?(?:加载|载入|读取)中?(?:，?请稍[候后等])?\s?(?:\.{2,6}|…{1,2})?|loading\s?(?:\.{2,6}|…)?",
    re.I,
)
"""What stands in a text's place until a script has fetched it."""
_STAFF_CODE = re.compile(r"核\s?发(?:人)?\s?[:：]\s?(?:[A-Za-z0-9_]{1,12}|[\u4e00-\u9fff]{2,4})?")
"""Who let a page go online, by a code: written beside the counters of old systems, and nobody's signature."""
_SENTENCE = re.compile(r"[。；！？]|[，,].*[，,]")
_LETTERS = re.compile(r"\w")
_EDGES = " \t|｜/·,，;；、-—【】[]〔〕()（）:：<>《》"
_MAX_TOOL_LINE = 160
_TOOL_WORDS = re.compile(
    r"浏览|点击|阅读|访问|查看|观看|点赞|播放|人气|热度|打印|关闭|收藏|分享|字体|字号|文字|纠错|扫一扫|播报|朗读|视力|背景|返回|推荐给|回到|转发|评论|举报|核\s?发|"
    r"大\s?.{0,3}中|下载[次总数量人]|关注[次总数量人]|\d\s?人|view|hit|visit|click|print|close|share|read",
    re.I,
)


def remove_tools(lines: Sequence[str]) -> list[str]:
    """Return the lines of a text without those of counters and tools, and others without the counters in them.

    Counters go wherever they stand; buttons alone, which a text may speak of, only over and under it.
    """
    kept = list(_without_counters(lines))
    first, last = 0, len(kept)
    while first < last and _is_only_tools(kept[first]):
        first += 1
    while last > first and _is_only_tools(kept[last - 1]):
        last -= 1
    return kept[first:last]


def _without_counters(lines: Sequence[str]) -> Iterator[str]:
    is_open = False
    for line in lines:
        if is_open and _NUMBER_ALONE.fullmatch(line):
            is_open = False
            continue
        is_open = False
        if _SPINNER.fullmatch(line):
            continue
        rest = _take_counters(line) if len(line) <= _MAX_TOOL_LINE and _TOOL_WORDS.search(line) else line
        if rest:
            yield rest
        elif line:
            is_open = _OPEN_COUNTER.search(line.rstrip(" 】])）")) is not None


def _take_counters(line: str) -> str:
    """Return a line without its counters if it holds nothing else but labels with values, dates and buttons."""
    if not _COUNTER.search(line):
        return line
    without = _COUNTER.sub(" ", line)
    rest = _STAFF_CODE.sub(" ", _BUTTON.sub(" ", without))
    if not _LETTERS.search(rest):
        return ""
    if _SENTENCE.search(rest) or not _are_labels(rest):
        return line
    return " ".join(rest.split()).strip(_EDGES)


def _are_labels(rest: str) -> bool:
    """Return whether what is left of a line is labels with their values, or dates."""
    before = dates.remove_dates(labels.text_before_label(rest))
    return not _LETTERS.search(before)


def _is_only_tools(line: str) -> bool:
    if len(line) > _MAX_TOOL_LINE or not _TOOL_WORDS.search(line):
        return False
    rest = _STAFF_CODE.sub(" ", _BUTTON.sub(" ", _COUNTER.sub(" ", line)))
    return not _LETTERS.search(rest)
