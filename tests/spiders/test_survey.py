"""What a survey asks for and what it never asks for: the rules of a crawl hold for it, and it leaves nothing behind."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import Done, answer, asked, lufeng, rules

ROBOTS = "/robots.txt"


def new(folder: Path, url: str, **settings: object) -> Done:
    quick = {"DOWNLOAD_DELAY": 0, "RETRY_TIMES": 0, "LUFENG_REST": 0.1, "LUFENG_REST_LONGEST": 2.0} | settings
    return lufeng("--archive", folder / "archive", "--sites", folder, "sites", "new", "county", url, settings=quick)


def refused(done: Done, folder: Path, *words: str) -> None:
    """One line, exit code 4, and not a file."""
    assert (done.code, done.out, done.err.count("\n")) == (4, "", 1)
    assert done.err.startswith("lufeng: ")
    for word in words:
        assert word in done.err
    assert list(folder.iterdir()) == []


def test_one_page_at_a_time_with_a_delay_by_a_crawler_that_says_who_it_is(tmp_path: Path, county: DemoServer) -> None:
    moments: list[float] = []

    def note(path: str, day: int) -> HttpAnswer | None:
        moments.append(monotonic())
        return rules("User-agent: *\nCrawl-delay: 0.3\nDisallow: /zwgk\n") if path == ROBOTS else None

    county.fail = note
    done = new(tmp_path, county.url)
    assert (done.code, done.err) == (0, "")
    assert asked(county)[:2] == [ROBOTS, "/"]
    assert len(asked(county)) <= 20
    assert min(later - earlier for earlier, later in pairwise(moments)) > 0.25
    assert {dict(one.headers)["User-Agent"][:15] for one in county.requests} == {"lufeng-crawler/"}
    assert not [path for path in asked(county) if path.startswith("/zwgk")]
    assert f"left out: 政务公开: robots.txt of {county.url.split('/')[2]} forbids {county.url}zwgk.htm" in done.out
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (rules("User-agent: *\nDisallow: /\n"), "forbids"),
        (answer(500), "answered 500, which forbids all until it can say"),
    ],
)
def test_what_robots_txt_forbids_is_never_asked_for(
    tmp_path: Path, county: DemoServer, robots: HttpAnswer, words: str
) -> None:
    county.fail = lambda path, day: robots if path == ROBOTS else None
    refused(new(tmp_path, county.url), tmp_path, "robots.txt of ", words)
    assert set(asked(county)) == {ROBOTS}


def test_a_host_that_nobody_named_is_never_asked_by_redirect_of_a_column(
    tmp_path: Path, county: DemoServer, other: DemoServer
) -> None:
    county.fail = lambda path, day: answer(302, "", {"Location": other.url}) if path == "/tzgg.htm" else None
    done = new(tmp_path, county.url)
    assert f"left out: 通知公告: {other.url.split('/')[2]} is no host at which site county may be asked" in done.out
    assert asked(other) == []


def test_nor_by_one_of_its_home_page(tmp_path: Path, county: DemoServer, other: DemoServer) -> None:
    county.fail = lambda path, day: answer(302, "", {"Location": other.url}) if path != ROBOTS else None
    refused(new(tmp_path, county.url), tmp_path, "is no host at which site county may be asked")
    assert asked(other) == []


def test_a_name_that_leads_into_a_private_network_is_not_asked(tmp_path: Path, county: DemoServer) -> None:
    port = county.url.split(":")[2]
    refused(new(tmp_path, f"http://localhost.localdomain:{port}"), tmp_path, "localhost.localdomain")
    assert asked(county) == []


def test_a_host_that_stays_busy_is_given_up(tmp_path: Path, county: DemoServer) -> None:
    county.fail = lambda path, day: None if path == ROBOTS else answer(503, "", {"Retry-After": "3600"})
    refused(new(tmp_path, county.url, RETRY_TIMES=2), tmp_path, "is busy and is left alone for 3600 s")
    assert asked(county) == [ROBOTS, "/"]


def test_a_page_that_breaks_off_is_not_read(tmp_path: Path, county: DemoServer) -> None:
    county.fail = lambda path, day: None if path == ROBOTS else answer(200, "<p>x", {"Content-Length": "999"})
    refused(new(tmp_path, county.url, DOWNLOAD_TIMEOUT=0.5), tmp_path, county.url)


def test_a_challenge_is_told_and_nothing_is_done_about_it(tmp_path: Path, county: DemoServer) -> None:
    challenge = "<script>document.cookie='__jsl_clearance=1|0|x;max-age=3600';location.href='/'</script>"
    county.fail = lambda path, day: None if path == ROBOTS else answer(521, challenge)
    refused(new(tmp_path, county.url), tmp_path, "blocked (521 加速乐)")
    assert asked(county) == [ROBOTS, "/"]
