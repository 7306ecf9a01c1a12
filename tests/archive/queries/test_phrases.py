"""Tests the phrases of both languages: each says the same with the same put in."""

from __future__ import annotations

from string import Formatter

import pytest

from lufeng_crawler.archive.queries.phrases import LANGUAGES, PHRASES, translator


def put_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", PHRASES)
def test_a_phrase_takes_the_same_in_each_language(name: str) -> None:
    assert len(PHRASES[name]) == len(LANGUAGES)
    assert len({frozenset(put_in(text)) for text in PHRASES[name]}) == 1


def test_what_a_page_says_is_put_in_as_it_is() -> None:
    assert translator("zh")("page_said", words="{0.__class__}") == "页面写着“{0.__class__}”"
    assert translator("en")("answered", status=404) == "the site answered 404"
