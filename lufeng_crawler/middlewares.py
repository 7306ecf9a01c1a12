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

from lufeng_crawler.archive import Validators
from lufeng_crawler.crawl_run import CrawlRun
from lufeng_crawler.pages.text.content_encoding import decode_payload
from lufeng_crawler.sites.hosts import host_of, is_ip_address, is_public_ip

FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class SkipFreshArticles(BaseSpiderMiddleware):
    """Drops requests for articles that are known and fresh, that this run has asked for, or that are one too many."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """The request; None where nothing is to be asked."""
        run, meta = CrawlRun.of(self.crawler), request.meta
        if meta["kind"] != "article":
            return request
        if run.enough or meta["key"] in run.keys:
            return None
        if not (run.full or meta["reworded"]) and run.frontier.is_fresh(meta["key"], request.url, run.now()):
            return None
        run.keys.add(meta["key"])
        run.asked += 1
        return request


class ConditionalRequests:
    """Makes requests conditional on what the archive has of their address; what they redirect to is another one."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Set the address's validators, and no others."""
        earlier = self._earlier(request) or Validators(None, None)
        for name, value in (("If-None-Match", earlier.etag), ("If-Modified-Since", earlier.last_modified)):
            request.headers.pop(name, None)
            if value:
                request.headers[name] = value

    def _earlier(self, request: Request) -> Validators | None:
        """A listing's only where its column has no gap: else its entries are needed, changed or not."""
        run, kind = CrawlRun.of(self.crawler), request.meta.get("kind")
        if kind in ("article", "attachment") or (
            kind == "listing" and not run.full and run.frontier.has_no_gap(request.meta["column"])
        ):
            return run.frontier.validators(request.url)
        return None


class AllowedHosts:
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
        run = CrawlRun.of(self.crawler)
        if not run.may_ask(request.url):
            self.crawler.stats.inc_value("lufeng/refused_hosts")
            raise IgnoreRequest(f"{urlsplit(request.url).netloc} is no host at which site {run.site.name} may be asked")


class PublicResolver(CachingThreadedResolver):
    """Resolves names, never to an address inside somebody's own network; what it returns is what is connected to."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """The address of a name. Fails with DNSLookupError where it is private (`localhost` and proxies excepted)."""
        found = super().getHostByName(name, timeout)
        own = {"localhost", *(urlsplit(url).hostname for url in getproxies().values())}
        return found if name in own or is_ip_address(name) else found.addCallback(_only_public, name)


class RobotsTxt(RobotsTxtMiddleware):
    """Scrapy's robots.txt rules, and RFC 9309, 2.3.1, where a site does not say.

    A client error allows all; a server error, 429, or no answer forbids all until there is one.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unanswered: dict[str, Exception] = {}
        self._failed: dict[str, int] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Raises IgnoreRequest where robots.txt forbids the address, the network's error where it gave no answer."""
        host = urlsplit(request.url).netloc
        try:
            await super().process_request(request)
        except IgnoreRequest:
            status = self._failed.get(host)
            why = f"answered {status}, which forbids all until it can say" if status else f"forbids {request.url}"
            CrawlRun.of(self.crawler).forbidden = f"robots.txt of {host} {why}"
            raise IgnoreRequest(f"robots.txt of {host} {why}") from None
        if host in self._unanswered and not _is_robots(request):
            request.meta["dont_retry"] = True
            raise self._unanswered[host]

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Remember why there is no robots.txt, and spare the log Scrapy's traceback of it."""
        if _is_robots(request) and not isinstance(exception, IgnoreRequest):
            asked = (request.meta.get("redirect_urls") or [request.url])[0]
            self._unanswered[urlsplit(asked).netloc] = exception
            raise IgnoreRequest("robots.txt gave no answer") from exception

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._failed[netloc] = response.status
        said = FORBID_ALL if netloc in self._failed else _rules(response)
        await super()._parse_robots(response.replace(body=said), netloc, request)


class HostBackoff(RetryMiddleware):
    """Retries as Scrapy does; after 429 and 503 the whole host rests first, as long as it asks, else ever longer."""

    BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.first, self.longest = settings.getfloat("LUFENG_REST"), settings.getfloat("LUFENG_REST_LONGEST")
        self._until: dict[str, float] = {}
        self._times: dict[str, int] = {}

    async def process_request(self, request: Request) -> None:
        """Wait while the host rests. Raises IgnoreRequest where that would take longer than a run may wait."""
        host = host_of(request.url)
        while (rest := self._until.get(host, 0) - monotonic()) > 0:
            if rest > self.longest:
                raise IgnoreRequest(f"{host} is busy and is left alone for {rest:.0f} s")
            if not self.crawler.crawling:
                raise IgnoreRequest(f"{host} is busy, and the crawl is to end")
            await asyncio.sleep(min(rest, 1))

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Note how long the host is to rest, then retry or give up."""
        host = host_of(request.url)
        if response.status in self.BUSY:
            self._times[host] = self._times.get(host, 0) + 1
            rest = _retry_after(response) or self.first * 2 ** (self._times[host] - 1)
            self._until[host] = monotonic() + rest
        elif response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._times.pop(host, None)
        return super().process_response(request, response)


def _only_public(address: str, name: str) -> str:
    if not is_public_ip(address):
        raise DNSLookupError(f"{name} leads to {address}, inside somebody's own network")
    return address


def _retry_after(response: Response) -> float | None:
    """Seconds, from either form of the header (RFC 9110, 10.2.3); None where there is none or it is unreadable."""
    said = _header(response, "Retry-After").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time())
    except ValueError:
        return None


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))


def _rules(response: Response) -> bytes:
    """What robots.txt says: nothing where there is none, or none that can be read."""
    if response.status != HTTPStatus.OK:
        return b""
    try:
        return decode_payload(response.body, _header(response, "Content-Encoding"))
    except ValueError:
        return b""


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
