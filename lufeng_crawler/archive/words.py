"""The words of a Chinese text: rjieba's, but that a figure or a date is one word, and each knows what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

import rjieba

from lufeng_crawler.archive.digest import normalise

PARAGRAPH, SENTENCE, CLAUSE, ITEM = 5, 4, 3, 2
"""What may come to its end with a word, the more the higher."""

Kind = Literal["number", "date", "office", "negation"]


class Word(NamedTuple):
    """A word as it stands in the text, with the white space behind it; `key` is what it is compared by."""

    text: str
    key: str
    kind: Kind | None

    @property
    def ends(self) -> int:
        """What comes to its end here: PARAGRAPH, SENTENCE, CLAUSE, ITEM, or 0, nothing."""
        return PARAGRAPH if "\n" in self.text else _ENDS.get(self.key[-1:], 0)


class _Piece(NamedTuple):
    """A word while its neighbours may still join it; `tag` is rjieba's part of speech."""

    start: int
    end: int
    text: str
    tag: str


_ENDS = {sign: strength for strength, signs in {SENTENCE: "。!?", CLAUSE: ";,:", ITEM: "、"}.items() for sign in signs}
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\u3001-\u301f\uff00-\uff0f\uff1a-\uff20]"
_GAP = r"[ \xa0\u3000]+"
_UNHEARD = re.compile(
    rf"[\u00ad\u200b-\u200f\u2060\ufeff]+|(?<={_HAN}){_GAP}(?={_HAN}|\d)|(?<=[\d%％]){_GAP}(?={_HAN})"
)
"""What parts no words: invisible characters, spaces beside Chinese ones. Tabs and line ends part words."""

