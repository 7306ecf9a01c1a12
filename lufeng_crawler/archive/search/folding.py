"""Folds texts for search: 税收 = 稅收, ２０２３ = 2023, ABC = abc, one space = several line ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

SPACES = re.compile("  +")
SPACE_TOKEN = "␣"
"""The token for white space where characters are indexed one by one; in a text it is white space itself."""


class FoldTable(dict[str, str]):
    """Maps a character to its search form: NFKC, lower case, simplified; white space and controls map to a space.

    Zero-width characters map to "". A character whose simplified form depends on its word maps to the commonest one:
    乾 is 干 everywhere, in texts and queries alike. Entries are computed when a character is first looked up.
    """

    def __init__(self) -> None:
        self.resized: set[str] = set()
        """The characters looked up so far whose search form is not exactly one character."""

    def __missing__(self, character: str) -> str:
        self[character] = folded = "".join(map(self._fold_character, _compatible(character)))
        if len(folded) != 1:
            self.resized.add(character)
        return folded

    @cached_property
    def _simplifier(self) -> Any:
        from opencc import OpenCC  # 20 to 60 ms, which commands that search nothing should not wait for

        return OpenCC("t2s")

    def _fold_character(self, character: str) -> str:
        category = unicodedata.category(character)
        if category == "Cf":
            return ""
        if category in ("Cc", "Cs") or character.isspace() or character == SPACE_TOKEN:
            return " "
        while (simplified := self._simplifier.convert(character)) != character:
            character = simplified
        return character


def _compatible(character: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())


@cache
def fold_table() -> FoldTable:
    """Return the one table of this process."""
    return FoldTable()


@cache
def folding_scheme() -> str:
    """Return the name of what `fold_text` does: texts folded under the same name can be compared."""
    from importlib.metadata import version

    return f"1, opencc {version('opencc')}"


def to_nfc(text: str) -> str:
    """Join accents to their letters, which looks the same. Positions of marks count in this form."""
    return unicodedata.normalize("NFC", text)


def fold_text(text: str) -> str:
    """Return the text as search compares it. Folding it again changes nothing."""
    text = to_nfc(text)
    table = fold_table()
    for character in set(text):  # a text has few distinct ones; str.translate would look up every single character
        if (folded := table[character]) != character:
            text = text.replace(character, folded)
    return to_nfc(SPACES.sub(" ", text))


def folded_positions(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded form of an NFC text, and the position in the text of each of its characters and of its end.

    Accents that follow their letter only after folding (ｶﾞ) are not joined to it: such a word is found, but not marked.
    """
    folded = fold_text(text)
    if len(folded) == len(text) and fold_table().resized.isdisjoint(set(text)):
        return folded, range(len(text) + 1)
    table = fold_table()
    characters = [(form, position) for position, character in enumerate(text) for form in table[character]]
    with_previous = zip(characters, [("", 0), *characters], strict=False)
    kept = [current for current, previous in with_previous if (current[0], previous[0]) != (" ", " ")]
    return "".join(form for form, _ in kept), [*(position for _, position in kept), len(text)]


def space_characters(text: str) -> str:
    """Return the folded text with a space between all characters, so that each of them is a token of FTS5."""
    return " ".join(fold_text(text).replace(" ", SPACE_TOKEN))
