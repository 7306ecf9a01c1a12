"""How a command is told which articles: the options that search and export share, and days that are checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import update_wrapper
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import click

from lufeng_crawler.archive.db.conditions import Filter

CHINA = ZoneInfo("Asia/Shanghai")
Command = TypeVar("Command", bound=Callable[..., Any])


class Moment(click.ParamType[str]):
    """A day (2026-11-22), or a moment (2026-11-22T10:04:05Z); of the zone, where it does not say, and written in it."""

    name = "DATE"

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As the archive writes times of ours (UTC), or those of pages (China)."""
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no day (2026-11-22) and no time (2026-11-22T10:04:05Z)", param, ctx)
        there = moment.astimezone(self.zone) if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return there.isoformat(timespec="seconds").replace("+00:00", "Z")


OPTIONS = (
    click.option("--site", help="Only this site's articles."),
    click.option("--column", help="Only articles of the column of this name."),
    click.option("--source", help="Only articles with this source, as they state it."),
    click.option("--from", "published_from", type=Moment(CHINA), help="Published on this day or later (2026-11-22)."),
    click.option("--to", "published_to", type=Moment(CHINA), help="Published on this day or earlier."),
)
"""Fields of Filter, by their names."""


def article_options(command: Command) -> Command:
    """Give the command these options, and as `wanted` the Filter that they make."""

    def filtered(*words: Any, **given: Any) -> Any:
        wanted = Filter(**{name: given.pop(name) for name in Filter.__dataclass_fields__ if name in given})
        return command(*words, wanted=wanted, **given)

    made = update_wrapper(filtered, command)
    for option in reversed(OPTIONS):
        made = option(made)
    return cast(Command, made)
