"""Tests how findings are weighed: the best gives the value, a disagreement is kept, nothing else comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.items import Evidence
from lufeng_crawler.pages.html.evidence import Finding, weigh_findings

DAY, MINUTE, OTHER = "2026-11-01", "2026-11-01T09:30:00+08:00", "2026-11-02"
FINDINGS = st.lists(
    st.builds(
        Finding,
        st.sampled_from(["title", "published", "source", "author"]),
        st.sampled_from([DAY, MINUTE, OTHER, "县日报", "县日报(北京)", "县 日报"]),
        st.sampled_from(["one", "two", "three"]),
    ),
    max_size=7,
)


def weighed(field: str, *values: str) -> Evidence:
    return weigh_findings(Finding(field, value, f"rule {number}") for number, value in enumerate(values, 1))[field]


@given(FINDINGS)
def test_every_field_that_was_found_has_a_value_that_was_found_by_that_rule(findings: list[Finding]) -> None:
    found = weigh_findings(findings)
    assert found.keys() == {one.field for one in findings}
    for field, evidence in found.items():
        assert Finding(field, evidence.value, evidence.rule) in findings
        if evidence.other_rule:
            assert Finding(field, evidence.other_value or "", evidence.other_rule) in findings


@given(FINDINGS)
def test_fields_do_not_weigh_on_each_other(findings: list[Finding]) -> None:
    for field, evidence in weigh_findings(findings).items():
        assert weigh_findings(one for one in findings if one.field == field) == {field: evidence}


@given(FINDINGS)
def test_hearing_all_of_it_twice_changes_no_value(findings: list[Finding]) -> None:
    once, twice = weigh_findings(findings), weigh_findings([*findings, *findings])
    assert {name: one.value[:10] for name, one in once.items()} == {name: one.value[:10] for name, one in twice.items()}


@pytest.mark.parametrize("field", ["title", "author", "published", "source"])
def test_the_first_word_counts_and_the_first_to_differ_is_kept_beside_it(field: str) -> None:
    values = (DAY, OTHER, "2026-11-03") if field == "published" else ("甲", "乙", "丙")
    assert weighed(field, *values) == Evidence("rule 1", values[0], "rule 2", values[1])


def test_words_that_differ_in_spaces_or_width_alone_are_no_disagreement() -> None:
    assert weighed("source", "县日报", "县 日报", "县日报　") == Evidence("rule 1", "县日报")
    assert weighed("title", "通知(一)", "通知（一）") == Evidence("rule 1", "通知(一)")


@pytest.mark.parametrize("values", [(DAY, MINUTE), (MINUTE, DAY), (DAY, DAY, MINUTE)])
def test_of_one_day_the_more_precise_time_is_the_value(values: tuple[str, ...]) -> None:
    found = weighed("published", *values)
    assert (found.value, found.other_rule) == (MINUTE, None)


def test_another_day_is_a_disagreement_however_precise() -> None:
    assert weighed("published", OTHER, MINUTE) == Evidence("rule 1", OTHER, "rule 2", MINUTE)


def test_of_two_sources_that_differ_by_a_place_the_plain_one() -> None:
    assert weighed("source", "县日报（北京）", "县日报").value == "县日报"
    assert weighed("source", "县日报", "县日报（北京）").value == "县日报"
    assert weighed("author", "县日报（北京）", "县日报").value == "县日报（北京）"


def test_nothing_found_is_nothing_weighed() -> None:
    assert weigh_findings([]) == {}
