"""Progress on a terminal: a bar for work whose size is known, a spinner for crawls; nothing elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that advances a progress bar by so many units; the bar shows itself with the first step."""
    if not _may_be_shown():
        yield lambda step: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    with _progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as progress:
        task = progress.add_task(label, total=total, visible=False)
        yield lambda step: progress.update(task, advance=step, visible=True)


@contextmanager
def spinner() -> Iterator[Callable[[str, str], None]]:
    """Yield a function that shows one line for each name, with its present state."""
    if not _may_be_shown():
        yield lambda name, state: None
        return
    from rich.progress import SpinnerColumn, TextColumn

    with _progress(SpinnerColumn(), TextColumn("{task.description}")) as progress:
        yield SpinnerLines(progress).show


class SpinnerLines:
    """The lines of a spinner, each added when its name is first shown."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, Any] = {}

    def show(self, name: str, state: str) -> None:
        """Show the state beside the name."""
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=None)
        self._progress.update(self._tasks[name], description=f"{name}  {state}")


def warc_size(archive: Path) -> int:
    """Return the bytes in an archive's capture files: the total of a bar for reading them."""
    from lufeng_crawler.archive.warc.files import warc_files

    return sum(path.stat().st_size for path in warc_files(archive / "captures"))


def _may_be_shown() -> bool:
    """Return whether rich could take stderr for a terminal (it believes these variables, too): else do not load it."""
    return sys.stderr.isatty() or any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def _progress(*columns: ProgressColumn) -> Progress:
    """Build a display on stderr that is gone when done.

    Rich takes over stdout where it can: never let it where stdout goes to a file or a pipe.
    """
    from rich.console import Console
    from rich.progress import Progress, TimeElapsedColumn

    console, is_stdout_shared = Console(stderr=True), sys.stdout.isatty()
    is_quiet = not console.is_terminal
    return Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=is_quiet,
        redirect_stdout=is_stdout_shared,
    )
