"""`lufeng history`: show an article's versions, events and captures."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lufeng_crawler.archive.db.rows import Row


@click.command("history")
@click.argument("article")
@json_option
@click.pass_context
def history_command(context: click.Context, article: str, as_json: bool) -> None:
    """Show an article's versions, events and captures.

    And the requests that brought no answer (a time-out), which say nothing of the article.
    """
    from lufeng_crawler.archive import text
    from lufeng_crawler.archive.queries import articles
    from lufeng_crawler.archive.queries.captures import list_captures_of, list_template_lines_of, list_unanswered_of
    from lufeng_crawler.archive.queries.events import EventFilter, list_events

    options: Options = context.obj
    with options.reading() as db:
        versions = articles.get_history(db, article)
        events = list(list_events(db, EventFilter(article=articles.find_article_id(db, article))))
        captures, files = list_captures_of(db, article), articles.list_replaced_files(db, article)
        unanswered, lines = list_unanswered_of(db, article), list_template_lines_of(db, article)
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
    for row in lines:
        line = text.one_line(row["line"])
        click.echo(f"{row['since']}  template change: this line is no content from now on: {line}")
    for at, answer in sorted(_answers(captures, unanswered), key=itemgetter(0)):
        click.echo(f"{at}  {answer}")


def _answers(captures: Iterable[Row], unanswered: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield the time and the words of each answer, and of each request that brought none."""
    from lufeng_crawler.archive import text
    from lufeng_crawler.archive.queries import event_text

    for capture in captures:
        yield capture["fetched_at"], f"capture {capture['id']}: {event_text.describe_capture(capture)}"
    for request in unanswered:
        yield request["at"], f"no answer: {text.one_line(request['reason'])}"
