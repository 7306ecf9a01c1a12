"""Whole crawls of the demo county, as a user starts them: what is new, what is the same, what has changed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import sleep

import pytest

from lufeng_crawler import demo
from lufeng_crawler.archive import Outcome
from lufeng_crawler.crawl import exit_code
from lufeng_crawler.demo import DemoServer, HttpAnswer
from lufeng_crawler.sites import load_all_sites
from tests.support.commands import Done, answer, asked, crawl, environment, lufeng, rows, site
from tests.support.paths import ROOT

PUBLISHED = len([one for one in demo.county(1).articles if not one.link])


def good(done: Done) -> dict[str, object]:
    assert (done.code, done.err, done.report["outcome"], done.report["reason"]) == (0, "", "good", None)
    return done.report


def test_a_second_crawl_of_an_unchanged_county_asks_little_and_makes_no_version(
    tmp_path: Path, county: DemoServer
) -> None:
    site(tmp_path)
    first = good(crawl(tmp_path, county))
    assert (first["new"], first["edited"], first["requests"]) == (PUBLISHED, 0, len(county.requests))
    county.clear_requests()
    second = good(crawl(tmp_path, county))
    assert (second["new"], second["edited"]) == (0, 0)
    assert len(county.requests) < 10
    counted = Counter(one.status for one in county.requests if one.path != "/robots.txt")
    assert counted.pop(404) == 1  # the probe, of an address that cannot exist
    assert counted.pop(200) == 1  # the article it was made from
    assert set(counted) == {304}
    assert rows(tmp_path, "SELECT max(number), count(*) FROM versions") == [(1, PUBLISHED)]


@pytest.mark.parametrize("day", [3, 6])
def test_a_new_template_makes_no_version(tmp_path: Path, county: DemoServer, day: int) -> None:
    site(tmp_path)
    county.day = day - 1
    good(crawl(tmp_path, county))
    county.day = day
    report = good(crawl(tmp_path, county, "--full"))
    today = [one for one in demo.EVENTS if one.day == day]
    kinds = [one.change for one in today]
    assert report["new"] == kinds.count("new") + sum(one.kind in ("restored", "unblocked") for one in today)
    assert report["edited"] == kinds.count("edited")
    edited = rows(tmp_path, "SELECT a.key FROM articles a JOIN versions v ON v.article = a.id WHERE v.number > 1")
    assert {key for (key,) in edited} == {str(one.news_id) for one in today if one.change == "edited"}


def test_an_edit_makes_exactly_one_version(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    good(crawl(tmp_path, county))
    county.day = 2
    good(crawl(tmp_path, county, "--full"))
    good(crawl(tmp_path, county, "--full"))
    sql = "SELECT key FROM articles a JOIN versions v ON v.article = a.id WHERE number = 2 ORDER BY key"
    assert rows(tmp_path, sql) == [("1163",), ("1164",)]
    assert rows(tmp_path, "SELECT max(number) FROM versions") == [(2,)]


def test_a_crawl_that_is_not_full_finds_what_a_listing_tells(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    good(crawl(tmp_path, county))
    county.day = 2
    county.clear_requests()
    report = good(crawl(tmp_path, county))
    assert report["new"] == 2, "the third bears a date of the past, and stands where only a full crawl looks"
    assert len(county.requests) < 30


def test_at_most_so_many_articles_are_asked_for_and_the_rest_comes_later(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    report = good(crawl(tmp_path, county, "--limit", 3))
    assert report["new"] == 3
    assert sum(path.startswith("/info/") for path in asked(county)) == 3
    assert good(crawl(tmp_path, county))["new"] == PUBLISHED - 3
    assert rows(tmp_path, "SELECT count(*) FROM versions") == [(PUBLISHED,)]


def test_a_redirect_is_asked_for_as_the_page_it_leads_to(tmp_path: Path, county: DemoServer) -> None:
    """Validators belong to one address: sent to another, they could make it answer 304 for a page we never had."""
    site(tmp_path)
    good(crawl(tmp_path, county))
    county.day = 3
    county.clear_requests()
    good(crawl(tmp_path, county, "--full"))
    target = next(one for one in county.requests if one.path == "/info/1002/1175.htm" or one.path.endswith("/1175.htm"))
    assert not {name.lower() for name, _ in target.headers} & {"if-none-match", "if-modified-since"}
    assert rows(tmp_path, "SELECT a.key FROM changes c JOIN articles a ON a.id = c.article WHERE kind = 'moved'") == [
        ("1142",)
    ]


def test_a_gap_that_a_failed_page_leaves_is_closed_by_the_next_run(tmp_path: Path, county: DemoServer) -> None:
    """A settled column gets two pages of news, and the second fails: an unchanged first page must not hide that."""
    site(tmp_path)
    column = demo.county(1).column(1001)
    listings = list(demo.county(1).pages(column))
    last = demo.answer(listings[-1], 1)
    whole = answer(200, re.sub(rb'<table class="pager">.*?</table>', b"", last.body, flags=re.S))
    county.fail = lambda path, day: whole if path == listings[0] else None
    good(crawl(tmp_path, county))
    county.fail = lambda path, day: answer(404) if path == listings[1] else None
    broken = crawl(tmp_path, county)
    assert (broken.code, broken.report["outcome"]) == (1, "below_expectation")
    assert listings[1] in broken.report["reason"]
    county.fail = None
    good(crawl(tmp_path, county))
    listed = {str(one.news_id) for one in demo.county(1).listing(column) if not one.link}
    assert listed <= {key for (key,) in rows(tmp_path, "SELECT key FROM articles")}


def script(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Scrapy's own command, in the project's folder."""
    command = [sys.executable, "-m", "scrapy", *words]
    kept = environment({"LUFENG_ARCHIVE": str(folder / "archive")})
    return subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=120, check=False)


