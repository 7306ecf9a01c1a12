"""How much of one text stands in another, and the prints by which texts that have something in common are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from heapq import nsmallest
from typing import NamedTuple
from zlib import crc32

from lufeng_crawler.archive.text import normalise

MIN_LENGTH = 60
"""Letters, digits and Chinese characters; what has fewer is alike by chance: 详见附件, a caption, an address."""

MAX_LENGTH = 100_000
"""Characters of a text that are compared; of longer ones, the beginning."""

SHINGLE_LENGTH = 5
"""Characters in a row that are compared. Of 62 real pages of all kinds no two share a quarter of theirs."""

MIN_CONTAINMENT = 0.5
"""So much of one of two texts stands in the other, or they are no copies."""

PRINT_LENGTH = 12
"""Characters in a row that a print is of: long enough to be no phrase that everybody uses."""

PRINT_RATIO, MIN_PRINTS = 32, 12
"""Of the hashes of all its characters in a row, which lowest ones are a text's prints: this share, or so many."""

FORM_CHECK_BELOW, FORM_FACTOR = 0.9, 3
"""Two texts less alike than this, and this many times more alike when their figures are left out, are one form."""

_SIGNS = re.compile(r"[\W_]+")
_FIGURES = re.compile(r"[0-9〇零一二三四五六七八九十百千万亿]+")


class Similarity(NamedTuple):
    """How many shingles two texts share, and how many each of them has."""

    shared: int
    length: int
    other_length: int

    def nearest(self) -> float:
        """The share of the one of them that stands in the other, of the one that does so more."""
        return self.shared / max(min(self.length, self.other_length), 1)


@dataclass(frozen=True)
class ComparedText:
    """A compact text, and what it is compared by, made once."""

    said: str

    @cached_property
    def shingles(self) -> set[str]:
        """Whatever so many characters stand in a row."""
        return _shingles(self.said[:MAX_LENGTH])

    @cached_property
    def blank(self) -> set[str]:
        """The same of the form that it is, or may be: its figures left out."""
        return _shingles(_FIGURES.sub("0", self.said[:MAX_LENGTH]))


def comparable_text(body: str) -> str:
    """What is compared of a body: letters, digits and characters; spaces, width, capitals and punctuation are away."""
    return _SIGNS.sub("", normalise(body)).lower()


def text_id(text: str) -> int:
    """A number of 63 bits for a compact text: the same on every machine, whatever else there is, and without order."""
    return int.from_bytes(blake2b(_bytes(text), digest_size=8).digest(), "big") >> 1


def sketch(text: str) -> list[int]:
    """Hashes of 32 bits of some of a compact text's characters in a row; the same ones wherever they stand.

    The lowest of all hashes, so that of a text that is quoted whole the prints are among those of the one that quotes
    it (mod-n sketches: Broder, On the resemblance and containment of documents, 1997).
    """
    encoded, width = _bytes(text[:MAX_LENGTH]), 2 * PRINT_LENGTH
    hashes = {crc32(encoded[at : at + width]) for at in range(0, len(encoded) - width + 1, 2)}
    low = [one for one in hashes if one < (1 << 32) // PRINT_RATIO]
    return sorted(low if len(low) >= MIN_PRINTS else nsmallest(MIN_PRINTS, hashes))


def similarity(one: ComparedText, other: ComparedText) -> Similarity | None:
    """How alike two texts are; None where they are no copies, or one form that was filled in twice."""
    found = _compared(one.shingles, other.shingles)
    if (nearest := found.nearest()) < MIN_CONTAINMENT:
        return None
    if nearest < FORM_CHECK_BELOW and (1 - _compared(one.blank, other.blank).nearest()) * FORM_FACTOR < 1 - nearest:
        return None
    return found


def _compared(one: set[str], other: set[str]) -> Similarity:
    return Similarity(len(one & other), len(one), len(other))


def _shingles(text: str) -> set[str]:
    return {text[at : at + SHINGLE_LENGTH] for at in range(len(text) - SHINGLE_LENGTH + 1)}


def _bytes(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")  # what pages hold may be no valid text
