"""Tests that the README and its Chinese twin show the same commands, names, pictures and parts."""

from __future__ import annotations

import re
import tomllib
from typing import get_args

import pytest

from lufeng_crawler import __version__
from lufeng_crawler.archive.coverage import CoverageState
from lufeng_crawler.archive.db import owed_schema
from lufeng_crawler.archive.store.runs import RULES
from tests.support.paths import ROOT

ENGLISH, CHINESE = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(readme: str) -> list[str]:
    """The lines of its shell blocks, without their comments."""
    blocks = (text for language, text in BLOCK.findall(readme) if language == "sh")
    return [re.sub(r"\s+#.*", "", line) for block in blocks for line in block.splitlines()]


def shown(readme: str) -> list[tuple[str, str]]:
    """Its other blocks; a site file as what it says, since comments are in words."""
    blocks = [(language, text) for language, text in BLOCK.findall(readme) if language != "sh"]
    return [(language, repr(tomllib.loads(text)) if language == "toml" else text) for language, text in blocks]


def prose(readme: str) -> str:
    return BLOCK.sub("", readme)


def names(readme: str) -> list[str]:
    """Commands, options, files and keys that its sentences name."""
    return sorted(set(re.findall(r"`([^`\n]+)`", prose(readme))))


def headings(readme: str) -> list[str]:
    return re.findall(r"^(#+) ", prose(readme), re.MULTILINE)


def targets(readme: str) -> list[str]:
    """Where its links and pictures lead, but to its twin."""
    found = re.findall(r"\]\(([^)\s]+)\)|<(https?://[^>]+)>", readme)
    return [one for pair in found if not (one := "".join(pair)).startswith("README")]


def test_the_commands_are_the_same() -> None:
    assert commands(CHINESE) == commands(ENGLISH) != []


def test_what_is_shown_is_the_same() -> None:
    assert shown(CHINESE) == shown(ENGLISH) != []


def test_the_names_are_the_same() -> None:
    assert names(CHINESE) == names(ENGLISH) != []


def test_the_parts_are_the_same() -> None:
    assert headings(CHINESE) == headings(ENGLISH) != []
    tables = [re.findall(r"^\| (`[^|]*`) ", prose(readme), re.MULTILINE) for readme in (CHINESE, ENGLISH)]
    assert tables[0] == tables[1] != []


def test_pictures_and_links_are_the_same() -> None:
    assert [target.replace("-zh.png", "-en.png") for target in targets(CHINESE)] == targets(ENGLISH) != []


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_what_lies_here_is_here(readme: str) -> None:
    assert [
        target for target in targets(readme) if "://" not in target and not (ROOT / target.partition("#")[0]).exists()
    ] == []


def test_each_leads_to_the_other() -> None:
    assert "(README.zh-CN.md)" in ENGLISH and "(README.md)" in CHINESE


def test_the_version_is_the_same_wherever_it_is_stated() -> None:
    citation = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert citation is not None
    assert citation[1] == __version__


def test_what_contributors_are_sent_to_is_there() -> None:
    """Every file and folder that CONTRIBUTING and the architecture name; NAME stands for any."""
    for page in ("CONTRIBUTING.md", "docs/architecture.md"):
        named = re.findall(r"`([\w./*-]+(?:\.\w+|/))`", (ROOT / page).read_text("utf-8"))
        places = [name for name in named if "/" in name and "NAME" not in name]
        assert len(places) > 5
        for place in places:
            roots = (ROOT, ROOT / "lufeng_crawler")
            assert any(root.joinpath(place).exists() or list(root.glob(place)) for root in roots), f"{page}: {place}"


def test_the_architecture_names_every_state_of_coverage_every_view_of_what_is_owed_and_all_rules() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    views = {re.findall(r"CREATE VIEW (\w+)", view)[0] for view in owed_schema.VIEWS}

    def first_cells(heading: str) -> set[str]:
        part = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        return set(re.findall(r"^\| `?(\w+)`?[^|]* \| ", part, re.MULTILINE)[1:])

    assert first_cells("Coverage") == set(get_args(CoverageState))
    assert first_cells("Owed") == views
    assert first_cells("Rules of earlier runs") == {str(number) for number in range(RULES + 1)}
