"""Tests that the benchmark of starting runs every command, and that ours start no slower than Scrapy."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from startup import Startup, make_archive, measure, other_commands, our_commands, run


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("made") / "archive")


def test_every_command_is_run_in_turns(archive: Path) -> None:
    startups = measure(our_commands(archive), 2)
    assert len(startups) == 6
    assert all(len(startup.cpu) == len(startup.memory) == 2 for startup in startups.values())
    assert all(min(startup.cpu) > 0 and min(startup.memory) > 5 for startup in startups.values())


def test_ours_start_with_less_cpu_time_than_scrapy(archive: Path) -> None:
    commands = our_commands(archive)
    startups = measure({name: commands[name] for name in ("lufeng --help", "lufeng show")} | other_commands(), 3)
    assert min(startups["lufeng --help"].cpu) < min(startups["scrapy --help"].cpu)
    assert min(startups["lufeng show"].cpu) < min(startups["scrapy --help"].cpu)


def test_a_command_that_fails_is_an_error_and_no_figure() -> None:
    with pytest.raises(click.ClickException, match="exit 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_program_that_is_not_installed_is_left_out() -> None:
    assert other_commands(["no-such-program"]) == {}
    assert list(other_commands(["scrapy"])) == ["scrapy --help"]


def test_a_line_for_each_command() -> None:
    line = Startup([0.2, 0.1, 0.4], [20.0, 30.0]).line("lufeng --help")
    assert line.split() == ["lufeng", "--help", "least", "0.100", "s", "median", "0.200", "s", "30", "MB"]
