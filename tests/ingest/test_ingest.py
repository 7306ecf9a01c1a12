"""Ingest: WARCs of any maker, once; what is damaged is said in a line and costs nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from lufeng_crawler.archive import Archive, RunStart, StoredCapture, rebuild
from lufeng_crawler.demo import answer, county
from lufeng_crawler.ingest import Ingest
from lufeng_crawler.items import Capture
from lufeng_crawler.reader import open_archive, reader
from tests.support import foreign_files, ingests
from tests.support.archive_builder import everything, rows, warcio, warcs
from tests.support.demo_archive import AllDays
from tests.support.ingests import HOST, ingest

# warcio's writer leaves its temporary files to the garbage collector.

Headers = Sequence[tuple[str, str]]
PATHS = ingests.PATHS[:6]


def chunked(body: bytes) -> bytes:
    pieces = [body[start : start + 700] for start in range(0, len(body), 700)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def record(writer: WARCWriter, url: str, body: bytes, headers: Headers, at: str = "2026-11-16T02:00:00Z") -> None:
    http = StatusAndHeaders("200 OK", list(headers), protocol="HTTP/1.1")
    payload, dated = BytesIO(body), {"WARC-Date": at}
    writer.write_record(
        writer.create_warc_record(url, "response", payload=payload, http_headers=http, warc_headers_dict=dated)
    )


def made(path: Path, version: str = "1.1", zipped: bool = True, framed: bool = True, day: int = 1) -> list[int]:
    """A WARC of six articles as another tool writes it; the offset of each record."""
    offsets = []
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=zipped, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another"}))
        for path_ in PATHS:
            given = answer(path_, day, {"Accept-Encoding": "gzip"})
            headers = [*given.headers, ("Transfer-Encoding", "chunked")]
            offsets.append(file.tell())
            record(writer, HOST + path_, chunked(given.body) if framed else given.body, headers, f"2026-11-{15 + day}")
    return offsets


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("framed", [True, False])
def test_other_makers_files_are_read(tmp_path: Path, version: str, zipped: bool, framed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if zipped else "a.warc")
    made(path, version, zipped, framed)
    taken, said = ingest(tmp_path / "archive", path)
    assert said == []
    assert (taken.files, taken.captures, taken.new, taken.skipped, taken.errors) == (1, 6, 6, 0, 0)
    found = rows(tmp_path / "archive", "SELECT site, url, title, body FROM latest_articles ORDER BY id")
    truth = [county(1).article(int(path.rpartition("/")[2].removesuffix(".htm"))) for path in PATHS]
    assert [(row["title"], row["body"]) for row in found] == [(one.title, one.text) for one in truth if one]
    assert {row["site"] for row in found} == {"www.lufengxian.example"}
    assert warcio("check", warcs(tmp_path / "archive")).returncode == 0


def test_a_file_that_is_one_gzip_member_is_read(tmp_path: Path) -> None:
    made(tmp_path / "a.warc", zipped=False)
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress((tmp_path / "a.warc").read_bytes()))
    assert ingest(tmp_path / "archive", tmp_path / "a.warc.gz")[0].new == 6


def test_the_second_time_all_is_skipped(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.warc.gz", tmp_path / "archive"
    made(path)
    ingest(folder, path)
    before = everything(folder)
    taken, _ = ingest(folder, path, path)
    assert (taken.captures, taken.new, taken.skipped, taken.errors) == (0, 0, 12, 0)
    after = everything(folder)
    assert [table for table in before if before[table] != after[table]] == ["run_events", "runs", "warcs"]


def test_days_are_taken_in_any_order(tmp_path: Path) -> None:
    for day in (1, 2, 4):
        made(tmp_path / f"{day}.warc.gz", day=day)
    views = []
    for order in ((1, 2, 4), (4, 1, 2)):
        folder = tmp_path / "-".join(map(str, order))
        ingest(folder, *(tmp_path / f"{day}.warc.gz" for day in order))
        view = "SELECT url, version, body, first_seen, last_seen FROM latest_articles ORDER BY url"
        events = "SELECT at, kind, from_version, fields, silent FROM changes ORDER BY at, article"
        views.append((rows(folder, view), rows(folder, events)))
        before = everything(folder)
        rebuild(folder, reader(None))
        assert everything(folder) == before
    assert views[0] == views[1]


LIFE = {
    "versions": "SELECT a.key, number, v.title, v.body, v.first_seen, v.last_seen, content_digest FROM versions v"
    " JOIN articles a ON a.id = v.article ORDER BY 1, 2",
    "changes": "SELECT a.key, kind, at, fields, silent, from_version, to_version FROM changes c"
    " JOIN articles a ON a.id = c.article WHERE kind IN ('new', 'edited', 'missing', 'restored', 'moved')"
    " ORDER BY at, 1, 2",
    "presence": "SELECT key, iif(presence = 'gone', 'missing', presence) AS presence, first_seen, last_seen"
    " FROM articles ORDER BY 1",
}
"""What does not hang on who crawled: `gone` and `delisted` are the conclusions of a crawl that swept a column."""


def life(folder: Path) -> dict[str, list[dict[str, object]]]:
    return {name: rows(folder, sql) for name, sql in LIFE.items()}


def test_an_archive_of_old_captures_tells_what_the_crawls_told(all_days: AllDays, tmp_path: Path) -> None:
    """Days of crawls with their revisits and 304s, out of WARCs of ours; what came twice in a second counts once."""
    files = warcs(all_days.folder)
    assert len(files) == 1
    taken, said = ingest(tmp_path, *reversed(files))
    once = "SELECT count(*) AS n, count(DISTINCT url || fetched_at || status) AS differing FROM captures"
    (there,) = rows(all_days.folder, once)
    assert (said, taken.captures, taken.skipped) == ([], there["differing"], there["n"] - there["differing"])
    assert life(tmp_path) == life(all_days.folder)
    revisits = "SELECT url, fetched_at, status FROM captures WHERE revisit_of > 0 AND status < 500 ORDER BY 1, 2"
    assert rows(tmp_path, revisits) == rows(all_days.folder, revisits)
    before = everything(tmp_path)
    rebuild(tmp_path, reader(None))
    assert everything(tmp_path) == before


@pytest.mark.parametrize("zipped", [True, False])
def test_a_damaged_record_costs_itself_and_a_line(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "a.warc"
    offsets = made(path, zipped=zipped)
    content = bytearray(path.read_bytes())
    content[offsets[2] : offsets[2] + 30] = b"\0" * 30
    path.write_bytes(content)
    taken, said = ingest(tmp_path / "archive", path)
    assert (taken.captures, taken.errors, len(said)) == (5, 1, 1)
    assert f"{path}: at byte {offsets[2]}: " in said[0]


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("kept", [1, 100, 700, 0.9])
def test_a_torn_record_is_never_taken_for_a_page(tmp_path: Path, zipped: bool, kept: float) -> None:
    path, whole = tmp_path / "a.warc", tmp_path / "b.warc"
    offsets = made(path, zipped=zipped)
    made(whole, zipped=zipped, day=2)
    content = path.read_bytes()
    length = len(content) - offsets[5]
    path.write_bytes(content[: offsets[5] + (round(length * kept) if kept < 1 else int(kept))])
    taken, said = ingest(tmp_path / "archive", path, whole)
    assert (taken.files, taken.captures, taken.errors) == (2, 11, 1)
    assert len(said) == 1


@pytest.mark.parametrize(
    "content", [b"", b"hello\n" * 99, gzip.compress(b"hello\n" * 99, mtime=0), b"\x1f\x8b\x08", b"{}"]
)
def test_what_is_no_warc_is_said_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.warc.gz").write_bytes(content)
    made(tmp_path / "b.warc.gz")
    taken, said = ingest(tmp_path / "archive", tmp_path / "a.warc.gz", tmp_path / "b.warc.gz")
    assert (taken.captures, taken.errors) == (6, 1)
    assert said == [f"{tmp_path / 'a.warc.gz'}: no WARC records in it"]


def test_what_is_no_answer_of_http_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        html = b"<html></html>"
        record(writer, HOST + "/a.htm", html, [("Content-Type", "text/html")])
        writer.write_record(writer.create_warc_record("dns:a.example", "response", BytesIO(b"1"), 1, "text/dns"))
        for kind in ("resource", "metadata", "conversion"):
            name = f"urn:screenshot:{HOST}/a.htm"
            writer.write_record(writer.create_warc_record(name, kind, BytesIO(html), len(html), "text/plain"))
    taken, said = ingest(tmp_path / "archive", path)
    assert (taken.captures, taken.skipped, taken.left_out) == (1, 3, {"not_http": 2, "conversion": 1})
    assert taken.no_answers == {"metadata": 1}
    assert [line.partition(" (the first at byte ")[0] for line in said] == [
        f"{path}: left out 2 answers that are of another protocol than HTTP, or of none (dns:, urn:)",
        f"{path}: left out 1 answers that were made from an answer by a tool, and not served",
    ]


def test_one_page_under_two_sites_is_an_article_of_each(tmp_path: Path) -> None:
    page = Capture(f"{HOST}{PATHS[0]}", "2026-11-16T00:00:00Z", 200, (), answer(PATHS[0], 1).body)
    with closing(open_archive(tmp_path, None)) as archive:
        for day, site in enumerate(("www.lufengxian.example", "lufengxian"), 16):
            archive.begin(RunStart(site, "crawl", page.fetched_at, site))
            archive.store(replace(page, site=site, fetched_at=f"2026-11-{day}T00:00:00Z"), site)
        archive.flush()
        owners = archive.db.execute("SELECT site FROM articles ORDER BY id").fetchall()
    assert owners == [(1,), (2,)]


@pytest.mark.parametrize("cut", [0, 1, 7, 99, 130])
def test_what_was_cut_short_is_completed_by_the_next_ingest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    """Killed behind so many answers, some of which no transaction has seen yet."""
    pages = [ingests.page(path, day) for day in (1, 2, 4) for path in ingests.PATHS[:45]]
    again = [{"url": HOST + path, "kind": "revisit", "body": b"", "date": "2026-11-22"} for path in ingests.PATHS[:9]]
    files = [foreign_files.made(tmp_path / f"{number}.warc.gz", [*pages, *again][number::2]) for number in (0, 1)]
    ingest(tmp_path / "whole", *files)

    def take(archive: Archive, *given: Any) -> StoredCapture:
        if archive._stored_count == cut:
            raise KeyboardInterrupt
        return whole(archive, *given)

    said: list[str] = []
    whole, archive = Archive.store, open_archive(tmp_path / "cut", None)
    monkeypatch.setattr(Archive, "store", take)
    with pytest.raises(KeyboardInterrupt):
        Ingest(archive, None, said.append).run(files)
    archive.release()
    monkeypatch.undo()
    ingest(tmp_path / "cut", *files)
    assert ingests.told(tmp_path / "cut") == ingests.told(tmp_path / "whole")
    captured = "SELECT url, fetched_at, status, outcome, payload_digest, revisit_of FROM captures ORDER BY id"
    assert rows(tmp_path / "cut", captured) == rows(tmp_path / "whole", captured)


def test_files_are_taken_in_the_order_of_time_across_all_of_them(tmp_path: Path) -> None:
    days = {day: [ingests.page(path, day) for path in PATHS] for day in (1, 2, 4)}
    mixed = [one for pair in zip(days[4], days[1], strict=True) for one in pair]
    files = [foreign_files.made(tmp_path / "b.warc.gz", days[2]), foreign_files.made(tmp_path / "a.warc.gz", mixed)]
    ingest(tmp_path / "archive", *files)
    times = [row["fetched_at"] for row in rows(tmp_path / "archive", "SELECT fetched_at FROM captures ORDER BY id")]
    assert times == sorted(times)
    assert len(times) == 18


def test_how_far_it_is_is_shown_in_bytes_and_then_in_records(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    made(path)
    shown: list[tuple[str, int, list[int]]] = []
    said: list[str] = []

    @contextmanager
    def bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
        shown.append((what, total, []))
        yield shown[-1][2].append

    with closing(open_archive(tmp_path / "archive", None)) as archive:
        Ingest(archive, None, said.append).run([path], bar)
    (looking, taking) = shown
    assert looking[:2] == ("scanning", path.stat().st_size)
    assert 0 < sum(looking[2]) <= looking[1]
    assert taking == ("ingesting", 6, [1] * 6)
