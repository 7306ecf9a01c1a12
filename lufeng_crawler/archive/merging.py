"""Unites archives: their capture files are laid together, and what they say is derived from all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copyfileobj

from lufeng_crawler.archive import captures
from lufeng_crawler.archive.captures import PIECE, said_by, sync_folder
from lufeng_crawler.archive.database import lock, still
from lufeng_crawler.archive.opening import opened
from lufeng_crawler.archive.replay import Progress
from lufeng_crawler.archive.writer import Archive, Reader
from lufeng_crawler.errors import UsageError


@dataclass(slots=True)
class Brought:
    """What became of the capture files of the others: copied, there already, or unlike ours of the same name."""

    files: int = 0
    skipped: int = 0
    differing: list[str] = field(default_factory=list)


def check(folder: Path, sources: Iterable[Path]) -> list[Path]:
    """All capture files of the sources. Raises UsageError for one that is no archive, or that is this one."""
    found: list[Path] = []
    for source in sources:
        files = captures.files(source / "captures")
        if not files and not (source / "archive.db").exists():
            raise UsageError(f"{source}: no archive there")
        if folder.exists() and source.samefile(folder):
            raise UsageError(f"{source}: is the archive itself; name others to unite it with")
        found += files
    return found


@contextmanager
def merged(
    folder: Path, sources: Sequence[Path], reader: Reader, software: str = "", progress: Progress | None = None
) -> Iterator[tuple[Archive, Brought]]:
    """The archive with all captures of the sources, which are only read and stay as they are.

    Every file bears a name of its own and was appended to by one process only, so that of two of one name the longer
    is the shorter with more behind it. Killed at any moment, the next start makes an archive of what was copied.
    Raises ArchiveInUse where a source is being written to, ArchiveError where the disk takes no more.
    """
    files = check(folder, sources)
    held = lock(folder)
    try:
        with ExitStack() as stack:
            for source in sources:
                stack.enter_context(still(source))
            brought = _bring(files, folder / "captures", progress or (lambda step: None))
        archive = opened(folder, reader, software, progress, held)
    finally:
        os.close(held)
    try:
        yield archive, brought
    finally:
        archive.close()


def _bring(files: Sequence[Path], folder: Path, progress: Callable[[int], None]) -> Brought:
    brought = Brought()
    folder.mkdir(exist_ok=True)
    for leftover in folder.glob(".*.part"):
        leftover.unlink()
    for file in files:
        ours = folder / file.name
        if ours.exists() and (at := _first_difference(file, ours)) is not None:
            brought.differing.append(f"{file} and {ours} differ at byte {at}: one of them is damaged; ours is kept")
        elif ours.exists() and ours.stat().st_size >= file.stat().st_size:
            brought.skipped += 1
        else:
            _copy(file, ours)
            brought.files += 1
        progress(file.stat().st_size)
    sync_folder(folder)
    return brought


def _first_difference(one: Path, other: Path) -> int | None:
    """Where two files differ, as far as both of them go."""
    at = 0
    with one.open("rb") as left, other.open("rb") as right:
        while (a := left.read(PIECE)) and (b := right.read(PIECE)):
            length = min(len(a), len(b))
            if a[:length] != b[:length]:
                return at + next(n for n in range(length) if a[n] != b[n])
            at += length
    return None


def _copy(file: Path, ours: Path) -> None:
    """Whole or not at all."""
    draft = ours.with_name(f".{ours.name}.part")
    with said_by(draft), file.open("rb") as source, draft.open("wb") as target:
        copyfileobj(source, target, 1 << 20)
        target.flush()
        os.fsync(target.fileno())
        draft.replace(ours)
