"""`lufeng owed`: list what was listed and not captured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json
from lufeng_crawler.errors import NotInArchive

if TYPE_CHECKING:
    from collections.abc import Mapping

OBSTACLES = {"host": "lead to {host}, which the site file does not name", "robots.txt": "are forbidden by robots.txt"}


@click.command("owed")
@click.argument("site", required=False)
@json_option
@click.pass_context
def owed_command(context: click.Context, site: str | None, as_json: bool) -> None:
    """List what was listed and could not be captured yet.

    Each with its last answer. They are asked for again in the next crawl, and then ever more seldom.
    """
    from lufeng_crawler.archive.queries import owed
    from lufeng_crawler.archive.queries.statistics import site_titles

    options: Options = context.obj
    with options.reading() as db:
        if site is not None and site not in site_titles(db):
            raise NotInArchive(f"{site}: the archive has nothing of a site of this name")
        rows, beyond = owed.list_owed(db, site), owed.hosts_out_of_reach(db, site)
    for row in rows:
        print_json(row) if as_json else click.echo(_line(row))
    if as_json:
        return
    for row in beyond:
        reason = OBSTACLES[row["obstacle"]].format(host=row["host"])
        click.echo(f"{row['site']}: {row['lines']} out of reach: they {reason}")
    if not rows and not beyond:
        click.echo("nothing is owed")


def _line(row: Mapping[str, Any]) -> str:
    """Return an owed entry in one line."""
    from lufeng_crawler.archive.text import one_line

    title, column = one_line(row["title"]), one_line(row["column"])
    last = "not asked for yet"
    if row["asked"]:
        answer = f"{row['last_outcome']} ({row['last_reason']})" if row["last_reason"] else row["last_outcome"]
        runs = "1 run" if row["asked"] == 1 else f"{row['asked']} runs"
        last = f"asked in {runs}, last {row['last_asked']}: {one_line(answer)}; next from {row['next_ask']}"
    return f"{row['site']}: {column}: {title}  {row['url']}  listed {row['first_listed']}; {last}"
