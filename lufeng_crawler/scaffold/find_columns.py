"""Finds a site's columns: pages that its navigation leads to and that read as a list of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from lufeng_crawler import pages
from lufeng_crawler.errors import ColumnNotFound, NothingFetched
from lufeng_crawler.items import Article, Blocked, Capture, Gone, Listing, Other, Redirect
from lufeng_crawler.pages.site_profile import ColumnLink, SiteProfile, read_site_profile
from lufeng_crawler.scaffold.survey_result import FoundColumn, Sample, SurveyResult, describe_reading, host_or_empty
from lufeng_crawler.sites import Column, Site
from lufeng_crawler.spiders.survey import Fetch, NotFetched

MAX_LISTINGS, MAX_COLUMNS, MAX_ARTICLES = 15, 8, 3
"""Pages that are fetched at most in search of columns, columns that are enough, and articles that are tried.

With the home page and robots.txt these are 20 requests.
"""

MIN_DATED_ENTRIES = 3
"""Entries with a date that make a page a column; for a page called 通知公告 twice as many undated ones are enough."""

NEWS = re.compile(
    "要闻|动态|新闻|资讯|快讯|时政|通知|通告|公告|公示|公报|政策|文件|法规|解读|部门|乡镇|街道|基层|县区|区县|政务|信息公开|发布|人事|财政|规划|工作"
)
NOT_NEWS = re.compile("指南|制度|年报|年度报告|信箱|意见箱|依申请|查询|目录|平台")
"""Words in the names of pages that are no lists, whatever else the name says."""


@dataclass(frozen=True, slots=True)
class _Lead:
    """A link to follow; `parent` is the lead on whose page it stands, None for the home page."""

    link: ColumnLink
    place: int
    parent: _Lead | None = None

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Return the sort key: news by its name first, then the home page's links, in the order in which they stand."""
        return not _is_news(self.link.name), self.parent is not None, self.place


async def find_site_columns(site: Site, fetch: Fetch) -> SurveyResult:
    """Find the site's columns, and an article of one of them.

    Raises NothingFetched where there is no home page, ColumnNotFound where nothing on it leads to a column.
    """
    home = _require_home(site.start, await fetch(site.start))
    result = SurveyResult(home.url, read_site_profile(home))
    await _ColumnSearch(result, home).run(fetch)
    if not result.columns:
        raise ColumnNotFound(site.start, _describe_failure(result))
    await _find_sample(result, fetch)
    return result


def _require_home(url: str, home: Capture | NotFetched) -> Capture:
    if isinstance(home, NotFetched):
        raise NothingFetched(home.reason if url in home.reason else f"{url}: {home.reason}")
    reading = pages.read(home)
    if isinstance(reading, Blocked | Gone | Redirect) or home.status != HTTPStatus.OK:
        raise NothingFetched(f"{url}: {describe_reading(reading)}")
    return home


def _describe_failure(result: SurveyResult) -> str:
    if not result.profile.links:
        return "has no links that could be columns; perhaps its scripts would draw them, or this is not the home page"
    tried = "; ".join(f"{name}: {why}" for name, why in list(result.rejected.items())[:3])
    return f"none of its links leads to a list of articles ({tried or 'all lead to other hosts'})"


