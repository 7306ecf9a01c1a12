"""`lufeng timemap`: list when a URL was captured, in Memento's link format."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json

REPLAY_PREFIX = "http://localhost:8080/lufeng"
"""Where pywb serves a collection of that name by default."""


@click.command("timemap")
@click.argument("url")
@click.option(
    "--prefix",
    metavar="URL",
    default=REPLAY_PREFIX,
    show_default=True,
    help="Where a replay (pywb, OpenWayback) serves the captures.",
)
@json_option
@click.pass_context
def timemap_command(context: click.Context, url: str, prefix: str, as_json: bool) -> None:
    """List when an address was captured, in Memento's link format."""
    from lufeng_crawler.archive.export.timemap import build_timemap
    from lufeng_crawler.pages.text.urls import canonical_url

    options: Options = context.obj
    with options.reading() as db:
        timemap = build_timemap(db, (url, canonical_url(url)), prefix)
    if as_json:
        return print_json(timemap.report())
    return click.echo("\n".join(timemap.lines()))
