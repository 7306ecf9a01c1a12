"""Makes the requests for pages: a POST address becomes a POST."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy import Request

from lufeng_crawler.post_address import split_post_address

FORM_TYPE = "application/x-www-form-urlencoded"


def page_request(address: str, callback: Callable[..., Any], **options: Any) -> Request:
    """Return the request for an address: a GET of a URL, or the POST that a POST address stands for."""
    url, form = split_post_address(address)
    if form is None:
        return Request(url, callback, **options)
    return Request(url, callback, method="POST", body=form, headers={"Content-Type": FORM_TYPE}, **options)


def first_url(request: Request) -> str:
    """Return the URL that was asked for at first, before any redirect."""
    urls: list[str] = request.meta.get("redirect_urls") or [request.url]
    return urls[0]
