"""Serves a scripted site over a socket, as pages that the real reader reads; a program that crawls it for real."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

from scrapy import Request

from lufeng_crawler.archive.timestamps import FORMAT
from lufeng_crawler.crawl import CrawlJob, CrawlRunner
from lufeng_crawler.reader import open_archive
from tests.support.random_history import PAUSES, RandomHistory
from tests.support.random_site import FIRST_DAY, HOST, RandomSite
from tests.support.scripted_crawl import Answer

FRAME = """<!DOCTYPE html><html lang="zh-CN"><head>
<meta charset="utf-8"><title>{title}-鼓楼区人民政府</title></head><body>
<div class="nav"><a href="/">首页</a><a href="/list-1.htm">要闻</a><a href="/list-2.htm">通知</a></div>
{main}<div class="footer">版权所有：鼓楼区人民政府办公室（虚构）</div></body></html>"""


def as_html(body: bytes) -> str:
    """Return what the scripted site says as JSON as a page that people would see."""
    said: Any = json.loads(body)
    if "entries" in said:
        return FRAME.format(title="要闻", main=_listing(said))
    if "title" in said:
        return FRAME.format(title=escape(said["title"]), main=_article(said))
    return FRAME.format(title="提示", main=f"<h1>{escape(str(said.get('other', '')))}</h1>")


def _listing(said: Any) -> str:
    lines = "".join(
        f'<li><a href="{url.replace(HOST, "/")}">{escape(title)}</a><span class="date">{date or ""}</span></li>'
        for url, title, date in said["entries"]
    )
    extent, pager = said["extent"], ""
    if said["next"]:
        pager += f'<a href="{said["next"].replace(HOST, "/")}">下一页</a>'
    if extent.get("more"):
        pager += '<a href="javascript:goPage(2)">下一页</a>'
    if "total" in extent:
        pager += f"<span>共{extent['total']}条 第{extent['page']}/{extent['pages']}页</span>"
    return f'<div class="list"><ul class="newslist">{lines}</ul><div class="page">{pager}</div></div>'


def _article(said: Any) -> str:
    body = "".join(f"<p>{escape(line)}</p>" for line in said["body"].split("\n") if line)
    date = f"发布时间：{said['published']} " if said.get("published") else ""
    return (
        f'<div class="article"><h1>{escape(said["title"])}</h1><div class="info">{date}来源：区融媒体中心</div>'
        f'<div class="content" id="content">{body}</div></div>'
    )


@contextmanager
def served(site: RandomSite) -> Iterator[str]:
    """Serve the site; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                self._send(Answer(404), b"")
                return
            answer = site.answer(Request(HOST + self.path.lstrip("/")))
            if answer.error:
                self.close_connection = True
                return
            is_page = answer.status == 200 and answer.body and not answer.cut
            self._send(answer, as_html(answer.body).encode() if is_page else answer.body)

        def _send(self, answer: Answer, body: bytes) -> None:
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value.replace(HOST, "/"))
            self.send_header("Content-Length", str(len(body) + (100 if answer.cut else 0)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = answer.cut

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


SITE_FILE = """title = "鼓楼区（虚构）"
start = "{start}"
columns = [{{name = "要闻", path = "list-1.htm"}}, {{name = "通知", path = "list-2.htm"}}]
[scrapy]
DOWNLOAD_DELAY = 0
LUFENG_REST = 0.01
RETRY_TIMES = 1
LOG_LEVEL = "CRITICAL"
"""


def main(seed: int, folder: Path, runs: int) -> None:
    """Crawl a site that lives by chance so many times, for real, and print the faults."""
    random = Random(seed)
    site = RandomSite(random, random.choice(["stated", "plain", "script", "none"]), random.choice([3, 5, 8]))

    def live() -> None:
        site.live_through(random.choice(PAUSES) if site.listed else 0)

    def now() -> str:
        return (FIRST_DAY + timedelta(days=site.day)).strftime(FORMAT)

    with served(site) as start:
        (folder / "sites").mkdir(parents=True)
        (folder / "sites" / "gulou.toml").write_text(SITE_FILE.format(start=start), "utf-8")
        archive = open_archive(folder, folder / "sites")
        jobs = (CrawlJob("gulou", full=random.random() < 0.2, before=live, now=now) for _ in range(runs))
        CrawlRunner(archive, folder / "sites").run(jobs, at_once=1)
        archive.close()
    print(json.dumps(list(RandomHistory(site, folder).faults())))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
