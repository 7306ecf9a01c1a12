"""`lufeng history`: show an article's versions, events and captures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from lufeng_crawler.archive.text import one_line
from lufeng_crawler.cli.shared.options import Options, json_option, print_json

if TYPE_CHECKING:
    import sqlite3


@click.command("history")
@click.argument("article")
@json_option
@click.pass_context
def history_command(context: click.Context, article: str, as_json: bool) -> None:
    """Show an article's versions, events and captures.

    And the requests that brought no answer (a time-out), which say nothing of the article.
    """
    from lufeng_crawler.archive.queries import articles

    options: Options = context.obj
    with options.reading() as db:
        versions = articles.get_history(db, article)
        lines = [] if as_json else [*_event_lines(db, article), *_answer_lines(db, article)]
    for version in versions:
        print_json(version) if as_json else click.echo(_version_line(version))
    for line in lines:
        click.echo(line)


def _version_line(version: Mapping[str, Any]) -> str:
    seen, title = f"{version['first_seen']} – {version['last_seen']}", one_line(version["title"])
    return f"version {version['number']}  {seen}  {version['published'] or 'no date'}  {title}"


def _event_lines(db: sqlite3.Connection, article: str) -> Iterator[str]:
    """Yield what happened to the article and to its files, and which of its lines are the template's."""
    from lufeng_crawler.archive.queries import articles, captures
    from lufeng_crawler.archive.queries.events import EventFilter, list_events

    for event in list_events(db, EventFilter(article=articles.find_article_id(db, article))):
        yield f"{event.at}  {event.kind}: {event.sentence}"
    for file in articles.list_replaced_files(db, article):
        seen = f"{file['first_seen']} – {file['last_seen']}"
        yield f"file {file['url']}  {seen}  {file['length']:,} bytes, {file['digest']}"
    for row in captures.list_template_lines_of(db, article):
        yield f"{row['since']}  template change: this line is no content from now on: {one_line(row['line'])}"


def _answer_lines(db: sqlite3.Connection, article: str) -> list[str]:
    """Return what was answered for the article, and what was not, in the order of time."""
    from lufeng_crawler.archive.queries import captures, event_text

    answers = [
        (capture["fetched_at"], f"capture {capture['id']}: {event_text.describe_capture(capture)}")
        for capture in captures.list_captures_of(db, article)
    ]
    answers += [
        (request["at"], f"no answer: {one_line(request['reason'])}")
        for request in captures.list_unanswered_of(db, article)
    ]
    return [f"{at}  {answer}" for at, answer in sorted(answers, key=itemgetter(0))]
