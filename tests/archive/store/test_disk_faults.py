"""A full disk, another writer, a broken database: said in one line, and nothing lost afterwards."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lufeng_crawler.archive import Archive, RunStart, open_archive, rebuild
from lufeng_crawler.archive.db.connection import connect_for_reading, exclusive_lock
from lufeng_crawler.errors import ArchiveError, ArchiveInUse, UsageError
from tests.support.archive_builder import READER, Story, article, everything, moment, rebuilt, rows, take, warcio, warcs
from tests.support.paths import ROOT


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """With a run under way and one capture in it."""
    opened = open_archive(tmp_path, READER, "test")
    opened.begin(RunStart("run", "crawl", moment(1), "gulou"))
    take(opened, "run", article(1, fetched_at=moment(1, 1)))
    return opened


def caught_up(folder: Path, captures: int) -> None:
    open_archive(folder, READER, "test").close()
    assert len(rows(folder, "SELECT * FROM captures")) == captures
    assert warcio("check", warcs(folder)).returncode == 0
    assert everything(folder) == rebuilt(folder)


def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every write puts down a half and then finds the disk full."""
    write, state = os.write, {"half": False}

    def half(handle: int, data: bytes | memoryview) -> int:
        state["half"] = not state["half"]
        if state["half"] and len(data) > 1:
            return write(handle, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", half)


def test_a_disk_that_fills_in_the_middle_of_a_record(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = warcs(archive.folder)
    size = path.stat().st_size
    with monkeypatch.context() as patch:
        full(patch)
        for _ in range(3):
            with pytest.raises(ArchiveError, match=r"lufeng-000001.*: cannot write: No space left"):
                take(archive, "run", article(2, fetched_at=moment(1, 2)))
            assert path.stat().st_size == size
    take(archive, "run", article(3, fetched_at=moment(1, 3)))
    archive.close()
    caught_up(archive.folder, 2)


def test_a_disk_that_is_full_when_a_file_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(tmp_path, READER, "test")
    with monkeypatch.context() as patch:
        full(patch)
        with pytest.raises(ArchiveError, match="No space left"):
            archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
    assert warcs(tmp_path) == []
    archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
    take(archive, "run", article(1, fetched_at=moment(1, 1)))
    archive.close()
    caught_up(tmp_path, 1)


def test_a_sync_that_fails_writes_no_row(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        with pytest.raises(ArchiveError, match="Input/output error"):
            archive.flush()
        with pytest.raises(ArchiveError, match="Input/output error"):
            archive.close()
    assert rows(archive.folder, "SELECT * FROM captures") == []
    caught_up(archive.folder, 1)


@pytest.mark.parametrize("flush_again", [True, False])
def test_a_database_that_fills_in_the_middle_of_a_batch(archive: Archive, flush_again: bool) -> None:
    archive.flush()
    pages = archive.db.execute("PRAGMA page_count").fetchone()[0]
    archive.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    for second in range(2, 60):
        take(archive, "run", article(second, body="文" * 500, fetched_at=moment(1, second)))
    with pytest.raises(ArchiveError, match="database or disk is full"):
        archive.flush()
    assert len(rows(archive.folder, "SELECT * FROM captures")) == 1
    if flush_again:
        archive.db.execute("PRAGMA max_page_count = 100000")
        archive.close()
        assert len(rows(archive.folder, "SELECT * FROM captures")) == 59
    else:
        archive.release()
    caught_up(archive.folder, 59)


def test_a_database_that_somebody_else_holds(archive: Archive) -> None:
    archive.db.execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(archive.folder / "archive.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(ArchiveInUse, match="locked"):
        archive.flush()
    other.close()
    archive.close()
    caught_up(archive.folder, 1)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from tests.support.archive_builder import READER, article, moment, take
from lufeng_crawler.archive import RunStart, open_archive
from lufeng_crawler.errors import ArchiveError
archive = open_archive(Path(sys.argv[1]), READER, "test")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
archive.begin(RunStart("run", "crawl", moment(1), "gulou"))
taken = 0
try:
    for second in range(10_000):
        take(archive, "run", article(second, body=str(second**40), fetched_at=moment(1, second)))
        taken += 1
    archive.close()
except ArchiveError as error:
    print(taken, error)
archive.release()
"""


def test_a_real_limit_on_what_may_be_written(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    taken, said = done.stdout.split(" ", 1)
    assert re.search(r": cannot write: File too large|archive\.db: (disk I/O error|database or disk is full)", said)
    assert int(taken) > 0
    caught_up(tmp_path, int(taken))


def test_one_writer_at_a_time(archive: Archive) -> None:
    with pytest.raises(ArchiveInUse, match=rf"in use by another writer \(process {os.getpid()}\)"):
        open_archive(archive.folder, READER)
    with pytest.raises(ArchiveInUse):
        rebuild(archive.folder, READER)
    archive.close()
    caught_up(archive.folder, 1)


def test_what_cannot_be_opened_lets_go_of_the_lock(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(ArchiveError, match="not a database"):
        open_archive(tmp_path, READER)
    os.close(exclusive_lock(tmp_path))


def test_a_broken_database_is_derived_anew(tmp_path: Path) -> None:
    Story(tmp_path).run(1, article(1), article(2))
    before = everything(tmp_path)
    (tmp_path / "archive.db").write_bytes(b"this is no database" * 100)
    assert rebuilt(tmp_path) == before


def test_a_rebuild_that_is_cut_short_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    Story(tmp_path).run(1, article(1), article(2))
    before = everything(tmp_path)

    def cut(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(tmp_path, READER, "test", cut)
    assert everything(tmp_path) == before
    assert rebuilt(tmp_path) == before
    assert list(tmp_path.glob("archive.db?*")) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ArchiveError, match="cannot write there"):
        open_archive(tmp_path / "file", READER)


def test_reading_needs_an_archive(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no archive there yet"):
        connect_for_reading(tmp_path)