class _ColumnSearch:
    """Follows leads, the likeliest first."""

    def __init__(self, result: SurveyResult, home: Capture) -> None:
        self.result, self.home = result, home
        self.known = {home.url}
        self.waiting = list(self._find_leads(result.profile, None))

    async def run(self, fetch: Fetch) -> None:
        """Follow leads until there are enough columns, enough pages have been fetched, or no lead is left."""
        fetched = 0
        while self.waiting and fetched < MAX_LISTINGS and len(self.result.columns) < MAX_COLUMNS:
            self.waiting.sort(key=lambda lead: lead.rank)
            lead = self.waiting.pop(0)
            fetched += 1
            self._read_lead(lead, await fetch(lead.link.url))
        self.result.unvisited = [name for lead in self.waiting if _is_news(name := lead.link.name)]

    def _find_leads(self, profile: SiteProfile, parent: _Lead | None) -> Iterator[_Lead]:
        """Yield links to new pages of the site's own host; deeper than the home page only those called news."""
        for place, link in enumerate(profile.links):
            is_likely = parent is None or _is_news(link.name)
            if is_likely and link.url not in self.known and host_or_empty(link.url) == host_or_empty(self.result.start):
                self.known.add(link.url)
                yield _Lead(link, place, parent)

    def _read_lead(self, lead: _Lead, page: Capture | NotFetched) -> None:
        if isinstance(page, NotFetched):
            self.result.rejected[lead.link.name] = page.reason
            return
        profile, reading = read_site_profile(page), pages.read(page)
        if lead.parent is None:
            self.waiting += self._find_leads(profile, lead)
        if isinstance(reading, Listing) and _is_column(lead.link.name, reading):
            self._add_column(lead, page, reading, profile)
        else:
            has_reason = isinstance(reading, Blocked | Gone | Other)
            reason = describe_reading(reading) if has_reason else "no list of dated articles"
            self.result.rejected[lead.link.name] = reason

    def _add_column(self, lead: _Lead, page: Capture, listing: Listing, profile: SiteProfile) -> None:
        """Add a column, each list once: the front page of a channel repeats a few entries of its columns."""
        name = _column_name(self.result.profile, lead.link, profile.page_title)
        column, why = self._make_column(name, lead)
        new = FoundColumn(column, lead.link.url, page, listing, profile, why)
        same = next((known for known in self.result.columns if new.keys <= known.keys), None)
        if same:
            self.result.rejected[name] = f"lists what {same.column.name} lists"
            return
        others = [known for known in self.result.columns if not known.keys < new.keys]
        if any(known.column.name == name for known in others):
            self.result.rejected[f"{name} ({lead.link.url})"] = "another column has that name; name it yourself"
            return
        self.result.columns = [*others, new]

    def _make_column(self, name: str, lead: _Lead) -> tuple[Column, str]:
        """Return the column by its name alone where that leads to this URL; else with its path, and the reason."""
        url = lead.link.url
        if pages.find_column(self.home, name) == url and self.result.profile.urls_named(name) == (url,):
            return Column(name), ""
        path = urlsplit(url)._replace(scheme="", netloc="").geturl()
        path = path if urljoin(self.home.url, path) == url else url
        if lead.parent:
            return Column(name, path), f"its link stands on the page of {lead.parent.link.name}"
        return Column(name, path), "the name alone would not lead here"


def _is_news(name: str) -> bool:
    return NEWS.search(name) is not None and NOT_NEWS.search(name) is None


def _is_column(name: str, listing: Listing) -> bool:
    entries = [entry for entry in listing.entries if entry.url]
    dated = sum(entry.published is not None for entry in entries)
    return dated >= MIN_DATED_ENTRIES or (_is_news(name) and len(entries) >= 2 * MIN_DATED_ENTRIES)


def _column_name(home: SiteProfile, link: ColumnLink, title: str) -> str:
    """Return, of several names for one URL, the one in the page's own title."""
    names = [each.name for each in home.links if each.url == link.url] or [link.name]
    return next((name for name in names if name in title), link.name)


async def _find_sample(result: SurveyResult, fetch: Fetch) -> None:
    """Fetch the first entry of a column that reads as an article."""
    for column in result.columns[:MAX_ARTICLES]:
        own = [entry for entry in column.listing.entries if host_or_empty(entry.url) == host_or_empty(result.start)]
        entry = min(own, key=lambda entry: entry.pinned, default=None)
        page = await fetch(entry.url) if entry else None
        reading = pages.read(page) if isinstance(page, Capture) else None
        if isinstance(page, Capture) and isinstance(reading, Article):
            result.sample = Sample(column, page, reading)
            return
