"""Scrapy middlewares: request only what is due, only from named hosts, only what their robots.txt allows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from time import monotonic, time
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
from lufeng_crawler.crawl_run import CONDITIONS, CrawlPart, CrawlRun, RequestPurpose, is_conditional
from lufeng_crawler.pages.text.content_encoding import decode_payload
from lufeng_crawler.sites.hosts import host_of, is_ip_address, is_public_ip

UNASKED_304 = "304 to a request without a condition"
EMPTY_BODY = 64
"""Bytes that an empty body may have once it is coded; gzip's frame takes 20."""

FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class SkipFreshArticles(BaseSpiderMiddleware):
    """Drops requests for articles that are fresh, that this run has requested before, or that exceed the limit."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """Return the request, or None to drop it."""
        run, purpose = CrawlRun.of(self.crawler), RequestPurpose.of(request.meta)
        if purpose.kind in ("listing", "home"):
            run.requested.add(request.url)
        if purpose.kind != "article":
            return request
        if purpose.is_reworded:
            run.reworded_keys.add(purpose.key)  # it may be waiting already, as one that is due
        if run.is_limit_reached or purpose.key in run.requested_keys:
            return None
        if not (run.full or purpose.is_reworded) and run.frontier.is_fresh(purpose.key, request.url, run.now()):
            return None
        run.requested_keys.add(purpose.key)
        run.articles_requested += 1
        run.requested.add(request.url)
        return request


class ConditionalRequests(CrawlPart):
    """Makes requests conditional on what the archive has of their URL; a redirect's target is another URL."""

    def process_request(self, request: Request) -> None:
        """Set the validators of the URL, and no others: a redirect brings its request's headers along."""
        earlier = self._validators(request) or Validators(None, None)
        for name, value in zip(CONDITIONS, (earlier.etag, earlier.last_modified), strict=True):
            request.headers.pop(name, None)
            if value:
                request.headers[name] = value

    def _validators(self, request: Request) -> Validators | None:
        """Return the validators to send for a URL, or None.

        None if everything is to be looked at (`full`), and for an article whose line in its listing has changed: some
        servers answer 304 whatever has changed. For a listing only if its column has no gap and is not to be swept,
        since otherwise its entries are needed anyway.
        """
        run, purpose = self.run, RequestPurpose.of(request.meta)
        column = purpose.column or ""
        if run.full or request.method != "GET" or purpose.key in run.reworded_keys:
            return None
        if purpose.kind in ("article", "attachment") or (
            purpose.kind == "listing" and run.frontier.has_no_gap(column) and not run.must_sweep(column)
        ):
            return run.frontier.validators(request.url)
        return None


