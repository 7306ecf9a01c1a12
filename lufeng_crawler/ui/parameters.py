"""What a reader chose to see: a site of the archive, days, one of some words; anything else is said to be wrong."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from lufeng_crawler import sites
from lufeng_crawler.archive.queries import statistics
from lufeng_crawler.errors import UsageError
from lufeng_crawler.sites import Site
from lufeng_crawler.ui.request import PageRequest


@cache
def site_files(folder: Path | None) -> Mapping[str, Site]:
    """The site files, as they were when a page first asked for them: to read them takes longer than a page may."""
    return sites.load_all_sites(folder)


def chosen_site(db: sqlite3.Connection, asked: PageRequest) -> str | None:
    """The name of the chosen site; None for all. Raises NotInArchive."""
    name = asked.text("site")
    if name is not None:
        statistics.site_title(db, name)
    return name


def chosen_day(asked: PageRequest, name: str) -> str | None:
    """A day, as in 2026-11-22. Raises UsageError for anything else."""
    said = asked.text(name)
    try:
        if said is None or (re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII) and date.fromisoformat(said)):
            return said
    except ValueError:
        pass
    raise UsageError(f"{name} must be a day such as 2026-11-22")


def chosen_of(asked: PageRequest, name: str, known: Collection[str]) -> tuple[str, ...]:
    """All that were chosen of some words; none for no choice. Raises UsageError for another word."""
    said = asked.arguments.get(name, ())
    if not set(said) <= set(known):
        raise UsageError(f"{name} must be one of {', '.join(known)}")
    return said


def chosen_cursor(asked: PageRequest) -> int | None:
    """The row behind which a page goes on; None for its beginning. Raises UsageError for what is no number."""
    return asked.number("before", 0, most=1 << 60) or None
