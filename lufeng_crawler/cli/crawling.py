"""Commands that ask the network: demo, crawl, and schedule, which says when to."""

from __future__ import annotations

import shlex
import shutil
import sys
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic, sleep

import click

from lufeng_crawler import demo, schedule, sites
from lufeng_crawler.archive.queries import captures
from lufeng_crawler.archive.queries.events import EventFilter, first_article_with, list_events
from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.cli.options import Options, print_json, spinner
from lufeng_crawler.cli.options import as_json as options_as_json
from lufeng_crawler.crawl import CrawlJob, Crawls, Report, due, exit_code
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.errors import UsageError


@click.command("crawl")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Crawl every site on the internet that there is a file for.")
@click.option("--due", "only_due", is_flag=True, help="Only sites whose `every` has passed (of all or of those named).")
@click.option("--full", is_flag=True, help="Follow every listing to its end and look at every known article again.")
@click.option("--limit", type=click.IntRange(min=1), help="Ask for at most so many articles of each site.")
@click.option("--start", metavar="URL", help="Another address for the one site named.")
@options_as_json
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
    options: Options = context.obj
    chosen = _chosen(options, names, everything or only_due)
    if start and len(chosen) != 1:
        raise UsageError("--start is for one site alone")
    with options.writing() as archive:
        wanted = due(archive, chosen) if only_due else [site.name for site in chosen]
        jobs = [CrawlJob(name, start, full, limit or 0) for name in wanted]
        if not jobs and not as_json:
            click.echo("no site is due")
        with spinner() as show:
            crawls = Crawls(
                archive,
                options.sites,
                watch=lambda run: show(run.site.name, _standing(run)),
                done=print_json if as_json else lambda report: click.echo(_line(report)),
            )
            reports = crawls.run(jobs)
    context.exit(exit_code(reports))


@click.command("demo")
@click.option("--serve", "only_serve", is_flag=True, help="Only serve the county, until Ctrl-C; crawl it yourself.")
@click.option("--days", type=click.IntRange(1, len(demo.DAYS)), default=3, show_default=True, help="How many to crawl.")
@click.option("--day", type=click.IntRange(1, len(demo.DAYS)), default=1, help="With --serve: the day it is there.")
@click.option("--port", type=click.IntRange(0, 65535), default=None, help="With --serve: where (default 8047).")
@click.pass_context
def demo_command(context: click.Context, only_serve: bool, days: int, day: int, port: int | None) -> None:
    """See it work offline: crawl some days of a made-up county."""
    if only_serve:
        return _serve(day, 8047 if port is None else port)
    folder = _unused(context.obj.archive / "demo")
    options = Options(folder, context.obj.sites)
    started = monotonic()
    click.echo(INTRODUCTION)
    with options.writing() as archive, demo.serve() as county:

        def on_day(number: int) -> CrawlJob:
            return CrawlJob(
                "demo",
                county.url,
                full=number > 1,
                before=lambda: setattr(county, "day", number),
                now=lambda: _county_time(number, monotonic() - started),
            )

        def tell(report: Report) -> None:
            click.echo(f"\nDay {county.day}, {demo.DAYS[county.day]}: {_line(report)}")
            _tell(folder, report["run"])

        reports = Crawls(archive, options.sites, done=tell).run(map(on_day, range(1, days + 1)), at_once=1)
    with options.reading() as db:
        edited = first_article_with(db, "edited")
    click.echo(NEXT.format(program=_program(), folder=shlex.quote(str(folder)), article=edited or 1))
    context.exit(exit_code([one for day, one in enumerate(reports, 1) if day not in demo.TROUBLES]))
    return None


def _program() -> str:
    """The command as it was called, so that what is printed can be copied and run."""
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "lufeng" and len(called.parts) > 1 else "lufeng"


def _county_time(day: int, seconds: float) -> str:
    """The county's clock: ten in the morning of that day, and as long as the demo has run."""
    return (datetime.combine(demo.DAYS[day], time(2), UTC) + timedelta(seconds=seconds)).strftime(FORMAT)


