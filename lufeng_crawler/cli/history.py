"""`lufeng history`: show an article's versions, events and captures."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json


@click.command("history")
@click.argument("article")
@json_option
@click.pass_context
def history_command(context: click.Context, article: str, as_json: bool) -> None:
    """Show an article's versions, events and captures.

    A request that brought no answer (a time-out) left no capture, and says nothing of the article.
    """
    from lufeng_crawler.archive import text
    from lufeng_crawler.archive.queries import articles, event_text
    from lufeng_crawler.archive.queries.captures import list_captures_of
    from lufeng_crawler.archive.queries.events import EventFilter, list_events

    options: Options = context.obj
    with options.reading() as db:
        versions = articles.get_history(db, article)
        events = list(list_events(db, EventFilter(article=articles.find_article_id(db, article))))
        captures, files = list_captures_of(db, article), articles.list_replaced_files(db, article)
    if as_json:
        for version in versions:
            print_json(version)
        return
    for version in versions:
        seen, title = f"{version['first_seen']} – {version['last_seen']}", text.one_line(version["title"])
        click.echo(f"version {version['number']}  {seen}  {version['published'] or 'no date'}  {title}")
    for event in events:
        click.echo(f"{event.at}  {event.kind}: {event.sentence}")
    for file in files:
        seen = f"{file['first_seen']} – {file['last_seen']}"
        click.echo(f"file {file['url']}  {seen}  {file['length']:,} bytes, {file['digest']}")
    for capture in captures:
        click.echo(f"{capture['fetched_at']}  capture {capture['id']}: {event_text.describe_capture(capture)}")
