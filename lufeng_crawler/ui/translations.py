"""The UI's texts in English and Chinese: words.toml has a pair under each name, the archive's tables have the rest."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from lufeng_crawler.archive import change_kinds, fields, run_outcomes
from lufeng_crawler.archive.queries import phrases


@cache
def load_translations() -> Mapping[str, tuple[str, ...]]:
    """Return every text by its name, one in each of `phrases.LANGUAGES`."""
    words = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return {name: tuple(texts) for name, texts in words.items()} | dict(_texts_of_tables())


def _texts_of_tables() -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the names of fields, kinds of change, outcomes and counts, which templates find by a prefix."""
    for field in fields.BY_NAME.values():
        yield f"field_{field.name}", (field.label, field.chinese)
    for kind in change_kinds.KINDS:
        yield f"event_{kind.name}", (kind.english, kind.chinese)
    for outcome in run_outcomes.OUTCOMES:
        yield f"run_{outcome.name}", (outcome.english, outcome.chinese)
    for count in run_outcomes.COUNTS:
        yield f"count_{count.name}", (count.english, count.chinese)


def translator(language: str) -> phrases.Translate:
    """Return what templates call: `say("name", n=3)` is the text of that name, with the values put in."""
    return phrases.translator(language, load_translations())
