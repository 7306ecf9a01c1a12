"""Classifies words whose change matters in an official text: figures, dates, offices, negations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

TokenType = Literal["negation", "date", "number", "office"]

DIGITS = "〇零一二三四五六七八九十"
NUMERAL = re.compile(rf"第?[两百千万亿{DIGITS}]+")
UNITS = frozenset({
    "元", "美元", "人", "人次", "户", "亩", "公顷", "平方米", "平方公里", "立方米", "米", "公里", "千米",
    "厘米", "毫米", "吨", "公斤", "千克", "克", "升", "度", "摄氏度", "瓦", "千瓦", "瓦时", "千瓦时",
    "个", "名", "位", "家", "件", "项", "条", "款", "次", "批", "批次", "天", "年", "周", "周年",
    "月", "日", "时", "点", "小时", "分", "分钟", "秒", "岁", "倍", "成", "台", "辆", "处", "场",
    "期", "号", "级", "种", "类", "所", "座", "套", "本", "份", "页", "届", "轮", "宗", "起",
    "例", "只", "头", "株", "棵", "间", "层", "亿", "万", "年代", "分之一",
})  # fmt: skip
NEGATIONS = frozenset({
    "不", "不得", "不能", "不会", "不再", "不予", "不准", "不许", "不可", "不可以", "不应", "不必",
    "不是", "不要", "不宜", "不同", "不用", "不须", "不需", "不需要", "不含", "不同意", "不允许", "不符合",
    "不包括", "不存在", "不构成", "不影响", "不超过", "不低于", "不少于", "暂不", "绝不", "决不", "并不",
    "从不", "概不", "均不", "未", "未能", "未经", "未曾", "未必", "未有", "并未", "尚未", "从未", "没",
    "没有", "没能", "无", "无法", "无需", "无须", "并无", "毫无", "非", "并非", "莫", "勿", "切勿",
    "请勿", "切忌", "否", "禁止", "严禁", "严禁烟火",
})  # fmt: skip
_DATED = re.compile(rf"(?:\d+|[{DIGITS}]+)(?:[月日时点]|点钟)")
_OFFICE = re.compile(r".*(?:[局厅署委办]|委员会|委会|政府|中心|办公室|法院|检察院|支队|大队|指挥部|领导小组|公安)")
_NO_OFFICE = re.compile(
    r".*(?:[布格结大全残骗僵饭战赌变]局|[餐客大舞展]厅|[举主承兴创合包查催督开协申帮代通网联快]办|[部签]署|[编评]委)|[政当定终开破]局"
)
_NOUNS = frozenset({"n", "vn", "an", "a", "j", "nz", "nt", "l"})


@lru_cache(maxsize=1 << 14)
def token_type(text: str, tag: str) -> TokenType | None:
    """Return the type of a word; `tag` is rjieba's part of speech, or the name of the pattern that found it."""
    if tag == "date" or _DATED.fullmatch(text):
        return "date"
    if tag == "number" or (tag == "m" and NUMERAL.match(text)):
        return "number"
    if text in NEGATIONS:
        return "negation"
    is_noun = len(text) > 1 or tag == "n"
    return "office" if is_noun and _OFFICE.fullmatch(text) and not _NO_OFFICE.fullmatch(text) else None


def token_types(texts: Sequence[str], tags: Sequence[str]) -> list[TokenType | None]:
    """Return the type of each word. Words before 局, 委员会, … that belong to the name are of the office too."""
    kinds = [token_type(text, tag) for text, tag in zip(texts, tags, strict=True)]
    for office in [position for position, kind in enumerate(kinds) if kind == "office"]:
        before = office - 1
        while before >= 0 and kinds[before] is None and _is_part_of_name(texts, tags, before):
            kinds[before] = "office"
            before -= 1
    return kinds


def _is_part_of_name(texts: Sequence[str], tags: Sequence[str], word: int) -> bool:
    """Return whether a word belongs to the name of the office after it: each of 住房 和 城乡 建设 does to 局."""
    if texts[word] in ("和", "与"):
        return word > 0 and tags[word - 1] in _NOUNS and len(texts[word - 1]) > 1
    return tags[word] in _NOUNS and (len(texts[word]) > 1 or texts[word] in "省州市县区旗乡镇")
