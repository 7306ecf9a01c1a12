"""`lufeng status`: show how each site's crawls went."""

from __future__ import annotations

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json


@click.command("status")
@click.argument("name", required=False)
@json_option
@click.pass_context
def status_command(context: click.Context, name: str | None, as_json: bool) -> None:
    """Show how each site's crawls went, against what its file expects."""
    from lufeng_crawler import health, sites

    options: Options = context.obj
    known = [sites.load_site(name, options.sites)] if name else list(sites.load_all_sites(options.sites).values())
    with options.reading() as db:
        statuses = health.status(db, known, only_known=name is not None)
    for status in statuses:
        print_json(status.report()) if as_json else click.echo(status.line())
    if not statuses and not as_json:
        click.echo("nothing has been crawled yet")
