"""What stands between the spider and a site: only what is due is asked for, only named hosts, only what they allow."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic, time
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.settings import BaseSettings
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from lufeng_crawler.pages.payload import decoded
from lufeng_crawler.run import Run
from lufeng_crawler.sites.address import host_of, is_address, is_private, is_public

FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class OnlyWhatIsDue(BaseSpiderMiddleware):
    """Drops requests for articles that are known and fresh, and makes the others conditional on what we have."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request, with validators where there is an earlier answer; None where nothing is to be asked."""
        run, meta = Run.of(self.crawler), request.meta
        if meta["kind"] == "article":
            if meta["key"] in run.keys or not (run.full or meta["reworded"] or self._is_due(run, request)):
                return None
            run.keys.add(meta["key"])
        elif meta["kind"] == "listing" and (run.full or not run.frontier.settled(meta["column"])):
            return request  # its entries are needed, changed or not
        if earlier := run.frontier.validators(request.url):
            for name, value in (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified)):
                if value:
                    request.headers[name] = value
        return request

    def _is_due(self, run: Run, request: Request) -> bool:
        return not run.frontier.fresh(request.meta["key"], request.url, run.now())


class OnlyNamedHosts:
    """Refuses every host that the site file does not name: redirects, robots.txt and attachments included.

    A private or loopback address is asked only where the site's `start` names it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest for a host we may not ask."""
        site, host = Run.of(self.crawler).site, host_of(request.url)
        if host not in site.all_hosts or (host != site.host and is_private(urlsplit(request.url).hostname or "")):
            self.crawler.stats.inc_value("lufeng/refused_hosts")
            raise IgnoreRequest(f"{host} is not among the hosts of site {site.name}")


class PublicResolver(CachingThreadedResolver):
    """Resolves names, never to an address inside somebody's own network; what it returns is what is connected to."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """The address of a name. Fails with DNSLookupError where it is private (`localhost` and proxies excepted)."""
        found = super().getHostByName(name, timeout)
        own = {"localhost", *(urlsplit(url).hostname for url in getproxies().values())}
        return found if name in own or is_address(name) else found.addCallback(_only_public, name)


class Robots(RobotsTxtMiddleware):
    """Scrapy's robots.txt rules, and RFC 9309 where a site cannot say: a server error forbids, until it answers."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        failed = response.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        said = FORBID_ALL if failed else decoded(response.body, _header(response, "Content-Encoding"))
        await super()._parse_robots(response.replace(body=said), netloc, request)


class Rest(RetryMiddleware):
    """Retries as Scrapy does; after 429 and 503 the whole host rests first, as long as it asks, else ever longer."""

    BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.first, self.longest = settings.getfloat("LUFENG_REST"), settings.getfloat("LUFENG_REST_LONGEST")
        self._until: dict[str, float] = {}
        self._times: dict[str, int] = {}

    async def process_request(self, request: Request) -> None:
        """Wait while the host rests. Raises IgnoreRequest where that would take longer than a run may wait."""
        while (rest := self._until.get(host_of(request.url), 0) - monotonic()) > 0:
            if rest > self.longest:
                raise IgnoreRequest(f"{host_of(request.url)} asks to be left alone for {rest:.0f} s")
            await asyncio.sleep(rest)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Note how long the host is to rest, then retry or give up."""
        host = host_of(request.url)
        if response.status in self.BUSY:
            self._times[host] = self._times.get(host, 0) + 1
            rest = _retry_after(response) or min(self.longest, self.first * 2 ** (self._times[host] - 1))
            self._until[host] = monotonic() + rest
        elif response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._times.pop(host, None)
        return super().process_response(request, response)


def _only_public(address: str, name: str) -> str:
    if not is_public(address):
        raise DNSLookupError(f"{name} leads to {address}, inside somebody's own network")
    return address


def _retry_after(response: Response) -> float | None:
    """Seconds, from either form of the header (RFC 9110, 10.2.3); None where there is none or it is unreadable."""
    said = _header(response, "Retry-After").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time())
    except ValueError:
        return None


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
