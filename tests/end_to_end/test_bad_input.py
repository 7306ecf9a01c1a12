"""What goes wrong for a user of the crawl: one clear line, the right exit code, and nothing lost."""

from __future__ import annotations

import fcntl
import gzip
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from lufeng_crawler import demo
from lufeng_crawler.demo import DemoServer, HttpAnswer
from tests.support.commands import LISTINGS, Done, answer, crawl, ended, environment, kept, lufeng, rows, site, start

NOTICES = LISTINGS["通知公告"]
ONE = '[[columns]]\nname = "通知公告"\npath = "/tzgg.htm"'
ARTICLES = [one for one in demo.county(1).listing(demo.county(1).column(1002)) if not one.link]


def refused(done: Done, code: int, *words: str) -> None:
    """It ended in one line on stderr that has these words, and printed nothing else."""
    assert (done.code, done.out) == (code, "")
    assert done.err.startswith("lufeng: ")
    assert done.err.count("\n") == 1
    for word in words:
        assert word in done.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", ("county.toml: TOML: cannot be read",)),
        ('title = "x"\nstart = "http://a.cn/"\ncolumn = 1', ("county.toml: column: is not a known key",)),
        ('start = "http://a.cn/"', ("county.toml: title: is missing",)),
        ("\udcff", ("county.toml: TOML: cannot be read",)),
    ],
)
def test_a_broken_site_file(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    file = site(tmp_path) / "county.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    where = ("--archive", tmp_path / "archive", "--sites", tmp_path / "sites")
    refused(lufeng(*where, "crawl", "county"), 2, *words)
    assert not (tmp_path / "archive").exists()


def test_a_selector_of_the_site_file_that_cannot_be_understood(tmp_path: Path, county: DemoServer) -> None:
    file = site(tmp_path, text=ONE) / "county.toml"
    file.write_text(file.read_text("utf-8") + '[listing]\nentries = "li["\n', encoding="utf-8")
    done = crawl(tmp_path, county)
    assert (done.code, done.err, done.report["outcome"]) == (1, "", "below_expectation")
    assert "a selector cannot be understood" in done.report["reason"]


def test_an_unknown_site(tmp_path: Path) -> None:
    refused(lufeng("--archive", tmp_path, "crawl", "lufing"), 2, "no site is named lufing; did you mean lufeng?")


@pytest.mark.parametrize("words", [("crawl",), ("crawl", "demo", "lufeng", "--start", "http://127.0.0.1:1/")])
def test_wrong_use(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused(lufeng("--archive", tmp_path / "archive", *words), 2)


@pytest.mark.parametrize("url", ["foo", "ftp://a.cn/", "http://", "http://a b/", "http://[::1", "file:///etc/passwd"])
def test_no_address_to_start_at(tmp_path: Path, url: str) -> None:
    where = ("--archive", tmp_path / "archive", "crawl", "demo", "--start", url)
    refused(lufeng(*where), 2, f"{url}: no address that a crawl can start at")


def test_nobody_listens(tmp_path: Path) -> None:
    site(tmp_path)
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        served = DemoServer(f"http://127.0.0.1:{silent.getsockname()[1]}/", 1)
        done = crawl(tmp_path, served)
    assert (done.code, done.err, done.report["outcome"]) == (4, "", "unreachable")
    assert served.url in done.report["reason"]
    assert "refused" in done.report["reason"]


def test_a_name_that_does_not_exist(tmp_path: Path) -> None:
    site(tmp_path)
    done = crawl(tmp_path, DemoServer("http://county.invalid/", 1))
    assert (done.code, done.err, done.report["outcome"]) == (4, "", "unreachable")
    assert "county.invalid" in done.report["reason"]


BOMB = gzip.compress(bytes(60_000_000), 9)


@pytest.mark.parametrize("path", [NOTICES, ARTICLES[0].url(1002), "/robots.txt"])
def test_a_bomb_is_kept_and_not_read(tmp_path: Path, county: DemoServer, path: str) -> None:
    assert len(BOMB) < 100_000
    site(tmp_path, text=ONE)
    county.fail = lambda asked, day: answer(200, BOMB, {"Content-Encoding": "gzip"}) if asked == path else None
    done = crawl(tmp_path, county)
    assert done.err == ""
    assert done.report["outcome"] == ("below_expectation" if path == NOTICES else "good")
    assert "too large" in done.report["reason"] if path == NOTICES else done.report["reason"] is None
    assert BOMB in [record.capture.body for record in kept(tmp_path)]


def test_what_is_larger_than_may_be_held_is_kept_so_far_and_called_truncated(
    tmp_path: Path, county: DemoServer
) -> None:
    site(tmp_path, text=ONE, LUFENG_LARGEST=200_000)
    path = ARTICLES[0].url(1002)
    county.fail = lambda asked, day: answer(200, b"<p>" + b"x" * 3_000_000) if asked == path else None
    assert crawl(tmp_path, county).report["outcome"] == "good"
    [cut] = [record.capture for record in kept(tmp_path) if record.capture.url.endswith(path)]
    assert cut.truncated == "length"
    assert 200_000 < len(cut.body) < 3_000_000
    assert rows(tmp_path, "SELECT reason FROM captures WHERE url LIKE ?", f"%{path}") == [("truncated: length",)]


@pytest.mark.parametrize(
    "page",
    [
        answer(200, b"\x00\x01\xff\xfe" * 500, {"Content-Type": "text/html"}),
        answer(200, b"\x89PNG\r\n", {"Content-Type": "image/png"}),
        answer(200, b"not gzip at all", {"Content-Encoding": "gzip"}),
        answer(200, "x" * 100, {"Content-Type": "text/html; charset=klingon"}),
        answer(204),
    ],
    ids=["binary", "picture", "no gzip", "unknown charset", "no content"],
)
def test_a_listing_that_is_not_text(tmp_path: Path, county: DemoServer, page: HttpAnswer) -> None:
    site(tmp_path, text=ONE)
    county.fail = lambda path, day: page if path == NOTICES else None
    done = crawl(tmp_path, county)
    assert (done.code, done.err, done.report["outcome"]) == (1, "", "below_expectation")
    assert "tzgg.htm shows no entries (" in done.report["reason"]


def test_a_date_that_is_none(tmp_path: Path, county: DemoServer) -> None:
    """What no calendar has is not claimed; the article is kept all the same."""
    site(tmp_path, text=ONE)
    one = ARTICLES[0]
    page = demo.answer(one.url(1002), 1).body.decode()
    wrong, stated = re.subn(r"2026([-年])11([-月])\d+", r"2023\g<1>13\g<2>45", page)
    assert stated
    county.fail = lambda path, day: answer(200, wrong) if path == one.url(1002) else None
    assert crawl(tmp_path, county).report["outcome"] == "good"
    [(published,)] = rows(tmp_path, "SELECT published FROM latest_articles WHERE key = ?", str(one.news_id))
    assert published is None or "13-45" not in published


class Cut:
    """A server that promises more than it sends, then hangs up; robots.txt it does not have."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(65536)
                if asked.startswith(b"GET /robots.txt"):
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                else:
                    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n"
                    connection.sendall(head + demo.answer(NOTICES, 1).body)


def test_a_connection_cut_in_the_middle_is_kept_and_not_read(tmp_path: Path) -> None:
    site(tmp_path, text=ONE)
    cut = Cut()
    with closing(cut.socket):
        done = crawl(tmp_path, DemoServer(cut.url, 1))
    assert (done.code, done.err, done.report["outcome"]) == (1, "", "below_expectation")
    assert "truncated: disconnect" in done.report["reason"]
    assert demo.answer(NOTICES, 1).body in [record.capture.body for record in kept(tmp_path)]
    assert rows(tmp_path, "SELECT count(*) FROM entries") == [(0,)]


def limited(folder: Path, size: int, *words: str) -> Done:
    """`lufeng crawl county …` where no file may grow beyond `size`, as on a disk that is full."""
    where = ["--archive", str(folder / "archive"), "--sites", str(folder / "sites")]
    code = (
        f"import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
        f"from lufeng_crawler.cli import main; main({[*where, 'crawl', 'county', *words]}, prog_name='lufeng')"
    )
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("size", [60_000, 20_000, 4_000])
def test_a_full_disk(tmp_path: Path, county: DemoServer, size: int) -> None:
    """The crawl ends by itself and says why; once there is room, the next goes on where it stopped."""
    assert hasattr(resource, "RLIMIT_FSIZE")
    site(tmp_path)
    done = limited(tmp_path, size, "--start", county.url, "--json")
    assert done.code == 1
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) <= 1
    said = done.err or done.report["reason"]
    assert "too large" in said or "disk" in said or "I/O" in said
    assert len(county.requests) < 60 or size == 60_000
    again = crawl(tmp_path, county)
    assert again.report["outcome"] == "good"
    published = {one.news_id for one in demo.county(1).articles if not one.link}
    assert rows(tmp_path, "SELECT count(*), max(number) FROM versions") == [(len(published), 1)]


def test_an_archive_that_another_process_writes_to(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    (tmp_path / "archive").mkdir()
    with (tmp_path / "archive" / "archive.lock").open("w") as file:
        file.write("4711")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        refused(crawl(tmp_path, county), 3, "in use by another writer (process 4711)")
    assert crawl(tmp_path, county, "--limit", 1).code == 0


def test_readers_are_not_kept_out_by_a_writer(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    assert crawl(tmp_path, county, "--limit", 1).code == 0
    with closing(sqlite3.connect(tmp_path / "archive" / "archive.db")) as db:
        db.execute("BEGIN IMMEDIATE")
        assert lufeng("--archive", tmp_path / "archive", "show", "1").code == 0


def under_way(folder: Path, served: DemoServer) -> subprocess.Popen[str]:
    """A crawl that has seen some articles and has many yet to see."""
    served.fail = lambda path, day: sleep(0.1)
    where = ("--archive", folder / "archive", "--sites", folder / "sites")
    process = start(*where, "crawl", "county", "--start", served.url, "--json")
    until = monotonic() + 30
    while len(served.requests) < 12:
        assert monotonic() < until and process.poll() is None
        sleep(0.02)
    return process


def test_ctrl_c_ends_the_run_and_keeps_what_has_come(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    process = under_way(tmp_path, county)
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert (done.code, done.err, done.report["outcome"]) == (1, "", "interrupted")
    assert done.report["reason"] == "stopped by Ctrl-C or a signal"
    assert done.report["new"] > 3
    assert rows(tmp_path, "SELECT count(*) FROM captures") == [(len(county.requests),)]
    assert len(county.requests) < 30
    county.fail = None
    assert crawl(tmp_path, county).report["outcome"] == "good"
    assert rows(tmp_path, "SELECT max(number) FROM versions") == [(1,)]


def test_ctrl_c_twice_ends_it_at_once(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path)
    process = under_way(tmp_path, county)
    county.fail = lambda path, day: sleep(3)
    sleep(0.2)
    process.send_signal(signal.SIGINT)
    sleep(0.3)
    process.send_signal(signal.SIGINT)
    began = monotonic()
    refused(ended(process), 1, "stopped at once")
    assert monotonic() - began < 2.5
    county.fail = None
    assert crawl(tmp_path, county).report["outcome"] == "good"
    assert rows(tmp_path, "SELECT outcome FROM runs ORDER BY id") == [("interrupted",), ("good",)]


def test_ctrl_c_while_a_host_rests(tmp_path: Path, county: DemoServer) -> None:
    site(tmp_path, LUFENG_REST_LONGEST=60)
    process = under_way(tmp_path, county)
    county.fail = lambda path, day: answer(429, "", {"Retry-After": "50"})
    sleep(0.5)
    process.send_signal(signal.SIGINT)
    began = monotonic()
    done = ended(process)
    assert monotonic() - began < 5
    assert (done.code, done.report["outcome"]) == (1, "interrupted")


READING = [("show", "1"), ("history", "1"), ("status",), ("export", "out.csv")]


@pytest.mark.parametrize("words", READING, ids=lambda words: words[0])
def test_no_archive_yet(tmp_path: Path, words: tuple[str, ...]) -> None:
    refused(lufeng("--archive", tmp_path / "none", *words), 2, "no archive there yet")


@pytest.mark.parametrize("words", [*READING, ("crawl", "demo")], ids=lambda words: words[0])
def test_an_archive_db_that_is_no_database(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.db").write_bytes(b"no database at all\n" * 100)
    refused(lufeng("--archive", tmp_path / "archive", *words), 1, "archive.db: file is not a database")


@pytest.mark.parametrize("words", READING[:3], ids=lambda words: words[0])
def test_an_archive_db_of_something_else(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "archive").mkdir()
    with closing(sqlite3.connect(tmp_path / "archive" / "archive.db")) as db:
        db.execute("CREATE TABLE other (a)")
    refused(lufeng("--archive", tmp_path / "archive", *words), 1, "archive.db: ")


@pytest.mark.parametrize("wanted", ["99", "http://www.example.gov.cn/1.htm", "", "-1", "1" * 30, "²"])
def test_an_article_that_is_not_there(tmp_path: Path, county: DemoServer, wanted: str) -> None:
    site(tmp_path)
    assert crawl(tmp_path, county, "--limit", 1).code == 0
    for command in ("show", "history"):
        refused(lufeng("--archive", tmp_path / "archive", command, "--", wanted), 2, "no article of the archive")


def test_an_archive_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(lufeng("--archive", tmp_path / "file" / "archive", "crawl", "demo"), 1, "file")
