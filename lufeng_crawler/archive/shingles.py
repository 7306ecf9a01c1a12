"""Measures how much of one text is in another, and makes the prints by which texts with something in common are found.

A text is compared by its shingles: all pieces of SHINGLE_LENGTH characters. Its prints are hashes of longer pieces.
"""

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
"""Letters, digits and Chinese characters; a shorter text is like others by chance: 详见附件, a caption, an address."""

MAX_LENGTH = 100_000
"""Characters of a text that are compared; of longer ones, the beginning."""

SHINGLE_LENGTH = 5
"""Characters of a shingle. Of 62 real pages of all kinds no two share a quarter of theirs."""

MIN_CONTAINMENT = 0.5
"""The share of one of two texts that must be in the other for them to be copies."""

PRINT_LENGTH = 12
"""Characters of the piece that a print is a hash of: long enough to be no phrase that everybody uses."""

PRINT_RATIO, MIN_PRINTS = 32, 12
"""A text's prints are the lowest of the hashes of all its pieces: one in PRINT_RATIO, but at least MIN_PRINTS."""

FORM_CHECK_BELOW, FORM_FACTOR = 0.9, 3
"""Two texts whose containment is less than this, and whose difference shrinks to a third or less when their figures
are left out, are one form that was filled in twice."""

_SIGNS = re.compile(r"[\W_]+")
_FIGURES = re.compile(r"[0-9〇零一二三四五六七八九十百千万亿]+")


class Similarity(NamedTuple):
    """The number of shingles that two texts share, and the number that each of them has."""

    shared: int
    length: int
    other_length: int

    def containment(self) -> float:
        """Return the share of the shorter text that is in the other."""
        return self.shared / max(min(self.length, self.other_length), 1)


@dataclass(frozen=True)
class ComparedText:
    """A text in its comparable form, with its shingles, which are computed once."""

    text: str

    @cached_property
    def shingles(self) -> set[str]:
        """The shingles of the text."""
        return _shingles(self.text[:MAX_LENGTH])

    @cached_property
    def form_shingles(self) -> set[str]:
        """The shingles of the text without its figures: those of the form, if it is a form that was filled in."""
        return _shingles(_FIGURES.sub("0", self.text[:MAX_LENGTH]))


def comparable_text(body: str) -> str:
    """Return what is compared of a body: letters, digits and characters, in lower case and without full width."""
    return _SIGNS.sub("", normalise(body)).lower()


def text_id(text: str) -> int:
    """Return a number of 63 bits for a comparable text: a hash, the same in every archive and without order."""
    return int.from_bytes(blake2b(_encode(text), digest_size=8).digest(), "big") >> 1


def make_sketch(text: str) -> list[int]:
    """Return the prints (32 bits each) of a comparable text, sorted. They do not depend on positions in the text.

    They are the lowest of all hashes, so that the prints of a text that is quoted whole are among those of the text
    that quotes it (mod-n sketches: Broder, On the resemblance and containment of documents, 1997).
    """
    encoded, width = _encode(text[:MAX_LENGTH]), 2 * PRINT_LENGTH
    hashes = {crc32(encoded[start : start + width]) for start in range(0, len(encoded) - width + 1, 2)}
    low = [hash for hash in hashes if hash < (1 << 32) // PRINT_RATIO]
    return sorted(low if len(low) >= MIN_PRINTS else nsmallest(MIN_PRINTS, hashes))


def similarity(text: ComparedText, other: ComparedText) -> Similarity | None:
    """Compare two texts; None where they are no copies, or one form that was filled in twice."""
    result = shared_shingles(text.shingles, other.shingles)
    if (containment := result.containment()) < MIN_CONTAINMENT:
        return None
    if containment < FORM_CHECK_BELOW:
        form_difference = 1 - shared_shingles(text.form_shingles, other.form_shingles).containment()
        if form_difference * FORM_FACTOR < 1 - containment:
            return None
    return result


def shared_shingles(shingles: set[str], other: set[str]) -> Similarity:
    """Count what two sets of shingles have in common."""
    return Similarity(len(shingles & other), len(shingles), len(other))


def _shingles(text: str) -> set[str]:
    return {text[start : start + SHINGLE_LENGTH] for start in range(len(text) - SHINGLE_LENGTH + 1)}


def _encode(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")  # pages may hold unpaired surrogates
