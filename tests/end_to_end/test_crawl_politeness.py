"""What a crawl asks for and what it never asks for: robots.txt, delays, hosts that are busy, hosts nobody named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import LISTINGS, answer, asked, crawl, kept, rows, rules, site

ROBOTS = "/robots.txt"


def one_column(folder: Path, longest: float = 2) -> None:
    site(folder, text='[[columns]]\nname = "通知公告"\npath = "/tzgg.htm"', LUFENG_REST_LONGEST=longest)


def test_what_robots_txt_forbids_is_never_asked_for(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    county.fail = lambda path, day: rules("User-agent: *\nDisallow: /zwgk\n") if path == ROBOTS else None
    done = crawl(tmp_path, county)
    assert not [path for path in asked(county) if path.startswith("/zwgk")]
    assert (done.code, done.report["outcome"]) == (1, "below_expectation")
    assert done.report["reason"].startswith("政务公开: robots.txt of 127.0.0.1:")
    robots = [record.capture for record in kept(tmp_path) if record.capture.kind == "robots"]
    assert [capture.body for capture in robots] == [b"User-agent: *\nDisallow: /zwgk\n"]


@pytest.mark.parametrize("status", [500, 503, 521, 429])
def test_a_robots_txt_that_cannot_say_forbids_all(tmp_path: Path, county: DemoServer, status: int) -> None:
    site(tmp_path)
    county.fail = lambda path, day: answer(status) if path == ROBOTS else None
    done = crawl(tmp_path, county)
    assert set(asked(county)) == {ROBOTS}
    assert (done.code, done.err, done.report["outcome"]) == (4, "", "blocked")
    assert f"answered {status}" in done.report["reason"]
    assert {record.capture.status for record in kept(tmp_path)} == {status}


def test_no_robots_txt_forbids_nothing_whatever_the_page_of_the_404_says(tmp_path: Path, county: DemoServer) -> None:
    one_column(tmp_path)
    county.fail = lambda path, day: answer(404, "User-agent: *\nDisallow: /\n") if path == ROBOTS else None
    assert crawl(tmp_path, county).report["outcome"] == "good"


def test_a_robots_txt_that_gives_no_answer_is_why_the_site_is_unreachable(tmp_path: Path, county: DemoServer) -> None:
    def hang_up(path: str, day: int) -> HttpAnswer | None:
        if path == ROBOTS:
            raise ConnectionResetError
        return None

    site(tmp_path)
    county.fail = hang_up
    done = crawl(tmp_path, county)
    assert (done.code, done.err, done.report["outcome"]) == (4, "", "unreachable")
    assert asked(county) == []


def test_the_delay_that_robots_txt_asks_for_is_kept(tmp_path: Path, county: DemoServer) -> None:
    moments: list[float] = []

    def note(path: str, day: int) -> HttpAnswer | None:
        moments.append(monotonic())
        return rules("User-agent: *\nCrawl-delay: 0.7\n") if path == ROBOTS else None

    one_column(tmp_path)
    county.fail = note
    assert crawl(tmp_path, county, "--limit", 3).code == 0
    assert len(moments) == 6, "robots.txt, a listing, three articles, the file of one"
    assert min(later - earlier for earlier, later in pairwise(moments)) > 0.65


@pytest.mark.parametrize("form", ["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_rests_as_long_as_it_asks(tmp_path: Path, county: DemoServer, status: int, form: str) -> None:
    moments: list[float] = []
    until = (datetime.now(UTC) + timedelta(seconds=4)).replace(microsecond=0)

    def busy_once(path: str, day: int) -> HttpAnswer | None:
        if path != ROBOTS:
            moments.append(monotonic())
        if len(moments) != 1 or path == ROBOTS:
            return None
        said = "1" if form == "seconds" else format_datetime(until, usegmt=True)
        return answer(status, "", {"Retry-After": said})

    one_column(tmp_path, longest=10)
    county.fail = busy_once
    assert crawl(tmp_path, county, "--limit", 2).report["outcome"] == "good"
    assert moments[1] - moments[0] > 0.95
    assert datetime.now(UTC) > until or form == "seconds"


def test_a_host_that_wants_a_long_rest_is_left_alone(tmp_path: Path, county: DemoServer) -> None:
    """What the crawl had already taken out of its queue waits as well: not one request follows."""
    site(tmp_path)

    def tired(path: str, day: int) -> HttpAnswer | None:
        return answer(429, "", {"Retry-After": "3600"}) if len(county.requests) == 8 else None

    county.fail = tired
    done = crawl(tmp_path, county)
    assert [one.status for one in county.requests].count(429) == 1
    assert county.requests[-1].status == 429
    assert (done.code, done.report["outcome"]) == (1, "below_expectation")
    county.fail = None
    assert crawl(tmp_path, county).report["outcome"] == "good"


def test_a_host_that_stays_busy_is_given_up(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, LUFENG_REST=0.1, LUFENG_REST_LONGEST=0.5)
    county.fail = lambda path, day: None if path == ROBOTS else answer(503)
    done = crawl(tmp_path, county)
    assert len(county.requests) == 5, "robots.txt, then rests of 0.1, 0.2, 0.4 and 0.8 s"
    assert (done.code, done.report["outcome"]) == (4, "blocked")
    assert "is busy" in done.report["reason"]


def test_a_host_that_the_site_file_does_not_name_is_never_asked(
    tmp_path: Path, county: DemoServer, other: DemoServer
) -> None:
    """Neither by a redirect, nor by an entry, nor for its robots.txt."""
    site(tmp_path)
    away = other.url + "info/1001/1168.htm"
    listing = demo.answer(LISTINGS["鹿峰动态"], 1).body.decode()
    assert listing.count("1168.htm") and listing.count("1167.htm")
    entry = listing.replace("../info/1001/1168.htm", away).replace("/info/1001/1168.htm", away)

    def elsewhere(path: str, day: int) -> HttpAnswer | None:
        if path == LISTINGS["鹿峰动态"]:
            return answer(200, entry)
        return answer(302, "", {"Location": other.url}) if path.endswith("/1167.htm") else None

    county.fail = elsewhere
    done = crawl(tmp_path, county)
    assert (done.code, done.report["outcome"]) == (0, "good")
    assert asked(other) == []
    assert ("/info/1001/1168.htm" in asked(county)) is False
    assert rows(tmp_path, "SELECT count(*) FROM captures WHERE status = 302") == [(1,)]


def test_a_robots_txt_elsewhere_is_never_asked_for(tmp_path: Path, county: DemoServer, other: DemoServer) -> None:
    one_column(tmp_path)
    to = {"Location": other.url + "robots.txt"}
    county.fail = lambda path, day: answer(301, "", to) if path == ROBOTS else None
    assert crawl(tmp_path, county).report["outcome"] == "good"
    assert asked(other) == []


def test_a_private_address_is_asked_only_where_start_names_it(
    tmp_path: Path, county: DemoServer, other: DemoServer
) -> None:
    """Naming it among the hosts or columns is not enough: a site file may come from somebody else."""
    host = other.url.split("/")[2]
    text = f'hosts = ["{host}"]\n[[columns]]\nname = "通知公告"\npath = "{other.url}tzgg.htm"'
    site(tmp_path, text=text)
    done = crawl(tmp_path, county)
    assert (done.code, done.report["outcome"]) == (4, "blocked")
    assert host in done.report["reason"]
    assert (asked(other), asked(county)) == ([], [])


def test_a_name_that_leads_into_a_private_network_is_not_asked(tmp_path: Path, county: DemoServer) -> None:
    """`ip6-localhost` and its like stand in every hosts file; a name of the internet may be pointed there as well."""
    site(tmp_path)
    port = county.url.split(":")[2]
    served = DemoServer(f"http://localhost.localdomain:{port}", 1)
    done = crawl(tmp_path, served)
    assert (done.code, done.report["outcome"]) == (4, "unreachable")
    assert asked(county) == []
