"""The UI's texts in English and Chinese: words.toml has a pair under each name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from lufeng_crawler.archive.queries.messages import Translate
from lufeng_crawler.archive.queries.messages import translator as translator_of


@cache
def load_translations() -> Mapping[str, tuple[str, ...]]:
    """Return every text by its name, one in each of `messages.LANGUAGES`."""
    words = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return {name: tuple(texts) for name, texts in words.items()}


def translator(language: str) -> Translate:
    """Return what templates call: `say("name", n=3)` is the text of that name, with the values put in."""
    return translator_of(language, load_translations())
