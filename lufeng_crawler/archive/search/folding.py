"""What is the same to a searcher: 税收 and 稅收, ２０２３ and 2023, ABC and abc, one space and several line ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

from opencc import OpenCC

SPACES = re.compile("  +")
SPACE_TOKEN = "␣"
"""What stands for white space where characters are set apart; in a text it is white space itself."""


class FoldTable(dict[str, str]):
    """What stands for a character: its form in NFKC, small and simplified; a space for white space and controls.

    Nothing stands for what has no width. Of a character whose simplified form depends on its word, it is the commonest
    one: 乾 is 干 everywhere, in texts and queries alike.
    """

    def __init__(self) -> None:
        self._simplify = OpenCC("t2s").convert
        self.uneven: set[str] = set()
        """Met characters that another number of them stands for."""

    def __missing__(self, character: str) -> str:
        self[character] = folded = "".join(map(self._one, _compatible(character)))
        if len(folded) != 1:
            self.uneven.add(character)
        return folded

    def _one(self, character: str) -> str:
        kind = unicodedata.category(character)
        if kind == "Cf":
            return ""
        if kind in ("Cc", "Cs") or character.isspace() or character == SPACE_TOKEN:
            return " "
        while (simple := self._simplify(character)) != character:
            character = simple
        return character


def _compatible(character: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())


@cache
def fold_table() -> FoldTable:
    """The one table of this process, filled as characters are met."""
    return FoldTable()


@cache
def folding_scheme() -> str:
    """Names what `fold` does: two texts folded under one name can be compared."""
    return f"1, opencc {version('opencc')}"


def to_nfc(text: str) -> str:
    """The text with accents joined to their letters, which looks the same: `places` are places in this."""
    return unicodedata.normalize("NFC", text)


def fold_text(text: str) -> str:
    """The text as it is compared. Folding it again changes nothing."""
    text = to_nfc(text)
    table = fold_table()
    for character in set(text):  # they are few, and str.translate asks for every one of a long text
        if (other := table[character]) != character:
            text = text.replace(character, other)
    return to_nfc(SPACES.sub(" ", text))


def folded_positions(text: str) -> tuple[str, Sequence[int]]:
    """The folded form of a composed text, and where in the text each of its characters stands, and the end.

    Accents that only now stand behind their letters (ｶﾞ) are not joined to them: such a word is found, but not marked.
    """
    folded = fold_text(text)
    if len(folded) == len(text) and fold_table().uneven.isdisjoint(set(text)):
        return folded, range(len(text) + 1)
    said = [(one, place) for place, character in enumerate(text) for one in fold_table()[character]]
    pairs = zip(said, [("", 0), *said], strict=False)
    kept = [now for now, before in pairs if (now[0], before[0]) != (" ", " ")]
    return "".join(one for one, _ in kept), [*(place for _, place in kept), len(text)]


def space_characters(text: str) -> str:
    """The folded text with a space between any two characters: to FTS5 each of them is a token."""
    return " ".join(fold_text(text).replace(" ", SPACE_TOKEN))
