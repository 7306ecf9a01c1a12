"""The words of a Chinese text: rjieba's, but that a figure with its unit, or a date, is one word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import rjieba

from lufeng_crawler.archive.diff.token_types import DIGITS, NUMERAL, UNITS, TokenType, token_types
from lufeng_crawler.archive.text import normalise

PARAGRAPH, SENTENCE, CLAUSE, ITEM = 5, 4, 3, 2
"""What may come to its end with a word, the more the higher."""


class Token(NamedTuple):
    """A word as it stands in the text, with the white space behind it.

    `key` is what it is compared by. `ends` is what comes to its end here: PARAGRAPH, SENTENCE, CLAUSE, ITEM, or 0.
    """

    text: str
    key: str
    kind: TokenType | None
    ends: int


_ENDS = {sign: end for end, signs in {SENTENCE: "。!?", CLAUSE: ";,:", ITEM: "、"}.items() for sign in signs}
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]\s*|$)")
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\u3001-\u301f\uff00-\uff0f\uff1a-\uff20]"
_GAP = r"[ \xa0\u3000]+"
_UNHEARD = re.compile(
    rf"[\u00ad\u200b-\u200f\u2060\ufeff]+|(?<={_HAN}){_GAP}(?={_HAN}|\d)|(?<=[\d%％]){_GAP}(?={_HAN}|[%％‰℃])"
)
"""What parts no words: invisible characters, spaces beside Chinese ones. Tabs and line ends part words."""

_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ．％－]")
_WHOLE = re.compile(
    rf"""
    (?P<date>
        (?<!\d)\d{{4}}年(?:度|\d{{1,2}}月(?:\d{{1,2}}[日号])?)?
      | (?<!\d)\d{{1,2}}月\d{{1,2}}[日号] | (?<!\d)\d{{1,2}}[月日时](?!间)
      | [〇○零一二三四五六七八九]{{4}}年(?:[{DIGITS}]{{1,3}}月(?:[{DIGITS}]{{1,3}}日)?)?
      | (?<![\d-])\d{{4}}([-/.])\d{{1,2}}\2\d{{1,2}}(?!\d)
      | (?<![\d:：])\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?(?!\d)
    )
  | (?P<other> https?://[!-~]+ | [\w.+-]+@[\w-]+(?:\.[\w-]+)+ )
  | (?P<number>
        百分之[百千万零点\d.{DIGITS}]+
      | 第?(?:(?<![\w)）])[-+−±])?\d+(?:(?:,\d{{3}})+(?!\d))?(?:\.\d+)*(?:-\d+)*
        [百千万亿]*(?:[%‰℃]|个(?:月|工作日|自然日|小时|百分点))?
    )""",
    re.ASCII | re.VERBOSE,
)
_PARTICLES = frozenset("由在和的是为将对从向与及经按把被至到于以")


def tokenize(text: str) -> list[Token]:
    """All words in their order; put together again they are the text. White space alone is no word."""
    found: list[Token] = []
    before = ""
    for sentence in _SENTENCE.findall(text):  # each once: most stand in both of two versions
        if these := _of_sentence(before + sentence):
            found += these
            before = ""
        else:
            before += sentence
    if before and found:
        found[-1] = found[-1]._replace(text=found[-1].text + before)
    return found


def clear_cache() -> None:
    """Let go of the sentences and words that were met so far."""
    _of_sentence.cache_clear()
    _word.cache_clear()


@lru_cache(maxsize=1 << 13)
def _of_sentence(text: str) -> tuple[Token, ...]:
    spoken, places = _spoken(text)
    found = list(_units(spoken))
    if not found:
        return ()
    starts, texts, tags = zip(*found, strict=True)
    cuts = [0, *(places[start] for start in starts[1:]), len(text)]
    kinds = token_types(texts, tags)
    return tuple(_word(text[start:end], kind) for (start, end), kind in zip(pairwise(cuts), kinds, strict=True))


@lru_cache(maxsize=1 << 15)
def _word(text: str, kind: TokenType | None) -> Token:
    key = normalise(text)
    ends = PARAGRAPH if "\n" in text else _ENDS.get(key[-1:], ITEM if "\t" in text else 0)
    return Token(text, key, kind, ends)


def _spoken(text: str) -> tuple[str, Sequence[int]]:
    """The text without what parts no words, figures and Latin letters narrow; and where each character stood."""
    if _WIDE.search(text):
        text = _WIDE.sub(lambda sign: chr(ord(sign[0]) - 0xFEE0), text)
    kept, places, end = "", list[int](), 0
    for gap in _UNHEARD.finditer(text):
        kept += text[end : gap.start()]
        places += range(end, gap.start())
        end = gap.end()
    return kept + text[end:], [*places, *range(end, len(text))]


def _units(spoken: str) -> Iterator[tuple[int, str, str]]:
    """Where each word begins, the word, and what it is; white space away, each number with its unit."""
    number: tuple[int, str, str] | None = None
    for start, text, tag in _pieces(spoken):
        if number:
            if text in UNITS:
                number = (number[0], number[1] + text, number[2])
                continue
            yield number
            number = None
        if tag == "number" or (tag == "m" and NUMERAL.match(text)):
            number = (start, text, tag)
        elif not text.isspace():
            yield start, text, tag
    if number:
        yield number


def _pieces(spoken: str) -> Iterator[tuple[int, str, str]]:
    end = 0
    for whole in [*_WHOLE.finditer(spoken), None]:
        start = whole.start() if whole else len(spoken)
        for text, tag in rjieba.tag(spoken[end:start]) if end < start else ():
            if len(text) > 1 and text[0] in _PARTICLES and not rjieba.has_word(text):
                yield end, text[0], "p"  # a guess at a name that took the word before it: 由鹿
                yield end + 1, text[1:], tag
            else:
                yield end, text, tag
            end += len(text)
        if whole:
            end = whole.end()
            yield start, whole[0], whole.lastgroup or ""
