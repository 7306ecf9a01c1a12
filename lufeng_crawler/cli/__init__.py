"""The command `lufeng`: reads arguments, calls one function, prints."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import click

from lufeng_crawler import __version__
from lufeng_crawler.cli import (
    comparing,
    crawling,
    happening,
    keeping,
    looking,
    proving,
    searching,
    serving,
    sharing,
    siting,
)
from lufeng_crawler.cli.options import Options
from lufeng_crawler.errors import LufengError


class Lufeng(click.Group):
    """A group whose commands end in one line and the exit code of the error, never in a traceback of ours."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is raised on purpose is for the user to read."""
        try:
            return super().invoke(ctx)
        except LufengError as error:
            click.echo(f"lufeng: {error}", err=True)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            raise  # `lufeng … | head`: click ends in silence
        except OSError as error:
            said = f"{error.filename}: {error.strerror}" if error.filename else error
            click.echo(f"lufeng: {said}", err=True)
            ctx.exit(1)
        except sqlite3.Error as error:
            click.echo(f"lufeng: archive.db: {error}", err=True)
            ctx.exit(1)


@click.group(cls=Lufeng, context_settings={"help_option_names": ["-h", "--help"]})
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
    context.obj = Options(archive, sites)


for module in (comparing, crawling, happening, keeping, looking, proving, searching, serving, sharing, siting):
    for command in module.COMMANDS:
        main.add_command(command)
