"""Finds a site's columns: what its navigation leads to and reads as a list of articles."""

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
from lufeng_crawler.spiders.survey import Ask, Missed

MAX_LISTINGS, MAX_COLUMNS, MAX_ARTICLES = 15, 8, 3
"""So many pages are asked for at most in search of so many columns, and so many articles: with home and robots.txt 20.
"""

MIN_DATED_ENTRIES = 3
"""Entries with a date that make a page a column; a page called 通知公告 may do with undated ones, twice as many."""

NEWS = re.compile(
    "要闻|动态|新闻|资讯|快讯|时政|通知|通告|公告|公示|公报|政策|文件|法规|解读|部门|乡镇|街道|基层|县区|区县|政务|信息公开|发布|人事|财政|规划|工作"
)
NOT_NEWS = re.compile("指南|制度|年报|年度报告|信箱|意见箱|依申请|查询|目录|平台")
"""What stands on a page of its own and is no list, whatever else its name says."""


@dataclass(frozen=True, slots=True)
class _Lead:
    """A link to follow; `parent` is the lead on whose page it stands, None for the home page."""

    link: ColumnLink
    place: int
    parent: _Lead | None = None

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """News by its name before anything else, the home page's links before others', as they stand."""
        return not _is_news(self.link.name), self.parent is not None, self.place


async def find_site_columns(site: Site, ask: Ask) -> SurveyResult:
    """The site's columns, and an article of one of them.

    Raises NothingFetched where there is no home page, ColumnNotFound where nothing on it leads to a column.
    """
    home = _page(site.start, await ask(site.start))
    found = SurveyResult(home.url, read_site_profile(home))
    await _Search(found, home).run(ask)
    if not found.columns:
        raise ColumnNotFound(site.start, _nothing(found))
    await _sample(found, ask)
    return found


def _page(url: str, home: Capture | Missed) -> Capture:
    if isinstance(home, Missed):
        raise NothingFetched(home.reason if url in home.reason else f"{url}: {home.reason}")
    reading = pages.read(home)
    if isinstance(reading, Blocked | Gone | Redirect) or home.status != HTTPStatus.OK:
        raise NothingFetched(f"{url}: {describe_reading(reading)}")
    return home


def _nothing(found: SurveyResult) -> str:
    if not found.profile.links:
        return "has no links that could be columns; perhaps its scripts would draw them, or this is not the home page"
    tried = "; ".join(f"{name}: {why}" for name, why in list(found.rejected.items())[:3])
    return f"none of its links leads to a list of articles ({tried or 'all lead to other hosts'})"


class _Search:
    """Follows leads, the likeliest first."""

    def __init__(self, found: SurveyResult, home: Capture) -> None:
        self.found, self.home = found, home
        self.known = {home.url}
        self.waiting = list(self._leads(found.profile, None))

    async def run(self, ask: Ask) -> None:
        """Until there are enough columns, or enough pages have been asked for, or no lead is left."""
        asked = 0
        while self.waiting and asked < MAX_LISTINGS and len(self.found.columns) < MAX_COLUMNS:
            self.waiting.sort(key=lambda lead: lead.rank)
            lead = self.waiting.pop(0)
            asked += 1
            self._look(lead, await ask(lead.link.url))
        self.found.unvisited = [name for lead in self.waiting if _is_news(name := lead.link.name)]

    def _leads(self, seen: SiteProfile, parent: _Lead | None) -> Iterator[_Lead]:
        """Links of the site's own host to pages not known yet; deeper than the home page only what is called news."""
        for place, link in enumerate(seen.links):
            named = parent is None or _is_news(link.name)
            if named and link.url not in self.known and host_or_empty(link.url) == host_or_empty(self.found.start):
                self.known.add(link.url)
                yield _Lead(link, place, parent)

    def _look(self, lead: _Lead, page: Capture | Missed) -> None:
        if isinstance(page, Missed):
            self.found.rejected[lead.link.name] = page.reason
            return
        seen, reading = read_site_profile(page), pages.read(page)
        if lead.parent is None:
            self.waiting += self._leads(seen, lead)
        if isinstance(reading, Listing) and _is_column(lead.link.name, reading):
            self._keep(lead, page, reading, seen)
        else:
            told = isinstance(reading, Blocked | Gone | Other)
            self.found.rejected[lead.link.name] = describe_reading(reading) if told else "no list of dated articles"

    def _keep(self, lead: _Lead, page: Capture, listing: Listing, seen: SiteProfile) -> None:
        """Each list once: the front page of a channel repeats a few entries of its columns."""
        name = _name(self.found.profile, lead.link, seen.page_title)
        column, why = self._column(name, lead)
        new = FoundColumn(column, lead.link.url, page, listing, seen, why)
        same = next((one for one in self.found.columns if new.keys <= one.keys), None)
        if same:
            self.found.rejected[name] = f"lists what {same.column.name} lists"
            return
        if any(one.column.name == name for one in self.found.columns if not one.keys < new.keys):
            self.found.rejected[f"{name} ({lead.link.url})"] = "another column has that name; name it yourself"
            return
        self.found.columns = [*(one for one in self.found.columns if not one.keys < new.keys), new]

    def _column(self, name: str, lead: _Lead) -> tuple[Column, str]:
        """By its name where a crawl would find this address by it; else with its path, and why."""
        url = lead.link.url
        if pages.find_column(self.home, name) == url and self.found.profile.urls_named(name) == (url,):
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


def _name(home: SiteProfile, link: ColumnLink, title: str) -> str:
    """Of several names for one address the one that the page itself bears."""
    names = [each.name for each in home.links if each.url == link.url] or [link.name]
    return next((name for name in names if name in title), link.name)


async def _sample(found: SurveyResult, ask: Ask) -> None:
    """The first entry of a column that reads as an article."""
    for one in found.columns[:MAX_ARTICLES]:
        own = [entry for entry in one.listing.entries if host_or_empty(entry.url) == host_or_empty(found.start)]
        entry = min(own, key=lambda entry: entry.pinned, default=None)
        page = await ask(entry.url) if entry else None
        reading = pages.read(page) if isinstance(page, Capture) else None
        if isinstance(page, Capture) and isinstance(reading, Article):
            found.sample = Sample(one, page, reading)
            return
