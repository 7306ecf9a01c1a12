"""Scrapy's own commands, as this project has them: exit codes that say what happened, trials that record nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scrapy import Request
from scrapy.commands import ScrapyCommand

from lufeng_crawler.errors import LufengError, UnknownSite, UsageError
from lufeng_crawler.spiders import SiteLoader

DECODE_BODIES = {"scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590}
"""At Scrapy's own place for it: a crawl does without, since `pages` decodes, but people look at text."""

RunCommand = Callable[[Any, argparse.Namespace], None]


@contextmanager
def one_line_errors(command: ScrapyCommand) -> Iterator[None]:
    """Print errors raised on purpose in one line, and end the command with their exit code."""
    try:
        yield
    except LufengError as error:
        print(f"lufeng: {error}", file=sys.stderr)
        command.exitcode = error.exit_code


def run_trial(command: ScrapyCommand, run: RunCommand, args: Sequence[str], opts: argparse.Namespace) -> None:
    """Run a command that looks at a page: with an archive of its own, so that the one of the settings has no run of it.

    Spiders, middlewares and pipelines store and record as in a crawl, into a folder that is thrown away.
    """
    assert command.settings is not None
    middlewares = command.settings.getdict("DOWNLOADER_MIDDLEWARES") | DECODE_BODIES
    command.settings.setdict({"LUFENG_ARCHIVE": None, "DOWNLOADER_MIDDLEWARES": middlewares}, priority="cmdline")
    with one_line_errors(command):
        _require_site(SiteLoader.from_settings(command.settings), args, opts.spider)
        run(args, opts)


def load_spider(loader: SiteLoader, name: str) -> Any:
    """Return the spider of that name. Raises UnknownSite, SiteFileError."""
    try:
        return loader.load(name)
    except KeyError as error:
        raise UnknownSite(*error.args) from error


def _require_site(loader: SiteLoader, args: Sequence[str], name: str | None) -> None:
    """Raise UsageError where no site has that name, or none may be asked for the URL: the rules are a site's."""
    if name:
        load_spider(loader, name)
        return
    for url in args[:1]:
        try:
            is_known = bool(loader.find_by_request(Request(url if "://" in url else f"http://{url}")))
        except ValueError as error:
            raise UsageError(f"{url}: no address that can be asked: {error}") from error
        if not is_known:
            raise UsageError(f"{url}: no site file names its host; --spider=NAME asks under the rules of that site")
