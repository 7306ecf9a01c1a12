"""Texts for tests of copies: made up from a seed, and copies of them with changes."""

from __future__ import annotations

from random import Random

CHARACTERS = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))


def made(length: int, seed: int = 1) -> str:
    return "".join(Random(seed).choices(CHARACTERS, k=length))


def edited(text: str, share: float, run: int = 10) -> str:
    """So much of it written anew, so many characters at a time."""
    chance, signs = Random(2), [*text]
    for _ in range(max(1, round(len(text) * share / run))):
        at = chance.randrange(len(signs))
        signs[at : at + run] = chance.choices(CHARACTERS, k=run)
    return "".join(signs)
