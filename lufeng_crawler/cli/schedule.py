"""`lufeng schedule`: print or install the timer that crawls what is due."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from lufeng_crawler import schedule
from lufeng_crawler.cli.shared.options import Options, print_problems


@click.command("schedule")
@click.option("--cron", is_flag=True, help="A crontab line instead of a systemd timer.")
@click.option("--install", is_flag=True, help="Install it instead of printing it.")
@click.pass_context
def schedule_command(context: click.Context, cron: bool, install: bool) -> None:
    """Print or install a timer that runs `lufeng crawl --due`."""
    options: Options = context.obj
    chosen = options.chosen_sites((), all_sites=True)
    code = print_problems(chosen.problems.values())
    every = schedule.period(chosen.sites.values())
    command = _crawl_command(options)
    if install:
        installed = [schedule.install_cron(command, every)] if cron else schedule.install_systemd(command, every)
        click.echo("\n".join(f"installed {file}" for file in installed))
    elif cron:
        click.echo(schedule.crontab_line(command, every))
    else:
        for name, text in schedule.systemd_units(command, every).items():
            click.echo(f"# {name}\n{text}")
    context.exit(code)


def _crawl_command(options: Options) -> list[str]:
    """Return the command with absolute paths: neither systemd nor cron starts in this directory or with this PATH."""
    program = shutil.which("lufeng") or str(Path(sys.argv[0]).resolve())
    sites_folder = ["--sites", str(options.sites.resolve())] if options.sites else []
    return [str(Path(program).resolve()), "--archive", str(options.archive.resolve()), *sites_folder, "crawl", "--due"]
