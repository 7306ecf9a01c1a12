"""Our WARCs, and our WACZ, in pywb, the replay that archives use: what it shows is what the demo county sent."""

from __future__ import annotations

import gzip
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lufeng_crawler.archive.db.connection import connect_for_reading
from lufeng_crawler.archive.export.timemap import build_timemap
from lufeng_crawler.demo import DAYS
from tests.support.archive_builder import rows, warcs
from tests.support.commands import environment
from tests.support.demo_archive import REVISIT, AllDays
from tests.support.paths import ROOT
from tests.support.wacz_files import packed

PYWB = Path(os.environ.get("LUFENG_PYWB") or ROOT / ".pywb") / "bin"

pytestmark = pytest.mark.skipif(
    not (PYWB / "wayback").exists(),
    reason="no pywb: python3 -m venv .pywb && .pywb/bin/pip install pywb, or name such a folder in LUFENG_PYWB",
)


def free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def revisited(tmp_path_factory: pytest.TempPathFactory) -> AllDays:
    """An archive with pages that a later crawl asked for on a condition, and was answered 304."""
    folder = tmp_path_factory.mktemp("revisited") / "archive"
    command = [sys.executable, "-P", "-c", REVISIT, str(folder)]
    subprocess.run(command, check=True, capture_output=True, env=environment({"PYTHONPATH": str(ROOT)}))
    return AllDays(folder, *pickle.loads((folder / "asked").read_bytes()))


