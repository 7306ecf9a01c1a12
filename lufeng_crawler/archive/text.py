"""Compares and shows texts whatever a page put into them: normalised for digests, on one line for people."""

from __future__ import annotations

import re
import unicodedata

ZERO_WIDTH = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
"""White space, and what has no width: soft hyphens, joiners, marks of direction."""

WIDE = {
    chr(code): chr(int(form.removeprefix("<wide> "), 16))
    for code in range(0xFF01, 0xFFE7)
    if (form := unicodedata.decomposition(chr(code))).startswith("<wide>")
}
"""Full-width forms by the characters they are forms of. Not NFKC: that makes 10² the same as 102."""

CONTROL = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+"
)
"""What breaks a line, moves a terminal's cursor, turns the direction of what follows, or is not allowed in XML."""


def normalise(text: str) -> str:
    """Return the text as digests and diffs compare it."""
    text = unicodedata.normalize("NFC", text)
    for sign in WIDE.keys() & set(text):  # few of them stand in a text, and str.translate asks for every character
        text = text.replace(sign, WIDE[sign])
    return ZERO_WIDTH.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line that can be shown anywhere, whatever a page put into it."""
    return CONTROL.sub(" ", text).strip()
