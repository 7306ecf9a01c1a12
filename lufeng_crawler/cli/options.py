"""What every command is given, and how results are printed."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from lufeng_crawler.archive import Archive
from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.warc.files import warc_files
from lufeng_crawler.errors import ArchiveError
from lufeng_crawler.reader import open_archive

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, keys as the schema names them.")


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `lufeng` itself."""

    archive: Path
    sites: Path | None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The archive's database, read-only."""
        db = connect_for_reading(self.archive)
        try:
            yield db
        except sqlite3.Error as error:
            raise ArchiveError(f"{self.archive / 'archive.db'}: {error}") from error
        finally:
            db.close()

    @contextmanager
    def writing(self) -> Iterator[Archive]:
        """The archive, caught up, for this process alone."""
        with bar("catching up", size_of(self.archive)) as step:
            archive = open_archive(self.archive, self.sites, step)
        try:
            yield archive
        finally:
            archive.close()


def size_of(archive: Path) -> int:
    """Bytes in its capture files."""
    return sum(path.stat().st_size for path in warc_files(archive / "captures"))


def print_json(row: Any) -> None:
    """One object, one line."""
    click.echo(json.dumps(row, ensure_ascii=False))


@contextmanager
def bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, nothing elsewhere; it shows itself with the first step."""
    with _progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()) as progress:
        task = progress.add_task(what, total=total, visible=False)
        yield lambda step: progress.update(task, advance=step, visible=True)


@contextmanager
def spinner() -> Iterator[Callable[[str, str], None]]:
    """A line for each thing under way on a terminal, nothing elsewhere: call with its name and how it stands."""
    with _progress(SpinnerColumn(), TextColumn("{task.description}")) as progress:
        tasks: dict[str, Any] = {}

        def show(name: str, how: str) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None)
            progress.update(tasks[name], description=f"{name}  {how}")

        yield show


def _progress(*columns: ProgressColumn) -> Progress:
    """On stderr, gone when done. Rich takes over stdout where it can: never where that goes to a file or a pipe."""
    console, shared = Console(stderr=True), sys.stdout.isatty()
    quiet = not console.is_terminal
    return Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=quiet, redirect_stdout=shared
    )
