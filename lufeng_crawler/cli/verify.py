"""Commands about the evidence: verify proves that it is whole, merge unites archives with all of it."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import Any

import click

from lufeng_crawler.archive.integrity.published_heads import publish_heads
from lufeng_crawler.archive.integrity.verify import summary, verify_archive
from lufeng_crawler.archive.store.merge import merge_archives
from lufeng_crawler.cli.keeping import print_taken, totals
from lufeng_crawler.cli.options import Options, bar, print_json, size_of
from lufeng_crawler.cli.options import as_json as options_as_json
from lufeng_crawler.reader import SOFTWARE, reader


@click.command("merge")
@click.argument(
    "archives", metavar="DIR...", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@options_as_json
@click.pass_context
def merge_command(context: click.Context, archives: tuple[Path, ...], as_json: bool) -> None:
    """Unite other archives with this one.

    In any order and any number of times: the result is the same. The others are only read.
    """
    options: Options = context.obj
    started = monotonic()
    size = sum(map(size_of, archives))
    with (
        bar("uniting", 2 * size) as step,
        merge_archives(options.archive, archives, reader(options.sites), SOFTWARE, step) as (archive, brought),
    ):
        taken = totals(archive.db, brought.files, started)
    taken.skipped, taken.errors = brought.skipped, len(brought.differing)
    for problem in brought.differing:
        click.echo(f"lufeng: {problem}", err=True)
    print_taken(taken, as_json)
    context.exit(1 if brought.differing else 0)


@click.command("verify")
@click.option("--quick", is_flag=True, help="Only the tables and the lengths of the files, not what is in these.")
@click.option(
    "--heads",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Check against the heads in FILE, published earlier, and write those there that it does not have.",
)
@options_as_json
@click.pass_context
def verify_command(context: click.Context, quick: bool, heads: Path | None, as_json: bool) -> None:
    """Prove that nothing was altered or lost.

    Every record is read and hashed, every row compared with its record, and the chain followed through both.
    """
    options: Options = context.obj
    bad: list[str] = []
    with options.reading() as db, bar("checking", None if quick else size_of(options.archive)) as step:
        for problem in verify_archive(db, options.archive, quick, heads, step):
            bad.append(problem)
            if not as_json:
                click.echo(problem)
        written = publish_heads(db, heads) if heads and not bad else 0
        report = summary(db, bad)
    if as_json:
        print_json(report)
    else:
        click.echo(_verified(report, written))
    context.exit(1 if bad else 0)


COMMANDS = (merge_command, verify_command)


def _verified(report: dict[str, Any], written: int) -> str:
    found = f"{len(report['bad'])} findings" if report["bad"] else "all as it was written"
    told = f"; {written} heads written" if written else ""
    files = "one file" if report["warc_files"] == 1 else f"{report['warc_files']} files"
    return f"{report['captures']} captures in {files}: {found}; head {report['head']}{told}"
