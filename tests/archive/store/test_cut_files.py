"""Cut anywhere: whatever is lost of the newest WARC and of the tables, the next start makes an archive of the rest."""

from __future__ import annotations

import shutil
import sqlite3
from argparse import Namespace
from contextlib import closing, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from warcio.checker import Checker

from lufeng_crawler.archive import Archive, RunEnd, RunStart, open_archive
from lufeng_crawler.items import Capture
from tests.support.archive_builder import (
    READER,
    answer,
    article,
    at,
    everything,
    listing,
    moment,
    rebuilt,
    rows,
    take,
    warcs,
)

RUNS: tuple[tuple[Capture, ...], ...] = (
    (listing(1, 2, 3), article(1), article(2, "二"), article(3, "三")),
    (listing(1, 2, 3, 4), article(1, body="改"), article(4, "四"), answer(3, status=404), article(2, "二")),
    (listing(1, 5), article(1), article(4, "四"), article(5, "二"), answer(2, status=301, to=5), answer(3, status=521)),
    (answer("list.htm", status=304, column="要闻", kind="listing"), article(1, body="改"), answer(3, status=404)),
    (listing(1, 2, 3, 4, 5), answer(5, status=304), article(4, "四")),
)


@dataclass(frozen=True, slots=True)
class Lived:
    """An archive that one process wrote; `states` are its database after each transaction."""

    folder: Path
    states: tuple[Path, ...]
    length: int


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("lived")
    archive = open_archive(folder, READER, "test")
    states = [_snapshot(archive, folder, 0)]
    for number, answers in enumerate(RUNS, 1):
        archive.begin(RunStart(f"run {number}", "crawl", moment(number), "gulou"))
        for second, one in enumerate(answers, 1):
            take(archive, f"run {number}", at(one, moment(number, second)))
            if second == 2:
                archive.flush()
                states.append(_snapshot(archive, folder, len(states)))
        archive.end(RunEnd(f"run {number}", moment(number, 9), "good", sweeps={"要闻": "complete"}))
        states.append(_snapshot(archive, folder, len(states)))
    archive.close()
    return Lived(folder, tuple(states), warcs(folder)[0].stat().st_size)


def _snapshot(archive: Archive, folder: Path, number: int) -> Path:
    path = folder / f"state-{number}"
    with closing(sqlite3.connect(path)) as copy:
        archive.db.backup(copy)
    return path


def check(paths: list[Path]) -> None:
    """`warcio check`, without a process for each."""
    with redirect_stdout(StringIO()) as said:
        code = Checker(Namespace(inputs=[str(path) for path in paths], verbose=False)).process_all()
    assert code == 0, said.getvalue()


def test_the_story_has_all_there_is(lived: Lived) -> None:
    with TemporaryDirectory() as name:
        shutil.copytree(lived.folder / "captures", Path(name) / "captures")
        rebuilt(Path(name))
        kinds = {row["kind"] for row in rows(Path(name), "SELECT kind FROM changes")}
        seen = {row["outcome"] for row in rows(Path(name), "SELECT outcome FROM captures")}
    assert kinds == {"new", "edited", "missing", "gone", "moved", "delisted", "relisted"}
    assert seen == {"listing", "article", "unchanged", "gone", "blocked", "redirect"}


@settings(max_examples=120, deadline=None)
@given(cut=st.floats(0, 1), lost=st.integers(0, 2 * len(RUNS)), tail=st.sampled_from([b"", b"\0" * 100, b"\x1f\x8b"]))
@example(cut=0.0, lost=0, tail=b"")
@example(cut=1.0, lost=2 * len(RUNS), tail=b"")
@example(cut=0.5, lost=0, tail=b"\0" * 20_000)  # as long as before, and zeros
def test_opening_again_gives_what_a_rebuild_gives(lived: Lived, cut: float, lost: int, tail: bytes) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(lived.folder / "captures", folder / "captures")
        shutil.copy(lived.states[-1 - lost], folder / "archive.db")
        (path,) = warcs(folder)
        whole = path.read_bytes()
        path.write_bytes(whole[: round(cut * lived.length)] + tail)
        open_archive(folder, READER, "test").close()
        opened = everything(folder)
        assert rebuilt(folder) == opened
        check(warcs(folder))
        assert all(row["outcome"] for row in rows(folder, "SELECT outcome FROM runs"))
        if cut == 1:
            assert path.read_bytes() == whole
