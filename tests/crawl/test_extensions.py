"""What listens to a crawl, piece by piece; whole crawls hold the rest."""

from __future__ import annotations

import logging
import socket
from contextlib import closing, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.headers import Headers
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.settings import Settings
from twisted.web.iweb import UNKNOWN_LENGTH

from lufeng_crawler.crawl_run import RequestPurpose
from lufeng_crawler.errors import ColumnNotFound, NotAListing, NotAnArticle
from lufeng_crawler.extensions import (
    CaptureResponses,
    CrawlDelay,
    PageErrorLogFormatter,
    _listens,
    _pairs,
    _truncated,
)
from lufeng_crawler.items import Kind


def crawler(**settings: object) -> Any:
    """As much of Scrapy's as a listener asks for."""
    downloader = SimpleNamespace(per_slot_settings={}, slots={})
    engine = SimpleNamespace(downloader=downloader)
    given = {
        "LUFENG_LARGEST": 10,
        "LUFENG_LARGEST_FILE": 5,
        "USER_AGENT": "lufeng-crawler/1",
        "DOWNLOAD_DELAY": 2.0,
    } | settings
    return SimpleNamespace(settings=Settings(given), engine=engine)


def test_a_download_stops_where_it_is_larger_than_may_be_held() -> None:
    listener, request = CaptureResponses(crawler()), Request("http://site/")
    listener.bytes_received(b"x" * 10, request)
    with pytest.raises(StopDownload) as stopped:
        listener.bytes_received(b"x", request)
    assert not stopped.value.fail, "what has come is kept"


@pytest.mark.parametrize(
    ("kind", "length", "stops"),
    [("attachment", 5, False), ("attachment", 6, True), ("attachment", UNKNOWN_LENGTH, False), ("article", 6, False)],
)
def test_of_a_file_that_states_to_be_too_large_nothing_is_asked_for(kind: Kind, length: int | str, stops: bool) -> None:
    listener, request = CaptureResponses(crawler()), Request("http://site/", meta=RequestPurpose(kind).as_meta())
    with pytest.raises(StopDownload) if stops else nullcontext() as stopped:
        listener.headers_received(length, request)
    assert stopped is None or not stopped.value.fail, "its headers are kept"


def test_a_file_that_does_not_state_its_length_stops_at_its_own_limit() -> None:
    listener, request = (
        CaptureResponses(crawler()),
        Request("http://site/", meta=RequestPurpose("attachment").as_meta()),
    )
    listener.bytes_received(b"x" * 5, request)
    with pytest.raises(StopDownload):
        listener.bytes_received(b"x", request)


def test_a_retry_counts_from_nothing() -> None:
    listener, request = CaptureResponses(crawler()), Request("http://site/")
    listener.bytes_received(b"x" * 9, request)
    listener.bytes_received(b"x" * 9, request.copy())


@pytest.mark.parametrize(
    ("flags", "word"),
    [([], None), (["dataloss"], "disconnect"), (["download_stopped"], "length"), (["partial"], None)],
)
def test_why_a_body_is_cut(flags: list[str], word: str | None) -> None:
    assert _truncated(flags) == word


def test_repeated_headers_stay_repeated_and_every_byte_survives() -> None:
    headers = Headers({"Set-Cookie": ["a=1", "b=2"], "X-Owner": "县".encode()})
    assert _pairs(headers) == (
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
        ("X-Owner", "县".encode().decode("latin-1")),
    )


def parser(rules: bytes) -> ProtegoRobotParser:
    return ProtegoRobotParser(rules, None)


@pytest.mark.parametrize(("asked", "delay"), [("10", 10.0), ("0.5", 2.0), ("2", 2.0)])
def test_a_crawl_delay_is_kept_and_outlives_scrapys_slots(asked: str, delay: float) -> None:
    """Scrapy drops a slot that was idle for a minute; a random delay around ten seconds would be less than asked."""
    made = crawler()
    slot = made.engine.downloader.slots["site"] = SimpleNamespace(delay=2.0, jitter=0.5)
    CrawlDelay(made).robots_parsed(
        parser(f"User-agent: *\nCrawl-delay: {asked}\n".encode()), Request("http://site:81/")
    )
    assert (slot.delay, slot.jitter) == (delay, 0)
    assert made.engine.downloader.per_slot_settings == {"site": {"delay": delay, "jitter": 0}}


def test_without_a_crawl_delay_ours_holds() -> None:
    made = crawler()
    CrawlDelay(made).robots_parsed(parser(b"User-agent: *\nDisallow: /a\n"), Request("http://site/"))
    assert made.engine.downloader.per_slot_settings == {}


def level(error: Exception) -> int:
    request = Request("http://site/")
    spider: Any = None
    failure: Any = SimpleNamespace(value=error)
    return int(PageErrorLogFormatter().spider_error(failure, request, Response("http://site/"), spider)["level"])


@pytest.mark.parametrize("kind", [NotAListing, NotAnArticle, ColumnNotFound])
def test_a_page_that_is_not_what_it_promised_brings_no_traceback(kind: type[NotAListing]) -> None:
    assert level(kind("http://site/", "why")) == logging.DEBUG


def test_a_fault_of_ours_is_shown() -> None:
    assert level(KeyError("kept")) == logging.ERROR


def test_whether_anybody_serves_the_demo() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        assert _listens(port)
    assert not _listens(port)
