"""`lufeng copies`: show where else an article's text was published."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json


@click.command("copies")
@click.argument("article")
@json_option
@click.pass_context
def copies_command(context: click.Context, article: str, as_json: bool) -> None:
    """Show where else an article's text was published, and who was first.

    A copy has half of the article's text or more, or the article has half of the copy's, in any of their versions.
    """
    from lufeng_crawler.archive import text
    from lufeng_crawler.archive.queries import articles, event_text
    from lufeng_crawler.archive.search.copies import is_compared, list_copies

    options: Options = context.obj
    with options.reading() as db:
        row = articles.get_article(db, article)
        copy_rows, has_enough_text = list_copies(db, row["id"]), is_compared(db, row["id"])
    if as_json:
        for copy in copy_rows:
            print_json(copy)
        return
    click.echo(f"article {row['id']}  {row['site']}  {event_text.format_date(row)}  {text.one_line(row['title'])}")
    if not has_enough_text:
        click.echo("its text is too short to be recognised elsewhere")
    elif not copy_rows:
        click.echo("no other article of the archive has the same text")
    else:
        for copy in copy_rows:
            click.echo(f"\narticle {copy['copy']}  {copy['site']}  {event_text.format_date(copy)}  {copy['url']}")
            click.echo(f"  {event_text.describe_copy(copy)}")
