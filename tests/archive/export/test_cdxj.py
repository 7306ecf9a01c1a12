"""Keys as every replay makes them, and an index that is sorted by bytes and can be read by the block."""

from __future__ import annotations

import gzip
import json
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.export import cdxj
from lufeng_crawler.archive.export.cdxj import CdxjIndex, CdxjLine, cdxj_header, surt_key

KEYS = [
    ("http://www.lufeng.example/info/1.htm", "example,lufeng)/info/1.htm"),
    ("https://WWW2.lufeng.example:443/", "example,lufeng)/"),
    ("http://lufeng.example:443/", "example,lufeng:443)/"),
    ("http://lufeng.example:8080", "example,lufeng:8080)/"),
    ("http://lufeng.example?b=2&A=1&b", "example,lufeng)/?a=1&b&b=2"),
    ("http://lufeng.example/?", "example,lufeng)/"),
    ("http://127.0.0.1:8047/x#top", "1,0,0,127:8047)/x"),
    ("http://user:word@lufeng.example/", "example,lufeng)/"),
    ("http://中文.example/", "example,xn--fiq228c)/"),
    ("http://lufeng.example/通知 1.htm", "example,lufeng)/%e9%80%9a%e7%9f%a5%201.htm"),
    ("http://lufeng.example/%E9%80%9A%25E7%259F%25A5", "example,lufeng)/%e9%80%9a%e7%9f%a5"),
    ("http://lufeng.example/a/./b/../c//d/", "example,lufeng)/a/c/d"),
    ("http://lufeng.example/../a", "example,lufeng)/../a"),
    ("http://lufeng.example/a?x=1&JSESSIONID=0123456789abcdef0123456789ABCDEF&y=2", "example,lufeng)/a?x=1&y=2"),
    ("http://lufeng.example/(s(0123456789abcdefghijklmn))/a.aspx", "example,lufeng)/a.aspx"),
    ("http://lufeng..example./a", "example,lufeng)/a"),
    (f"http://{'文' * 80}.example/", f"example,{'%e6%96%87' * 80})/"),
    ("urn:x-notice:1", "urn:x-notice:1"),
]


@pytest.mark.parametrize(("url", "expected"), KEYS)
def test_a_key_is_the_one_that_replays_look_for(url: str, expected: str) -> None:
    assert surt_key(url) == expected


@given(st.text(max_size=60))
def test_whatever_the_address_the_key_is_one_word(path: str) -> None:
    found = surt_key(f"http://lufeng.example/{path}")
    assert found.isascii() and found.isprintable() and " " not in found
    assert surt_key(f"https://www.lufeng.example/{path}") == found


def line(url: str, at: str = "2026-11-01T00:00:01Z", mime: str | None = "text/html", offset: int = 0) -> CdxjLine:
    return CdxjLine(url, at, 200, mime, "sha256:aa", "a.warc.gz", offset, 9, "sha256:bb")


def test_a_line_is_what_cdxj_indexer_writes() -> None:
    key, time, rest = str(line("http://a.example/通知")).split(" ", 2)
    assert (key, time) == ("example,a)/%e9%80%9a%e7%9f%a5", "20261101000001")
    assert json.loads(rest) == {
        "url": "http://a.example/通知",
        "mime": "text/html",
        "status": "200",
        "digest": "sha256:aa",
        "length": "9",
        "offset": "0",
        "filename": "a.warc.gz",
        "recordDigest": "sha256:bb",
    }
    assert rest.isascii() and rest.endswith("}\n")
    assert '"mime"' not in str(line("http://a.example/", mime=None))


def test_blocks_are_sorted_by_bytes_and_can_be_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdxj, "LINES_PER_BLOCK", 3)
    urls = ["b", "a/", "a-", "A?x", "~", "", "a", "a?", "中"]
    lines = [line(f"http://a.example/{url}", f"2026-11-0{day}T00:00:00Z") for url in urls for day in (2, 1)]
    with closing(CdxjIndex()) as index:
        for one in lines:
            index.add(one)
        blocks, table = zip(*index.blocks(), strict=True)
    whole = b"".join(blocks)
    assert gzip.decompress(whole).splitlines(keepends=True) == sorted(str(one).encode() for one in lines)
    for entry in table:
        prefix, where = entry.split(" {")[0], json.loads(entry[entry.index("{") :])
        first = gzip.decompress(whole[where["offset"] :][: where["length"]]).decode().splitlines()[0]
        assert first.startswith(prefix + " {")
    assert len(table) == 6


def test_two_answers_of_one_second_are_two_lines_in_the_order_of_the_file() -> None:
    with closing(CdxjIndex()) as index:
        for offset in (7, 3):
            index.add(line("http://a.example/", offset=offset))
        (block, _) = next(index.blocks())
    assert [json.loads(one[one.index(b"{") :])["offset"] for one in gzip.decompress(block).splitlines()] == ["3", "7"]


def test_the_lines_wait_on_the_disk_and_not_among_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(CdxjIndex()) as index:
        index.add(line("http://a.example/"))
    assert list(tmp_path.iterdir()) == []
    assert cdxj_header("index.cdx.gz") == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n'
