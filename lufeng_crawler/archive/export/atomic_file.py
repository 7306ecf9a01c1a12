"""Writes files atomically: each is there whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from lufeng_crawler.errors import UsageError


@contextmanager
def atomic_write(path: Path) -> Iterator[TextIO]:
    """Open a file that replaces `path` when the block ends without an error; its `buffer` takes bytes.

    Until then the file has no name, where the system can do that, so that a killed process leaves nothing behind.
    Raise UsageError where the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(_create_nameless(path.parent, draft), "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if not draft.exists():
                _link(file.fileno(), draft)
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot write: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def _create_nameless(folder: Path, draft: Path) -> int:
    """Create a file without a name, or named `draft` where there are no such files (other systems than Linux, NFS)."""
    try:
        return os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
    except (AttributeError, OSError):
        return os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)


def _link(handle: int, draft: Path) -> None:
    folder = os.open(draft.parent, os.O_RDONLY)  # only with a folder's handle does Python follow the link under /proc
    try:
        os.link(f"/proc/self/fd/{handle}", draft.name, dst_dir_fd=folder)
    finally:
        os.close(folder)
