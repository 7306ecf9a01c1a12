"""`lufeng show`: show an article."""

from __future__ import annotations

from typing import Any

import click

from lufeng_crawler.archive.fields import ATTACHMENTS, FIELDS
from lufeng_crawler.cli.shared.options import Options, json_option, print_json

LABELS = {field.name: field.label for field in FIELDS if field.name != "body"} | {"column": "Column", "url": "URL"}
"""What is printed before the text, and under which names."""


@click.command("show")
@click.argument("article")
@click.option("--provenance", is_flag=True, help="Show which rule found each field.")
@json_option
@click.pass_context
def show_command(context: click.Context, article: str, provenance: bool, as_json: bool) -> None:
    """Show an article, by its id or its address."""
    from lufeng_crawler.archive.queries.articles import get_article

    options: Options = context.obj
    with options.reading() as db:
        row = get_article(db, article)
    if as_json:
        return print_json(row)
    for name, label in LABELS.items():
        if row[name] is not None:
            rule = _rule(row["provenance"].get(name)) if provenance else ""
            click.echo(f"{label}: {row[name]}{rule}")
    click.echo(f"\n{row['body']}\n")
    for file in row["attachments"]:
        click.echo(f"{ATTACHMENTS.label}: {file['text']}  {file['url']}")
    return click.echo(f"article {row['id']}, version {row['version']}, {row['presence']} as of {row['last_seen']}")


def _rule(evidence: dict[str, Any] | None) -> str:
    if evidence is None:
        return ""
    other = f"; {evidence['other_rule']} says {evidence['other_value']}" if evidence["other_rule"] else ""
    return f"   [{evidence['rule']}{other}]"
