"""Tests the UI's texts: each in both languages, none missing, none left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import lufeng_crawler.ui
from lufeng_crawler.archive import change_kinds, run_outcomes
from lufeng_crawler.archive.change_kinds import Tone
from lufeng_crawler.archive.queries.phrases import LANGUAGES
from lufeng_crawler.ui.page import TONES
from lufeng_crawler.ui.translations import load_translations, translator

FOLDER = Path(lufeng_crawler.ui.__file__).parent
SOURCES = [path.read_text("utf-8") for path in FOLDER.rglob("*") if path.suffix in (".py", ".html")]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", load_translations())
def test_a_text_says_the_same_in_both_languages(name: str) -> None:
    texts = load_translations()[name]
    assert len(texts) == len(LANGUAGES) and all(texts), name
    assert placeholders(texts[0]) == placeholders(texts[1]), name


def test_what_the_templates_say_by_name_is_there() -> None:
    said = {name for source in SOURCES for name in re.findall(r"\bsay\(\s*[\"']([a-z_]+)[\"']\s*[,)]", source)}
    assert said and said - set(load_translations()) == set()


def test_no_text_is_left_over() -> None:
    quoted = {name for source in SOURCES for name in re.findall(r"[\"']([a-z_]+)[\"']", source)}
    prefixes = {name for source in SOURCES for name in re.findall(r"[\"']([a-z_]+_)(?:[\"'] ~|\{)", source)}
    spoken = {name for name in load_translations() if name.startswith(tuple(prefixes) or ("\0",))}
    assert set(load_translations()) - quoted - spoken == set()


def test_what_is_given_is_put_in() -> None:
    assert translator("en")("name") == "Lufeng Crawler"
    assert translator("zh")("search") == "搜索"


def test_every_badge_has_one_of_the_colours() -> None:
    """A badge's class is a tone, which the stylesheet knows, and not the name of a kind, which it does not."""
    css = (FOLDER / "static" / "lufeng.css").read_text("utf-8")
    coloured = set(re.findall(r"\.badge\.(\w+)", css))
    assert coloured | {"plain"} == set(get_args(Tone))
    elsewhere = [path.name for path in FOLDER.rglob("*.css") if ".badge." in path.read_text("utf-8")]
    assert elsewhere == ["lufeng.css"]  # a later stylesheet would win
    templates = (path.read_text("utf-8") for path in FOLDER.rglob("*.html"))
    classes = {name for text in templates for name in re.findall(r'class="badge ([a-z]\w*)"', text)}
    assert classes and classes <= set(get_args(Tone))
    assert set(TONES.values()) <= set(get_args(Tone))
    assert set(TONES) == {"live", *change_kinds.NAMES, *run_outcomes.BY_NAME}
