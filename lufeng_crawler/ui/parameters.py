"""Checks what a reader chose to see: a site of the archive, days, one of some words. Raises UsageError otherwise."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path

from lufeng_crawler import sites
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.errors import UsageError
from lufeng_crawler.sites import SiteFiles
from lufeng_crawler.ui.request import PageRequest


@cache
def site_files(folder: Path | None) -> SiteFiles:
    """Load the site files, once: to read them takes longer than a page may."""
    return sites.load_site_files(folder)


def chosen_site(db: sqlite3.Connection, request: PageRequest) -> str | None:
    """Return the name of the chosen site, None for all. Raises NotInArchive."""
    name = request.argument("site")
    if name is not None:
        statistics.site_title(db, name)
    return name


def chosen_day(request: PageRequest, name: str) -> str | None:
    """Return a day such as 2026-11-22, None for no choice. Raises UsageError for anything else."""
    day = request.argument(name)
    try:
        if day is None or (re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) and date.fromisoformat(day)):
            return day
    except ValueError:
        pass
    raise UsageError(f"{name} must be a day such as 2026-11-22")


def chosen_words(request: PageRequest, name: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the chosen ones of the known words; none for no choice. Raises UsageError for any other word."""
    words = request.arguments.get(name, ())
    if not set(words) <= set(known):
        raise UsageError(f"{name} must be one of {', '.join(known)}")
    return words


def chosen_cursor(request: PageRequest) -> int | None:
    """Return the id after which a page goes on, None for its beginning. Raises UsageError if it is not a number."""
    return request.number("before", 0, most=1 << 60) or None
