"""How fast our crawl is, with all it keeps, beside a bare Scrapy spider that keeps nothing, on the same machine.

`python benchmarks/crawl.py` crawls a made site of 5,000 pages on loopback with `lufeng crawl` (WARC, reading, SQLite:
everything on, only the politeness off) and with `bare_spider.py` (Scrapy's defaults; log level, robots.txt and the 16
requests at once as ours), in turns, and a site of a fifth of the pages with both. Both are held up by their own CPU
alone. It prints the medians of the rounds:

pages/s   pages by the time from the first request for a page to the end of the process
cpu       milliseconds of the process for each page that the large site has more than the small one
memory    the largest resident set of the process; equal on both sites, it does not grow with the number of pages
ratio     pages/s of ours by those of the bare spider in the same round; 0.75 is aimed at

The line of ratios has the same for cpu, the bare spider's by ours. On a machine that does other things too, look at
that one: there pages/s and their ratio went from 0.32 to 0.60 within one run of three rounds, it from 0.40 to 0.43.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from urllib.request import ProxyHandler, build_opener

import click

HERE = Path(__file__).resolve().parent
SITE_FILE = """\
title  = "鹿峰县人民政府"
start  = "{url}/"
family = "vsb"
{columns}
[scrapy]  # it is our own server
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 16
"""
COLUMN = '[[columns]]\nname = "{}"\npath = "{}"\n'


@dataclass(frozen=True, slots=True)
class Crawled:
    """What one crawl took; `memory` in MB, `cpu` and `seconds` in seconds."""

    pages: int
    seconds: float
    cpu: float
    memory: float

    @property
    def speed(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


@dataclass(frozen=True, slots=True)
class Asked:
    """When the first page was asked for, by `monotonic`; how many requests for pages there were, for how many pages."""

    first: float
    requests: int
    pages: int


@dataclass(frozen=True, slots=True)
class Served:
    """A made site that a process of its own serves; `columns` are the paths of first listing pages by name."""

    url: str
    columns: dict[str, str]
    pages: int

    def asked(self) -> Asked:
        """What has been asked for since the last call."""
        with build_opener(ProxyHandler({})).open(f"{self.url}/-/first") as answer:
            return Asked(**json.load(answer))


@contextmanager
def served(pages: int) -> Iterator[Served]:
    """Serve a made site of so many pages for as long as the context is open."""
    command = [sys.executable, str(HERE / "made_site.py"), str(pages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_env()) as server:
        assert server.stdout is not None
        yield Served(**json.loads(server.stdout.readline()), pages=pages)


def ours(site: Served, folder: Path) -> Crawled:
    """Crawl the site with everything on into an archive under `folder`."""
    columns = "".join(COLUMN.format(name, path) for name, path in site.columns.items())
    (folder / "made.toml").write_text(SITE_FILE.format(url=site.url, columns=columns), encoding="utf-8")
    program = "from lufeng_crawler.cli import main; main()"
    options = ["--archive", str(folder / "archive"), "--sites", str(folder)]
    return measured(site, [sys.executable, "-c", program, *options, "crawl", "made", "--json"], folder)


def bare(site: Served, folder: Path) -> Crawled:
    """Follow the same links and keep nothing."""
    urls = ",".join(site.url + path for path in site.columns.values())
    command = [sys.executable, "-m", "scrapy", "runspider", str(HERE / "bare_spider.py"), "-a", f"urls={urls}"]
    return measured(site, command, folder)


def measured(site: Served, command: Sequence[str], folder: Path) -> Crawled:
    """What the command took. Raises click.ClickException where it failed or did not ask for every page once."""
    site.asked()
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, env=_env())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    ended = monotonic()
    asked = site.asked()
    if process.returncode or not asked.requests == asked.pages == site.pages:
        said = (folder / "output").read_text("utf-8")[-2000:]
        raise click.ClickException(f"{asked}, not {site.pages} pages once; exit {process.returncode}\n{said}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Crawled(asked.pages, ended - asked.first, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)


def _env() -> dict[str, str]:
    """The package beside this folder goes before an installed one; no setting or proxy of the shell's counts."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("LUFENG_", "SCRAPY_"))}
    return mine | {"PYTHONPATH": str(HERE.parent), "no_proxy": "127.0.0.1"}


CRAWLERS = {"lufeng": ours, "bare Scrapy": bare}
Rounds = dict[str, list[tuple[Crawled, Crawled]]]


def compare(pages: int, rounds: int, folder: Path) -> Rounds:
    """Per crawler its rounds: the crawl of the large site, and that of the small one."""
    found: Rounds = {name: [] for name in CRAWLERS}
    with served(pages) as large, served(pages // 5) as small:
        for number in range(rounds):
            for name, crawl in CRAWLERS.items():
                both = []
                for site in (large, small):
                    place = folder / f"{number}-{name.partition(' ')[0]}-{site.pages}"
                    place.mkdir()
                    both.append(crawl(site, place))
                found[name].append((both[0], both[1]))
                click.echo(f"round {number + 1}, {name}: {both[0].speed:.0f} pages/s", err=True)
    return found


def table(found: Rounds, pages: int) -> Iterator[str]:
    """The medians, a line for each crawler, and the ratio."""
    yield f"{'':12} {'pages/s':>8} {'cpu ms/page':>12} {f'MB, {pages} pages':>16} {f'MB, {pages // 5} pages':>16}"
    for name, rounds in found.items():
        speed = median(large.speed for large, _ in rounds)
        cpu = median(_cpu(both) for both in rounds)
        memory = [median(both[size].memory for both in rounds) for size in (0, 1)]
        yield f"{name:12} {speed:8.0f} {cpu:12.2f} {memory[0]:16.0f} {memory[1]:16.0f}"
    pairs = list(zip(*found.values(), strict=True))
    speeds = [mine[0].speed / other[0].speed for mine, other in pairs]
    cpus = [_cpu(other) / _cpu(mine) for mine, other in pairs]
    yield f"{'ratio':12} {median(speeds):8.2f} {median(cpus):12.2f}"
    for name, ratios in (("pages/s", speeds), ("cpu", cpus)):
        yield f"{name}: {min(ratios):.2f} to {max(ratios):.2f} in {len(ratios)} rounds"


def _cpu(both: tuple[Crawled, Crawled]) -> float:
    """Milliseconds for each page that the large site has more."""
    large, small = both
    return 1000 * (large.cpu - small.cpu) / (large.pages - small.pages)


@click.command()
@click.option("--pages", type=click.IntRange(100), default=5000, show_default=True, help="Pages of the large site.")
@click.option("--rounds", type=click.IntRange(1), default=3, show_default=True, help="Times that each crawls.")
@click.option("--json", "as_json", is_flag=True, help="Every crawl of every round as JSON.")
def main(pages: int, rounds: int, as_json: bool) -> None:
    """Crawl a made site with everything on and with a bare spider, in turns; print what each took."""
    with TemporaryDirectory(prefix="lufeng-benchmark-") as folder:
        found = compare(pages, rounds, Path(folder))
    if as_json:
        click.echo(json.dumps({name: [[_told(one) for one in both] for both in all_] for name, all_ in found.items()}))
    else:
        click.echo("\n".join(table(found, pages)))


def _told(one: Crawled) -> dict[str, Any]:
    return {"pages": one.pages, "seconds": one.seconds, "cpu": one.cpu, "memory": one.memory}


if __name__ == "__main__":
    main()
