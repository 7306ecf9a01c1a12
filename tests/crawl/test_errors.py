"""Tests the tree of what is raised on purpose: drawn as it is, each error one line and an exit code."""

from __future__ import annotations

import inspect
import re

import pytest

from lufeng_crawler import errors
from lufeng_crawler.errors import LufengError, PageError, SiteFileError

ALL = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, LufengError)]


def drawn() -> dict[str, str]:
    """The parent of each error in the docstring's drawing: the last line above it with a shorter indent."""
    parents, above = {}, [(-1, "Exception")]
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"([│├└─\s]*)([A-Z]\w+Error|[A-Z]\w+)(?:$|  )", line):
            depth = len(found[1])
            above = [one for one in above if one[0] < depth]
            parents[found[2]] = above[-1][1]
            above.append((depth, found[2]))
    return parents


def code_of(error: type) -> int | None:
    """The code that stands behind an error in the drawing."""
    found = re.search(rf"─ {error.__name__}\s.*exit (\d)$", errors.__doc__ or "", re.MULTILINE)
    return int(found[1]) if found else None


def test_the_drawing_has_every_error_under_its_parent() -> None:
    assert drawn() == {one.__name__: one.__base__.__name__ for one in ALL if one.__base__}


@pytest.mark.parametrize("error", ALL, ids=lambda one: one.__name__)
def test_an_error_ends_with_the_code_that_is_drawn_for_it_or_its_parent(error: type[LufengError]) -> None:
    assert error.exit_code == next((code for each in error.__mro__ if (code := code_of(each))), 1)


@pytest.mark.parametrize("error", ALL, ids=lambda one: one.__name__)
def test_every_error_says_what_it_means(error: type[LufengError]) -> None:
    assert (error.__doc__ or "").strip()


def test_a_broken_site_file_is_told_by_file_key_and_problem() -> None:
    assert str(SiteFileError("gulou.toml", "every", "is no span of time")) == "gulou.toml: every: is no span of time"


@pytest.mark.parametrize("error", [one for one in ALL if issubclass(one, PageError)], ids=lambda one: one.__name__)
def test_an_error_of_a_page_names_its_address(error: type[PageError]) -> None:
    said = str(error("http://gulou.example/1.htm", "没有正文"))
    assert said == "http://gulou.example/1.htm: 没有正文"
