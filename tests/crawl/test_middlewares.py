"""What stands between spider and site, piece by piece: addresses nobody may ask, and how long a host rests."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime
from email.utils import format_datetime
from time import time
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer
from twisted.internet.error import DNSLookupError

from lufeng_crawler.crawl_run import RequestPurpose
from lufeng_crawler.items import Kind
from lufeng_crawler.middlewares import PublicResolver, _retry_after, _rules, _transfer_failure
from lufeng_crawler.sites.hosts import is_private, is_public_ip

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.254", "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2002:7f00:1::", "2002:a00:1::1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "::127.0.0.1", "2001:db8::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "202.96.128.86", "2001:4860:4860::8888", "::ffff:8.8.8.8", "2002:808:808::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_of_no_one_on_the_internet(address: str) -> None:
    assert not is_public_ip(address)
    assert is_private(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public_ip(address)
    assert not is_private(address)


@pytest.mark.parametrize("name", ["localhost", "www.localhost"])
def test_names_of_this_machine(name: str) -> None:
    assert is_private(name)


def resolved(monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> object:
    """What a name that leads to `address` is resolved to, or what that fails with."""
    monkeypatch.setattr(CachingThreadedResolver, "getHostByName", lambda *_: defer.succeed(address))
    found: list[object] = []
    resolver = PublicResolver.__new__(PublicResolver)
    resolver.getHostByName(name).addBoth(found.append)
    value = getattr(found[0], "value", found[0])
    return value if isinstance(value, str) else type(value)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_of_the_internet_never_leads_inside(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert resolved(monkeypatch, "www.example.gov.cn", address) is DNSLookupError


def test_other_names_are_resolved_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolved(monkeypatch, "www.example.gov.cn", "8.8.8.8") == "8.8.8.8"
    assert resolved(monkeypatch, "localhost", "127.0.0.1") == "127.0.0.1"
    assert resolved(monkeypatch, "10.0.0.1", "10.0.0.1") == "10.0.0.1", "written so in `start`, or refused before"


def test_a_proxy_may_be_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert resolved(monkeypatch, "proxy.example", "10.0.0.1") == "10.0.0.1"


def busy(said: str | bytes | None) -> Response:
    return Response("http://site/", headers={"Retry-After": said} if said is not None else {})


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120.0), (" 7 ", 7.0), (None, None), ("", None), ("soon", None), ("-5", None), (b"\xb2", None)],
)
def test_retry_after_in_seconds(said: str | bytes | None, seconds: float | None) -> None:
    assert _retry_after(busy(said)) == seconds


def test_retry_after_as_a_date() -> None:
    assert _retry_after(busy(http_date(time() + 90))) == pytest.approx(90, abs=2)
    assert _retry_after(busy(http_date(time() - 90))) == 0


def http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("status", "body", "coding", "rules"),
    [
        (200, b"Disallow: /a", "", b"Disallow: /a"),
        (404, b"Disallow: /", "", b""),
        (200, b"\x1f\x8bbroken", "gzip", None),
        (200, b"Disallow: /", "unheard-of", b""),
    ],
)
def test_the_rules_of_robots_txt(status: int, body: bytes, coding: str, rules: bytes | None) -> None:
    said = _rules(Response("http://site/robots.txt", status, {"Content-Encoding": coding}, body))
    assert said == rules or (rules is None and not re.search(rb"disallow", said, re.I))


@pytest.mark.parametrize(
    ("kind", "answer", "headers", "again"),
    [
        ("article", {"flags": ["dataloss"], "body": b"<html>"}, {}, True),
        ("attachment", {"flags": ["dataloss"], "body": b"%PDF"}, {}, True),
        ("other", {"flags": ["dataloss"]}, {}, True),
        ("listing", {}, {}, True),
        ("article", {"body": b" \r\n"}, {}, True),
        ("home", {"body": gzip.compress(b""), "headers": {"Content-Encoding": "gzip"}}, {}, True),
        ("attachment", {}, {}, False),
        ("article", {"status": 404}, {}, False),
        ("article", {"status": 403}, {}, False),
        ("article", {"flags": ["download_stopped"], "body": b"<html>"}, {}, False),
        ("article", {"status": 304}, {}, True),
        ("article", {"status": 304}, {"If-None-Match": '"1"'}, False),
        ("listing", {"status": 304}, {"If-Modified-Since": "Mon, 02 Nov 2026 01:00:00 GMT"}, False),
    ],
)
def test_which_answers_are_asked_for_again_at_once(
    kind: Kind, answer: dict[str, Any], headers: dict[str, str], again: bool
) -> None:
    request = Request("http://a.example/", headers=headers, meta=RequestPurpose(kind).as_meta())
    assert bool(_transfer_failure(request, Response(request.url, **answer))) is again


def test_a_304_that_nobody_asked_for_is_asked_about_once() -> None:
    request = Request("http://a.example/", meta=RequestPurpose("article").as_meta() | {"retry_times": 1})
    assert _transfer_failure(request, Response(request.url, status=304)) is None
