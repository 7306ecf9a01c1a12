"""Weighs what several rules found: the best evidence gives the value, a disagreement is kept beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lufeng_crawler.items import Evidence
from lufeng_crawler.pages.text.whitespace import collapse_spaces


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's word on one field of an article."""

    field: str
    value: str
    rule: str


_TAILED = re.compile(r"\s?[(（][^()（）]{1,8}[)）]")
"""What stands behind a source's name in one place of a page and not in another: 县日报(北京)."""


def weigh_findings(findings: Iterable[Finding]) -> dict[str, Evidence]:
    """Per field the evidence for its value; `findings` come best first.

    Of two dates of one day the more precise wins (DESIGN, 4), of two sources that differ by a place in brackets the
    plain one; of anything else the first.
    """
    weighed: dict[str, Evidence] = {}
    for found in findings:
        known = weighed.get(found.field)
        weighed[found.field] = _beside(known, found) if known else Evidence(found.rule, found.value)
    return weighed


def _beside(known: Evidence, found: Finding) -> Evidence:
    if found.field == "published" and found.value[:10] == known.value[:10]:
        return replace(known, rule=found.rule, value=found.value) if len(found.value) > len(known.value) else known
    if known.other_rule or collapse_spaces(found.value) == collapse_spaces(known.value):
        return known
    if found.field == "source" and _TAILED.fullmatch(known.value.removeprefix(found.value)):
        return Evidence(found.rule, found.value, known.rule, known.value)
    return replace(known, other_rule=found.rule, other_value=found.value)