_NARROW = {0xFEE0 + ord(sign): sign for sign in "0123456789.%-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
_DIGITS = "〇零一二三四五六七八九十"
_WHOLE = re.compile(
    rf"""
    (?P<date>
        (?<!\d)\d{{4}}年(?:度|\d{{1,2}}月(?:\d{{1,2}}[日号])?)?
      | (?<!\d)\d{{1,2}}月\d{{1,2}}[日号] | (?<!\d)\d{{1,2}}[月日时](?!间)
      | [〇○零一二三四五六七八九]{{4}}年(?:[{_DIGITS}]{{1,3}}月(?:[{_DIGITS}]{{1,3}}日)?)?
      | (?<![\d-])\d{{4}}([-/.])\d{{1,2}}\2\d{{1,2}}(?!\d)
      | (?<![\d:：])\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?(?!\d)
    )
  | (?P<other> https?://[!-~]+ | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
  | (?P<number>
        百分之[百千万零点\d.{_DIGITS}]+
      | 第?(?:(?<![\w)）])[-+−±])?\d+(?:(?:,\d{{3}})+(?!\d))?(?:\.\d+)*(?:-\d+)*[百千万亿]*(?:[%‰℃]|个(?:月|工作日|自然日|小时|百分点))?
    )""",
    re.ASCII | re.VERBOSE,
)
_NUMERAL = re.compile(rf"第?[两百千万亿{_DIGITS}]+")
_UNITS = frozenset(
    "元 美元 人 人次 户 亩 公顷 平方米 平方公里 立方米 米 公里 千米 厘米 毫米 吨 公斤 千克 克 升 度 摄氏度 瓦 千瓦 瓦时 千瓦时"
    " 个 名 位 家 件 项 条 款 次 批 批次 天 年 周 周年 月 日 时 点 小时 分 分钟 秒 岁 倍 成 台 辆 处 场 期 号 级 种 类 所 座"
    " 套 本 份 页 届 轮 宗 起 例 只 头 株 棵 间 层 亿 万 年代 分之一".split()
)
_DATED = re.compile(rf"(?:\d+|[{_DIGITS}]+)(?:[月日时点]|点钟)")
NEGATIONS = frozenset(
    "不 不得 不能 不会 不再 不予 不准 不许 不可 不应 不必 不是 不要 不宜 不同 不用 不须 不含 不含有 不同意 不允许 不符合 不包括"
    " 未 未能 未经 未曾 未必 未有 并未 尚未 从未 没 没有 没能 无 无法 无需 无须 并无 毫无 非 并非 莫 勿 切勿 请勿 切忌 否 禁止 严禁"
    " 不可以 不需要 不需 不存在 不构成 不影响 不超过 不低于 不少于 不少 暂不 绝不 决不 并不 从不 概不 均不 也不 严禁烟火".split()
)
_OFFICE = re.compile(
    r".*(?:[局厅署委办]|委员会|政府|中心|办公室|管委会|委会|居委会|法院|检察院|支队|大队|指挥部|领导小组|公安|党委)"
)
_NO_OFFICE = re.compile(
    r".*(?:布局|格局|结局|大局|全局|残局|骗局|僵局|饭局|战局|赌局|[餐客大舞]厅|[举主承兴创合包查催督开协申]办|编委)|[政当定终开破]局"
)
_PARTICLES = frozenset("由在和的是为将对从向与及经按把被至到于以")
_IN_NAME = frozenset("n vn an a j nz nt l".split())


def words(text: str) -> list[Word]:
    """All words in their order; put together again they are the text."""
    spoken, places = _spoken(text)
    pieces = list(_joined(spoken))
    kinds = _kinds(pieces)
    cuts = [0, *(places[piece.start] for piece in pieces[1:]), len(text)]
    return [
        Word(text[start:end], _key(text[start:end]), kind)
        for (start, end), kind in zip(pairwise(cuts), kinds, strict=False)
    ]


@lru_cache(maxsize=1 << 15)
def _key(text: str) -> str:
    return normalise(text)


def _spoken(text: str) -> tuple[str, list[int]]:
    """The text without what parts no words, figures and Latin letters narrow; and where each character stood."""
    kept: list[str] = []
    places: list[int] = []
    end = 0
    for gap in [*_UNHEARD.finditer(text), None]:
        start = gap.start() if gap else len(text)
        kept.append(text[end:start])
        places.extend(range(end, start))
        end = gap.end() if gap else start
    return "".join(kept).translate(_NARROW), places


def _joined(spoken: str) -> Iterator[_Piece]:
    """The pieces, white space away, each number with its unit."""
    number: _Piece | None = None
    for piece in _pieces(spoken):
        if number and piece.start == number.end and piece.text in _UNITS:
            number = _Piece(number.start, piece.end, number.text + piece.text, number.tag)
            continue
        if number:
            yield number
        number = None
        if piece.tag == "number" or (piece.tag == "m" and _NUMERAL.match(piece.text)):
            number = piece
        elif not piece.text.isspace():
            yield piece
    if number:
        yield number


def _pieces(spoken: str) -> Iterator[_Piece]:
    end = 0
    for whole in [*_WHOLE.finditer(spoken), None]:
        start = whole.start() if whole else len(spoken)
        for text, tag in rjieba.tag(spoken[end:start]):
            for part, its_tag in _parts(text, tag):
                yield _Piece(end, end + len(part), part, its_tag)
                end += len(part)
        if whole:
            end = whole.end()
            yield _Piece(start, end, whole[0], whole.lastgroup or "")


@lru_cache(maxsize=1 << 15)
def _parts(text: str, tag: str) -> tuple[tuple[str, str], ...]:
    """A word; two where rjieba, guessing at a name, took a particle for its first character: 由 in 由鹿."""
    if text[0] in _PARTICLES and len(text) > 1 and not rjieba.has_word(text):
        return (text[0], ""), (text[1:], tag)
    return ((text, tag),)


def _kinds(pieces: list[_Piece]) -> list[Kind | None]:
    """What each piece is. The words before 局, 委员会, … that belong to the name are of the office too."""
    kinds = [_kind(piece) for piece in pieces]
    for place, kind in enumerate(kinds):
        at = place - 1
        while kind == "office" and at >= 0 and _in_name(pieces, kinds, at):
            kinds[at] = "office"
            at -= 1
    return kinds


def _in_name(pieces: list[_Piece], kinds: list[Kind | None], at: int) -> bool:
    """Whether the piece belongs to the name of an office behind it: 住房和城乡建设 does to 局."""
    piece, next_one = pieces[at], pieces[at + 1]
    if kinds[at] or piece.end != next_one.start or (len(piece.text) == 1 and piece.text not in "省州市县区旗乡镇和与"):
        return False
    return piece.tag in _IN_NAME or (piece.text in "和与" and at > 0 and pieces[at - 1].tag in _IN_NAME)


def _kind(piece: _Piece) -> Kind | None:
    if piece.tag == "date" or _DATED.fullmatch(piece.text):
        return "date"
    if piece.tag == "number" or (piece.tag == "m" and _NUMERAL.match(piece.text)):
        return "number"
    if piece.text in NEGATIONS:
        return "negation"
    is_office = len(piece.text) > 1 or piece.tag == "n"
    return "office" if is_office and _OFFICE.fullmatch(piece.text) and not _NO_OFFICE.fullmatch(piece.text) else None
