"""A made-up site whose every answer can be scripted: pages as they stand, and raw answers in their place."""

from __future__ import annotations

import random
import socketserver
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BufferedIOBase, BufferedReader
from threading import Thread
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from tests.situations.tls import tls_context

HOST = "www.gulou.gov.cn"
NEWS = "要闻动态"
FIRST_DAY = date(2026, 11, 1)
"""The day before the first crawl, on which article 1 is published; each further one is a day older."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: its method and address, how often that was asked for (the first time: 1), its headers and body."""

    method: str
    url: str
    times: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path and query."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


Answer = bytes | Callable[[Asked], bytes]
"""A whole response as it goes over the wire, or what makes one."""

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def respond(
    body: str | bytes = "",
    status: int = 200,
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = NO_HEADERS,
    mime: str = "text/html; charset=utf-8",
) -> bytes:
    """Write a whole response."""
    data = body.encode() if isinstance(body, str) else body
    more = list(headers.items() if isinstance(headers, Mapping) else headers)
    lines = [("Content-Type", mime), *([] if status == 304 else [("Content-Length", str(len(data)))]), *more]
    head = "".join(f"{name}: {value}\r\n" for name, value in [*lines, ("Connection", "close")])
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode("latin-1") + data


def cut(answer: bytes) -> bytes:
    """A response that breaks off in the middle of its body."""
    return answer[:-700]


def chunked_and_cut(answer: bytes) -> bytes:
    """The same in chunks, of which the last never comes."""
    body = answer.partition(b"\r\n\r\n")[2]
    head = b"HTTP/1.1 200 Said\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n" % len(body) + body[:-700]


SENTENCES = (
    "{place}组织干部职工逐户走访困难群众，帮助解决{number}户家庭的用水问题",
    "{place}投入资金新建高标准粮仓，可储存当季稻谷{number}吨",
    "技术人员在{place}试种早熟油菜，示范面积达到{number}亩",
    "{place}的志愿者沿河清理漂浮物，共出动船只{number}艘次",
    "{place}卫生院添置检验设备，日均接诊{number}人",
    "交通部门在{place}铺设沥青路面，全长{number}公里",
    "{place}图书馆延长开放时间，新增藏书{number}册",
    "{place}举办民歌比赛，报名选手{number}名",
    "消防救援队在{place}检查商铺{number}家，当场整改隐患",
    "{place}小学更换课桌椅{number}套，教室照明同步改造",
    "{place}养蜂合作社签下订单，预计交付蜂蜜{number}斤",
    "供电公司为{place}更新变压器{number}台，缓解高峰负荷",
    "{place}完成古桥修缮，替换条石{number}块",
    "{place}的茶园迎来采摘季，吸引游客{number}批",
    "气象站在{place}增设雨量计{number}个，预报更加精细",
    "{place}渔港码头扩建泊位{number}个，冷链车间随之投产",
)
PLACES = (
    "青石镇",
    "白沙乡",
    "柳河街道",
    "云岭村",
    "东湖片区",
    "南坪林场",
    "北渡口",
    "西关社区",
    "大坝水库",
    "竹园新村",
)


REWRITTEN = (
    (
        "夜里起风，江面上的灯一盏接一盏熄了，只有渡船还亮着一点红光，摇橹的人哼着谁也听不清的调子。",
        "清早开门，石阶被雨洗得发白，卖豆浆的担子停在巷口，热气把半条街都染得模糊起来。",
    ),
    (
        "旧书摊的老板把眼镜推上额头，翻出一册缺了封面的地图，指给客人看那条早已改道的运河。",
        "孩子们蹲在墙根下画格子，粉笔断成几截，谁输了谁就去井边提水，笑声一直传到磨坊后面。",
    ),
    (
        "月台尽头的钟慢了七分钟，守夜的工人并不去拨，他说迟到的人总要有个盼头，急也没有用处。",
        "信寄到的时候，桂花已经落了一地，拆信的手沾着面粉，纸上的字便一个个洇成淡淡的云。",
    ),
)
"""What has no word in common with any article of the site."""


