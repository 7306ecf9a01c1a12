"""Tests that commands are listed by section and imported when they are needed, each from the module of its name."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from lufeng_crawler import cli
from lufeng_crawler.cli import SECTIONS, CommandGroup, CommandModules, main
from lufeng_crawler.errors import ArchiveInUse

LINES = {name: line for commands in SECTIONS.values() for name, line in commands.items()}
BESIDE = {"__init__", "article_filter", "diff_page", "options", "progress", "reports"}
"""Modules of the package that are no commands."""


def test_every_module_is_a_command_and_is_listed_once() -> None:
    modules = {path.stem for path in Path(cli.__path__[0]).glob("*.py")}
    names = [name for commands in SECTIONS.values() for name in commands]
    assert sorted(names) == sorted(modules - BESIDE)
    assert list(main.commands) == names


@pytest.mark.parametrize("name", LINES)
def test_the_line_in_the_list_is_the_first_sentence_of_the_commands_own_help(name: str) -> None:
    command = main.commands[name]
    assert command.name == name
    assert (command.help or "").partition("\n\n")[0] == LINES[name]


def test_the_help_lists_every_command_with_its_line() -> None:
    shown = CliRunner().invoke(main, ["--help"], terminal_width=80).stdout
    for heading, commands in SECTIONS.items():
        section = shown.partition(f"\n{heading}:\n")[2].partition("\n\n")[0]
        assert [line.split(maxsplit=1) for line in section.splitlines()] == [list(pair) for pair in commands.items()]


@pytest.fixture
def group(monkeypatch: pytest.MonkeyPatch) -> CommandGroup:
    """A group of three commands, of which there are modules for two."""

    @click.command("good")
    def good_command() -> None:
        """Work."""
        click.echo("done")

    @click.command("busy")
    def busy_command() -> None:
        """Fail on purpose."""
        raise ArchiveInUse("in use")

    for command in (good_command, busy_command):
        module = ModuleType(f"made.{command.name}")
        setattr(module, f"{command.name}_command", command)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    sections = {"Work": {"good": "Work.", "absent": "Not there."}, "Fail": {"busy": "Fail on purpose."}}
    return CommandGroup(name="made", package="made", sections=sections)


def test_a_command_runs_though_the_module_of_another_cannot_be_imported(group: CommandGroup) -> None:
    assert "absent  Not there." in CliRunner().invoke(group, ["--help"]).stdout
    assert CliRunner().invoke(group, ["good"]).stdout == "done\n"
    assert isinstance(CliRunner().invoke(group, ["absent"]).exception, ModuleNotFoundError)


def test_an_error_on_purpose_is_one_line_and_its_exit_code(group: CommandGroup) -> None:
    done = CliRunner().invoke(group, ["busy"])
    assert (done.exit_code, done.stdout, done.stderr) == (3, "", "lufeng: in use\n")


def test_a_mistyped_command_is_wrong_use(group: CommandGroup) -> None:
    assert CliRunner().invoke(group, ["goood"]).exit_code == 2


def test_a_command_may_be_added_and_taken_away() -> None:
    commands = CommandModules("made", {"Work": {"good": "Work."}})
    commands["other"] = click.Command("other")
    del commands["good"]
    assert (list(commands), len(commands), commands["other"].name) == (["other"], 1, "other")
    assert commands.get("good") is None
