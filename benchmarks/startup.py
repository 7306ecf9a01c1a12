"""How much it costs to start the program: CPU time and memory of commands that do little, beside other programs.

`python benchmarks/startup.py` makes a small archive and runs each command `--times` times, all of them in turns, each
in a process of its own. It prints per command, of user and system time together, the least and the median seconds of
CPU, and the largest resident set. The least is what to compare: a busy machine only makes a process slower. Programs
that are not installed beside this Python are left out, and that is said.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
OTHERS = ("scrapy", "datasette", "sqlite-utils")
ARTICLES = 20


@dataclass(frozen=True, slots=True)
class Startup:
    """What the runs of a command took: seconds of CPU time of each, and the most memory of any in MB."""

    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def line(self, name: str) -> str:
        """Return the figures in one line."""
        return f"{name:24} least {min(self.cpu):.3f} s  median {median(self.cpu):.3f} s  {max(self.memory):4.0f} MB"


MAKE = """
import sys
from pathlib import Path
from big_archive import build
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.store.transaction import transaction
folder, articles = Path(sys.argv[1]), int(sys.argv[2])
build(folder, articles)
with transaction(connect(folder / "archive.db")):  # derives all that follows from the versions
    pass
"""


def make_archive(folder: Path) -> Path:
    """Make an archive of a few articles.

    In another process: a process counts as its own what memory the one had that started it, so this one stays small.
    """
    environment = _environment()
    environment["PYTHONPATH"] += os.pathsep + str(HERE)
    subprocess.run([sys.executable, "-c", MAKE, str(folder), str(ARTICLES)], check=True, env=environment)
    return folder


def our_commands(archive: Path) -> dict[str, Sequence[str]]:
    """Return the command lines of ours, by name."""
    lufeng = [sys.executable, "-c", "from lufeng_crawler.cli import main; main()", "--archive", str(archive)]
    return {
        "lufeng --help": [*lufeng, "--help"],
        "lufeng crawl --help": [*lufeng, "crawl", "--help"],
        "lufeng sites": [*lufeng, "sites"],
        "lufeng show": [*lufeng, "show", "1"],
        "lufeng search": [*lufeng, "search", "通知"],
        "lufeng status": [*lufeng, "status"],
    }


def other_commands(names: Iterable[str] = OTHERS) -> dict[str, Sequence[str]]:
    """Return the command lines of the other programs, those that are installed."""
    return {f"{name} --help": [str(BIN / name), "--help"] for name in names if (BIN / name).exists()}


def measure(commands: Mapping[str, Sequence[str]], times: int) -> Mapping[str, Startup]:
    """Run every command so many times, in turns. Raises click.ClickException where one fails."""
    startups = {name: Startup() for name in commands}
    for _ in range(times):
        for name, command in commands.items():
            cpu, memory = run(command)
            startups[name].cpu.append(cpu)
            startups[name].memory.append(memory)
    return startups


def run(command: Sequence[str]) -> tuple[float, float]:
    """Return the seconds of CPU time and the MB that a process took. Raises click.ClickException where it failed."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise click.ClickException(f"{' '.join(command)}: exit {process.returncode}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def _environment() -> dict[str, str]:
    """Put the package beside this folder before an installed one; no setting of the shell's counts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUFENG_", "SCRAPY_"))}
    return kept | {"PYTHONPATH": str(HERE.parent)}


@click.command()
@click.option("--times", type=click.IntRange(1), default=15, show_default=True, help="Runs of each command.")
def main(times: int) -> None:
    """Measure what it costs to start."""
    with TemporaryDirectory() as folder:
        others = other_commands()
        for name, startup in measure(our_commands(make_archive(Path(folder) / "archive")) | others, times).items():
            click.echo(startup.line(name))
    for name in OTHERS:
        if f"{name} --help" not in others:
            click.echo(f"{name} is not installed beside {sys.executable}")


if __name__ == "__main__":
    main()
