"""`lufeng changes`: list what happened, as text, JSON, a feed or a page."""

from __future__ import annotations

from dataclasses import asdict

import click

from lufeng_crawler.archive.queries.event_text import Event
from lufeng_crawler.archive.queries.events import KINDS, EventFilter, list_events
from lufeng_crawler.cli.shared.article_filter import Moment
from lufeng_crawler.cli.shared.options import Options, json_option, print_json

FEED_FORMATS = ("rss", "atom", "html")
"""The formats for readers elsewhere; in them the newest events come first."""


@click.command("changes")
@click.option("--since", type=Moment(), help="Seen on this day or later.")
@click.option("--until", type=Moment(), help="Seen on this day or earlier.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only this kind; repeatable.")
@click.option("--site", help="Only of this site.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", *FEED_FORMATS]),
    default="text",
    show_default=True,
    help="For people, for programs, for feed readers, or a page for a browser.",
)
@json_option
@click.pass_context
def changes_command(
    context: click.Context,
    since: str | None,
    until: str | None,
    kinds: tuple[str, ...],
    site: str | None,
    output_format: str,
    as_json: bool,
) -> None:
    """List what sites published, changed, took down or moved."""
    options: Options = context.obj
    output_format = "json" if as_json else output_format
    with options.reading() as db:
        events = list_events(db, EventFilter(since, until, kinds, site), newest_first=output_format in FEED_FORMATS)
        if output_format in FEED_FORMATS:
            from lufeng_crawler.archive.export import feeds  # with it, Jinja: text needs neither

            render = {"rss": feeds.render_rss, "atom": feeds.render_atom, "html": feeds.render_html}[output_format]
            return click.echo(render(events))
        for event in events:
            print_json(asdict(event)) if output_format == "json" else click.echo(_event_text(event))
    return None


def _event_text(event: Event) -> str:
    """Return an event as two lines."""
    from lufeng_crawler.archive.text import one_line

    return (
        f"{event.at}  {event.site}  {event.kind}  article {event.article}: {one_line(event.title)}\n"
        f"    {event.sentence}"
    )
