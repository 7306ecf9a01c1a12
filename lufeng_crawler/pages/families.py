"""The list of families: a new one is one file and one line here."""

from __future__ import annotations

from lufeng_crawler.pages import generic, vsb
from lufeng_crawler.pages.family import Family

FAMILIES: tuple[Family, ...] = (vsb.FAMILY,)

_SURE = 1.0
"""The score from which a page counts as a family's; generic reads whatever stays below."""


def recognise(source: str, named: str | None = None) -> Family:
    """The family that wrote `source`, by its marks and never by its host; `named` (the site file's) goes first."""
    for family in FAMILIES:
        if family.name == named:
            return family
    scores = {family: family.score(source) for family in FAMILIES}
    best = max(scores, key=lambda family: scores[family], default=generic.FAMILY)
    return best if scores.get(best, 0) >= _SURE else generic.FAMILY
