"""Tests that an ingest accounts for every record, that a fault costs its record alone, that a second takes nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive import rebuild
from lufeng_crawler.archive.timestamps import CLOCK_VARIABLE
from lufeng_crawler.reader import reader
from tests.support.archive_builder import Story, article, everything, moment, rows
from tests.support.foreign_files import made, sha1
from tests.support.ingests import ingest
from tests.support.invoked import run_in
from tests.support.raw_records import HTTP, PAGE, members, raw_record

KINDS: dict[str, Callable[[int], bytes]] = {
    "response": lambda number: raw_record(HTTP + b"%d" % number + PAGE, number=number),
    "resource": lambda number: raw_record(PAGE, "resource", number, [("Content-Type", "text/html")]),
    "revisit": lambda number: raw_record(HTTP, "revisit", number, [("WARC-Refers-To-Date", "2024-01-01")]),
    "undated": lambda number: raw_record(number=number, leave_out=["WARC-Date"]),
    "dns": lambda number: raw_record(b"1", number=number, more=[("WARC-Target-URI", "dns:a")]),
    "conversion": lambda number: raw_record(PAGE, "conversion", number),
    "segment": lambda number: raw_record(number=number, more=[("WARC-Segment-Number", "2")]),
    "many cookies": lambda number: raw_record(HTTP[:-2] + b"Set-Cookie: a\r\n" * 9000 + b"\r\n" + PAGE, number=number),
}
BROKEN: dict[str, Callable[[int], bytes]] = {
    "no length": lambda number: raw_record(number=number, leave_out=["Content-Length"]),
    "length of letters": lambda number: raw_record(number=number, more=[("Content-Length", "many")]),
    "length below zero": lambda number: raw_record(number=number, more=[("Content-Length", "-5")]),
    "too short a length": lambda number: raw_record(number=number, more=[("Content-Length", "20")]),
    "far too long a length": lambda number: raw_record(number=number, more=[("Content-Length", "9" * 12)]),
    "a length without end": lambda number: raw_record(number=number, more=[("Content-Length", "9" * 5000)]),
    "a header over a megabyte": lambda number: raw_record(number=number, more=[("X", "y" * (2 << 20))]),
    "no record": lambda number: b"what is this\r\n" * number + b"\r\n",
}
PACKERS: dict[str, Callable[..., bytes]] = {
    "plain": lambda *records: b"".join(records),
    "members": members,
    "one member": lambda *records: gzip.compress(b"".join(records), mtime=0),
    "members of two": lambda *records: members(*(b"".join(records[at : at + 2]) for at in range(0, len(records), 2))),
}


def write(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=8), st.sampled_from(sorted(PACKERS)))
def test_every_record_is_taken_repeated_or_left_out(kinds: Sequence[str], packer: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = [KINDS[kind](number) for number, kind in enumerate(kinds, 1)]
        path = write(folder, "a.warc", PACKERS[packer](raw_record(b"a: b\r\n", "warcinfo"), *records))
        first, said = ingest(folder / "archive", path)
        assert first.captures + first.skipped + first.errors == len(kinds)
        assert first.captures == sum(kind in ("response", "resource", "many cookies") for kind in kinds)
        assert (first.skipped, first.errors) == (first.repeated + sum(first.left_out.values()), 0)
        assert (len(said), first.no_answers) == (len(first.left_out), {"warcinfo": 1})
        again, _ = ingest(folder / "archive", path)
        assert (again.captures, again.repeated, again.left_out) == (0, first.captures, first.left_out)


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("fault", BROKEN)
def test_one_broken_record_is_one_error_and_costs_no_other(tmp_path: Path, fault: str, packer: str) -> None:
    whole = [raw_record(HTTP + b"%d" % number + PAGE, number=number) for number in range(1, 5)]
    path = write(tmp_path, "a.warc", PACKERS[packer](*whole[:2], BROKEN[fault](9), *whole[2:]))
    other = write(tmp_path, "b.warc", raw_record(number=5))
    taken, said = ingest(tmp_path / "archive", path, other)
    assert (taken.captures, taken.errors, taken.skipped) == (5, 1, 0)
    offset = len(PACKERS[packer](*whole[:2]) if packer in ("plain", "members") else b"".join(whole[:2]))
    unpacked = "" if packer in ("plain", "members") or "too short" in fault else ", unpacked"
    assert (said[0].startswith(f"{path}{unpacked}") and f": at byte {offset}: " in said[0]) or "too short" in fault


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("packer", PACKERS)
def test_a_file_whose_first_record_is_broken_gives_the_others(tmp_path: Path, fault: str, packer: str) -> None:
    whole = [raw_record(HTTP + b"%d" % number + PAGE, number=number) for number in range(1, 4)]
    taken, _ = ingest(tmp_path / "archive", write(tmp_path, "a.warc", PACKERS[packer](BROKEN[fault](9), *whole)))
    assert (taken.captures, taken.errors) == (3, 1)


@pytest.mark.parametrize(("ahead", "taken"), [(0, 1), (23 * 3600, 1), (25 * 3600, 0)])
def test_what_is_dated_later_than_now_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int, taken: int
) -> None:
    """By the ingest's own clock, and a day of tolerance."""
    from datetime import timedelta

    from lufeng_crawler.archive.timestamps import later, now

    date = later(now(), timedelta(seconds=ahead))
    path = write(tmp_path, "a.warc", raw_record(more=[("WARC-Date", date)]))
    first, said = ingest(tmp_path / "archive", path)
    assert (first.captures, first.left_out) == (taken, {} if taken else {"misdated": 1})
    assert bool(said) is not bool(taken)
    monkeypatch.setenv(CLOCK_VARIABLE, "+172800")
    assert ingest(tmp_path / "archive", path)[0].captures == 1 - taken


