"""What was found of a site that nobody has described yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from lufeng_crawler.archive.timestamps import later
from lufeng_crawler.items import Article, Blocked, Capture, Entry, Gone, Listing, Other, Reading, Redirect
from lufeng_crawler.pages.site_profile import SiteProfile
from lufeng_crawler.sites import Column, host_of


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column, its first page as captured and read, the CMS it is made by, and why it has the path that it has."""

    column: Column
    url: str
    capture: Capture
    listing: Listing
    profile: SiteProfile
    why: str = ""

    @property
    def newest(self) -> str | None:
        """The day of its newest entry."""
        return newest_date(self.listing.entries)

    @property
    def keys(self) -> frozenset[str]:
        """What its entries are."""
        return frozenset(entry.key for entry in self.listing.entries if entry.key)


@dataclass(frozen=True, slots=True)
class Sample:
    """An article, its page, and the column that names it."""

    column: FoundColumn
    capture: Capture
    article: Article


@dataclass(slots=True)
class SurveyResult:
    """What was found of a site. `missed` says of links why they are no columns, `unasked` names news not looked at."""

    start: str
    profile: SiteProfile
    columns: list[FoundColumn] = field(default_factory=list)
    sample: Sample | None = None
    rejected: dict[str, str] = field(default_factory=dict)
    unvisited: list[str] = field(default_factory=list)

    @property
    def profiles(self) -> tuple[SiteProfile, ...]:
        """What its pages say of their site, the home page first."""
        return (self.profile, *(column.profile for column in self.columns))

    @property
    def family(self) -> str | None:
        """The CMS of all pages that have one's marks; None where they differ."""
        return _agreed(front.family for front in self.profiles if front.family != "generic")

    @property
    def site_id_code(self) -> str | None:
        """The code that all pages state that state one; None where they differ."""
        return _agreed(front.site_id_code for front in self.profiles if front.site_id_code)

    def entries_by_other_host(self) -> dict[str, int]:
        """How many entries lead to each host that is not the site's own."""
        hosts: dict[str, int] = {}
        for entry in (entry for column in self.columns for entry in column.listing.entries if entry.url):
            if (there := host_or_empty(entry.url)) and there != host_or_empty(self.start):
                hosts[there] = hosts.get(there, 0) + 1
        return hosts

    def count_recent_articles(self) -> int:
        """Articles dated within the week before they were seen."""
        week = later(self.columns[0].capture.fetched_at, timedelta(days=-7))[:10]
        entries = (entry for column in self.columns for entry in column.listing.entries)
        return len({entry.key for entry in entries if (entry.published or "") >= week})


def newest_date(entries: Iterable[Entry]) -> str | None:
    """The day of the newest entry; None where none has a date."""
    return max((entry.published[:10] for entry in entries if entry.published), default=None)


def describe_reading(reading: Reading) -> str:
    """What a page is that is not what it should be."""
    match reading:
        case Blocked(signature):
            return f"blocked ({signature})"
        case Gone(signature):
            return f"not there ({signature})"
        case Redirect(url):
            return f"a redirect to {url}"
        case Other(reason):
            return reason
    return type(reading).__name__.lower()


def host_or_empty(url: str) -> str:
    """The host of an address that a page names; empty where it is none that could be asked."""
    try:
        return host_of(url)
    except ValueError:
        return ""


def _agreed(said: Iterable[str]) -> str | None:
    values = set(said)
    return values.pop() if len(values) == 1 else None
