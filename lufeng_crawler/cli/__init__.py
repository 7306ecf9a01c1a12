"""The command `lufeng`: reads arguments, calls one function, prints.

A command is one module named after it and one line in SECTIONS.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from lufeng_crawler import __version__
from lufeng_crawler.archive.timestamps import clock_shift
from lufeng_crawler.cli.shared.options import Options
from lufeng_crawler.errors import LufengError

Sections = Mapping[str, Mapping[str, str]]
"""By the heading in `--help`, the names of commands and their lines there."""

SECTIONS: Sections = {
    "Crawl": {
        "demo": "See it work offline: crawl some days of a made-up county.",
        "sites": "List the sites that have a site file; add one, check one.",
        "crawl": "Crawl sites: what is new, what is due again, what was missed.",
        "ingest": "Ingest WARC and WACZ files of any maker, in the order of time.",
    },
    "Look": {
        "search": "Find articles by full text, deleted ones too.",
        "show": "Show an article, by its id or its address.",
        "history": "Show an article's versions, events and captures.",
        "diff": "Show what differs between two versions, by default the last two.",
        "copies": "Show where else an article's text was published, and who was first.",
        "changes": "List what sites published, changed, took down or moved.",
        "serve": "Show the archive in a browser, with SQL over all tables.",
    },
    "Prove": {
        "verify": "Prove that nothing was altered or lost.",
        "rebuild": "Rebuild archive.db from captures/ alone.",
        "timemap": "List when an address was captured, in Memento's link format.",
    },
    "Hand on": {
        "export": "Write articles as a table, or with all versions as a database.",
        "wacz": "Write captures to a .wacz file that others can replay.",
        "merge": "Merge other archives into this one.",
    },
    "Run": {
        "status": "Show how each site's crawls went, against what its file expects.",
        "owed": "List what was listed and could not be captured yet.",
        "schedule": "Print or install a timer that runs `lufeng crawl --due`.",
        "index": "Rebuild the full-text index.",
    },
}
"""Every command once, with the first sentence of its own help: `lufeng --help` imports none of them."""


class CommandModules(MutableMapping[str, click.Command]):
    """Commands by name; the command `show` is `show_command` in the package's module `show`, imported when read."""

    def __init__(self, package: str, sections: Sections) -> None:
        self._package = package
        self._commands: dict[str, click.Command | None] = {name: None for names in sections.values() for name in names}

    def __getitem__(self, name: str) -> click.Command:
        command = self._commands[name]
        if command is None:
            module = import_module(f"{self._package}.{name}")
            command = self._commands[name] = getattr(module, f"{name}_command")
        assert command is not None
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)


class CommandGroup(click.Group):
    """Imports its commands as they are needed, and turns errors raised on purpose into one line and their exit code."""

    def __init__(self, *, package: str, sections: Sections, **options: Any) -> None:
        super().__init__(commands=CommandModules(package, sections), **options)
        self._sections = sections

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, each with its line from the table: none is imported for that."""
        width = max(map(len, self.commands))
        for heading, commands in self._sections.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), line) for name, line in commands.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; print errors raised on purpose, and those of files and SQLite, in one line."""
        try:
            return super().invoke(ctx)
        except LufengError as error:
            click.echo(f"lufeng: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise  # `lufeng … | head`: click ends in silence
        except OSError as error:
            message = f"{error.filename}: {error.strerror}" if error.filename else error
            click.echo(f"lufeng: {message}", err=True)
            ctx.exit(1)
        except sqlite3.Error as error:
            click.echo(f"lufeng: archive.db: {error}", err=True)
            ctx.exit(1)


@click.group(
    cls=CommandGroup,
    package=__name__,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="lufeng")
@click.option(
    "--archive",
    type=click.Path(file_okay=False, path_type=Path),
    default="data",
    show_default=True,
    envvar="LUFENG_ARCHIVE",
    help="The archive's directory.",
)
@click.option(
    "--sites",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    envvar="LUFENG_SITES",
    help="A directory of site files, beside those that come with the program.",
)
@click.pass_context
def main(context: click.Context, archive: Path, sites: Path | None) -> None:
    """Crawl Chinese government news sites, and keep what they publish with the evidence."""
    clock_shift()  # a bad LUFENG_CLOCK is reported here, not in the middle of a crawl
    context.obj = Options(archive, sites)