def test_every_site_file_is_a_spider(tmp_path: Path) -> None:
    assert script(tmp_path, "list").stdout.split() == list(load_all_sites())


def test_scrapys_own_crawl_serves_the_county_where_nobody_does_and_feeds_get_articles_alone(tmp_path: Path) -> None:
    done = script(tmp_path, "crawl", "demo", "-O", str(tmp_path / "out.jsonl"), "-s", "LOG_LEVEL=WARNING")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    articles = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert len(articles) == PUBLISHED
    assert {"key", "url", "title", "body", "published", "provenance"} <= articles[0].keys()
    assert rows(tmp_path, "SELECT count(*) FROM articles") == [(PUBLISHED,)]
    assert rows(tmp_path, "SELECT outcome FROM runs") == [("good",)]


def the_internet(served: DemoServer) -> dict[str, str]:
    """An environment in which every host is the county, by way of a proxy."""

    def behind(path: str, day: int) -> HttpAnswer | None:
        _, _, rest = path.removeprefix("http://").partition("/")
        return demo.answer(f"/{rest}", day)

    served.fail = behind
    return {"http_proxy": served.url}


def on_the_internet(folder: Path, *names: str) -> Path:
    """A folder in which these sites are the only ones on the internet: the bundled ones become local ones there."""
    for name in load_all_sites():
        site(folder, name)
    for name in names:
        sites = site(folder, name)
        file = sites / f"{name}.toml"
        file.write_text(file.read_text("utf-8").replace("127.0.0.1:1", f"{name}.example.gov.cn"), encoding="utf-8")
    return sites


def test_several_sites_at_once_and_those_that_are_due(tmp_path: Path, county: DemoServer) -> None:
    sites, proxy = on_the_internet(tmp_path, "east", "lufeng", "west"), the_internet(county)
    where = ("--archive", tmp_path / "archive", "--sites", sites, "crawl", "--json")
    done = lufeng(*where, "--all", "--limit", 2, more=proxy)
    assert (done.code, done.err) == (0, "")
    assert {(line["site"], line["new"]) for line in done.lines} == {("east", 2), ("lufeng", 2), ("west", 2)}
    hosts = [path.split("/")[2].partition(".")[0] for path in asked(county)]
    assert hosts != sorted(hosts), "the sites were crawled one behind the other"
    assert rows(tmp_path, "SELECT count(DISTINCT site), count(*) FROM articles") == [(3, 6)]

    county.clear_requests()
    none = lufeng(*where, "--due", more=proxy)
    assert (none.code, none.out, none.err, asked(county)) == (0, "", "", [])
    file = sites / "west.toml"
    file.write_text(file.read_text("utf-8").replace("[[columns]]", 'every = "1s"\n[[columns]]', 1), encoding="utf-8")
    sleep(1.1)  # so that a second has passed whenever the last run ended
    some = lufeng(*where, "--due", "--limit", 2, more=proxy)
    assert [line["site"] for line in some.lines] == ["west"]


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 0),
        (["good", "good"], 0),
        (["good", "below_expectation"], 1),
        (["good", "unreachable"], 1),
        (["interrupted"], 1),
        (["unreachable", "blocked"], 4),
    ],
)
def test_exit_codes_of_crawls(outcomes: list[Outcome], code: int) -> None:
    assert exit_code(outcomes) == code
