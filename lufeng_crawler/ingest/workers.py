"""Parses records and reads their pages, in this process or in worker processes that end when this one does."""

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
from lufeng_crawler.ingest.left_out import LeftOut
from lufeng_crawler.ingest.responses import ForeignResponse, parse_response
from lufeng_crawler.ingest.scanner import RecordRef
from lufeng_crawler.items import Capture, Reading
from lufeng_crawler.reader import reader


@dataclass(frozen=True, slots=True)
class PageJob:
    """The bytes of a record; `known` is True where its page seems to be in the archive already."""

    ref: RecordRef
    data: bytes
    known: bool


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """The response in a record, or why there is none, and the reading of its page, if a worker made one."""

    ref: RecordRef
    response: ForeignResponse | LeftOut
    reading: Reading | None


Batch = Sequence[PageJob]
JobMessage = tuple[bytes, bool]
"""What is sent to a worker of a job: `data` and `known`."""

ResultMessage = tuple[ForeignResponse | LeftOut, Reading | None]
"""What a worker sends back: the response and the reading."""


class PageWorker:
    """Parses records; with `ahead` it reads their pages as well, before anybody asks for that.

    `latest` is the latest time that a record may state.
    """

    def __init__(self, folder: Path | None, latest: str, ahead: bool) -> None:
        self.latest, self.ahead, self._read = latest, ahead, reader(folder).read
        all_sites = sites.load_all_sites(folder).values()
        self._site_by_host = {host: site.name for site in all_sites for host in site.all_hosts}

    def process(self, jobs: Sequence[JobMessage]) -> list[ResultMessage]:
        """Return one result for each job."""
        return [self._process_record(data, known) for data, known in jobs]

    def _process_record(self, data: bytes, known: bool) -> ResultMessage:
        response = parse_response(data, self.latest)
        if isinstance(response, LeftOut):
            return response, None
        if not isinstance(response, Capture):
            return replace(response, capture=self._with_site(response.capture)), None
        response = self._with_site(response)
        is_read_here = self.ahead and not known and not response.truncated
        return response, self._read(response) if is_read_here else None

    def _with_site(self, capture: Capture) -> Capture:
        """Set the site whose hosts include that of the URL, else one named after the host."""
        host = sites.host_of(capture.url)
        return replace(capture, site=self._site_by_host.get(host, host))


def parse_records(
    batches: Iterable[Batch], folder: Path | None, latest: str, jobs: int
) -> Generator[ParsedRecord, None, None]:
    """Parse all records in the order of the batches.

    With one job that happens in this process and pages are not read ahead; with more, in that many processes.
    """
    if jobs > 1:
        yield from _parse_in_processes(batches, folder, latest, jobs)
        return
    worker = PageWorker(folder, latest, ahead=False)
    for batch in batches:
        yield from _parsed_records(batch, worker.process(_job_messages(batch)))


def _parse_in_processes(
    batches: Iterable[Batch], folder: Path | None, latest: str, jobs: int
) -> Iterator[ParsedRecord]:
    """Give each process one batch at a time: the next one when the results of its last were received."""
    with ExitStack() as stack:
        connections = [stack.enter_context(_worker_process(folder, latest)) for _ in range(jobs)]
        sent: deque[tuple[Connection, Batch]] = deque()
        for connection, batch in zip(cycle(connections), batches, strict=False):
            ready = _receive(*sent.popleft()) if len(sent) == jobs else ()
            with _death_of_worker_as_error():
                connection.send(_job_messages(batch))
            sent.append((connection, batch))
            yield from ready
        for connection, batch in sent:
            yield from _receive(connection, batch)


def _receive(connection: Connection, batch: Batch) -> list[ParsedRecord]:
    with _death_of_worker_as_error():
        return _parsed_records(batch, connection.recv())


@contextmanager
def _death_of_worker_as_error() -> Iterator[None]:
    """Raise ArchiveError where the other end of a pipe is closed: sending to a dead process fails as receiving does."""
    try:
        yield
    except (EOFError, ConnectionError) as error:
        raise ArchiveError("a worker process died; captures ingested so far are kept") from error


def _job_messages(batch: Batch) -> list[JobMessage]:
    return [(job.data, job.known) for job in batch]


def _parsed_records(batch: Batch, results: Sequence[ResultMessage]) -> list[ParsedRecord]:
    return [ParsedRecord(job.ref, *result) for job, result in zip(batch, results, strict=True)]


@contextmanager
def _worker_process(folder: Path | None, latest: str) -> Iterator[Connection]:
    """Start a worker process; yield our end of the pipe, whose closing ends it."""
    context = get_context("forkserver")  # a fork would copy the locks that threads of this process hold
    context.set_forkserver_preload(["__main__", __name__])
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, folder, latest), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join()


def _serve(connection: Connection, folder: Path | None, latest: str) -> None:
    """Process batches until the other end is closed, however the process there ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes
    worker = PageWorker(folder, latest, ahead=True)
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(worker.process(connection.recv()))


copyreg.pickle(MappingProxyType, lambda proxy: (MappingProxyType, (dict(proxy),)))
