"""Weighs what several rules found: the best evidence gives the value, a disagreement is kept beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lufeng_crawler.items import Evidence
from lufeng_crawler.pages.text.whitespace import collapse_spaces


@dataclass(frozen=True, slots=True)
class Finding:
    """The value that one rule found for one field of an article."""

    field: str
    value: str
    rule: str


_BRACKETED_PLACE = re.compile(r"\s?[(（][^()（）]{1,8}[)）]")
"""What follows a source's name in one place of a page and not in another: 县日报(北京)."""


def weigh_findings(findings: Iterable[Finding]) -> dict[str, Evidence]:
    """Return the evidence for each field's value; `findings` come best first.

    Of two dates of one day the more precise wins, of two sources that differ by a place in brackets the plain one; of
    anything else the first.
    """
    weighed: dict[str, Evidence] = {}
    for finding in findings:
        known = weighed.get(finding.field)
        weighed[finding.field] = _weigh(known, finding) if known else Evidence(finding.rule, finding.value)
    return weighed


def _weigh(known: Evidence, finding: Finding) -> Evidence:
    if finding.field == "published" and finding.value[:10] == known.value[:10]:
        is_more_precise = len(finding.value) > len(known.value)
        return replace(known, rule=finding.rule, value=finding.value) if is_more_precise else known
    if known.other_rule or collapse_spaces(finding.value) == collapse_spaces(known.value):
        return known
    if finding.field == "source" and _BRACKETED_PLACE.fullmatch(known.value.removeprefix(finding.value)):
        return Evidence(finding.rule, finding.value, known.rule, known.value)
    return replace(known, other_rule=finding.rule, other_value=finding.value)
