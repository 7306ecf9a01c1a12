"""Sixty and more situations of sites, servers and clocks, each told in a few lines and crawled for real."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.situations import addresses, delisting, other_answers, owed, pagers, servers, templates
from tests.situations.pending import PENDING
from tests.situations.situation import Situation, tell

SITUATIONS: tuple[Situation, ...] = (
    *pagers.SITUATIONS,
    *owed.SITUATIONS,
    *delisting.SITUATIONS,
    *other_answers.SITUATIONS,
    *other_answers.NOT_FOUND,
    *templates.SITUATIONS,
    *addresses.SITUATIONS,
    *servers.SITUATIONS,
)


def test_each_has_a_name_of_its_own_and_only_those_are_pending() -> None:
    names = [situation.name for situation in SITUATIONS]
    assert len(names) == len(set(names)) >= 60
    assert set(PENDING) <= set(names)


@pytest.mark.parametrize(
    "situation",
    [
        pytest.param(
            situation,
            id=situation.name,
            marks=[pytest.mark.xfail(strict=True, reason="pending")] if situation.name in PENDING else [],
        )
        for situation in SITUATIONS
    ],
)
def test_a_situation(situation: Situation, tmp_path: Path) -> None:
    tell(situation, tmp_path)