INTRODUCTION = """\
鹿峰县 is a made-up county that exists only on this machine while this runs. Some of its days are crawled, each in a few
seconds: times in this archive are the county's own. From day 2 on everything known is looked at again (--full)."""

NEXT = """
All of it is in {folder}: archive.db (SQLite) and captures/ (WARC). Try next:
  {program} --archive {folder} serve --open
  {program} --archive {folder} status
  {program} --archive {folder} changes
  {program} --archive {folder} show {article}
  {program} --archive {folder} history {article}
  {program} --archive {folder} export articles.csv
and then the real thing:
  {program} crawl lufeng"""


@click.command("schedule")
@click.option("--cron", is_flag=True, help="A crontab line instead of a systemd timer.")
@click.option("--install", is_flag=True, help="Put it in place instead of printing it.")
@click.pass_context
def schedule_command(context: click.Context, cron: bool, install: bool) -> None:
    """Print (or install) what runs `lufeng crawl --due` by itself."""
    options: Options = context.obj
    every = schedule.period(_chosen(options, (), True))
    command = _command(options)
    if install:
        done = [schedule.install_cron(command, every)] if cron else schedule.install_systemd(command, every)
        click.echo("\n".join(f"installed {what}" for what in done))
    elif cron:
        click.echo(schedule.crontab_line(command, every))
    else:
        for name, text in schedule.systemd_units(command, every).items():
            click.echo(f"# {name}\n{text}")


COMMANDS = (demo_command, crawl_command, schedule_command)


def _chosen(options: Options, names: tuple[str, ...], everything: bool) -> list[sites.Site]:
    if names:
        return [sites.load_site(name, options.sites) for name in dict.fromkeys(names)]
    if not everything:
        raise UsageError("name the sites to crawl, or say --all or --due (lufeng sites lists them)")
    return [site for site in sites.load_all_sites(options.sites).values() if not site.is_local]


def _command(options: Options) -> list[str]:
    program = shutil.which("lufeng") or str(Path(sys.argv[0]).resolve())
    sites_folder = ["--sites", str(options.sites.resolve())] if options.sites else []
    return [str(Path(program).resolve()), "--archive", str(options.archive.resolve()), *sites_folder, "crawl", "--due"]


def _serve(day: int, port: int) -> None:
    with demo.serve(day, port) as county:
        click.echo(f"鹿峰县, day {day} ({demo.DAYS[day]}), at {county.url}   Ctrl-C ends it")
        click.echo(f"crawl it with: lufeng crawl demo --start {county.url}")
        try:
            while True:
                sleep(3600)
        except KeyboardInterrupt:
            click.echo()


def _unused(folder: Path) -> Path:
    """A demo never touches the archive of an earlier one."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _standing(run: CrawlRun) -> str:
    return f"{run.answers} answers"


SHOWN = 5
"""So many pages of those that a run was not shown are named."""

COUNTED = ("new", "edited", "unchanged", "missing", "gone", "restored", "delisted", "blocked", "errors")


def _line(report: Report) -> str:
    counts = [f"{report[name]} {name}" for name in COUNTED if report[name] or name == "new"]
    if refused := report["refused"]:
        counts.append(f"{sum(refused.values())} attachments not asked for (at {', '.join(refused)})")
    why = f" ({report['reason']})" if report["reason"] else ""
    size = f"{report['requests']} requests, {report['seconds']:.0f} s"
    return f"{report['site']}: {report['outcome'].replace('_', ' ')}{why}: {', '.join(counts)}; {size}"


def _tell(folder: Path, run: str) -> None:
    """What a run found, a line for each event and for each page that would not be shown."""
    with Options(folder, None).reading() as db:
        for event in list_events(db, EventFilter(run=run)):
            if event["kind"] != "new" or event["backdated"]:
                click.echo(f"  article {event['article']} 《{event['title']}》: {event['sentence']}")
        looks = captures.blocked_captures(db, run)
        for look in looks[:SHOWN]:
            click.echo(f"  not shown to us ({look['reason']}), so nothing is claimed: {look['url']}")
        if more := len(looks[SHOWN:]):
            click.echo(f"  … and {more} more")
