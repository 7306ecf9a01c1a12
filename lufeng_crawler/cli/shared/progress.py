"""Progress on a terminal: a bar for work whose size is known, a spinner for crawls; nothing elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lufeng_crawler.archive.progress import Progress, no_progress

if TYPE_CHECKING:
    import rich.progress


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Progress]:
    """Yield a function that advances a progress bar; the bar shows itself when it is first called."""
    if not _may_be_shown():
        yield no_progress
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

    with _build_display(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as display:
        task = display.add_task(label, total=total, visible=False)
        yield lambda amount: display.update(task, advance=amount, visible=True)


@contextmanager
def spinner() -> Iterator[Callable[[str, str], None]]:
    """Yield a function that shows one line for each name, with its present state."""
    if not _may_be_shown():
        yield lambda name, state: None
        return
    from rich.progress import SpinnerColumn, TextColumn

    with _build_display(SpinnerColumn(), TextColumn("{task.description}")) as display:
        yield SpinnerLines(display).show


class SpinnerLines:
    """The lines of a spinner, each added when its name is first shown."""

    def __init__(self, display: rich.progress.Progress) -> None:
        self._display = display
        self._tasks: dict[str, Any] = {}

    def show(self, name: str, state: str) -> None:
        """Show the state beside the name."""
        if name not in self._tasks:
            self._tasks[name] = self._display.add_task(name, total=None)
        self._display.update(self._tasks[name], description=f"{name}  {state}")


def warc_size(archive: Path) -> int:
    """Return the bytes in an archive's capture files: the total of a bar for reading them."""
    from lufeng_crawler.archive.warc.files import warc_files

    return sum(path.stat().st_size for path in warc_files(archive / "captures"))


def _may_be_shown() -> bool:
    """Return whether rich could take stderr for a terminal (it believes these variables, too): else do not load it."""
    return sys.stderr.isatty() or any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def _build_display(*columns: rich.progress.ProgressColumn) -> rich.progress.Progress:
    """Build a display on stderr that is gone when done.

    Rich takes over stdout where it can: never let it where stdout goes to a file or a pipe.
    """
    import rich.progress
    from rich.console import Console

    console, is_stdout_shared = Console(stderr=True), sys.stdout.isatty()
    is_quiet = not console.is_terminal
    return rich.progress.Progress(
        *columns,
        rich.progress.TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=is_quiet,
        redirect_stdout=is_stdout_shared,
    )
