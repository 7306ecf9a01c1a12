"""Text as a page's reader sees it: lines, cells, and no characters without a width."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

ROW = "\u2028"
"""Stands where a row of a table begins or ends (see `page.text_of`): a line break that no cell swallows."""

GAP = "\ufffb"
"""Stands in a line of `mark_gaps` for a wide gap, which separates the fields of a label line without other signs."""

_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffc]+")
_THIN = re.compile("[\u2000-\u200a]")
_UNUSUAL = re.compile("[\u00ad\u2000-\u200f\u202a-\u202e\u2060\ufeff\ufffc]")
_WIDE = re.compile("[ \xa0\u2000-\u200a\u3000]{3,}")


def clean_line(text: str) -> str:
    """Return one line without unseen characters, its runs of spaces made one."""
    line = " ".join(text.split())
    visible = _remove_unseen(line)
    return line if visible is line else " ".join(visible.split())


@lru_cache(maxsize=8192)
def collapse_spaces(text: str) -> str:
    """Return text for comparing only: no space, full-width forms made plain (NFKC).

    Cached, since a site's pages share many lines.
    """
    return "".join(normalize("NFKC", _remove_unseen("".join(text.split()))).split())


def _remove_unseen(text: str) -> str:
    """Remove what has no width; most lines have none of it, which isprintable() finds faster than the pattern."""
    return text if text.isprintable() and "\ufffc" not in text else _ZERO_WIDTH.sub("", text)


def split_lines(text: str) -> list[str]:
    """Return the lines of a page's text (see `page.text_of`) without empty ones; cells stay separated by tabs."""
    text = _single_spaces(text)
    if "\t" in text:  # the line breaks round a tab are where the paragraphs of a cell begin and end
        text = "\t".join(cell.strip(" \n") for cell in text.split("\t"))
    return [line for part in text.replace(ROW, "\n").split("\n") if (line := part.strip(" \t"))]


def _single_spaces(text: str) -> str:
    """Remove what has no width, and make every run of spaces one.

    Replacing what is not one plain space beats a pattern that matches every space.
    """
    if _UNUSUAL.search(text):
        text = _THIN.sub(" ", _ZERO_WIDTH.sub("", text))
    text = text.replace("\xa0", " ").replace("\u3000", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def mark_gaps(text: str) -> list[str]:
    """Return lines as `split_lines` does, with GAP in the place of three or more spaces between words."""
    return [line for part in split_lines(_WIDE.sub(f" {GAP} ", text)) if (line := part.strip(f" \t{GAP}"))]
