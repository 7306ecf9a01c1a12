"""Cuts Chinese text into tokens: the words of rjieba, but a figure with its unit, or a date, is one token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from lufeng_crawler.archive.diff.token_types import DIGITS, NUMERAL, UNITS, TokenType, token_types
from lufeng_crawler.archive.text import normalise

PARAGRAPH, SENTENCE, CLAUSE, ITEM = 5, 4, 3, 2
"""What can end with a token; the larger, the higher."""


class Token(NamedTuple):
    """A word as written, with the white space after it.

    `key` is what it is compared by, `kind` what type of word it is. `ends` is the highest of what ends with it:
    PARAGRAPH, SENTENCE, CLAUSE, ITEM, or 0.
    """

    text: str
    key: str
    kind: TokenType | None
    ends: int


_ENDS = {sign: end for end, signs in {SENTENCE: "。!?", CLAUSE: ";,:", ITEM: "、"}.items() for sign in signs}
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]\s*|$)")
_HAN = r"[\u3400-\u9fff\uf900-\ufaff\u3001-\u301f\uff00-\uff0f\uff1a-\uff20]"
_GAP = r"[ \xa0\u3000]+"
_IGNORED = re.compile(
    rf"[\u00ad\u200b-\u200f\u2060\ufeff]+|(?<={_HAN}){_GAP}(?={_HAN}|\d)|(?<=[\d%％]){_GAP}(?={_HAN}|[%％‰℃])"
)
"""What separates no words: invisible characters, spaces beside Chinese ones. Tabs and line ends separate words."""

_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ．％－]")
_FIXED = re.compile(
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
"""What is one token, however rjieba would cut it: dates, URLs and mail addresses, numbers."""

_PARTICLES = frozenset("由在和的是为将对从向与及经按把被至到于以")


def tokenize(text: str) -> list[Token]:
    """Return all tokens in order; joined, they are the text. White space alone is no token."""
    tokens: list[Token] = []
    pending = ""  # white space that belongs to no token yet
    for sentence in _SENTENCE.findall(text):  # one by one and cached: most are in both of two versions
        if sentence_tokens := _tokenize_sentence(pending + sentence):
            tokens += sentence_tokens
            pending = ""
        else:
            pending += sentence
    if pending and tokens:
        tokens[-1] = tokens[-1]._replace(text=tokens[-1].text + pending)
    return tokens


def clear_cache() -> None:
    """Forget the sentences and words met so far."""
    _tokenize_sentence.cache_clear()
    _make_token.cache_clear()


@lru_cache(maxsize=1 << 13)
def _tokenize_sentence(text: str) -> tuple[Token, ...]:
    narrow, positions = _narrow_text(text)
    units = list(_units(narrow))
    if not units:
        return ()
    starts, texts, tags = zip(*units, strict=True)
    cuts = [0, *(positions[start] for start in starts[1:]), len(text)]
    kinds = token_types(texts, tags)
    spans = zip(pairwise(cuts), kinds, strict=True)
    return tuple(_make_token(text[start:end], kind) for (start, end), kind in spans)


@lru_cache(maxsize=1 << 15)
def _make_token(text: str, kind: TokenType | None) -> Token:
    key = normalise(text)
    ends = PARAGRAPH if "\n" in text else _ENDS.get(key[-1:], ITEM if "\t" in text else 0)
    return Token(text, key, kind, ends)


def _narrow_text(text: str) -> tuple[str, Sequence[int]]:
    """Return the text with narrow figures and Latin letters, without what separates no words.

    The second value is the position in the text of each character.
    """
    if _WIDE.search(text):
        text = _WIDE.sub(lambda sign: chr(ord(sign[0]) - 0xFEE0), text)
    kept, positions, end = "", list[int](), 0
    for gap in _IGNORED.finditer(text):
        kept += text[end : gap.start()]
        positions += range(end, gap.start())
        end = gap.end()
    return kept + text[end:], [*positions, *range(end, len(text))]


_Word = tuple[int, str, str]
"""Where a word begins in the narrow text, the word, and rjieba's tag for it or the name of the pattern that found it.

No named tuple: making those costs up to a tenth of the time of a comparison.
"""


def _units(narrow: str) -> Iterator[_Word]:
    """Yield the words without white space, each number joined with the unit that follows it."""
    number: _Word | None = None
    for word in _words(narrow):
        _, text, tag = word
        if number:
            if text in UNITS:
                number = (number[0], number[1] + text, number[2])
                continue
            yield number
            number = None
        if tag == "number" or (tag == "m" and NUMERAL.match(text)):
            number = word
        elif not text.isspace():
            yield word
    if number:
        yield number


def _words(narrow: str) -> Iterator[_Word]:
    """Yield all words, white space included: what _FIXED matches, and rjieba's words between."""
    end = 0
    for fixed in [*_FIXED.finditer(narrow), None]:
        start = fixed.start() if fixed else len(narrow)
        if end < start:
            yield from _segment(narrow[end:start], end)
        if fixed:
            end = fixed.end()
            yield start, fixed[0], fixed.lastgroup or ""


def _segment(text: str, start: int) -> Iterator[_Word]:
    import rjieba  # loading its dictionary takes 0.2 s, which commands that compare nothing should not wait for

    for word, tag in rjieba.tag(text):
        if len(word) > 1 and word[0] in _PARTICLES and not rjieba.has_word(word):
            yield start, word[0], "p"  # a guess at a name that took the word before it: 由鹿
            yield start + 1, word[1:], tag
        else:
            yield start, word, tag
        start += len(word)
