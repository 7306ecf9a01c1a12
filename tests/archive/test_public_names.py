"""Tests that the archive's public names lead to what they name, and are imported when they are first used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from lufeng_crawler import archive
from tests.support.commands import environment

FILE = Path(archive.__file__)


def imports_for_type_checkers() -> dict[str, str]:
    """By name, the module from which a type checker takes it."""
    imports = [node for node in ast.walk(ast.parse(FILE.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {
        name.name: str(node.module).removeprefix("lufeng_crawler.archive.")
        for node in imports
        if str(node.module).startswith("lufeng_crawler.")
        for name in node.names
    }


def test_type_checkers_and_python_take_the_same_names_from_the_same_modules() -> None:
    assert imports_for_type_checkers() == archive._MODULES
    assert sorted(archive.__all__) == sorted(archive._MODULES)


@pytest.mark.parametrize("name", archive.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(archive, name) is getattr(archive, name)


def test_a_name_that_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match=r"module 'lufeng_crawler.archive' has no attribute 'nothing'"):
        _ = archive.nothing  # type: ignore[attr-defined]


def test_the_package_alone_imports_none_of_its_rooms() -> None:
    program = "import sys, lufeng_crawler.archive; print(*(n for n in sys.modules if n.startswith('lufeng_crawler.')))"
    command = [sys.executable, "-P", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=True)
    assert done.stdout.split() == ["lufeng_crawler.archive"]
