"""`lufeng demo`: crawl, or only serve, the made-up county."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import click

from lufeng_crawler import demo
from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.cli.shared.options import Options

if TYPE_CHECKING:
    from lufeng_crawler.archive import Archive
    from lufeng_crawler.crawl import CrawlJob
    from lufeng_crawler.crawl_run import CrawlReport
    from lufeng_crawler.demo import DemoServer

PORT = 8047

MAX_BLOCKED_NAMED = 5
"""So many pages of those that a run was not shown are named."""

WIDTH = 100
"""Columns of a terminal in which what is said of the offices stays readable."""

INTRODUCTION = """\
鹿峰县 is a made-up county that exists only on this machine while this runs. Some of its days are crawled, each in a few
seconds: times in this archive are the county's own. From day 2 on everything known is looked at again (--full)."""

OFFICES = """
And what a crawler must not believe. Five offices of the county have sites of their own, each with
a fault; crawled from {since} on:"""

NEXT = """
All of it is in {folder}: archive.db (SQLite) and captures/ (WARC). Try next:
  {program} --archive {folder} serve --open
  {program} --archive {folder} status
  {program} --archive {folder} owed
  {program} --archive {folder} changes
  {program} --archive {folder} show {article}
  {program} --archive {folder} history {article}
  {program} --archive {folder} export articles.csv
and then the real thing:
  {program} crawl lufeng"""


