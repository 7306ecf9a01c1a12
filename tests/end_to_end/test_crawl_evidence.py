"""Whatever the network answered lies in the WARC files, as it was served."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import answer, crawl, kept, rows, site

ONE_BY_NAME = '[[columns]]\nname = "通知公告"\n'


def paths_of(folder: Path, served: DemoServer) -> list[tuple[str, int, bytes]]:
    captures = (record.capture for record in kept(folder))
    return [(one.url.removeprefix(served.url.rstrip("/")), one.status, one.body) for one in captures]


def test_every_answer_is_kept_once_in_the_order_it_came(tmp_path: Path, county: DemoServer) -> None:
    """robots.txt, home page, redirects, 404, 521, each of three 500s and their retries, to the byte."""
    site(tmp_path, text=ONE_BY_NAME)
    listed = [one for one in demo.county(1).listing(demo.county(1).column(1002)) if not one.link]
    gone, moved, broken, challenged = (one.url(1002) for one in listed[:4])
    odd = {
        gone: answer(404, "<h1>404</h1>"),
        moved: answer(301, "moved", {"Location": "/info/1002/9.htm"}),
        broken: answer(500, gzip.compress(b"no"), {"Content-Encoding": "gzip"}),
        challenged: answer(521, "<script>document.cookie='__jsl_clearance=1'</script>"),
    }
    county.fail = lambda path, day: odd.get(path)
    assert crawl(tmp_path, county).code == 0
    served = [(one.path, one.status, one.body) for one in county.requests]
    assert paths_of(tmp_path, county) == served
    assert {("/robots.txt", 200), ("/", 200), (gone, 404), (moved, 301), (challenged, 521)} <= {
        one[:2] for one in served
    }
    assert Counter(one[:2] for one in served)[broken, 500] == 3
    assert rows(tmp_path, "SELECT count(*) FROM captures") == [(len(served),)]


def test_headers_are_kept_as_they_were_sent(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, text=ONE_BY_NAME)
    whose = "县政府".encode().decode("latin-1")
    listing = demo.answer("/tzgg.htm", 1)

    def with_more(path: str, day: int) -> HttpAnswer | None:
        more = (("X-Owner", whose), ("Link", "</a>"), ("Link", "</b>"), ("X-Empty", ""), ("X-Latin", "caf\xe9"))
        return HttpAnswer(200, listing.headers + more, listing.body) if path == "/tzgg.htm" else None

    county.fail = with_more
    assert crawl(tmp_path, county, "--limit", 1).code == 0
    by_path = {record.capture.url.rpartition("/")[2]: record.capture for record in kept(tmp_path)}
    cookies = [value for name, value in by_path[""].headers if name == "Set-Cookie"]
    assert [cookie.partition("=")[0] for cookie in cookies] == ["JSESSIONID", "lang"]
    said = by_path["tzgg.htm"].headers
    assert [value for name, value in said if name == "Link"] == ["</a>", "</b>"]
    assert dict(said) | {"X-Owner": whose, "X-Latin": "caf\xe9", "X-Empty": ""} == dict(said)


def test_what_was_read_is_what_is_kept_even_where_the_page_wears_an_old_encoding(
    tmp_path: Path, county: DemoServer
) -> None:
    site(tmp_path, text='[[columns]]\nname = "政务公开"\npath = "/zwgk.htm"')
    assert crawl(tmp_path, county).code == 0
    titles = {title for (title,) in rows(tmp_path, "SELECT title FROM versions")}
    assert titles == {one.title for one in demo.county(1).listing(demo.county(1).column(1003)) if not one.link}


def test_each_request_says_who_asks_and_takes_no_coding_that_tools_cannot_undo(
    tmp_path: Path, county: DemoServer
) -> None:
    site(tmp_path, text=ONE_BY_NAME)
    assert crawl(tmp_path, county, "--limit", 1, more={"LUFENG_CONTACT": "档案馆 (o'hara)\n<a@b.cn>"}).code == 0
    for one in county.requests:
        headers = dict(one.headers)
        assert headers["User-Agent"].startswith("lufeng-crawler/")
        assert headers["User-Agent"].isascii()
        assert headers["User-Agent"].endswith("contact: _ _o'hara_<a@b.cn>)")
        assert headers["Accept-Encoding"] == ("identity" if "download.jsp" in one.path else "gzip, deflate")
        assert "Cookie" not in headers