def test_what_a_repeat_names_must_have_its_digest(tmp_path: Path) -> None:
    named = [
        ("WARC-Refers-To-Target-URI", "http://www.lufengxian.example/1.htm"),
        ("WARC-Refers-To-Date", "2024-05-06T07:08:01Z"),
    ]
    for digest, taken in ((sha1(PAGE), 1), (sha1(b"other"), 0), ("sha256:" + hashlib.sha256(PAGE).hexdigest(), 1)):
        again = raw_record(HTTP, "revisit", 2, [*named, ("WARC-Payload-Digest", digest)])
        files = [write(tmp_path, "1.warc", raw_record()), write(tmp_path, "2.warc", again)]
        for number, calls in enumerate(([files], [files[:1], files[1:]])):
            folder = tmp_path / f"{number}{digest[:9].replace(':', '')}{taken}"
            for call in calls:
                result, _ = ingest(folder, *call)
            assert result.left_out == ({} if taken else {"without_original": 1})


def packed(path: Path, content: bytes, stated: bytes | None, seal: bytes | None = None) -> Path:
    """A WACZ that states the digest of another content, and of another package."""
    resources = (
        []
        if stated is None
        else [
            {
                "name": "a",
                "path": "archive/a.warc.gz",
                "hash": f"sha256:{hashlib.sha256(stated).hexdigest()}",
                "bytes": 1,
            }
        ]
    )
    manifest = json.dumps({"profile": "data-package", "resources": resources}).encode()
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/a.warc.gz", content)
        file.writestr("datapackage.json", manifest)
        if seal is not None:
            digest = hashlib.sha256(seal or manifest).hexdigest()
            file.writestr("datapackage-digest.json", json.dumps({"hash": f"sha256:{digest}"}))
    return path


CONTENT = members(raw_record(), raw_record(number=2, kind="response"))