class AllowedHosts(CrawlPart):
    """Refuses every host that the site file does not name, for redirects, robots.txt and attachments too.

    A private or loopback address is requested only where the site's `start` names it.
    """

    def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest for a host that may not be requested."""
        if not self.run.may_request(request.url):
            self.crawler.stats.inc_value("lufeng/refused_hosts")
            host, site = urlsplit(request.url).netloc, self.run.site.name
            raise IgnoreRequest(f"{host} is no host at which site {site} may be asked")


class PublicResolver(CachingThreadedResolver):
    """Resolves names, never to a private address; Scrapy connects to the address that it returns."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """Resolve a name. Fails with DNSLookupError where its address is private (`localhost` and proxies excepted)."""
        resolved = super().getHostByName(name, timeout)
        exempt = {"localhost", *(urlsplit(url).hostname for url in getproxies().values())}
        return resolved if name in exempt or is_ip_address(name) else resolved.addCallback(_require_public, name)


class RobotsTxt(RobotsTxtMiddleware):
    """Applies robots.txt as Scrapy does and, where a site has none, as RFC 9309, 2.3.1.

    A client error allows all; a server error, 429, or no response forbids all until there is one.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unanswered: dict[str, Exception] = {}
        self._failed: dict[str, int] = {}

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Raise IgnoreRequest where robots.txt forbids the URL, the network's error where there was no response."""
        host = urlsplit(request.url).netloc
        try:
            await super().process_request(request)
        except IgnoreRequest:
            status = self._failed.get(host)
            why = f"answered {status}, which forbids all until it can say" if status else f"forbids {request.url}"
            run = CrawlRun.of(self.crawler)
            if not status:
                run.forbidden.add(request.url)
            run.robots_refusal = f"robots.txt of {host} {why}"
            raise IgnoreRequest(f"robots.txt of {host} {why}") from None
        if host in self._unanswered and not _is_robots(request):
            request.meta["dont_retry"] = True
            raise self._unanswered[host]

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Remember why there is no robots.txt, and keep Scrapy from logging a traceback."""
        if _is_robots(request) and not isinstance(exception, IgnoreRequest):
            first_url = (request.meta.get("redirect_urls") or [request.url])[0]
            self._unanswered[urlsplit(first_url).netloc] = exception
            raise IgnoreRequest("robots.txt gave no answer") from exception

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._failed[netloc] = response.status
        rules = FORBID_ALL if netloc in self._failed else _rules(response)
        await super()._parse_robots(response.replace(body=rules), netloc, request)


class HostBackoff(RetryMiddleware):
    """Retries as Scrapy does; after 429 and 503 the whole host is left alone first, for Retry-After or ever longer.

    An answer that broke off or is empty, and a 304 that nobody asked for, is no answer either. Each is stored before.
    """

    BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.first, self.longest = settings.getfloat("LUFENG_REST"), settings.getfloat("LUFENG_REST_LONGEST")
        self._until: dict[str, float] = {}
        self._times: dict[str, int] = {}

    async def process_request(self, request: Request) -> None:
        """Wait while the host is left alone. Raises IgnoreRequest if that takes longer than a run may wait."""
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
        """Note how long the host is to be left alone, then retry or give up."""
        host = host_of(request.url)
        if response.status in self.BUSY:
            self._times[host] = self._times.get(host, 0) + 1
            rest = _retry_after(response) or self.first * 2 ** (self._times[host] - 1)
            self._until[host] = monotonic() + rest
        elif response.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._times.pop(host, None)
        if (reason := _transfer_failure(request, response)) and not request.meta.get("dont_retry"):
            return self._retry(request, reason) or response
        return super().process_response(request, response)


def _transfer_failure(request: Request, response: Response) -> str | None:
    """Return why a response is to be asked for again at once: what came is not what the site has there."""
    if "dataloss" in response.flags:
        return "the answer broke off"
    if response.status == HTTPStatus.NOT_MODIFIED and not is_conditional(request):
        return UNASKED_304 if request.meta.get("retry_times", 0) < 1 else None
    is_page = RequestPurpose.of(request.meta).kind in ("home", "listing", "article")
    return "an empty answer" if response.status == HTTPStatus.OK and is_page and _is_empty(response) else None


def _is_empty(response: Response) -> bool:
    """Return whether there is nothing in a body, or nothing but the frame of its content coding."""
    if len(response.body) > EMPTY_BODY:
        return False
    try:
        return not decode_payload(response.body, _header(response, "Content-Encoding")).strip()
    except ValueError:
        return False


def _require_public(address: str, name: str) -> str:
    if not is_public_ip(address):
        raise DNSLookupError(f"{name} leads to {address}, inside somebody's own network")
    return address


def _retry_after(response: Response) -> float | None:
    """Return seconds from either form of the header (RFC 9110, 10.2.3); None where it is absent or unreadable."""
    value = _header(response, "Retry-After").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None


def _is_robots(request: Request) -> bool:
    return bool(request.meta.get("dont_obey_robotstxt"))


def _rules(response: Response) -> bytes:
    """Return the text of robots.txt, empty where there is none or it cannot be decoded."""
    if response.status != HTTPStatus.OK:
        return b""
    try:
        return decode_payload(response.body, _header(response, "Content-Encoding"))
    except ValueError:
        return b""


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")
