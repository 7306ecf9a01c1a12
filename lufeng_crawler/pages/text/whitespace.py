"""Text as the reader of a page sees it: lines, cells, and nothing that has no width."""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

ROW = "\u2028"
"""Stands where a row of a table begins or ends (see `page.text_of`); a line break that no cell swallows."""

GAP = "\ufffb"
"""Stands in a line of `gapped` for a wide gap: what parts the fields of a label line that has no other sign."""

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffc]+")
_THIN = re.compile("[\u2000-\u200a]")
_ODD = re.compile("[\u00ad\u2000-\u200f\u202a-\u202e\u2060\ufeff\ufffc]")
_WIDE = re.compile("[ \xa0\u2000-\u200a\u3000]{3,}")


def clean_line(text: str) -> str:
    """One line without unseen characters, its runs of spaces made one."""
    line = " ".join(text.split())
    seen = _seen(line)
    return line if seen is line else " ".join(seen.split())


@lru_cache(maxsize=8192)
def collapse_spaces(text: str) -> str:
    """Text for comparing only: no space, full-width forms made plain (NFKC). A site's pages share many lines."""
    return "".join(normalize("NFKC", _seen("".join(text.split()))).split())


def _seen(text: str) -> str:
    """What has a width; most lines have nothing else, which a look tells faster than the pattern does."""
    return text if text.isprintable() and "\ufffc" not in text else _UNSEEN.sub("", text)


def split_lines(text: str) -> list[str]:
    """The lines of a page's text (see `page.text_of`), empty ones left out; cells stay parted by tabs."""
    text = _one_space(text)
    if "\t" in text:  # the line breaks round a tab are where the paragraphs of a cell begin and end
        text = "\t".join(cell.strip(" \n") for cell in text.split("\t"))
    return [line for part in text.replace(ROW, "\n").split("\n") if (line := part.strip(" \t"))]


def _one_space(text: str) -> str:
    """What has no width taken out; replacing what is not one plain space beats a pattern that matches every space."""
    if _ODD.search(text):
        text = _THIN.sub(" ", _UNSEEN.sub("", text))
    text = text.replace("\xa0", " ").replace("\u3000", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def mark_gaps(text: str) -> list[str]:
    """Lines as `lines` gives them, but a gap of three spaces or more between words shows as GAP."""
    return [line for part in split_lines(_WIDE.sub(f" {GAP} ", text)) if (line := part.strip(f" \t{GAP}"))]
