"""Answers HTTP requests for the county and its offices: a pure function of path, day and request headers."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from lufeng_crawler.demo import media, render
from lufeng_crawler.demo.county import County, DemoArticle, DemoColumn, county
from lufeng_crawler.demo.events import DAYS, TROUBLES
from lufeng_crawler.demo.offices import FIRST_OFFICE_DAY, find_office
from lufeng_crawler.demo.skins import NOTICE


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An HTTP response as it is sent; `headers` are pairs and may repeat, `body` has its Content-Encoding."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Resource:
    """What a path leads to, before the request's headers count; `static` ones carry validators."""

    status: int
    mime: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()
    static: bool = False


def answer(path: str, day: int, headers: Mapping[str, str] | None = None) -> HttpAnswer:
    """Answer a GET of `path` (with its query, as in the request line) on `day`: same input, same bytes.

    `headers` are the request's; Accept-Encoding, If-None-Match and If-Modified-Since matter, in any case.
    """
    request_headers = {name.lower(): value for name, value in (headers or {}).items()}
    resource = _find_trouble(path, day) or _find_resource(path, day)
    fixed = (("Server", "lufeng-demo"), ("Date", _http_date(day, 9)))
    validators = _make_validators(path, day, resource) if resource.static else ()
    if validators and _is_unchanged(request_headers, dict(validators)):
        return HttpAnswer(304, (*fixed, *validators), b"")
    body, coding = _encode_body(resource, request_headers.get("accept-encoding", ""))
    described = (("Content-Type", resource.mime), ("Content-Length", str(len(body))))
    return HttpAnswer(resource.status, (*fixed, *described, *coding, *validators, *resource.headers), body)


def _make_validators(path: str, day: int, resource: _Resource) -> tuple[tuple[str, str], ...]:
    if (office := find_office(path)) and office.keeps_validators:
        day, resource = FIRST_OFFICE_DAY, _find_resource(path, FIRST_OFFICE_DAY)
    # Weak, since the same tag goes with the page as it is and with its gzip.
    etag = f'W/"{sha256(resource.body).hexdigest()[:16]}"'
    return ("ETag", etag), ("Last-Modified", _http_date(_changed_on(path, day), 8))


def _changed_on(path: str, day: int) -> int:
    while day > 1 and _find_resource(path, day - 1) == _find_resource(path, day):
        day -= 1
    return day


def _http_date(day: int, hour: int) -> str:
    # `hour` is the county's, whose clock is eight hours ahead.
    first = datetime.combine(DAYS[1], time(hour - 8), UTC)
    return format_datetime(first + timedelta(days=day - 1), usegmt=True)