@pytest.mark.parametrize(
    ("stated", "seal", "is_whole"),
    [
        (CONTENT, b"", True),
        (CONTENT, None, True),
        (None, None, True),
        (b"other", None, False),
        (CONTENT, b"other", False),
    ],
)
def test_what_a_wacz_states_of_its_files_is_checked(
    tmp_path: Path, stated: bytes | None, seal: bytes | None, is_whole: bool
) -> None:
    path = packed(tmp_path / "a.wacz", CONTENT, stated, seal)
    done = run_in(tmp_path, "ingest", path, "--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["captures"]) == ((0, 2) if is_whole else (1, 0))
    assert report["left_out"] == ({} if is_whole else {"digest_mismatch": 2})
    assert is_whole or "does not have the digest in datapackage" in done.stderr


def test_a_file_that_a_wacz_states_and_does_not_have_is_said(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.wacz", CONTENT, CONTENT)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.wacz", "w") as new:
        new.writestr("archive/b.warc.gz", CONTENT)
        new.writestr("datapackage.json", old.read("datapackage.json"))
    taken, said = ingest(tmp_path / "archive", tmp_path / "b.wacz")
    assert (taken.captures, taken.errors) == (2, 1)
    assert said == [f"{tmp_path / 'b.wacz'}: 'archive/a.warc.gz': datapackage.json states it, and it is not there"]


@pytest.mark.parametrize(
    ("first", "why"), [(b"BZh9", "bunzip2"), (b"\xfd7zXZ\0", "unxz"), (b"\x04\x22\x4d\x18", "lz4")]
)
def test_a_file_in_another_packing_is_refused_for_that(tmp_path: Path, first: bytes, why: str) -> None:
    taken, said = ingest(tmp_path / "archive", write(tmp_path, "a.warc.gz", first + bytes(99)))
    assert taken.errors == 1
    assert why in said[0]


def test_our_own_wacz_comes_back_whole_and_once(tmp_path: Path) -> None:
    """With two answers of one address in one second, a repeat of each, an error, a 304 and many cookies."""
    story = Story(tmp_path / "archive")
    two = [article(5, body=body, fetched_at=moment(6)) for body in "甲乙"]
    cookies = tuple(("Set-Cookie", "x" * 900) for _ in range(40))
    story.run(1, article(1), article(2, headers=cookies))
    story.run(6, *two)
    story.run(7, article(5, body="甲"), article(1, status=304), article(2, status=404))
    story.run(8, article(5, body="乙"))
    package = tmp_path / "own.wacz"
    assert run_in(tmp_path, "wacz", package).exit_code == 0
    columns = "SELECT url, fetched_at, status, payload_digest FROM captures ORDER BY 1, 2, 3, 4"
    there = rows(tmp_path / "archive", columns)
    taken, said = ingest(tmp_path / "other", package)
    assert (said, taken.captures, taken.skipped) == ([], len(there), 0)
    assert rows(tmp_path / "other", columns) == there
    for folder in ("archive", "other"):
        again, _ = ingest(tmp_path / folder, package)
        assert (again.captures, again.repeated) == (0, len(there))
    before = everything(tmp_path / "other")
    rebuild(tmp_path / "other", reader(None))
    assert everything(tmp_path / "other") == before


def test_a_foreign_header_that_grows_when_it_is_written_is_read_again(tmp_path: Path) -> None:
    """Each line gains a space: beyond what a reader with a limit of 32 KiB would read."""
    head = HTTP[:-2] + b"".join(b"X%03d:%s\r\n" % (number, b"a" * 30) for number in range(900)) + b"\r\n"
    path = write(tmp_path, "a.warc", raw_record(head + PAGE) + raw_record(number=2))
    ingest(tmp_path / "archive", path)
    assert run_in(tmp_path, "verify").exit_code == 0
    assert json.loads(run_in(tmp_path, "rebuild", "--json").stdout)["captures"] == 2


def test_the_counts_are_said_in_words_too(tmp_path: Path) -> None:
    path = made(tmp_path / "a.warc.gz", [{}, {"date": "lately"}, {}])
    done = run_in(tmp_path, "ingest", path)
    assert done.stdout.startswith(
        "1 files: 1 captures, 0 new, 0 edited, 0 unchanged, 2 skipped, 0 errors, 1 repeated; "
    )
    assert f"lufeng: {path}: left out 1 answers that were made at no time that there was" in done.stderr


def test_what_several_files_hold_is_taken_from_each_and_never_again(tmp_path: Path) -> None:
    """But the same file twice, as it is and in a WACZ, is one; and in one file an answer counts once."""
    one, two = raw_record(), raw_record(number=2)
    first = write(tmp_path, "1.warc", one + one + two)
    copy, package = write(tmp_path, "2.warc", one + one + two), packed(tmp_path / "3.wacz", one + one + two, None)
    other = write(tmp_path, "4.warc", two + one)
    taken, _ = ingest(tmp_path / "archive", first, copy, package, other)
    assert (taken.captures, taken.repeated, taken.new) == (4, 7, 2)
    assert rows(tmp_path / "archive", "SELECT count(*) AS n FROM captures WHERE revisit_of > 0") == [{"n": 2}]
    assert run_in(tmp_path, "verify").exit_code == 0
    for files in ([first], [other, first], [package]):
        assert ingest(tmp_path / "archive", *files)[0].captures == 0
