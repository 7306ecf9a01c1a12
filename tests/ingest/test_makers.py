"""Tests that files are taken in as the tools that people use write them: wget, warcio, Browsertrix, Common Crawl."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from lufeng_crawler import demo
from lufeng_crawler.demo import county
from lufeng_crawler.demo.events import EVENTS
from tests.support.archive_builder import rows
from tests.support.foreign_files import chunked, made, sha1, wacz
from tests.support.ingests import HOST, PATHS, ingest, page, told

# warcio's writer leaves its temporary files to the garbage collector.

FIRST = {str(one.id): one for one in county(1).articles if not one.link and one.condition == "live"}


def address(key: str) -> str:
    return FIRST[key].url(FIRST[key].columns[0])


def wget(folder: Path, url: str, name: str, *options: str) -> Path:
    """Crawl a site with wget; the WARC it writes."""
    words = ["wget", "--no-proxy", "--no-verbose", "--recursive", "--level=inf", "--directory-prefix=site"]
    words += ["--execute=robots=off", f"--warc-file={name}", "--warc-cdx", *options, url]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 8), done.stderr  # 8: the county has pages that are not there
    return folder / f"{name}.warc.gz"


def read(folder: Path, number: int) -> dict[str, tuple[str, str]]:
    sql = "SELECT a.key, v.title, v.body FROM versions v JOIN articles a ON a.id = v.article WHERE number = ?"
    return {row["key"]: (row["title"], row["body"]) for row in rows(folder, sql, number)}


@pytest.mark.skipif(not shutil.which("wget"), reason="no wget: install the system's package of that name")
def test_what_wget_crawled_has_the_right_versions(tmp_path: Path) -> None:
    """Its second crawl keeps what it has seen as revisits, which name the record that they repeat."""
    archive = tmp_path / "archive"
    with demo.serve() as served:
        taken, said = ingest(archive, wget(tmp_path, served.url, "first"))
        assert (list(taken.left_out), len(said), taken.errors, taken.edited) == (["not_http"], 1, 0, 0)  # its own log
        found = {key: said for key, said in read(archive, 1).items() if key in FIRST}
        assert found == {key: (FIRST[key].title, FIRST[key].text) for key in found}
        assert len(found) > 40
        served.day = 2
        taken, said = ingest(archive, wget(tmp_path, served.url, "second", "--warc-dedup=first.cdx"))
    assert (list(taken.left_out), taken.errors, taken.without_original) == (["not_http"], 0, 0)
    (again,) = rows(archive, "SELECT count(*) AS n FROM captures WHERE revisit_of > 0")
    assert again["n"] + taken.skipped > 9  # skipped is what came in the same second as what it repeats
    edited = {str(one.news_id) for one in EVENTS if one.day == 2 and one.change == "edited"}
    today = {key: county(2).article(int(key)) for key in edited}
    assert read(archive, 2) == {key: (one.title, one.text) for key, one in today.items() if one}


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_warcio_wrote_has_the_right_versions(tmp_path: Path, version: str) -> None:
    """Chunked and compressed as the server sent it, and a revisit of it by digest."""
    records = []
    for day in (1, 2, 3):
        for path in (address("1163"), address("1164")):
            given = page(path, day)
            coded = [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
            packed = gzip.compress(given["body"], mtime=0)
            records.append(given | {"headers": coded, "body": chunked([packed[:99], packed[99:]])})
    records.append(
        page(address("1164"), 4)
        | {"kind": "revisit", "body": b"", "more": {"WARC-Payload-Digest": sha1(records[5]["body"])}}
    )
    taken, said = ingest(tmp_path / "archive", made(tmp_path / "a.warc.gz", records, version=version))
    assert (said, taken.captures, taken.new, taken.edited) == ([], 7, 2, 2)
    versions = [row[:1] + row[1:2] + row[4:6] for row in told(tmp_path / "archive") if len(row) == 6]
    assert versions == [
        (key, number, f"2026-11-{first}T02:00:00Z", f"2026-11-{last}T02:00:00Z")
        for key, number, first, last in [
            ("1163", 1, 16, 16),
            ("1163", 2, 17, 18),
            ("1164", 1, 16, 16),
            ("1164", 2, 17, 19),
        ]
    ]


def test_a_wacz_of_browsertrix_is_taken_in_as_it_lies_there(tmp_path: Path) -> None:
    """Two crawlers' WARCs side by side, a screenshot, revisits from one to the other, and pages that repeat nothing."""
    day = [page(path, 1) for path in PATHS[:3]]
    named = {
        "WARC-Refers-To-Target-URI": day[0]["url"],
        "WARC-Refers-To-Date": day[0]["date"],
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    }
    shot = {"url": f"urn:view:{HOST}/", "kind": "resource", "body": b"\x89PNG", "status": ""}
    again = {"url": day[0]["url"], "date": "2026-11-18T02:00:00.123Z", "kind": "revisit", "body": b"", "more": named}
    one = made(tmp_path / "rec-1.warc.gz", [again, day[1], shot], version="1.1")
    two = made(tmp_path / "rec-2.warc.gz", [day[0], day[2]], version="1.1")
    path = wacz(tmp_path / "crawl.wacz", {file.name: file.read_bytes() for file in (one, two)})
    taken, said = ingest(tmp_path / "archive", path)
    assert (taken.files, taken.captures, taken.new, taken.unchanged, taken.left_out) == (1, 4, 3, 1, {"not_http": 1})
    assert "left out 1 answers that are of another protocol" in "".join(said)
    apart = ingest(tmp_path / "apart", one, two)[0]
    assert (apart.captures, told(tmp_path / "apart")) == (4, told(tmp_path / "archive"))


def test_an_extract_of_common_crawl_is_taken_in(tmp_path: Path) -> None:
    """Coding undone and its headers renamed, what is too long cut and said so, texts and metadata beside the pages."""
    moved = [("X-Crawl-Content-Encoding", "gzip"), ("X-Crawl-Transfer-Encoding", "chunked")]
    whole = page(PATHS[0], 1, headers=moved)
    cut = page(PATHS[1], 1, headers=moved, more={"WARC-Truncated": "length"}) | {
        "body": page(PATHS[1], 1)["body"][:900]
    }
    text = {"url": whole["url"], "kind": "conversion", "body": "鹿峰县".encode()}
    path = made(tmp_path / "CC-MAIN.warc.gz", [whole, text, cut, {"kind": "metadata"}])
    taken, said = ingest(tmp_path / "archive", path)
    assert (taken.captures, taken.new, taken.left_out, taken.no_answers["metadata"]) == (2, 1, {"conversion": 1}, 1)
    assert len(said) == 1
    captured = rows(tmp_path / "archive", "SELECT outcome, reason FROM captures ORDER BY id")
    assert [tuple(row.values()) for row in captured] == [("article", None), ("other", "truncated: length")]


def test_a_wet_file_has_nothing_to_take(tmp_path: Path) -> None:
    path = made(tmp_path / "a.warc.wet.gz", [{"kind": "conversion", "body": "鹿峰县".encode()}])
    taken, said = ingest(tmp_path / "archive", path)
    assert (taken.files, taken.captures, taken.left_out, taken.errors) == (1, 0, {"conversion": 1}, 0)
    assert len(said) == 1