@pytest.fixture(scope="module")
def wayback(all_days: AllDays, revisited: AllDays, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the demo's WARCs are replayed as the collection `coll`, its WACZ as `wacz`, those revisited beside them."""
    folder = tmp_path_factory.mktemp("pywb")
    packed(all_days.folder, folder / "all.wacz")
    packed(revisited.folder, folder / "revisited.wacz")
    added = {
        "coll": [*map(str, warcs(all_days.folder))],
        "wacz": ["--unpack-wacz", "all.wacz"],
        "revisited": [*map(str, warcs(revisited.folder))],
        "revisited-wacz": ["--unpack-wacz", "revisited.wacz"],
    }
    for collection, words in added.items():
        for command in (["init", collection], ["add", collection, *words]):
            subprocess.run([str(PYWB / "wb-manager"), *command], cwd=folder, check=True, capture_output=True)
    port = free_port()
    command = [str(PYWB / "wayback"), "--port", str(port), "--bind", "127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while not answers(f"http://127.0.0.1:{port}/"):
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < deadline, "wayback does not answer"
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)


def sent(all_days: AllDays) -> dict[tuple[str, int], bytes]:
    """What an HTTP client made of each last whole answer, by path and day."""
    found = {}
    for one in all_days.asked:
        if one.status != 304:
            packed = one.body[:2] == b"\x1f\x8b"
            found[one.path, one.day] = gzip.decompress(one.body) if packed else one.body
    return found


def replayed(wayback: str, fetched_at: str, url: str) -> tuple[int, bytes]:
    stamp = datetime.fromisoformat(fetched_at).astimezone(UTC).strftime("%Y%m%d%H%M%S")
    request = urllib.request.Request(f"{wayback}/{stamp}id_/{url}", headers={"Accept-Encoding": "identity"})
    opener = urllib.request.build_opener(Stay)
    try:
        with opener.open(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def links(timemap: str) -> set[tuple[str, str, str]]:
    """Target, relation and time of each link."""
    found = re.findall(r'<([^>]+)>; rel="(?:first |last )*(\w+)"(?:.*? datetime="([^"]+)")?', timemap)
    return {(target, relation, time) for target, relation, time in found}


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirects are what was captured, not where to go."""

    def redirect_request(self, *_: object) -> None:
        return None


def day_of(at: str) -> int:
    return next(day for day, known in DAYS.items() if at.startswith(str(known)))


def captured(all_days: AllDays, condition: str) -> list[tuple[str, int, int, str]]:
    """Address, day, status and time of captures, the only ones of their address in that second."""
    sql = f"SELECT url, fetched_at, status FROM captures WHERE {condition} GROUP BY url, fetched_at HAVING count(*) = 1"
    found = rows(all_days.folder, f"{sql} ORDER BY id")
    return [(row["url"], day_of(row["fetched_at"]), row["status"], row["fetched_at"]) for row in found]


def are_as_sent(all_days: AllDays, replay: str, wanted: list[tuple[str, int, int, str]]) -> None:
    bodies = sent(all_days)
    for url, day, status, at in wanted:
        path = url.removeprefix(all_days.url.rstrip("/"))
        assert replayed(replay, at, url) == (status, bodies[path, day]), (url, at)


@pytest.mark.parametrize(
    "condition",
    [
        "revisit_of IS NULL AND outcome = 'article'",
        "revisit_of IS NULL AND outcome NOT IN ('article')",
        "revisit_of > 0 AND status != 304",
    ],
)
def test_the_payload_is_the_one_that_was_sent(all_days: AllDays, wayback: str, condition: str) -> None:
    wanted = captured(all_days, condition)
    assert len(wanted) > 5
    are_as_sent(all_days, f"{wayback}/coll", wanted[:: max(1, len(wanted) // 25)])


@pytest.mark.parametrize(
    "condition",
    [
        "revisit_of IS NULL AND outcome = 'article'",
        "revisit_of IS NULL AND outcome = 'file'",
        "revisit_of IS NULL AND outcome NOT IN ('article', 'file', 'blocked')",
        "revisit_of > 0 AND status != 304",
    ],
)
def test_the_payload_in_a_wacz_is_the_one_that_was_sent(all_days: AllDays, wayback: str, condition: str) -> None:
    wanted = captured(all_days, condition)
    assert wanted
    are_as_sent(all_days, f"{wayback}/wacz", wanted[:: max(1, len(wanted) // 10)])


def test_at_the_time_of_a_304_a_wacz_replays_the_nearest_state(revisited: AllDays, wayback: str) -> None:
    """Which one that is the replay says itself; the empty 304 would tell its reader nothing."""
    bodies = sent(revisited)
    wanted = captured(revisited, "status = 304 AND revisit_of IN (SELECT id FROM captures WHERE outcome = 'article')")
    assert len(wanted) > 20
    for url, _, _, at in wanted[:: len(wanted) // 5]:
        path = url.removeprefix(revisited.url.rstrip("/"))
        answers = rows(revisited.folder, "SELECT DISTINCT status, fetched_at FROM captures WHERE url = ?", url)
        states = [(row["status"], bodies[path, day_of(row["fetched_at"])]) for row in answers if row["status"] != 304]
        assert replayed(f"{wayback}/revisited-wacz", at, url) in states, (url, at)


def test_the_time_map_is_the_one_of_the_replay(all_days: AllDays, wayback: str) -> None:
    (row,) = rows(all_days.folder, "SELECT url FROM captures WHERE kind = 'home' GROUP BY url")
    with urllib.request.urlopen(f"{wayback}/wacz/timemap/link/{row['url']}", timeout=30) as response:
        theirs = response.read().decode()
    with closing(connect_for_reading(all_days.folder)) as db:
        ours = "\n".join(build_timemap(db, [row["url"]], f"{wayback}/wacz/").lines())
    assert links(ours) == links(theirs.replace("mp_/", "/"))  # the part of a page that is not pywb's frame
    assert len(links(ours)) == 3 + len(DAYS) - 1  # the day of the challenge shows nothing


def test_a_304_replays_as_the_answer_that_it_was(revisited: AllDays, wayback: str) -> None:
    """pywb shows a revisit's own headers where it has any; leaving them out would be to lose what was answered."""
    wanted = captured(revisited, "revisit_of > 0 AND status = 304")
    assert len(wanted) > 20
    for url, _, _, at in wanted[:: len(wanted) // 10]:
        assert replayed(f"{wayback}/revisited", at, url) == (304, b""), (url, at)
