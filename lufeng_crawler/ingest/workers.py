"""Parses records and reads their pages: here, or in processes of their own, which end when this one does."""

from __future__ import annotations

import copyreg
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import cycle
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType

from lufeng_crawler import sites
from lufeng_crawler.errors import ArchiveError
from lufeng_crawler.ingest.responses import ForeignAnswer, parse_response
from lufeng_crawler.ingest.scanner import RecordRef
from lufeng_crawler.items import Capture, Reading
from lufeng_crawler.reader import reader

SITE_WITHOUT_HOST = "nowhere"
"""The site of captures whose address names no host: other people's WARCs have such."""


@dataclass(frozen=True, slots=True)
class PageJob:
    """A record as it lies in its file; `known`: its page is in the archive already, as far as can be said unread."""

    found: RecordRef
    data: bytes
    known: bool


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """What the record says (None: nothing that is ours), and what its page was read as, if it was."""

    found: RecordRef
    answer: ForeignAnswer | None
    reading: Reading | None


Batch = Sequence[PageJob]
Work = tuple[bytes, bool]
Result = tuple[ForeignAnswer | None, Reading | None]


class PageWorker:
    """Where records are read; `ahead`: their pages as well, before anybody asks for that."""

    def __init__(self, folder: Path | None, ahead: bool) -> None:
        self.ahead, self._read = ahead, reader(folder).read
        known = sites.load_all_sites(folder).values()
        self._site_of = {host: site.name for site in known for host in site.all_hosts}

    def work(self, given: Sequence[Work]) -> list[Result]:
        """One result for each."""
        return [self._one(*each) for each in given]

    def _one(self, data: bytes, known: bool) -> Result:
        answer = parse_response(data)
        if answer is None:
            return None, None
        if not isinstance(answer, Capture):
            return replace(answer, capture=self._sited(answer.capture)), None
        answer = self._sited(answer)
        worth = self.ahead and not known and not answer.truncated
        return answer, self._read(answer) if worth else None

    def _sited(self, capture: Capture) -> Capture:
        """With the site that may be asked at its address, else one named after the host."""
        try:
            host = sites.host_of(capture.url)
        except ValueError:
            host = SITE_WITHOUT_HOST
        return replace(capture, site=self._site_of.get(host, host))


def parse_records(batches: Iterable[Batch], folder: Path | None, jobs: int) -> Generator[ParsedRecord, None, None]:
    """All of it in the order given, by so many processes; one is this one, where pages are read when asked for."""
    if jobs > 1:
        yield from _by_processes(batches, folder, jobs)
        return
    desk = PageWorker(folder, ahead=False)
    for batch in batches:
        yield from _matched(batch, desk.work(_bare(batch)))


def _by_processes(batches: Iterable[Batch], folder: Path | None, jobs: int) -> Iterator[ParsedRecord]:
    """Each has one batch at a time: it gets the next when this one has taken what it made of the last."""
    with ExitStack() as stack:
        desks = [stack.enter_context(_process(folder)) for _ in range(jobs)]
        sent: deque[tuple[Connection, Batch]] = deque()
        for desk, batch in zip(cycle(desks), batches, strict=False):
            ready = _received(*sent.popleft()) if len(sent) == jobs else ()
            desk.send(_bare(batch))
            sent.append((desk, batch))
            yield from ready
        for one in sent:
            yield from _received(*one)


def _received(desk: Connection, batch: Batch) -> Iterable[ParsedRecord]:
    try:
        return _matched(batch, desk.recv())
    except (EOFError, ConnectionError) as error:
        raise ArchiveError("a process that read pages has ended before its time; what is taken in stays") from error


def _bare(batch: Batch) -> list[Work]:
    return [(job.data, job.known) for job in batch]


def _matched(batch: Batch, results: Sequence[Result]) -> list[ParsedRecord]:
    return [ParsedRecord(job.found, *result) for job, result in zip(batch, results, strict=True)]


@contextmanager
def _process(folder: Path | None) -> Iterator[Connection]:
    context = get_context("forkserver")  # a fork of this process would copy whatever its threads hold locked
    context.set_forkserver_preload(["__main__", __name__])
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, folder), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _serve(connection: Connection, folder: Path | None) -> None:
    """Until the other end is closed, by whatever end of the process there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who writes
    desk = PageWorker(folder, ahead=True)
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(desk.work(connection.recv()))


copyreg.pickle(MappingProxyType, lambda proxy: (MappingProxyType, (dict(proxy),)))
