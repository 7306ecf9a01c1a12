"""Commands about the evidence: merge unites archives with all of it."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import click

from lufeng_crawler.archive.captures import files as capture_files
from lufeng_crawler.archive.merging import merged
from lufeng_crawler.cli.keeping import print_taken, totals
from lufeng_crawler.cli.settings import Options, as_json, bar
from lufeng_crawler.reader import SOFTWARE, reader


@click.command("merge")
@click.argument(
    "archives", metavar="DIR...", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@as_json
@click.pass_context
def merge_command(context: click.Context, archives: tuple[Path, ...], as_json: bool) -> None:
    """Unite other archives with this one, in any order and any number of times; they are only read."""
    options: Options = context.obj
    started = monotonic()
    size = sum(path.stat().st_size for one in archives for path in capture_files(one / "captures"))
    with (
        bar("uniting", 2 * size) as step,
        merged(options.archive, archives, reader(options.sites), SOFTWARE, step) as (archive, brought),
    ):
        taken = totals(archive.db, brought.files, started)
    taken.skipped, taken.errors = brought.skipped, len(brought.differing)
    for problem in brought.differing:
        click.echo(f"lufeng: {problem}", err=True)
    print_taken(taken, as_json)
    context.exit(1 if brought.differing else 0)


COMMANDS = (merge_command,)
