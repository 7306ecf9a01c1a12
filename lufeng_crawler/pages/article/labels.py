"""Finds what pages label: the line under a headline (日期 · 作者 · 来源), the table of 政府信息公开 (索引号 · 文号)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from itertools import zip_longest
from typing import NamedTuple

from lufeng_crawler.pages.text.whitespace import GAP, clean_line, collapse_spaces

WORDS = {
    "published": (
        "发布时间 发布日期 发布于 发表时间 发表日期 发稿时间 发稿日期 添加时间 添加日期 更新时间 更新日期 "
        "信息时间 录入时间 上传时间 公开日期 公开时间 公布日期 信息日期 发文时间 创建时间 最后更新 "
        "最后更新时间 上传日期 编辑时间 修改时间 信息发布时间 公告时间 公告日期 "
        "日期 时间 发布 发表 更新"
    ),
    "written": (
        "成文日期 生成日期 发文日期 印发日期 形成日期 生效日期 施行日期 实施日期 失效日期 废止日期 截止时间 "
        "截止日期 有效期 截至日期 开始时间 结束时间 留言时间 来信时间 提问时间 咨询时间 受理时间 回复时间 答复时间 "
        "办结时间 办理时间 报名时间 会议时间 活动时间 访谈时间 直播时间 开庭时间"
    ),
    "author": "作者 撰稿 撰稿人 文章作者 信息作者 撰文 供稿人 投稿人",
    "source": (
        "来源 本文来源 信息来源 文章来源 稿件来源 新闻来源 内容来源 消息来源 资料来源 原文来源 来源单位 来源部门 "
        "来稿单位 供稿单位 信息提供 信息提供单位 稿源 信源 出处 文章出处 新闻出处 来源网站 来源渠道 供稿 "
        "转载自 转自 摘自"
    ),
    "editor": "责任编辑 责编 编辑 编辑人 网站编辑 本文编辑",
    "publisher": (
        "发布机构 发文机关 发文机构 发布单位 发文单位 公开机构 信息发布机构 公开主体 发布机关 制发机关 "
        "发布部门 公开责任部门 信息公开机构 发文部门 制文机关 制定机关 公开部门 公开单位 责任部门 公开责任单位 "
        "信息公开责任单位"
    ),
    "doc_number": "发文字号 文号 发文号 文件编号 文件文号 公文文号 文件号 发文文号 发布文号",
    "index_number": "索引号 信息索引号 索引码 信息索引 索引编号",
    "title": "信息名称 文件名称 名称 公文名称 文件标题 标题",
    "kind": "文章类型 稿件类型 文章性质 稿件性质",
}
"""Per field, the words that label it on pages; `written` is when a document was signed, not when it was published,
`kind` whether a text is 原创 or 转载."""

_OTHER_LABELS = (
    "点击 点击数 点击量 点击率 点击次数 浏览 浏览次数 浏览量 浏览数 浏览人数 阅读 阅读次数 阅读量 阅读数 "
    "阅读人数 访问量 访问次数 访问 人气 次数 字号 字体 字体大小 字号选择 文字大小 打印 分享 分享到 关闭 收藏 "
    "下载 扫一扫 视力保护色 保护视力色 背景色 审核 审核人 初审 复审 终审 一审 二审 三审 校对 签发 主题分类 "
    "主题词 主题 有效性 效力状态 体裁分类 体裁 服务对象 服务对象分类 分类 类别 信息类别 信息分类 关键词 关键字 "
    "语种 公开方式 公开范围 公开类别 公开时限 公开形式 公开属性 组配分类 摄影 图片 摄影者 图片来源 上一篇 "
    "下一篇 上一条 下一条 内容概述 内容摘要 摘要 载体类型 记录形式 编号 发布者 发布人 发布员 录入 录入者 "
    "录入人 上传 上传者 所属栏目 栏目 当前位置 您的位置 状态 时效性 时效 电话 联系电话 地址 标签 评论 "
    "文字 编审 监制 编发 供图 主办 导读 序号 区域 地区 评论数 点赞 文件类型 类型 所属主题 统一登记号 登记号 "
    "施行 失效 有效 索取号 通知类型 附件 作者单位 责任单位 信息审核 审稿 信息员 审签"
)


_SPACE = f"[ \xa0\u3000{GAP}]*"
_SIGN = re.compile(rf"{_SPACE}(?:[:：]{_SPACE}[】\]〕]?|[】\]〕]{_SPACE}[:：]?|\t){_SPACE}\t?")
_MAX_LABEL_LENGTH = 20
_FIRST_CHARACTERS = frozenset(word[0] for words in (_OTHER_LABELS, *WORDS.values()) for word in words.split())
"""First characters of labels: most lines begin with something else, and the pattern has hundreds of words to try."""
_LABEL_WITHOUT_SIGN = re.compile(r"^(索引号|成文日期|发布日期|发文字号|发布机构|文号)(?= \S)", re.M)
_FIELD_OF_WORD = {word: field for field, words in WORDS.items() for word in words.split()}
_VALUE_END = re.compile(
    r"[\n\t|｜┃丨\ufffb]|[【\[(（]\s*$|\s?(?:[【\[(（]?\s?(?:字体|字号|打印|分享|关闭|收藏|浏览|点击|阅读|"
    r"我要纠错|扫一扫|大\s?中\s?小)|\s下载|\s[\u4e00-\u9fff]{2,6}[:：])"
)
_GAPS = re.compile(rf"[\s\u3000{GAP}]")
_DATE_IN_VALUE = re.compile(r"\s*(?<![\d/-])(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!\d)")
_NAME_FIELDS = frozenset({"source", "author", "editor", "publisher"})
_BOXED_FIELDS = ("source", "author", "publisher", "published")
"""Fields whose label and value may each fill a box of their own, without a sign between them."""
_VALUE_EDGES = " \t\n\xa0\u3000:：|｜/·,，;；、-—【】[]〔〕《"
_IN_BRACKETS = re.compile(r"[(（](.*)[)）]")
_MAX_VALUE_LENGTH = 80
_MAX_PLACES = 50
"""Places where a label without a sign is searched for in the markup."""


# The patterns below have hundreds of words, and compiling them takes longer than all other imports of this package
# together: each is compiled when it is first used.


def _pattern(words: Iterable[str]) -> str:
    """Return a pattern of words, the longest first; 作 者 is 作者, however wide the gap that stretches it."""
    return "|".join(f"[ \xa0\u3000{GAP}]{{0,3}}".join(word) for word in sorted(words, key=len, reverse=True))


@cache
def _any_label() -> str:
    return _pattern({*_OTHER_LABELS.split(), *(word for words in WORDS.values() for word in words.split())})


@cache
def _boxed_label() -> str:
    return _pattern(word for field in _BOXED_FIELDS for word in WORDS[field].split())


@cache
def _label_at_end() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_label()})\Z")


@cache
def _label_with_sign() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_label()}){_SIGN.pattern}")


@cache
def _label_alone() -> re.Pattern[str]:
    return re.compile(rf"(?:{_any_label()})\W*\d*\W*")


@cache
def _label_without_sign() -> re.Pattern[str]:
    return re.compile(rf"(?:{_boxed_label()})(?!{_SIGN.pattern})")


@cache
def _label_in_box() -> re.Pattern[str]:
    return re.compile(
        rf">\s{{0,20}}({_boxed_label()})\s{{0,20}}</\w{{1,9}}>\s{{0,99}}"
        rf"(?:<\w{{1,9}}\b[^<>]{{0,300}}>\s{{0,99}}){{1,2}}([^<>]{{2,200}})</"
    )


class LabelledValue(NamedTuple):
    """A value that a page labels; fields as in WORDS."""

    field: str
    value: str


@lru_cache(maxsize=512)
def find_labelled_values(text: str) -> tuple[LabelledValue, ...]:
    """Return every labelled value of `text`; labels without a value give nothing.

    A value ends at the next label, at the line's end, at a wide gap or at the buttons of the page (打印, 字号). It may
    begin on the line after its label, where label and value have boxes of their own. Cached, since several rules look
    at the same lines of a page, and a site's pages share many.
    """
    return tuple(_iter_labelled_values(text))


def _iter_labelled_values(text: str) -> Iterator[LabelledValue]:
    text = _LABEL_WITHOUT_SIGN.sub(r"\1：", text)
    labels = list(_iter_labels(text))
    for label, after in zip_longest(labels, labels[1:]):
        field = _FIELD_OF_WORD.get(label.word)
        if not field:
            continue
        value = text[label.end : after.start if after else label.end + 4 * _MAX_VALUE_LENGTH]
        if labelled := _parse_value(value, field):
            yield LabelledValue(field, labelled)


@dataclass(frozen=True, slots=True)
class _Label:
    """A label in a text: its word without gaps, where it starts, and where its value begins."""

    word: str
    start: int
    end: int


def _iter_labels(text: str) -> Iterator[_Label]:
    """Yield the labels of a text.

    Signs are few: looking for words before them is ten times faster than looking for words with signs.
    """
    for sign in _SIGN.finditer(text):
        if word := _label_at_end().search(text, max(0, sign.start() - _MAX_LABEL_LENGTH), sign.start()):
            yield _Label(_GAPS.sub("", word[0]), word.start(), sign.end())


def _parse_value(text: str, field: str, is_boxed: bool = False) -> str | None:
    """Return the value at the beginning of a text; one in a box of its own is all that the box holds."""
    text = text.lstrip(" \xa0\u3000\ufffb\n")
    is_whole = is_boxed or field == "published"
    end = re.search(r"[\n\t|｜]", text) if is_whole else _VALUE_END.search(text)
    if (
        not is_whole
        and field in _NAME_FIELDS
        and (dated := _DATE_IN_VALUE.search(text, 1, end.start() if end else len(text)))
    ):
        end = dated
    value = clean_line(text[: end.start()] if end else text).strip(_VALUE_EDGES)
    if match := _IN_BRACKETS.fullmatch(value):
        value = match[1]
    if value.endswith(("）", ")")) and not re.search("[（(]", value):
        value = value[:-1]
    return value if value and len(value) <= _MAX_VALUE_LENGTH and re.search(r"\w", value) else None


def find_boxed_values(source: str, text: str) -> Iterator[LabelledValue]:
    """Yield the labelled values of `text` whose labels have no sign but a box of their own, as `source` shows them.

    `<em>来源</em><b>县日报</b>` reads 来源县日报: only the markup tells where the value begins.
    """
    words = set(_label_without_sign().findall(text))
    shown = collapse_spaces(text) if words else ""
    for match in sorted((match for word in words for match in _find_boxes(source, word)), key=re.Match.start):
        word, boxed = match.groups()
        field = _FIELD_OF_WORD[_GAPS.sub("", word)]
        value = _parse_value(clean_line(unescape(boxed)), field, is_boxed=True)
        is_shown = (
            value and collapse_spaces(word + value) in shown and not re.search("[:：]", value.rstrip(":：0123456789"))
        )
        if (
            value
            and is_shown
            and not _label_alone().fullmatch(value)
            and (field == "published" or not _DATE_IN_VALUE.search(value))
        ):
            yield LabelledValue(field, value)


def _find_boxes(source: str, word: str) -> Iterator[re.Match[str]]:
    """Yield where a label fills a box and its value the next; searched for at the word, since markup is long."""
    place = -1
    for _ in range(_MAX_PLACES):
        place = source.find(word, place + 1)
        begin = source.rfind(">", max(0, place - _MAX_LABEL_LENGTH), place) if place >= 0 else -1
        if begin >= 0 and (match := _label_in_box().match(source, begin)):
            yield match
        if place < 0:
            return


def begins_with_label(line: str) -> bool:
    """Return whether `line` begins with a label: a sentence that mentions 来源： does not."""
    line = line.lstrip("（(【[ ")
    return line[:1] in _FIRST_CHARACTERS and _label_with_sign().match(line) is not None


def text_before_label(line: str) -> str:
    """Return what stands in a line before its first label."""
    label = next(_iter_labels(line), None)
    return line[: label.start] if label else line
