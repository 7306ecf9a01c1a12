"""Tests that importing the package is quick: what is slow to load or to compile waits until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import lufeng_crawler.pages
from lufeng_crawler.pages.article import files_and_markup, labels
print(*({"dateparser", "parsel", "scrapy"} & sys.modules.keys()))
print(sum(f.cache_info().currsize for f in (files_and_markup._html_cleaner, labels._any_label, labels._boxed_label)))
"""


@pytest.fixture(scope="module")
def output() -> list[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    return done.stdout.split("\n")


def test_slow_packages_are_not_imported(output: list[str]) -> None:
    assert output[0] == ""


def test_patterns_of_hundreds_of_words_are_not_compiled(output: list[str]) -> None:
    assert output[1] == "0"
