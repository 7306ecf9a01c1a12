"""Files that leave the archive: each is whole, or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lufeng_crawler.errors import UsageError


@contextmanager
def atomic_write(path: Path) -> Iterator[TextIO]:
    """A file that takes the path's place when all of it is written; until then, where the system can, without a name.

    So that nothing is left behind by a process that is killed. Its `buffer` takes bytes. Raises UsageError where it
    cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(_nameless(path.parent, draft), "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if not draft.exists():
                _name(file.fileno(), draft)
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot write: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def _nameless(folder: Path, draft: Path) -> int:
    """A new file in the folder that has no name, or the draft's where there are no such files (not Linux, NFS)."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):
        return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)


def _name(handle: int, draft: Path) -> None:
    folder = os.open(draft.parent, os.O_RDONLY)  # with a folder's handle Python follows the link under /proc
    try:
        os.link(f"/proc/self/fd/{handle}", draft.name, dst_dir_fd=folder)
    finally:
        os.close(folder)
