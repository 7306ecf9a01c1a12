"""What tests of whole crawls share: the command in a process of its own, a site file, a look at what was kept."""

from __future__ import annotations

import atexit
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from lufeng_crawler.archive.warc.files import read_members, warc_files
from lufeng_crawler.archive.warc.records import Record, parse_record
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.paths import ROOT

LISTINGS = {
    "鹿峰动态": "/xwdt/lfdt.htm",
    "通知公告": "/tzgg.htm",
    "政务公开": "/zwgk.htm",
    "乡镇之窗": "/xwdt/xzzc.htm",
}
"""The demo county's columns, and where their listings are."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What it printed with `--json`."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def report(self) -> dict[str, Any]:
        """The last of these lines."""
        return self.lines[-1]


def environment(more: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """That of a user who has set nothing but `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LUFENG_") and "proxy" not in name}
    return (
        kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", "LUFENG_CONTACT": "test@example.org"} | dict(more)
    )


FORKS = """
import gc, importlib, json, os, signal, sys, time
import rich.progress, sqlite_utils  # what commands import when they run is imported once for all
import scrapy.core.downloader.handlers.http11, scrapy.core.engine, scrapy.core.scheduler, scrapy.extensions.feedexport
from scrapy.settings import default_settings
from scrapy.utils.misc import load_object
from lufeng_crawler import crawl, demo, extensions, ingest, middlewares, pages, pipelines, scaffold, settings
from lufeng_crawler.cli import main
from lufeng_crawler.items import Capture
dict(main.commands)
for name in ("EXTENSIONS_BASE", "DOWNLOADER_MIDDLEWARES_BASE", "SPIDER_MIDDLEWARES_BASE"):
    list(map(load_object, getattr(default_settings, name)))
for path in ("/tzgg.htm", "/info/1002/1119.htm"):  # what reading compiles when it first reads is compiled once for all
    given = demo.answer(path, 1)
    pages.read(Capture("http://a.example" + path, "2026-11-16T02:00:00Z", given.status, given.headers, given.body))
assert "twisted.internet.reactor" not in sys.modules
gc.freeze()  # no child looks through what all of them share
for line in sys.stdin:
    told = json.loads(line)
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(os.open(told["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open(told["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.environ.clear()
        os.environ.update(told["environment"])
        importlib.reload(settings)
        for name, value in told["settings"].items():
            setattr(settings, name, value)
        main(told["words"], prog_name="lufeng")
    if told["seconds"]:
        time.sleep(told["seconds"])
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""`lufeng` without the second that Python takes to import Scrapy: each line it is given runs in a fresh process."""


NOTHING: Mapping[str, str] = MappingProxyType({})


@cache
def _forks() -> subprocess.Popen[str]:
    command, pipe = [sys.executable, "-P", "-c", FORKS], subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment())
    atexit.register(process.communicate)
    return process


def lufeng(
    *words: object, seconds: float = 0, more: Mapping[str, str] = NOTHING, settings: Mapping[str, object] = NOTHING
) -> Done:
    """Run `lufeng WORDS…` to its end, or to its end by SIGKILL after so many seconds.

    `more` is of its environment, `settings` are Scrapy's where no site file says another.
    """
    forks = _forks()
    assert forks.stdin and forks.stdout
    with TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        told = {"words": list(map(str, words)), "environment": environment(more), "seconds": seconds}
        print(
            json.dumps(told | {"out": str(out), "err": str(err), "settings": dict(settings)}),
            file=forks.stdin,
            flush=True,
        )
        code = int(forks.stdout.readline())
        return Done(code, out.read_text("utf-8"), err.read_text("utf-8"))


def start(*words: object) -> subprocess.Popen[str]:
    """`lufeng WORDS…` under way, as it is installed."""
    command = [str(Path(sys.executable).with_name("lufeng")), *map(str, words)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment())


def ended(process: subprocess.Popen[str]) -> Done:
    """Wait for a command's end, for a minute at most."""
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return Done(process.returncode, out, err)


def site(folder: Path, name: str = "county", text: str = "", **scrapy: object) -> Path:
    """Write a site file for the demo county's columns (or with `text` as its columns and more); the folder it is in."""
    sites = folder / "sites"
    sites.mkdir(exist_ok=True)
    columns = text or "\n".join(f'[[columns]]\nname = "{name}"\npath = "{path}"' for name, path in LISTINGS.items())
    settings = {"DOWNLOAD_DELAY": 0, "LUFENG_REST": 0.1, "LUFENG_REST_LONGEST": 2.0, "DOWNLOAD_TIMEOUT": 5} | scrapy
    given = "\n".join(f"{key} = {json.dumps(value)}" for key, value in settings.items())
    head = f'title = "{name}"\nstart = "http://127.0.0.1:1/"\n'
    (sites / f"{name}.toml").write_text(f"{head}{columns}\n[scrapy]\n{given}\n", encoding="utf-8")
    return sites


def crawl(folder: Path, served: DemoServer, *options: object, more: Mapping[str, str] = MappingProxyType({})) -> Done:
    """Crawl what is served as the site `county` (see `site`) into `folder / "archive"`."""
    where = ("--archive", folder / "archive", "--sites", folder / "sites")
    return lufeng(*where, "crawl", "county", "--start", served.url, "--json", *options, more=more)


def rows(folder: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What `archive.db` in `folder / "archive"` answers."""
    with closing(sqlite3.connect(folder / "archive" / "archive.db")) as db:
        return db.execute(sql, values).fetchall()


def kept(folder: Path) -> Iterator[Record]:
    """Every capture in the WARC files of `folder / "archive"`, as it lies there."""
    for path in warc_files(folder / "archive" / "captures"):
        for _, data in read_members(path):
            if isinstance(item := parse_record(data), Record):
                yield item


def answer(status: int, body: bytes | str = b"", headers: Mapping[str, str] | None = None) -> HttpAnswer:
    """An answer for `Served.fail`; HTML unless `headers` say otherwise."""
    data = body.encode() if isinstance(body, str) else body
    return HttpAnswer(status, tuple(({"Content-Type": "text/html; charset=utf-8"} | dict(headers or {})).items()), data)


def asked(served: DemoServer) -> list[str]:
    """The paths that were asked for, in order."""
    return [one.path for one in served.requests]


def rules(text: str) -> HttpAnswer:
    """A robots.txt."""
    return answer(200, text, {"Content-Type": "text/plain"})
