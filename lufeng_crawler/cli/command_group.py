"""A group of commands, one module each, that imports a command's module only when that command is needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import click

from lufeng_crawler.errors import LufengError

Sections = Mapping[str, Mapping[str, str]]
"""By the heading in `--help`, the names of commands and their lines there."""


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
