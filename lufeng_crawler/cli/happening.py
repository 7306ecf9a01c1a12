"""The command that tells what happened: changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from lufeng_crawler.archive.export.feeds import render_atom, render_html, render_rss
from lufeng_crawler.archive.queries.events import KINDS, EventFilter, list_events
from lufeng_crawler.archive.text import one_line
from lufeng_crawler.cli.article_filter import Moment
from lufeng_crawler.cli.options import Options, print_json
from lufeng_crawler.cli.options import as_json as options_as_json

FEEDS: Mapping[str, Callable[[Iterable[Mapping[str, Any]]], str]] = {
    "rss": render_rss,
    "atom": render_atom,
    "html": render_html,
}
"""The formats for readers elsewhere; in them the newest events come first."""


@click.command("changes")
@click.option("--since", type=Moment(), help="Seen on this day or later.")
@click.option("--until", type=Moment(), help="Seen on this day or earlier.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only this kind; may be given again.")
@click.option("--site", help="Only of this site.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *FEEDS]),
    default="text",
    show_default=True,
    help="For people, for programs, for feed readers, or a page for a browser.",
)
@options_as_json
@click.pass_context
def changes_command(
    context: click.Context,
    since: str | None,
    until: str | None,
    kinds: tuple[str, ...],
    site: str | None,
    form: str,
    as_json: bool,
) -> None:
    """Tell what sites published, changed, took down or moved."""
    options: Options = context.obj
    form = "json" if as_json else form
    with options.reading() as db:
        found = list_events(db, EventFilter(since, until, kinds, site), newest_first=form in FEEDS)
        if form in FEEDS:
            return click.echo(FEEDS[form](found))
        for event in found:
            print_json(event) if form == "json" else click.echo(told(event))
    return None


def told(event: Mapping[str, Any]) -> str:
    """An event in two lines."""
    return (
        f"{event['at']}  {event['site']}  {event['kind']}  article {event['article']}: {one_line(event['title'])}\n"
        f"    {event['sentence']}"
    )


COMMANDS = (changes_command,)
