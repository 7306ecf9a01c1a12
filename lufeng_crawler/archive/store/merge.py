"""Merges archives: copies their capture files into one and derives the tables from all of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj

from lufeng_crawler.archive.db.connection import exclusive_lock, shared_lock
from lufeng_crawler.archive.progress import Progress, no_progress
from lufeng_crawler.archive.store.archive import Archive, Reader
from lufeng_crawler.archive.store.opening import open_locked
from lufeng_crawler.archive.warc.files import PIECE, disk_errors, sync_directory, warc_files
from lufeng_crawler.errors import UsageError


@dataclass(slots=True)
class MergeResult:
    """What became of the sources' capture files: copied, already there, or different from ours of the same name."""

    files: int = 0
    skipped: int = 0
    differing: list[str] = field(default_factory=list)


def check_sources(folder: Path, sources: Iterable[Path]) -> list[Path]:
    """Return all capture files of the sources. Raises UsageError for one that is no archive, or that is this one."""
    captures: list[Path] = []
    for source in sources:
        files = warc_files(source / "captures")
        if not files and not (source / "archive.db").exists():
            raise UsageError(f"{source}: no archive there")
        if folder.exists() and source.samefile(folder):
            raise UsageError(f"{source}: is the archive itself; name others to merge into it")
        captures += files
    return captures


@contextmanager
def merge_archives(
    folder: Path, sources: Sequence[Path], reader: Reader, software: str = "", progress: Progress = no_progress
) -> Iterator[tuple[Archive, MergeResult]]:
    """Yield the archive with all captures of the sources merged into it. The sources are only read.

    Every file has a name of its own and was appended to by one process only, so that of two with one name the longer
    is the shorter with more behind it. Killed at any moment, the next start makes an archive of what was copied.
    Raises ArchiveInUse where a source is being written to, ArchiveError where the disk takes no more.
    """
    files = check_sources(folder, sources)
    handle = exclusive_lock(folder)
    try:
        with ExitStack() as stack:
            for source in sources:
                stack.enter_context(shared_lock(source))
            result = _copy_files(files, folder / "captures", progress)
        archive = open_locked(folder, reader, software, progress, handle)
    finally:
        os.close(handle)
    try:
        yield archive, result
    finally:
        archive.close()


def _copy_files(files: Sequence[Path], folder: Path, progress: Progress) -> MergeResult:
    result = MergeResult()
    folder.mkdir(exist_ok=True)
    for leftover in folder.glob(".*.part"):
        leftover.unlink()
    for file in files:
        ours = folder / file.name
        if ours.exists() and (at := _first_difference(file, ours)) is not None:
            result.differing.append(f"{file} and {ours} differ at byte {at}: one of them is damaged; ours is kept")
        elif ours.exists() and ours.stat().st_size >= file.stat().st_size:
            result.skipped += 1
        else:
            _copy(file, ours)
            result.files += 1
        progress(file.stat().st_size)
    sync_directory(folder)
    return result


def _first_difference(one: Path, other: Path) -> int | None:
    """Return the first byte at which two files differ, as far as both of them go."""
    at = 0
    with one.open("rb") as left, other.open("rb") as right:
        while (a := left.read(PIECE)) and (b := right.read(PIECE)):
            length = min(len(a), len(b))
            if a[:length] != b[:length]:
                return at + next(n for n in range(length) if a[n] != b[n])
            at += length
    return None


def _copy(file: Path, ours: Path) -> None:
    """Copy a file whole or not at all."""
    draft = ours.with_name(f".{ours.name}.part")
    with disk_errors(draft), file.open("rb") as source, draft.open("wb") as target:
        copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
        draft.replace(ours)
