"""The demo county's server: same question, same bytes; conditional and compressed answers; nothing left open."""

from __future__ import annotations

import gzip
import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from lufeng_crawler.demo import DAYS, NOTICE, TROUBLES, DemoServer, HttpAnswer, answer, serve

ARTICLE = "/info/1001/1168.htm"
PATHS = ["/", "/robots.txt", "/about.htm", "/xwdt/lfdt.htm", "/zwgk.htm", ARTICLE, "/info/1001/1162.htm", "/none.htm"]


@pytest.fixture
def site() -> Iterator[DemoServer]:
    with serve() as served:
        yield served


def connect(site: DemoServer) -> http.client.HTTPConnection:
    address = urlsplit(site.url)
    return http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)


def fetch(
    site: DemoServer, path: str, method: str = "GET", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = connect(site)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def header(given: HttpAnswer, name: str) -> str | None:
    return dict(given.headers).get(name)


# Answers, without a server


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "from hashlib import sha256\n"
        "from lufeng_crawler.demo import answer\n"
        f"for path in {PATHS!r}:\n"
        "    for day in (1, 3):\n"
        "        print(sha256(repr(answer(path, day, {'Accept-Encoding': 'gzip'})).encode()).hexdigest())\n"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout for _ in range(2)]
    assert runs[0] == runs[1]
    assert len(set(runs[0].split())) > len(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_the_length_stated_is_the_length_sent(path: str) -> None:
    for headers in ({}, {"accept-encoding": "gzip, br"}):
        given = answer(path, 1, headers)
        assert header(given, "Content-Length") == str(len(given.body))


@pytest.mark.parametrize("path", PATHS)
def test_gzip_is_given_to_those_who_ask(path: str) -> None:
    plain, packed = answer(path, 2), answer(path, 2, {"Accept-Encoding": "gzip, deflate"})
    assert header(plain, "Content-Encoding") is None
    assert header(packed, "Content-Encoding") == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.body[4:8] == bytes(4)  # no time of packing in it
    assert header(plain, "Vary") == header(packed, "Vary") == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "gzip; q=0.0, br"])
def test_gzip_is_not_given_to_others(accepted: str) -> None:
    assert header(answer(ARTICLE, 1, {"Accept-Encoding": accepted}), "Content-Encoding") is None


def test_gzip_is_given_where_weighed_but_wanted() -> None:
    assert header(answer(ARTICLE, 1, {"Accept-Encoding": "br;q=1.0, gzip;q=0.5"}), "Content-Encoding") == "gzip"


@pytest.mark.parametrize("path", ["/xwdt/lfdt.htm", "/zwgk.htm", ARTICLE, "/robots.txt", "/about.htm"])
def test_what_has_not_changed_is_not_sent_again(path: str) -> None:
    first = answer(path, 1)
    etag, modified = header(first, "ETag"), header(first, "Last-Modified")
    assert etag and modified
    for headers in ({"If-None-Match": etag}, {"if-none-match": f'"x", {etag}'}, {"If-Modified-Since": modified}):
        given = answer(path, 1, headers)
        assert (given.status, given.body) == (304, b"")
        assert header(given, "ETag") == etag


def test_what_has_changed_is_sent_again() -> None:
    first = answer("/info/1001/1164.htm", 1)
    headers = {"If-None-Match": header(first, "ETag") or "", "If-Modified-Since": header(first, "Last-Modified") or ""}
    assert answer("/info/1001/1164.htm", 2, headers).status == 200
    assert answer("/info/1001/1164.htm", 2, {"If-Modified-Since": headers["If-Modified-Since"]}).status == 200
    # An article that nothing happened to, nor to its neighbours, answers 304 until the template changes.
    quiet = {"If-None-Match": header(answer("/info/1001/1107.htm", 1), "ETag") or ""}
    assert [answer("/info/1001/1107.htm", day, quiet).status for day in (1, 2, 3)] == [304, 304, 200]


def test_a_tag_goes_before_a_date_and_nonsense_is_passed_over() -> None:
    modified = header(answer(ARTICLE, 1), "Last-Modified") or ""
    assert answer(ARTICLE, 1, {"If-None-Match": '"other"', "If-Modified-Since": modified}).status == 200
    assert answer(ARTICLE, 1, {"If-Modified-Since": "yesterday"}).status == 200


def test_dates_are_those_of_the_county_not_of_the_clock() -> None:
    for day, known in DAYS.items():
        given = answer(ARTICLE, day)
        assert parsedate_to_datetime(header(given, "Date") or "").date() == known
        if day in TROUBLES:
            continue
        modified = parsedate_to_datetime(header(given, "Last-Modified") or "").date()
        assert DAYS[1] <= modified <= known
    assert parsedate_to_datetime(header(answer("/robots.txt", 6), "Last-Modified") or "").date() == DAYS[1]


