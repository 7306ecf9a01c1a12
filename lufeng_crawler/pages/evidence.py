"""Weighs what several rules found: the best evidence gives the value, a disagreement is kept beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lufeng_crawler.items import Evidence
from lufeng_crawler.pages.text import squeezed


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's word on one field of an article."""

    field: str
    value: str
    rule: str


def weigh(findings: Iterable[Finding]) -> dict[str, Evidence]:
    """Per field the evidence for its value; `findings` come best first.

    Of two dates of one day the more precise wins (DESIGN, 4); of anything else the first.
    """
    weighed: dict[str, Evidence] = {}
    for found in findings:
        known = weighed.get(found.field)
        weighed[found.field] = _beside(known, found) if known else Evidence(found.rule, found.value)
    return weighed


def _beside(known: Evidence, found: Finding) -> Evidence:
    if found.field == "published" and found.value[:10] == known.value[:10]:
        return replace(known, rule=found.rule, value=found.value) if len(found.value) > len(known.value) else known
    if known.other_rule or squeezed(found.value) == squeezed(known.value):
        return known
    return replace(known, other_rule=found.rule, other_value=found.value)