def body_of(number: int) -> tuple[str, ...]:
    """The paragraphs of an article: its own words, so that no two are alike."""
    choice = random.Random(number)
    sentences = choice.sample(SENTENCES, 6)
    told = [one.format(place=choice.choice(PLACES), number=choice.randint(11, 979)) + "。" for one in sentences]
    return tuple("".join(told[at : at + 2]) for at in range(0, len(told), 2))


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of the site. `listed` is the column in whose list it stands, None for none."""

    number: int
    title: str
    day: str
    body: tuple[str, ...]
    listed: str | None = NEWS
    url: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return self.url or f"/xw/2026/{self.number}.htm"


def piece(number: int, **more: str | tuple[str, ...] | None) -> Piece:
    """Make article `number`: the higher, the older."""
    topic = random.Random(number).choice(SENTENCES)[7:13]
    day = (FIRST_DAY - timedelta(days=number - 1)).isoformat()
    made = Piece(number, f"第{number}号消息：{PLACES[number % 10]}{topic}", day, body_of(number))
    return Piece(**{name: getattr(made, name) for name in Piece.__slots__} | more)


NAVIGATION = '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/list.htm">要闻动态</a></li></ul>'
FOOT = '<div class="foot">主办：鼓楼区人民政府办公室　苏ICP备05000001号</div>'


def page(title: str, middle: str, head: str = "") -> str:
    """Any page of the site."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}_鼓楼区人民政府</title>'
        f'<meta name="SiteName" content="鼓楼区人民政府">{head}</head><body>{NAVIGATION}{middle}{FOOT}</body></html>'
    )


