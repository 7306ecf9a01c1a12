"""Temporary."""

from __future__ import annotations

import re

from lufeng_crawler.items import Capture, Layout, Other
from lufeng_crawler.pages.html.page import parse, text_of
from lufeng_crawler.pages.read_page import _decode
from lufeng_crawler.pages.text.urls import clean_url
from lufeng_crawler.pages.text.whitespace import split_lines


def impossible_url(url: str) -> str | None:
    m = re.search(r"(\d+)(?=\.\w+$)", url)
    return None if m is None else url[: m.start()] + "9" * (len(m[1])) + url[m.end() :]


def visible_lines(capture: Capture, layout: Layout = Layout()) -> tuple[str, ...]:
    d = _decode(capture, layout)
    return (
        () if isinstance(d, Other) else tuple(split_lines(text_of(parse(clean_url(capture.url), d.text, d.utf8).root)))
    )
