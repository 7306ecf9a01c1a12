"""For any site and any sequence of runs: nothing is told that the site did not do, and nothing listed is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from lufeng_crawler.archive import rebuild
from tests.support.archive_builder import everything
from tests.support.random_history import tell
from tests.support.random_site import READER

HISTORIES, AT_ONCE = 200, 10


def unjustified(folder: Path, seeds: range) -> list[str]:
    """Return the faults of these histories, each with its seed; some archives are rebuilt and compared."""
    faults = []
    for seed in seeds:
        history = tell(seed, folder / str(seed))
        faults += [f"seed {seed}: {fault}" for fault in history.faults()]
        if seed % AT_ONCE == 0:
            before = everything(history.folder)
            rebuild(history.folder, READER, "test")
            after = everything(history.folder)
            faults += [f"seed {seed}: a rebuild has other {name}" for name in before if before[name] != after[name]]
    return faults


def test_some_histories(tmp_path: Path) -> None:
    assert unjustified(tmp_path, range(AT_ONCE)) == []


@pytest.mark.parametrize("first", range(AT_ONCE, HISTORIES, AT_ONCE))
def test_many_histories(tmp_path: Path, first: int) -> None:
    assert unjustified(tmp_path, range(first, first + AT_ONCE)) == []