@click.command("demo")
@click.option("--serve", "only_serve", is_flag=True, help="Only serve the county, until Ctrl-C; crawl it yourself.")
@click.option("--days", type=click.IntRange(1, len(demo.DAYS)), default=3, show_default=True, help="How many to crawl.")
@click.option("--day", type=click.IntRange(1, len(demo.DAYS)), default=1, help="With --serve: the day that is served.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help=f"With --serve: the port (default {PORT}).")
@click.pass_context
def demo_command(context: click.Context, only_serve: bool, days: int, day: int, port: int | None) -> None:
    """See it work offline: crawl some days of a made-up county."""
    if only_serve:
        return _serve(day, PORT if port is None else port)
    from lufeng_crawler.archive.queries.events import first_article_with
    from lufeng_crawler.crawl import exit_code

    options = Options(_unused_folder(context.obj.archive / "demo"), context.obj.sites)
    click.echo(INTRODUCTION)
    with options.writing() as archive, demo.serve() as county:
        reports = DemoCrawl(options, county, days).run(archive)
    with options.reading() as db:
        edited = first_article_with(db, "edited")
    folder = shlex.quote(str(options.archive))
    click.echo(NEXT.format(program=_program(), folder=folder, article=edited or 1))
    judged = (report for number, report in enumerate(reports[:days], 1) if number not in demo.TROUBLES)
    context.exit(exit_code(report.outcome for report in judged))
    return None


@dataclass(frozen=True, slots=True)
class DemoCrawl:
    """Crawls the first `days` of the county with the county's clock, then its offices, and prints what each found."""

    options: Options
    county: DemoServer
    days: int
    started: float = field(default_factory=monotonic)

    def run(self, archive: Archive) -> list[CrawlReport]:
        """Crawl day by day, then office by office; return the reports in that order."""
        from lufeng_crawler.crawl import CrawlRunner

        runner = CrawlRunner(archive, self.options.sites, done=self.print_report)
        return runner.run(self.jobs(), at_once=1)

    def jobs(self) -> Iterator[CrawlJob]:
        """Yield the crawls in their order: an office's days come after the county's, in which nothing is done twice."""
        for day in range(1, self.days + 1):
            yield self.job("demo", day, full=day > 1)
        for number, day in enumerate(demo.OFFICE_DAYS):
            for office in demo.OFFICES:
                if number < len(office.crawls):
                    yield self.job(office.site, day, office.crawls[number], demo.SITE_FILES)

    def job(self, site: str, day: int, full: bool, folder: Path | None = None) -> CrawlJob:
        """Return the crawl of a site on a day; the county turns to that day when the crawl begins."""
        from lufeng_crawler.crawl import CrawlJob

        return CrawlJob(
            site,
            self.county.url,
            full=full,
            before=lambda: setattr(self.county, "day", day),
            now=lambda: self.county_time(day),
            folder=folder,
        )

    def county_time(self, day: int) -> str:
        """Return the county's time: ten in the morning of that day in China, plus what the demo has taken so far."""
        morning = datetime.combine({**demo.DAYS, **demo.OFFICE_DAYS}[day], time(2), UTC)
        return (morning + timedelta(seconds=monotonic() - self.started)).strftime(FORMAT)

    def print_report(self, report: CrawlReport) -> None:
        """Print the report of a crawl with its events: every day of the county, of an office the last."""
        from lufeng_crawler.cli.shared.reports import crawl_line

        day = self.county.day
        office = next((office for office in demo.OFFICES if office.site == report.site), None)
        if office is None:
            click.echo(f"\nDay {day}, {demo.DAYS[day]}: {crawl_line(report)}")
            _print_run(self.options, report.run)
            if day == self.days:
                click.echo(OFFICES.format(since=demo.OFFICE_DAYS[demo.FIRST_OFFICE_DAY]))
        elif day == demo.FIRST_OFFICE_DAY + len(office.crawls) - 1:
            click.echo(f"\n{office.name}: {office.does}")
            for line in crawl_line(report).splitlines():
                _print_wrapped(line)
            _print_run(self.options, report.run, _print_wrapped)
            _print_owed(self.options, report.site)


def _print_owed(options: Options, site: str) -> None:
    """Print the first of what a site owes, with its last answer."""
    from lufeng_crawler.archive.queries.owed import list_owed

    with options.reading() as db:
        for row in list_owed(db, site)[:1]:
            answer = f"{row['last_outcome']} ({row['last_reason']})"
            _print_wrapped(f"owed, and to be asked for again: 《{row['title']}》 {row['url']}: {answer}")


def _print_wrapped(text: str) -> None:
    """Print a text indented, broken between words where its characters, wide ones counted twice, fill a line."""
    from rich.cells import cell_len

    first, *words = text.split()
    lines = [f"  {first}"]
    for word in words:
        longer = f"{lines[-1]} {word}"
        if cell_len(longer) <= WIDTH:
            lines[-1] = longer
        else:
            lines.append(f"    {word}")
    click.echo("\n".join(lines))


def _print_run(options: Options, run: str, write: Callable[[str], None] = click.echo) -> None:
    from lufeng_crawler.archive.queries.captures import blocked_captures
    from lufeng_crawler.archive.queries.events import EventFilter, list_events

    with options.reading() as db:
        for event in list_events(db, EventFilter(run=run)):
            if event.kind != "new" or event.backdated:
                write(f"  article {event.article} 《{event.title}》: {event.sentence}")
        captures = blocked_captures(db, run)
    for capture in captures[:MAX_BLOCKED_NAMED]:
        write(f"  not shown to us ({capture['reason']}), so nothing is claimed: {capture['url']}")
    if more := len(captures[MAX_BLOCKED_NAMED:]):
        write(f"  … and {more} more")


def _serve(day: int, port: int) -> None:
    with demo.serve(day, port) as county:
        click.echo(f"鹿峰县, day {day} ({demo.DAYS[day]}), at {county.url}   Ctrl-C ends it")
        click.echo(f"crawl it with: lufeng crawl demo --start {county.url}")
        try:
            while True:
                sleep(3600)
        except KeyboardInterrupt:
            click.echo()


def _program() -> str:
    """Return the command as it was called, so that what is printed can be copied and run."""
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "lufeng" and len(called.parts) > 1 else "lufeng"


def _unused_folder(folder: Path) -> Path:
    """Return the folder, or one numbered after it: a demo never touches the archive of an earlier one."""
    number, unused = 1, folder
    while unused.exists():
        number += 1
        unused = folder.with_name(f"{folder.name}-{number}")
    return unused
