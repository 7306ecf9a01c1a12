"""`lufeng crawl`: crawl sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lufeng_crawler.cli.shared.options import Options, json_option, print_json, print_problems
from lufeng_crawler.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lufeng_crawler.archive import Archive
    from lufeng_crawler.crawl import CrawlJob, CrawlRunner
    from lufeng_crawler.crawl_run import CrawlReport


@click.command("crawl")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Crawl every site on the internet that there is a file for.")
@click.option("--due", "only_due", is_flag=True, help="Only sites whose `every` has passed (of all or of those named).")
@click.option("--full", is_flag=True, help="Follow every listing to its end and look at every known article again.")
@click.option("--limit", type=click.IntRange(min=1), help="Request at most this many articles of each site.")
@click.option("--start", metavar="URL", help="Start at this URL instead (one site only).")
@json_option
@click.pass_context
def crawl_command(
    context: click.Context,
    names: tuple[str, ...],
    everything: bool,
    only_due: bool,
    full: bool,
    limit: int | None,
    start: str | None,
    as_json: bool,
) -> None:
    """Crawl sites: what is new, what is due again, what was missed."""
    from lufeng_crawler.crawl import CrawlJob, due_site_names, exit_code

    options: Options = context.obj
    chosen = options.chosen_sites(names, everything or only_due)
    if start and len(chosen.sites) + len(chosen.problems) != 1:
        raise UsageError("--start takes exactly one site")
    wrong = print_problems(chosen.problems.values())
    if wrong and not chosen.sites:
        context.exit(wrong)
    with options.writing() as archive:
        site_names = due_site_names(archive, chosen.sites.values()) if only_due else list(chosen.sites)
        jobs = [CrawlJob(name, start, full, limit or 0) for name in site_names]
        if not jobs and not as_json:
            click.echo("no site is due")
        runner = _run(archive, options, jobs, _print_json if as_json else _print_line)
    wrong = print_problems(runner.refused) or wrong
    context.exit(wrong or exit_code(report.outcome for report in runner.reports))


def _run(archive: Archive, options: Options, jobs: list[CrawlJob], done: Callable[[CrawlReport], None]) -> CrawlRunner:
    from lufeng_crawler.cli.shared.progress import spinner
    from lufeng_crawler.cli.shared.reports import crawl_state
    from lufeng_crawler.crawl import CrawlRunner

    with spinner() as show:
        runner = CrawlRunner(archive, options.sites, watch=lambda run: show(run.site.name, crawl_state(run)), done=done)
        runner.run(jobs)
    return runner


def _print_json(report: CrawlReport) -> None:
    print_json(report.as_json())


def _print_line(report: CrawlReport) -> None:
    from lufeng_crawler.cli.shared.reports import crawl_line, failure_lines

    for line in (crawl_line(report), *failure_lines(report)):
        click.echo(line)
