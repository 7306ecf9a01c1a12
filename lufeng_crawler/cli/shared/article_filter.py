"""The options that choose articles, shared by search and export, and the type of options that are times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import update_wrapper
from typing import Any, TypeVar, cast

import click

from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.items import CHINA

Command = TypeVar("Command", bound=Callable[..., Any])


class Moment(click.ParamType[str]):
    """A day (2026-11-22) or a time (2026-11-22T10:04:05Z), in `zone` where it has none, and written in `zone`."""

    name = "DATE"

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the day or time as the archive writes its own (UTC) or those of pages (China)."""
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no day (2026-11-22) and no time (2026-11-22T10:04:05Z)", param, ctx)
        in_zone = moment.astimezone(self.zone) if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return in_zone.isoformat(timespec="seconds").replace("+00:00", "Z")


FILTER_OPTIONS = (
    click.option("--site", help="Only this site's articles."),
    click.option("--column", help="Only articles of the column of this name."),
    click.option("--source", help="Only articles with this source, as they state it."),
    click.option("--from", "published_from", type=Moment(CHINA), help="Published on this day or later (2026-11-22)."),
    click.option("--to", "published_to", type=Moment(CHINA), help="Published on this day or earlier."),
)
"""Each sets the field of Filter that has its name."""


def article_options(command: Command) -> Command:
    """Add these options to the command, which gets as `article_filter` the Filter that they make."""

    def with_filter(*arguments: Any, **options: Any) -> Any:
        fields = {name: options.pop(name) for name in Filter.__dataclass_fields__ if name in options}
        return command(*arguments, article_filter=Filter(**fields), **options)

    decorated = update_wrapper(with_filter, command)
    for option in reversed(FILTER_OPTIONS):
        decorated = option(decorated)
    return cast(Command, decorated)