def _is_unchanged(request_headers: Mapping[str, str], validators: Mapping[str, str]) -> bool:
    if "if-none-match" in request_headers:
        tags = [tag.strip().removeprefix("W/") for tag in request_headers["if-none-match"].split(",")]
        return "*" in tags or validators["ETag"].removeprefix("W/") in tags
    try:
        since = parsedate_to_datetime(request_headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.replace(tzinfo=UTC) >= parsedate_to_datetime(validators["Last-Modified"])


def _encode_body(resource: _Resource, accepted: str) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    if not resource.mime.startswith("text/"):
        return resource.body, ()
    if not re.search(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", accepted.lower()):
        return resource.body, (("Vary", "Accept-Encoding"),)
    return gzip.compress(resource.body, mtime=0), (("Vary", "Accept-Encoding"), ("Content-Encoding", "gzip"))


def _find_trouble(path: str, day: int) -> _Resource | None:
    """Return what the server answers instead of the page, on a day of trouble."""
    article = re.fullmatch(r"/info/\d+/(\d+)\.htm", path)
    match TROUBLES.get(day):
        case "challenged" if path != "/robots.txt":
            return _make_page(412, _CHALLENGE)
        case "half_down" if article and int(article[1]) % 2 == 1:
            return _make_page(500, render.render_prompt("500", "服务器内部错误"))
        case "emptied" if path == "/zwgk.htm":
            today = county(day)
            column = next(column for column in today.columns if column.path == path)
            return _make_column_page(column, render.render_listing(replace(today, articles=()), column, path))
    return None


@lru_cache(maxsize=2048)
def _find_resource(path: str, day: int) -> _Resource:
    office = find_office(path)
    today = office.on(day) if office else county(day)
    resource = (
        _find_file(path, today)
        or _find_front_page(path, today)
        or _find_listing(path, today)
        or _find_article(path, today)
    )
    return resource or _make_page(404, render.render_prompt("404 Not Found", "抱歉，没有找到您要的页面。"))


def _make_page(status: int, html: str, *headers: tuple[str, str], static: bool = False) -> _Resource:
    return _Resource(status, "text/html; charset=UTF-8", html.encode(), headers, static)


def _make_column_page(column: DemoColumn, html: str) -> _Resource:
    # A page in an old encoding is declared by its own meta tag alone, as old servers leave it.
    mime = "text/html; charset=UTF-8" if column.encoding == "utf-8" else "text/html"
    return _Resource(200, mime, html.encode(column.encoding), static=True)


def _find_file(path: str, today: County) -> _Resource | None:
    if path == "/robots.txt":
        return _Resource(200, "text/plain; charset=UTF-8", media.ROBOTS.encode(), static=True)
    if path in media.SCRIPTS:
        return _Resource(200, "text/javascript; charset=UTF-8", media.SCRIPTS[path].encode(), static=True)
    if path == media.picture_url("bridge"):
        return _Resource(200, "image/png", media.draw_bridge(), static=True)
    return next(
        (_make_form(article) for article in today.articles if article.attachment and path == _form_url(article)), None
    )


def _form_url(article: DemoArticle) -> str:
    return media.attachment_url(article.news_id)


def _make_form(article: DemoArticle) -> _Resource:
    disposition = f"attachment; filename*=UTF-8''{quote(article.attachment)}"
    body = media.write_form(article.attachment.removesuffix(".docx"), NOTICE)
    return _Resource(200, media.DOCX, body, (("Content-Disposition", disposition),), static=True)


def _find_front_page(path: str, today: County) -> _Resource | None:
    if path == "/about.htm":
        return _make_page(200, render.render_about(today), static=True)
    if path not in {"/", "/index.htm"}:
        return None
    session = f"JSESSIONID={today.day:032X}; Path=/; HttpOnly"
    return _make_page(200, render.render_home(today), ("Set-Cookie", session), ("Set-Cookie", "lang=zh-CN; Path=/"))


def _find_listing(path: str, today: County) -> _Resource | None:
    for column in today.columns:
        if path in today.pages(column):
            return _make_column_page(column, render.render_listing(today, column, path))
    return None


def _find_article(path: str, today: County) -> _Resource | None:
    match = re.fullmatch(r"/info/(\d+)/(\d+)\.htm", path)
    if not match:
        return None
    column_id, article_id = int(match[1]), int(match[2])
    article = today.article(article_id)
    if not article or column_id not in article.columns or article_id in article.dead:
        return None
    column = today.column(column_id)
    if article.condition == "live" and article.id != article_id:
        return _make_page(301, render.render_prompt("301 Moved", "页面已移动。"), ("Location", article.url(column.id)))
    if article.condition != "live":
        return _withhold(article, path)
    return _make_column_page(column, render.render_article(today, column, article))


def _withhold(article: DemoArticle, path: str) -> _Resource | None:
    match article.condition:
        case "gated":
            return _make_page(302, "", ("Location", path), ("Set-Cookie", "pass=1; Path=/"))
        case "challenged":
            return _make_page(521, _CHALLENGE, ("Set-Cookie", "__jsluid_h=0123456789abcdef0123456789abcdef; path=/"))
        case "forbidden":
            return _make_page(200, render.render_prompt("系统提示", "您没有访问当前栏目的权限"))
        case "soft_gone":
            return _make_page(200, render.render_prompt("系统提示", "您访问的页面不存在，可能已被删除或更名"))
    return None


_CHALLENGE = (
    '<html><head><meta charset="utf-8"><script>'
    "document.cookie='__jsl_clearance=1763344800.521|-1|demo;max-age=3600;path=/';"
    f'</script></head><body><p style="text-align:center">{NOTICE}</p></body></html>\n'
)
