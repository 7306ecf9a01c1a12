"""Tests that rows do not depend on how they came about: live, rebuilt, merged in any order and twice, killed.

Of runs judged by today's rules, by those before, and of ingests of what is older: coverage, unconfirmed answers,
template lines, requests without an answer, probes.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from lufeng_crawler.archive import open_archive
from lufeng_crawler.archive.store.merge import merge_archives
from tests.support import random_runs
from tests.support.archive_builder import READER, everything, rebuilt, rows

Tables = dict[str, list[tuple[object, ...]]]
VIEWS = ("owed", "out_of_reach", "site_health", "edits", "deletions", "latest_articles")


def unite(folder: Path, *sources: Path) -> Tables:
    with merge_archives(folder, sources, READER, "test"):
        pass
    return everything(folder)


def said(folder: Path) -> list[list[str]]:
    """What the views say, whatever the order of rows."""
    return [sorted(map(repr, rows(folder, f"SELECT * FROM {view}"))) for view in VIEWS]


def differing(one: Tables, other: Tables) -> set[str]:
    return {name for name in one | other if one.get(name) != other.get(name)}


def check(seed: int, folder: Path) -> Counter[str]:
    """Let archives live by chance, compare every way to the same rows, and count what there was to get wrong."""
    random = Random(seed)
    lived = random_runs.archives(folder, random)
    for archive in lived:
        open_archive(archive, READER, "test").close()
        assert not differing(everything(archive), rebuilt(archive)), f"seed {seed}: {archive.name} rebuilt"
    whole = unite(folder / "all", *lived)
    assert not differing(whole, unite(folder / "all", *lived)), f"seed {seed}: merged twice"
    expected = said(folder / "all")
    random.shuffle(lived)
    for archive in lived:
        merged = unite(folder / "one by one", archive)
    assert said(folder / "one by one") == expected, f"seed {seed}: merged in another order"
    assert not differing(merged, rebuilt(folder / "one by one")), f"seed {seed}: merged and rebuilt"
    found = Counter({name: len(whole[name]) for name in ("template_lines", "probes", "unanswered")})
    for sql in ("SELECT outcome AS name FROM captures", "SELECT kind AS name FROM changes"):
        found.update(row["name"] for row in rows(folder / "all", sql))
    return found


def test_some_runs_of_every_kind(tmp_path: Path) -> None:
    found = Counter[str]()
    for seed in range(4):
        found += check(seed, tmp_path / str(seed))
    kinds = {"template_lines", "probes", "unanswered", "unconfirmed", "edited", "missing", "restored", "moved"}
    assert kinds <= set(found), f"nothing was told of {kinds - set(found)}"


@pytest.mark.slow
@pytest.mark.parametrize("first", range(4, 40, 12))
def test_many_runs(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 12):
        check(seed, tmp_path / str(seed))
