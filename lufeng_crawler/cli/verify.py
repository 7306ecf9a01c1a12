"""`lufeng verify`: prove that nothing was altered or lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json


@click.command("verify")
@click.option("--quick", is_flag=True, help="Check tables and file sizes only; do not read the WARC records.")
@click.option(
    "--heads",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Check against the heads in FILE, published earlier, and write those there that it does not have.",
)
@json_option
@click.pass_context
def verify_command(context: click.Context, quick: bool, heads: Path | None, as_json: bool) -> None:
    """Prove that nothing was altered or lost.

    Every record is read and hashed, every row compared with its record, and the chain followed through both.
    """
    from lufeng_crawler.archive.integrity.published_heads import publish_heads
    from lufeng_crawler.archive.integrity.verify import summary, verify_archive
    from lufeng_crawler.cli.shared.progress import bar, warc_size

    options: Options = context.obj
    problems: list[str] = []
    with options.reading() as db, bar("checking", None if quick else warc_size(options.archive)) as progress:
        for problem in verify_archive(db, options.archive, quick, heads, progress):
            problems.append(problem)
            if not as_json:
                click.echo(problem)
        written = publish_heads(db, heads) if heads and not problems else 0
        report = summary(db, problems)
    if as_json:
        print_json(report)
    else:
        click.echo(_summary_line(report, written))
    context.exit(1 if problems else 0)


def _summary_line(report: dict[str, Any], written: int) -> str:
    result = f"{len(report['bad'])} findings" if report["bad"] else "nothing altered or lost"
    heads = f"; {written} heads written" if written else ""
    files = "one file" if report["warc_files"] == 1 else f"{report['warc_files']} files"
    return f"{report['captures']} captures in {files}: {result}; head {report['head']}{heads}"
