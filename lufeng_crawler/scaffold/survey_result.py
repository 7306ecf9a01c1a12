"""What a survey found on a site that no file describes yet."""

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
    """A column, its first page as captured and read, what the page says of its site, and why it has its path."""

    column: Column
    url: str
    capture: Capture
    listing: Listing
    profile: SiteProfile
    why: str = ""

    @property
    def newest(self) -> str | None:
        """Return the date of its newest entry."""
        return newest_date(self.listing.entries)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of its entries."""
        return frozenset(entry.key for entry in self.listing.entries if entry.key)


@dataclass(frozen=True, slots=True)
class Sample:
    """An article, its page, and the column that names it."""

    column: FoundColumn
    capture: Capture
    article: Article


@dataclass(slots=True)
class SurveyResult:
    """What was found on a site.

    `rejected` says of links why they are no columns; `unvisited` are names of news that were not fetched.
    """

    start: str
    profile: SiteProfile
    columns: list[FoundColumn] = field(default_factory=list)
    sample: Sample | None = None
    rejected: dict[str, str] = field(default_factory=dict)
    unvisited: list[str] = field(default_factory=list)

    @property
    def profiles(self) -> tuple[SiteProfile, ...]:
        """Return what its pages say of their site, the home page first."""
        return (self.profile, *(column.profile for column in self.columns))

    @property
    def family(self) -> str | None:
        """Return the CMS of all pages that have one's marks; None where they differ."""
        return _agreed(profile.family for profile in self.profiles if profile.family != "generic")

    @property
    def site_id_code(self) -> str | None:
        """Return the code of all pages that state one; None where they differ."""
        return _agreed(profile.site_id_code for profile in self.profiles if profile.site_id_code)

    def entries_by_other_host(self) -> dict[str, int]:
        """Count the entries that lead to each host that is not the site's own."""
        hosts: dict[str, int] = {}
        for entry in (entry for column in self.columns for entry in column.listing.entries if entry.url):
            if (other := host_or_empty(entry.url)) and other != host_or_empty(self.start):
                hosts[other] = hosts.get(other, 0) + 1
        return hosts

    def count_recent_articles(self) -> int:
        """Count the articles dated within the week before they were fetched."""
        week = later(self.columns[0].capture.fetched_at, timedelta(days=-7))[:10]
        entries = (entry for column in self.columns for entry in column.listing.entries)
        return len({entry.key for entry in entries if (entry.published or "") >= week})


def newest_date(entries: Iterable[Entry]) -> str | None:
    """Return the date of the newest entry; None where none has a date."""
    return max((entry.published[:10] for entry in entries if entry.published), default=None)


def describe_reading(reading: Reading) -> str:
    """Describe a page that is not what it should be."""
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
    """Return the host of a URL that a page names; empty where it cannot be fetched."""
    try:
        return host_of(url)
    except ValueError:
        return ""


def _agreed(values: Iterable[str]) -> str | None:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else None