def article_page(one: Piece, under: str = "", views: int = 7) -> str:
    """An article's page; `under` stands at the end of its text, `views` is the counter of its label line."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in one.body)
    tags = f'<meta name="ArticleTitle" content="{one.title}"><meta name="PubDate" content="{one.day} 08:30">'
    labels = f'<p class="labels">发布时间：{one.day} 08:30　来源：区融媒体中心　阅读：<b>{views}</b>次</p>'
    return page(
        one.title,
        f'<div class="where">您的位置：<a href="/">首页</a> &gt; <a href="/list.htm">要闻动态</a> &gt; 正文</div>'
        f'<div class="detail"><h1>{one.title}</h1>{labels}<div id="zoom">{text}{under}</div></div>',
        tags,
    )


def listing_page(lines: Sequence[Piece], pager: str = "", name: str = NEWS, hidden: Sequence[Piece] = ()) -> str:
    """A page of a column. Hidden lines are those that a script would show."""
    shown = "".join(_line(one) for one in lines) + "".join(_line(one, ' style="display:none"') for one in hidden)
    where = f'<div class="where">您的位置：<a href="/">首页</a> &gt; {name}</div>'
    tags = f'<meta name="ColumnName" content="{name}">'
    return page(name, f'{where}<ul class="lines">{shown}</ul><div class="pages">{pager}</div>', tags)


def _line(one: Piece, style: str = "") -> str:
    return f'<li{style}><a href="{one.path}" title="{one.title}">{one.title}</a><span>{one.day}</span></li>'


@dataclass(slots=True)
class ScriptedSite:
    """The site as it stands. `answers` come first, by path or by whole address; then the pages; then `otherwise`.

    `pagers` are what stands under each page of a column's list, `size` lines a page; a column without one is one page.
    """

    pieces: dict[int, Piece] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=lambda: {NEWS: "/list.htm"})
    answers: dict[str, Answer] = field(default_factory=dict)
    otherwise: Answer = field(default_factory=lambda: respond(page("404", "<h1>404 Not Found</h1>"), 404))
    size: int = 0
    shown: int = 0
    pager: Callable[[int, int, int], str] = lambda number, pages, total: ""
    under: Callable[[Piece], str] = lambda one: ""
    views: int = 7
    asked: list[Asked] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, *numbers: int, **more: str | tuple[str, ...] | None) -> None:
        """Publish articles."""
        self.pieces.update({number: piece(number, **more) for number in numbers})

    def change(self, number: int, **more: str | tuple[str, ...] | None) -> None:
        """Change an article."""
        one = self.pieces[number]
        self.pieces[number] = Piece(**{name: getattr(one, name) for name in Piece.__slots__} | more)

    def edit(self, number: int, words: str = "补充说明：相关工作仍在推进。") -> None:
        """Add a paragraph to an article."""
        self.change(number, body=(*self.pieces[number].body, words))

    def take_down(self, number: int) -> None:
        """Answer 404 for an article and take its line from the list."""
        self.pieces.pop(number)

    def path(self, number: int) -> str:
        """Where an article is, one that was taken down too."""
        return self.pieces[number].path if number in self.pieces else piece(number).path

    def page_of(self, number: int) -> bytes:
        """The answer for an article as it stands."""
        return respond(article_page(self.pieces[number], self.under(self.pieces[number]), self.views))

    def instead(self, number: int, answer: Answer) -> None:
        """Answer so for an article."""
        self.answers[self.path(number)] = answer

    def heal(self) -> None:
        """Answer as the site stands."""
        self.answers.clear()

    def once(self, number: int, answer: bytes) -> None:
        """Answer so for an article the first time from now on, and then as it stands."""
        left = [answer]
        self.answers[self.path(number)] = lambda asked: left.pop() if left else self.page_of(number)

    def answer(self, asked: Asked) -> bytes:
        """Answer a request."""
        self.asked.append(asked)
        scripted = self.answers.get(asked.url) or self.answers.get(asked.path) or self._page(asked.path)
        return scripted(asked) if callable(scripted) else scripted

    def times_asked(self, url: str) -> int:
        """How often an address has been asked for."""
        return sum(url == asked.url for asked in self.asked)

    def lines(self, column: str) -> list[Piece]:
        """The lines of a column's list, newest first; no more than `shown` of them, where that is set."""
        listed = [one for one in self.pieces.values() if one.listed == column]
        return sorted(listed, key=lambda one: (one.day, -one.number), reverse=True)[: self.shown or None]

    def _page(self, path: str) -> Answer:
        if path == "/robots.txt":
            return respond("User-agent: *\nDisallow: /admin/\n", mime="text/plain")
        if path == "/":
            return respond(page("首页", "<p>欢迎</p>"))
        for column in self.columns:
            pages = self.pages(column)
            if path in pages:
                return respond(pages[path])
        number = next((number for number, one in self.pieces.items() if one.path == path), None)
        return self.otherwise if number is None else self.page_of(number)

    def pages(self, column: str) -> dict[str, str]:
        """The pages of a column's list by their paths: /list.htm, /list_2.htm, …"""
        lines, first = self.lines(column), self.columns[column]
        size = self.size or max(1, len(lines))
        parts = [lines[at : at + size] for at in range(0, len(lines), size)] or [[]]
        pages = {}
        for number, part in enumerate(parts, 1):
            path = first if number == 1 else first.replace(".htm", f"_{number}.htm")
            pages[path] = listing_page(part, self.pager(number, len(parts), len(lines)), column)
        return pages


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = False
    allow_reuse_address = True
    site: ScriptedSite

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep a fault of the script, so that the situation fails by it; that a client hangs up is none."""
        if not isinstance(fault := sys.exception(), ConnectionError | ssl.SSLError):
            self.site.faults.append(repr(fault))


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10
    server: _Server

    def handle(self) -> None:
        """Answer one request; of a tunnel for https, the one inside."""
        method, target, _ = _read_request(self.rfile)
        if method != "CONNECT":
            self._answer(method, target, self.rfile, self.wfile)
            return
        _read_headers(self.rfile)
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        host = target.removesuffix(":443")
        with tls_context().wrap_socket(self.request, server_side=True) as secure, secure.makefile("rwb", 0) as both:
            lines = BufferedReader(both)
            method, path, _ = _read_request(lines)
            self._answer(method, f"https://{host}{path}", lines, both)

    def _answer(self, method: str, url: str, lines: BufferedIOBase, out: Any) -> None:
        if not method:
            return
        headers, site = _read_headers(lines), self.server.site
        body = lines.read(int(headers.get("content-length", 0)))
        asked = Asked(method, url, site.times_asked(url) + 1, headers, body)
        with suppress(ConnectionError):
            out.write(site.answer(asked))


def _read_request(lines: BufferedIOBase) -> list[str]:
    words = lines.readline().decode("latin-1").split()
    return words if len(words) == 3 else ["", "", ""]


def _read_headers(lines: BufferedIOBase) -> dict[str, str]:
    read = iter(lambda: lines.readline().decode("latin-1").rstrip("\r\n"), "")
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in read)}


@contextmanager
def served(site: ScriptedSite) -> Iterator[str]:
    """Serve the site for as long as the context is open; yield the address of the proxy by which it is reached.

    By way of a proxy, so that the site and others it leads to have names as on the internet.
    """
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.site = site
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()
