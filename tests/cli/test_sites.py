"""The commands about site files, over the demo county and made-up sites of other systems, all on loopback."""

from __future__ import annotations

import socket
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler import pages
from lufeng_crawler.demo import DemoServer, HttpAnswer
from lufeng_crawler.items import Article, Listing
from tests.pages.test_saved_pages import saved
from tests.support.commands import Done, answer, asked, lufeng, site, start
from tests.support.paths import PAGES
from tests.support.surveyed_site import article, listing, navigation, page

QUICK = {"DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0}


def of(folder: Path, *words: object) -> Done:
    return lufeng("--archive", folder / "archive", "--sites", folder, *words, settings=QUICK)


def new(folder: Path, served: DemoServer) -> Done:
    return of(folder, "sites", "new", "gulou", served.url)


def serving(served: DemoServer, **pages: str) -> None:
    """Let it serve these pages alone, `/` by the name `home`, others by theirs."""
    by_path = {"/" if name == "home" else f"/{name}": body for name, body in pages.items()}
    served.fail = lambda path, day: answer(200 if path in by_path else 404, by_path.get(path, ""))


def test_sites_are_listed_as_ever(tmp_path: Path) -> None:
    site(tmp_path)
    done = lufeng("--sites", tmp_path / "sites", "sites")
    assert {"county", "demo", "lufeng"} <= {line.split()[0] for line in done.out.splitlines()}
    rows = lufeng("--sites", tmp_path / "sites", "sites", "--json").lines
    [row] = [row for row in rows if row["site"] == "county"]
    assert row == {
        "site": "county",
        "title": "county",
        "start": "http://127.0.0.1:1/",
        "family": None,
        "every": 6 * 3600.0,
        "columns": ["鹿峰动态", "通知公告", "政务公开", "乡镇之窗"],
    }


def test_a_new_site_is_found_tried_and_crawled(tmp_path: Path, county: DemoServer) -> None:
    done = new(tmp_path, county)
    assert (done.code, done.err) == (0, "")
    assert "family vsb (known by Announced by Visual SiteBuilder" in done.out.splitlines()[0]
    assert f"  鹿峰动态: 10 entries, newest 2026-11-16  {county.url}xwdt/lfdt.htm" in done.out.splitlines()
    assert f"lufeng --sites {tmp_path} sites check gulou" in done.out
    told = tomllib.loads((tmp_path / "gulou.toml").read_text("utf-8"))
    assert (told["title"], told["start"], told["family"]) == ("鹿峰县人民政府", county.url, "vsb")
    assert told["columns"] == [{"name": name} for name in ("鹿峰动态", "乡镇之窗", "通知公告", "政务公开")]
    listed, read = (pages.read(saved(tmp_path / "pages" / "gulou" / f"{kind}.html")) for kind in ("listing", "article"))
    assert isinstance(listed, Listing) and isinstance(read, Article)
    assert read.key in {entry.key for entry in listed.entries}

    checked = of(tmp_path, "sites", "check", "gulou")
    assert (checked.code, checked.err) == (0, "")
    assert f"鹿峰动态: {county.url}xwdt/lfdt.htm (by its name on {county.url})" in checked.out.splitlines()
    assert not (tmp_path / "archive").exists()
    crawled = of(tmp_path, "crawl", "gulou", "--limit", 9, "--json")
    assert (crawled.code, crawled.report["outcome"], crawled.report["new"]) == (0, "good", 9)


def test_nothing_is_written_over(tmp_path: Path, county: DemoServer) -> None:
    (tmp_path / "gulou.toml").write_text("mine", "utf-8")
    done = new(tmp_path, county)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"lufeng: {tmp_path}/gulou.toml: exists and is not overwritten\n"
    assert ((tmp_path / "gulou.toml").read_text("utf-8"), asked(county)) == ("mine", [])


def test_without_a_folder_of_sites_it_goes_where_one_is(
    tmp_path: Path, county: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from lufeng_crawler.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LUFENG_SITES", raising=False)
    (tmp_path / "gulou.toml").touch()
    done = CliRunner().invoke(main, ["sites", "new", "gulou", county.url])
    assert (done.exit_code, done.stderr) == (2, "lufeng: gulou.toml: exists and is not overwritten\n")


def trs(path: str, day: int) -> HttpAnswer | None:
    """A site made of the saved pages of one, with a home page to lead to them."""
    if path == "/":
        return answer(200, page("鹿峰报网", navigation(("首页", "/"), ("要闻", "/xw/index_1.html"))))
    if path == "/xw/index_1.html":
        return answer(200, (PAGES / "trs" / "listing.html").read_bytes())
    if path.startswith("/xw/202405/"):
        return answer(200, (PAGES / "trs" / "article.html").read_bytes())
    return answer(404)


def test_a_site_of_another_system(tmp_path: Path, county: DemoServer) -> None:
    county.fail = trs
    done = new(tmp_path, county)
    assert (done.code, done.err) == (0, "")
    told = tomllib.loads((tmp_path / "gulou.toml").read_text("utf-8"))
    assert (told["family"], told["columns"]) == ("trs", [{"name": "要闻"}])
    assert of(tmp_path, "sites", "check", "gulou").code == 0


def test_what_a_page_says_cannot_break_the_file(tmp_path: Path, county: DemoServer) -> None:
    nasty = 'a"\\]\n[scrapy]\nCOOKIES="x"\x00\x7f\u2028#'
    tagged = article(1).replace("</title>", "</title><meta name='PubDate' content='2026-11-18'>")
    home = page(
        nasty, navigation(("通知'\"\\]公告", "/tzgg"), ("要闻", "/yw")), f"<meta name='SiteIDCode' content='{nasty}'>"
    )
    serving(county, home=home, tzgg=listing("x", 9, 40), yw=listing("x", 9, 1), **{"news/1.html": tagged})
    assert new(tmp_path, county).code == 0
    told = tomllib.loads((tmp_path / "gulou.toml").read_text("utf-8"))
    assert told.keys() == {"title", "start", "every", "columns", "expect"}
    assert told["title"] == 'a"\\] [scrapy] COOKIES="x"#'
    assert [column["name"] for column in told["columns"]] == ["通知'\"\\]公告", "要闻"]
    out = of(tmp_path, "sites", "check", "gulou").out
    assert out.count("entries on its first page") == 2
    assert "    published    2026-11-20   [label line; meta pubdate says 2026-11-18]" in out.splitlines()


def test_where_no_article_can_be_read_the_file_is_written_and_the_code_says_so(
    tmp_path: Path, county: DemoServer
) -> None:
    serving(county, home=page("x", navigation(("要闻", "/yw"))), yw=listing("x", 9))
    done = new(tmp_path, county)
    assert (done.code, (tmp_path / "gulou.toml").exists()) == (1, True)
    assert "none of the entries that were tried reads as an article" in done.out


@pytest.mark.parametrize(
    ("home", "words"),
    [
        ("<html><body><div id='app'></div><script src='/app.js'></script></body></html>", "has no links that could be"),
        (page("x", "<p>欢迎</p>"), "has no links that could be columns"),
        (
            page("x", navigation(("要闻", "/yw"))),
            "none of its links leads to a list of articles (要闻: not there (404))",
        ),
    ],
)
def test_a_site_without_columns(tmp_path: Path, county: DemoServer, home: str, words: str) -> None:
    serving(county, home=home)
    done = new(tmp_path, county)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith(f"lufeng: {county.url}: {words}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["http://county.invalid/", "refused"])
def test_a_site_that_is_not_there(tmp_path: Path, url: str) -> None:
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        url = url if ":" in url else f"http://127.0.0.1:{silent.getsockname()[1]}/"
        done = of(tmp_path, "sites", "new", "gulou", url)
    assert (done.code, done.out, done.err.count("\n")) == (4, "", 1)
    assert url.split("/")[2] in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("new", "gulou"),
        ("new", "鼓楼", "http://127.0.0.1:1/"),
        ("new", "../gulou", "http://127.0.0.1:1/"),
        ("new", "gulou", "127.0.0.1"),
        ("new", "gulou", "file:///etc/passwd"),
        ("new", "gulou", "http://a b/"),
        ("check",),
        ("check", "gulou"),
        ("check", "demo", "--start", "x"),
        ("chekc", "demo"),
    ],
)
def test_wrong_use(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = of(tmp_path, "sites", *words)
    assert (done.code, done.out, "Traceback" in done.err) == (2, "", False)
    assert list(tmp_path.iterdir()) == []


KEYS = {"site", "column", "url", "how", "entries", "newest", "next_page", "article", "provenance", "problem"}


def test_a_site_is_tried_for_programs_while_another_writes_to_the_archive(tmp_path: Path, county: DemoServer) -> None:
    sites = site(tmp_path)
    text = (sites / "county.toml").read_text("utf-8")
    (sites / "county.toml").write_text(text.replace("DOWNLOAD_DELAY = 0", "DOWNLOAD_DELAY = 9"), "utf-8")
    where = ("--archive", tmp_path / "archive", "--sites", sites)
    writer = start(*where, "crawl", "county", "--start", county.url)
    try:
        while not (tmp_path / "archive" / "archive.db").exists():
            assert writer.poll() is None
        (sites / "county.toml").write_text(text, "utf-8")
        done = lufeng(*where, "sites", "check", "county", "--start", county.url, "--json")
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    assert (done.code, done.err) == (0, "")
    assert [row["column"] for row in done.lines] == ["鹿峰动态", "通知公告", "政务公开", "乡镇之窗"]
    first = done.lines[0]
    assert first.keys() == KEYS
    assert (first["how"], first["entries"], first["newest"], first["problem"]) == (
        "by its path",
        10,
        "2026-11-16",
        None,
    )
    assert first["next_page"] == f"{county.url}xwdt/lfdt/2.htm"
    assert first["provenance"]["source"] == {
        "rule": "label line",
        "value": "县政府办公室",
        "other_rule": None,
        "other_value": None,
    }


def test_the_demo_is_served_where_nobody_does(tmp_path: Path) -> None:
    done = of(tmp_path, "sites", "check", "demo", "--json")
    assert (done.code, len(done.lines), list(tmp_path.iterdir())) == (0, 4, [])


def test_what_falls_short_is_told(tmp_path: Path, county: DemoServer) -> None:
    names = ("乡镇之窗", "通知公告", "政务公开", "县长信箱")
    columns = "\n".join(f'[[columns]]\nname = "{name}"' for name in names)
    where = ("--sites", site(tmp_path, "gulou", f"{columns}\n[expect]\nentries = 9"), "sites", "check", "gulou")
    done = lufeng(*where, "--start", county.url, "--json")
    problems = {row["column"]: row["problem"] for row in done.lines if row["problem"]}
    assert done.code == 1
    assert problems == {
        "乡镇之窗": "6 entries on its first page, 9 expected",
        "政务公开": "8 entries on its first page, 9 expected",
        "县长信箱": f"no link on {county.url} is called 县长信箱",
    }
    county.fail = lambda path, day: None if path == "/robots.txt" else answer(412, "<script>$_ts={}</script>")
    blocked = lufeng(*where, "--start", county.url)
    assert (blocked.code, blocked.out.count(f"  problem: {county.url}: blocked (412 瑞数)")) == (4, 4)
