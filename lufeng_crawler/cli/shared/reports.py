"""Reports that several commands print: how a crawl went, and what an archive was given."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import click

from lufeng_crawler.archive import run_outcomes
from lufeng_crawler.archive.text import one_line
from lufeng_crawler.cli.shared.options import print_json

if TYPE_CHECKING:
    import sqlite3

    from lufeng_crawler.crawl_run import CrawlReport, CrawlRun
    from lufeng_crawler.ingest import ArchiveCounts

SHOWN_FAILURES = 5
"""Addresses that failed which a crawl names on the terminal."""


def crawl_line(report: CrawlReport) -> str:
    """Return a crawl's report as one line for people, and one more for each note."""
    names = [count.name for count in run_outcomes.COUNTS if count.summed_up]
    shown = {name: report.counts[name] for name in names if report.counts[name] or name == "new"}
    counts = [f"{count} {name.replace('_', ' ')}" for name, count in shown.items()]
    if refused := report.refused:
        counts.append(f"{sum(refused.values())} attachments not asked for (at {', '.join(refused)})")
    reason = f" ({report.reason})" if report.reason else ""
    size = f"{report.counts['requests']} requests, {report.seconds:.0f} s"
    line = f"{report.site}: {report.outcome.replace('_', ' ')}{reason}: {', '.join(counts)}; {size}"
    return "\n".join([line, *(f"  note: {one_line(note)}" for note in report.notes)])


def failure_lines(report: CrawlReport) -> list[str]:
    """Return the addresses that failed with their reasons, a line each; of many, the first."""
    failures = [f"  failed: {one_line(f'{url}: {reason}')}" for url, reason in report.failures.items()]
    rest = len(failures) - SHOWN_FAILURES
    return failures[:SHOWN_FAILURES] + ([f"  … and {rest} more (--json lists all)"] if rest > 0 else [])


def crawl_state(run: CrawlRun) -> str:
    """Return how far a crawl has come, for a spinner."""
    return f"{run.responses} answers"


def archive_totals(db: sqlite3.Connection, files: int, started: float) -> ArchiveCounts:
    """Return what the archive holds now, as if it had all been ingested since `started` (of the monotonic clock)."""
    from lufeng_crawler.archive.queries.statistics import capture_totals
    from lufeng_crawler.ingest import ArchiveCounts

    return ArchiveCounts(files=files, seconds=round(monotonic() - started, 3), **capture_totals(db))


def print_ingested(result: ArchiveCounts, as_json: bool) -> None:
    """Print the last line of a command that fills the archive."""
    if as_json:
        return print_json(result.report())
    numbers = {name: value for name, value in result.report().items() if isinstance(value, int) and name != "files"}
    counts = ", ".join(
        f"{value} {name.replace('_', ' ')}"
        for name, value in numbers.items()
        if value or name not in ("without_original", "repeated")
    )
    return click.echo(f"{result.files} files: {counts}; {result.seconds:.1f} s")
