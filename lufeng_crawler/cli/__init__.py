"""The command `lufeng`: reads arguments, calls one function, prints.

A command is one module named after it and one line in SECTIONS.
"""

from __future__ import annotations

from pathlib import Path

import click

from lufeng_crawler import __version__
from lufeng_crawler.archive.timestamps import clock_shift
from lufeng_crawler.cli.command_group import CommandGroup, Sections
from lufeng_crawler.cli.options import Options

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
        "schedule": "Print or install a timer that runs `lufeng crawl --due`.",
        "index": "Rebuild the full-text index.",
    },
}
"""Every command once, with the first sentence of its own help: `lufeng --help` imports none of them."""


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