def test_the_home_page_sets_two_cookies_and_has_no_validators() -> None:
    given = answer("/", 1)
    cookies = [text for name, text in given.headers if name == "Set-Cookie"]
    assert len(cookies) == 2
    assert header(given, "ETag") is header(given, "Last-Modified") is None
    assert answer("/index.htm", 1) == given


@pytest.mark.parametrize(
    "path", ["/none.htm", "/info/1001/9999.htm", "/info/1001/", "/xwdt/lfdt/99.htm", "//", "/?x=1"]
)
def test_an_unknown_address_is_a_real_404(path: str) -> None:
    given = answer(path, 1)
    assert given.status == 404
    assert header(given, "ETag") is None
    assert NOTICE in given.body.decode()


# The server


def test_it_serves_on_loopback_what_answer_says(site: DemoServer) -> None:
    assert site.url.startswith("http://127.0.0.1:")
    for path in PATHS:
        expected = answer(path, 1, {"Accept-Encoding": "gzip"})
        code, headers, body = fetch(site, path, Accept_Encoding="gzip")
        assert (code, tuple(headers.items()), body) == (expected.status, expected.headers, expected.body)


def test_its_day_can_be_moved_on(site: DemoServer) -> None:
    assert fetch(site, "/info/1001/1157.htm")[0] == 200
    site.day = 2
    assert fetch(site, "/info/1001/1157.htm")[0] == 404


def test_it_remembers_what_was_asked(site: DemoServer) -> None:
    _, headers, body = fetch(site, ARTICLE, Accept_Encoding="gzip")
    fetch(site, ARTICLE, If_None_Match=headers["ETag"])
    first, second = site.requests
    assert (first.method, first.path, first.day, first.status, first.body) == ("GET", ARTICLE, 1, 200, body)
    assert ("Accept-Encoding", "gzip") in first.headers
    assert (second.status, second.body) == (304, b"")
    site.clear_requests()
    assert site.requests == ()


def test_head_is_a_get_without_its_body(site: DemoServer) -> None:
    code, headers, body = fetch(site, ARTICLE, method="HEAD")
    assert (code, body) == (200, b"")
    assert headers["Content-Length"] == str(len(answer(ARTICLE, 1).body))
    assert site.requests[0].body == b""


def test_a_connection_is_kept_alive(site: DemoServer) -> None:
    connection = connect(site)
    ports = set()
    for path in (ARTICLE, "/none.htm", "/info/1001/1142.htm"):
        connection.request("GET", path)
        connection.getresponse().read()
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


def test_it_answers_many_at_once(site: DemoServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda path: fetch(site, path)[2], PATHS * 8))
    assert answers == [answer(path, 1).body for path in PATHS] * 8
    assert len(site.requests) == len(answers)


def test_a_test_can_put_its_own_answer_in_the_way(site: DemoServer) -> None:
    def outage(path: str, day: int) -> HttpAnswer | None:
        return HttpAnswer(503, (("Retry-After", "5"),), b"busy") if path == ARTICLE and day == 1 else None

    site.fail = outage
    code, headers, body = fetch(site, ARTICLE)
    assert (code, headers["Retry-After"], headers["Content-Length"], body) == (503, "5", "4", b"busy")
    assert fetch(site, "/robots.txt")[0] == 200
    site.day = 2
    assert fetch(site, ARTICLE)[0] == 200


def test_a_test_can_have_it_hang_up(site: DemoServer, capfd: pytest.CaptureFixture[str]) -> None:
    def hang_up(path: str, day: int) -> HttpAnswer | None:
        raise ConnectionResetError(path)

    site.fail = hang_up
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        fetch(site, ARTICLE)
    assert capfd.readouterr().err == ""


def test_it_is_quiet(site: DemoServer, capfd: pytest.CaptureFixture[str]) -> None:
    fetch(site, ARTICLE)
    fetch(site, "/none.htm")
    assert capfd.readouterr() == ("", "")


def test_it_closes_even_while_a_client_holds_on() -> None:
    with serve(day=2) as served:
        connection = connect(served)
        connection.request("GET", "/")
        assert connection.getresponse().read()
    connection.close()
    assert not [thread for thread in threading.enumerate() if "lufeng-demo" in thread.name]
    with pytest.raises(ConnectionRefusedError):
        fetch(served, "/")


def test_two_can_be_served_at_once(site: DemoServer) -> None:
    with serve(day=2) as other:
        assert other.url != site.url
        assert fetch(site, ARTICLE)[2] == answer(ARTICLE, 1).body
        assert fetch(other, ARTICLE)[2] == answer(ARTICLE, 2).body
