"""A government site of any size, made up from a seed, and a server that is far faster than any crawler of it.

`python made_site.py 5000` prints the site's address and columns, and serves it on loopback until its standard input
ends. Its pages are built the way 博达 VSB builds them: articles of about 20 KB, a fifth of it text (1,500 Chinese
characters), and listings of 20 with a pager whose addresses count down to `1.htm`. `/-/first` is no page: it says when
the first page since it was last asked was asked for, by the machine's own clock, how many requests for pages there
have been since, and for how many pages.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from string import Template
from time import monotonic

from lufeng_crawler.demo.county import county

COLUMNS = {"要闻动态": "/xwdt/ywdt", "部门动态": "/xwdt/bmdt", "通知公告": "/xwdt/tzgg", "乡镇之窗": "/xwdt/xzzc"}
"""Each column's name and the stem of its listing's address."""

ROWS, LETTERS, NEWEST = 20, 1500, date(2026, 11, 20)

PAGE = Template("""\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title-鹿峰县人民政府</title>
<meta name="keywords" content="鹿峰县人民政府,$column">
<!--Announced by Visual SiteBuilder 9-->
<link rel="stylesheet" type="text/css" href="/_sitegray/_sitegray_d.css">
<script language="javascript" src="/_sitegray/_sitegray.js"></script>
<style>$style</style>
<script src="/system/resource/js/counter.js"></script>
<script>$script</script>
</head>
<body>
<div class="top"><div class="wrap">鹿峰县只存在于这台电脑上</div></div>
<div class="nav"><ul class="wrap">$nav</ul></div>
<div class="position">当前位置: <a href="/index.htm">首页</a> &gt;&gt; <a href="$path.htm">$column</a></div>
$main
<div class="foot"><div class="wrap">$foot</div></div>
</body>
</html>
""")
ARTICLE = Template("""\
<script src="/system/resource/js/dynclicks.js"></script><form name="_newscontent_fromname">
<h1 class="title">$title</h1>
<div class="time">日期:$day&nbsp;&nbsp;&nbsp;作者:$author&nbsp;&nbsp;&nbsp;来源:县融媒体中心&nbsp;&nbsp;&nbsp;&nbsp;
点击:[<script>_showDynClicks("wbnews", 1723, $id)</script>]</div>
<div id="vsb_content"><div class="v_news_content">
$body
</div></div><div id="div_vote_id"></div>
<div class="pages">$neighbours</div>
<p class="close">【<a href="javascript:window.opener=null;window.open('','_self');window.close();">关闭</a>】</p>
</form>""")
PARAGRAPH = (
    '<p style="text-indent: 2em; line-height: 1.75em;"><span style="font-family: 仿宋; font-size: 21px;">{}</span></p>'
)
LISTING = Template("""\
<ul class="list">
$rows
</ul>
<table class="pager"><tr><td id="fanye2031">共$total条&nbsp;&nbsp;$number/$count&nbsp;</td>
<td>$links</td></tr></table>""")


def pages(count: int) -> Iterator[tuple[str, str]]:
    """So many pages by their paths: the listings of every column and the articles they name, the same every time."""
    words, frame = Words(Random(count)), _frame()
    for place, (column, stem) in enumerate(COLUMNS.items()):
        size = (count + place) // len(COLUMNS)
        listings = -(-size // (ROWS + 1))
        articles = [_Article(1001 + place, 1000 + place * count + n, words) for n in range(size - listings)]
        page = frame | {"column": column, "path": stem}
        for number in range(listings):
            rows = articles[number * ROWS : (number + 1) * ROWS]
            main = _listing(stem, rows, len(articles), number, listings)
            yield _listing_path(stem, number, listings), PAGE.substitute(page, title=column, main=main)
        for number, one in enumerate(articles):
            beside = articles[max(0, number - 1) : number] + articles[number + 1 : number + 2]
            yield one.path, PAGE.substitute(page, title=one.title, main=one.html(words, beside))


class Words:
    """Chinese text from a seed: pieces of the demo county's, put together anew."""

    def __init__(self, random: Random) -> None:
        self.random = random
        told = re.findall("[\u4e00-\u9fff]{4,}", "\n".join(article.body for article in county(1).articles))
        pieces = sorted({run[at : at + size] for run in told for size in (2, 3, 4) for at in range(len(run) - size)})
        self._clauses = ["".join(random.choices(pieces, k=random.randint(2, 6))) for _ in range(20_000)]

    def title(self) -> str:
        """A headline."""
        return f"鹿峰县{self.random.choice(self._clauses)}{self.random.choice(self._clauses)}"[:28]

    def paragraphs(self, letters: int) -> Iterator[str]:
        """Paragraphs of together about so many characters."""
        while letters > 0:
            clauses = self.random.choices(self._clauses, k=min(10, letters // 10 + 1))
            text = "，".join(clauses) + "。"
            letters -= len(text)
            yield text


class _Article:
    def __init__(self, column: int, id: int, words: Words) -> None:
        self.id, self.path, self.title = id, f"/info/{column}/{id}.htm", words.title()
        self.day = NEWEST - timedelta(days=id % 3000 // 3)

    @property
    def link(self) -> str:
        """The article in a line that leads to it."""
        return f'<a href="{self.path}" title="{self.title}">{self.title}</a>'

    def html(self, words: Words, beside: list[_Article]) -> str:
        """What stands on its page between navigation and footer."""
        return ARTICLE.substitute(
            title=self.title,
            day=f"{self.day.year}年{self.day.month:02}月{self.day.day:02}日",
            author="鹿小峰",
            id=self.id,
            body="\n".join(map(PARAGRAPH.format, words.paragraphs(LETTERS))),
            neighbours="<br>\n".join(f"上一条：{one.link}" for one in beside),
        )


def _listing_path(stem: str, number: int, count: int) -> str:
    return f"{stem}.htm" if number == 0 else f"{stem}/{count - number}.htm"


def _listing(stem: str, rows: list[_Article], total: int, number: int, count: int) -> str:
    after = (
        f'<a href="{_listing_path(stem, number + 1, count)}" class="Next">下页</a>' if number + 1 < count else "下页"
    )
    lines = (f'<li id="line_u9_{at}">{one.link}<span>{one.day}</span></li>' for at, one in enumerate(rows))
    return LISTING.substitute(rows="\n".join(lines), total=total, number=number + 1, count=count, links=after)


def _frame() -> dict[str, str]:
    """What all pages share, as much of it as such pages carry."""
    tops = [f"/ld{number}/index.htm" for number in range(9)]
    below = "".join(
        f'<li><a href="/ld/{n}.htm" title="政务公开第{n}栏" target="_blank">政务公开第{n}栏</a></li>' for n in range(6)
    )
    items = (f'<li class="n{n}"><a href="{url}">政府信息公开</a><ul>{below}</ul></li>' for n, url in enumerate(tops))
    rules = (f".c{n} li a:hover{{color:#1d6b4f;padding:{n}px 8px;border-bottom:1px solid #e4e8e6}}" for n in range(40))
    lines = (f"var box{n}=document.getElementById('box{n}');if(box{n}){{box{n}.onclick=show;}}" for n in range(30))
    return {
        "nav": "\n".join(items),
        "style": "\n".join(rules),
        "script": "\n".join(lines),
        "foot": "\n".join(f"<p>主办：鹿峰县人民政府办公室　承办：第{n}处　电话：0870-555{n:04}</p>" for n in range(6)),
    }


class Site:
    """The site's answers, head and body ready to be sent, by path; and what has been asked for."""

    def __init__(self, count: int) -> None:
        self.answers = {path.encode(): _answer(html) for path, html in pages(count)}
        self.first, self.requests, self.asked = 0.0, 0, set[bytes]()

    def answer(self, path: bytes, accepts_gzip: bool) -> bytes:
        """The whole answer to a GET."""
        if path == b"/-/first":
            told = json.dumps({"first": self.first, "requests": self.requests, "pages": len(self.asked)}).encode()
            self._forget()
            return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told)
        if path not in self.answers:
            return b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
        self.first, self.requests = self.first or monotonic(), self.requests + 1
        self.asked.add(path)
        head, body = self.answers[path]
        if not accepts_gzip:
            body = gzip.decompress(body)
            head = head.replace(b"Content-Encoding: gzip\r\n", b"")
        return b"%bContent-Length: %d\r\n\r\n%b" % (head, len(body), body)

    def _forget(self) -> None:
        self.first, self.requests, self.asked = 0.0, 0, set[bytes]()


def _answer(html: str) -> tuple[bytes, bytes]:
    head = (
        "HTTP/1.1 200 OK\r\nServer: made\r\nDate: Fri, 20 Nov 2026 01:00:00 GMT\r\n"
        "Content-Type: text/html; charset=UTF-8\r\nLast-Modified: Fri, 20 Nov 2026 00:00:00 GMT\r\n"
        f'ETag: W/"{zlib.crc32(html.encode()):08x}"\r\nVary: Accept-Encoding\r\nContent-Encoding: gzip\r\n'
    )
    return head.encode(), gzip.compress(html.encode(), 6, mtime=0)


class Http(asyncio.Protocol):
    """As much of HTTP/1.1 as a crawler's GETs over connections that are kept alive need."""

    def __init__(self, site: Site) -> None:
        self.site, self.waiting = site, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's way of saying who is there."""
        self.transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # of a TCP server it is one

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        *whole, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for request in whole:
            path = request.split(b" ", 2)[1]
            self.transport.write(self.site.answer(path, b"gzip" in request))


async def serve(site: Site) -> None:
    """Say where; answer until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Http(site), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(json.dumps({"url": url, "columns": {name: f"{stem}.htm" for name, stem in COLUMNS.items()}}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(Site(int(sys.argv[1]))))
