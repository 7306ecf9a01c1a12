"""How fast WARCs of other makers are taken in, beside the libraries that only walk through their records.

`python benchmarks/ingest.py [FILE]` writes the records of a WARC (default: the corpus beside the checkout) `--times`
times over, each time under addresses and dates of their own, and lets each of these have a process of its own:

lufeng, N   `lufeng ingest --jobs N` into a new archive: every page read and recorded, every capture in a WARC of ours
again       the same file once more: nothing is new
warcio      its ArchiveIterator over every record, the payload read
fastwarc    the same with fastwarc's

captures/s is by the time from start to end; cpu the milliseconds of CPU time for each capture, and MB the largest
resident set, of the process that writes (with N above 1 others read the pages).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import click
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "corpus.warc.gz"
LUFENG = "from lufeng_crawler.cli import main; main()"
WALKS = {
    "warcio": "import sys; from warcio.archiveiterator import ArchiveIterator as All\n"
    "for record in All(open(sys.argv[1], 'rb')): record.content_stream().read()",
    "fastwarc": "import sys; from fastwarc.warc import ArchiveIterator as All\n"
    "for record in All(open(sys.argv[1], 'rb')): record.reader.read()",
}


def multiplied(file: Path, times: int, to: Path) -> int:
    """Write each answer of a WARC so many times; how many there are then."""
    count = 0
    with file.open("rb") as source, to.open("wb") as target:
        writer = WARCWriter(target, gzip=True)
        for record in ArchiveIterator(source):
            if record.rec_type == "response":
                body, url = record.raw_stream.read(), record.rec_headers.get_header("WARC-Target-URI")
                for number in range(times):
                    count += 1
                    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=count)
                    dated = {"WARC-Date": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
                    address = f"{url}{'&' if '?' in url else '?'}copy={number}"
                    new = writer.create_warc_record(
                        address, "response", BytesIO(body), http_headers=record.http_headers, warc_headers_dict=dated
                    )
                    writer.write_record(new)
    return count


def measured(command: Sequence[str]) -> tuple[float, float, float]:
    """Seconds, seconds of CPU time and MB that a program took. Raises click.ClickException where it failed."""
    started = monotonic()
    process = subprocess.Popen([sys.executable, "-c", *command], stdout=subprocess.DEVNULL, env=_env())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise click.ClickException(f"exit {process.returncode}: {' '.join(command[1:])}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def rows(file: Path, folder: Path, jobs: Sequence[int]) -> Iterator[tuple[str, float, float, float]]:
    """What is measured, and what it took."""
    for number in jobs:
        command = [LUFENG, "--archive", str(folder / f"by{number}"), "ingest", "--jobs", str(number), str(file)]
        yield (f"lufeng, {number}", *measured(command))
    yield ("again", *measured(command))
    for name, program in WALKS.items():
        yield (name, *measured([program, str(file)]))


def _env() -> dict[str, str]:
    """The package beside this folder goes before an installed one; no setting of the shell's counts."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("LUFENG_")}
    return mine | {"PYTHONPATH": str(ROOT)}


@click.command()
@click.argument("file", default=CORPUS, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--times", type=click.IntRange(1), default=30, show_default=True, help="Copies of each record.")
@click.option("--jobs", type=click.IntRange(1), default=[1, 2], show_default=True, multiple=True, help="Processes.")
def main(file: Path, times: int, jobs: tuple[int, ...]) -> None:
    """Take in a WARC, and walk through it with other libraries; print what each took."""
    with TemporaryDirectory(prefix="lufeng-benchmark-") as name:
        made = Path(name) / "made.warc.gz"
        count = multiplied(file, times, made)
        click.echo(
            f"{count} captures, {made.stat().st_size / 1e6:.0f} MB\n{'':12} {'captures/s':>10} {'cpu':>6} {'MB':>5}"
        )
        for what, seconds, cpu, memory in rows(made, Path(name), jobs):
            click.echo(f"{what:12} {count / seconds:10.0f} {1000 * cpu / count:6.2f} {memory:5.0f}")


if __name__ == "__main__":
    main()
