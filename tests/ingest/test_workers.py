"""Tests that several processes make of records what one makes, in the same order, and end when nobody wants more."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import pickle
import random
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lufeng_crawler.errors import ArchiveError
from lufeng_crawler.ingest import workers
from lufeng_crawler.ingest.left_out import LeftOut
from lufeng_crawler.ingest.responses import Revisit
from lufeng_crawler.ingest.scanner import ScanReport, find_records
from lufeng_crawler.ingest.workers import Batch, PageJob, PageWorker, ParsedRecord
from lufeng_crawler.items import Article, Capture, Reading
from tests.support.archive_builder import rows
from tests.support.foreign_files import LATEST, Made, made
from tests.support.ingests import PATHS, ingest, page

# warcio's writer leaves its temporary files to the garbage collector.


def records() -> list[Made]:
    """Four days of some pages, in no order; with revisits, 304s, a cut one, and an address that names no host."""
    pages = [page(path, day) for path in PATHS[:12] for day in (1, 2, 4)]
    again = [one | {"kind": "revisit", "body": b"", "date": "2026-11-25", "more": {}} for one in pages[::5]]
    same = [page(path, 6, status="304 Not Modified", body=b"") for path in PATHS[:4]]
    odd = [page(PATHS[0], 5) | {"url": "urn:x"}, page(PATHS[1], 5, more={"WARC-Truncated": "time"})]
    together = [*pages, *again, *same, *odd]
    random.Random(20261122).shuffle(together)
    return together


@pytest.fixture
def batches(tmp_path: Path) -> Iterator[list[Batch]]:
    with ExitStack() as kept:
        path = made(tmp_path / "a.warc.gz", records())
        jobs = [PageJob(found, found.read(), known=False) for found in find_records(path, kept, ScanReport())]
        yield [jobs[start : start + 7] for start in range(0, len(jobs), 7)]


def said(done: ParsedRecord) -> tuple[int, bytes]:
    return done.ref.offset, pickle.dumps((done.response, done.reading))


def test_many_processes_make_the_same_of_it_in_the_same_order(batches: list[Batch]) -> None:
    jobs = [job for batch in batches for job in batch]
    desk = PageWorker(None, LATEST, ahead=True)
    expected = [ParsedRecord(job.ref, *desk.process([(job.data, False)])[0]) for job in jobs]
    assert list(map(said, workers.parse_records(batches, None, LATEST, 3))) == list(map(said, expected))
    assert multiprocessing.active_children() == []


def test_one_process_leaves_pages_unread_until_somebody_asks(batches: list[Batch]) -> None:
    done = list(workers.parse_records(batches, None, LATEST, 1))
    assert {one.reading for one in done} == {None}
    assert {type(one.response) for one in done} == {Capture, Revisit, LeftOut}


def test_a_page_that_is_known_or_cut_is_not_read_ahead(batches: list[Batch]) -> None:
    def reading(job: PageJob, known: bool) -> Reading | None:
        return PageWorker(None, LATEST, ahead=True).process([(job.data, known)])[0][1]

    (job,) = (
        job for batch in batches for job in batch if job.ref.at == "2026-11-16T02:00:00Z" and PATHS[0] in job.ref.url
    )
    assert isinstance(reading(job, known=False), Article)
    assert reading(job, known=True) is None
    (cut,) = (job for batch in batches for job in batch if b"WARC-Truncated" in gzip.decompress(job.data))
    assert reading(cut, known=False) is None


def test_an_answer_belongs_to_the_site_of_its_host(batches: list[Batch]) -> None:
    sites = {
        one.response.site
        for one in workers.parse_records(batches, None, LATEST, 1)
        if isinstance(one.response, Capture)
    }
    assert sites == {"www.lufengxian.example"}


def test_processes_end_though_not_all_was_taken_from_them(batches: list[Batch]) -> None:
    done = workers.parse_records(batches, None, LATEST, 2)
    next(done)
    assert len(multiprocessing.active_children()) == 2
    done.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("is_dead_before_the_next_batch", [True, False])
def test_one_that_is_killed_ends_the_ingest_with_a_word(
    batches: list[Batch], is_dead_before_the_next_batch: bool
) -> None:
    done = workers.parse_records(batches, None, LATEST, 1 + 1)
    next(done)
    for child in multiprocessing.active_children():
        assert child.pid
        os.kill(child.pid, signal.SIGKILL)
        if is_dead_before_the_next_batch:
            child.join()
    with pytest.raises(ArchiveError, match="a worker process died"):
        list(done)


def test_an_archive_is_the_same_however_many_processes_made_it(tmp_path: Path) -> None:
    whole = records()
    files = [made(tmp_path / f"{number}.warc.gz", whole[number::3]) for number in range(3)]
    one, two = (ingest(tmp_path / f"by{jobs}", *files, jobs=jobs) for jobs in (1, 2))
    assert (one[1], one[0].report() | {"seconds": 0}) == (two[1], two[0].report() | {"seconds": 0})
    alone, together = (tables(tmp_path / f"by{jobs}") for jobs in (1, 2))
    assert alone == together


def tables(folder: Path) -> dict[str, list[dict[str, object]]]:
    """What an archive holds, but for the name and the time of the run, and what hangs on those."""
    names = [row["name"] for row in rows(folder, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    unlike = {"offset", "record_length", "record_digest", "file", "chain"}
    kept = {
        name: rows(folder, f'SELECT * FROM "{name}"') for name in names if name not in ("runs", "run_events", "warcs")
    }
    return {
        name: [{column: value for column, value in row.items() if column not in unlike} for row in table]
        for name, table in kept.items()
        if not name.startswith("_")
    }
