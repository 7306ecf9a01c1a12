"""How well and how fast we read saved pages, beside four extractors made for any website, on the same machine.

`python benchmarks/extract.py [FOLDER]` reads every page of a folder with each reader that is installed (`pip install
'.[bench]'` installs all), each in a process of its own, and has the folder's `score.py` compare what it read with the
gold labels there. FOLDER is the corpus beside the checkout, or one of its layout: `pages/`, `index.jsonl` (and, where
there is one, `corpus.urls.jsonl`), `gold.jsonl`, `gold_listing.jsonl`, `score.py`. It prints for each reader:

field     the share of pages that it reads as labelled; a field that the page does not state must stay empty
pages/s   pages by CPU time, each page's the least of all rounds; and that of the first round, before anything is warm
worst     the page that takes longest, in milliseconds
MB        the largest resident set of the process
ratio     pages/s of ours by those of the other

Peers are given text that is decoded already, ours the bytes. How often ours has a page parsed is counted as well.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin

import click

from lufeng_crawler import pages
from lufeng_crawler.items import Article, Capture, Listing
from lufeng_crawler.pages.text.charset import decode_text

HERE = Path(__file__).resolve()
CORPUS = HERE.parents[2] / "shared" / "corpus"
SOMEWHERE = "http://www.somewhere.example/a/b/"
"""Where a page is said to lie whose address was not kept whole."""

Prediction = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page."""

    file: str
    url: str
    body: bytes
    text: str


@dataclass(slots=True)
class Measured:
    """What one reader made of all pages: what it read, and CPU seconds, by file; `parses` is counted of ours alone."""

    seconds: dict[str, float] = field(default_factory=dict)
    first: float = 0.0
    predictions: dict[str, Prediction] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    parses: int | None = None
    memory: float = 0.0
    score: dict[str, str] = field(default_factory=dict)

    @property
    def speed(self) -> float:
        """Pages a second."""
        return len(self.seconds) / sum(self.seconds.values())

    @property
    def worst(self) -> tuple[str, float]:
        """The slowest page and its milliseconds."""
        file = max(self.seconds, key=self.seconds.__getitem__)
        return file, 1000 * self.seconds[file]


Read = Callable[[Page], Prediction]


def lufeng() -> Read:
    """Ours, from bytes."""
    headers = (("Content-Type", "text/html"),)

    def read(page: Page) -> Prediction:
        reading = pages.read(Capture(page.url, "2026-01-01T00:00:00Z", 200, headers, page.body))
        if isinstance(reading, Listing):
            entries = [{"title": one.title, "url": one.url, "date": one.published} for one in reading.entries]
            return {"entries": entries, "next_page_url": reading.next_page}
        if not isinstance(reading, Article):
            return {}
        names = ("title", "source", "author", "doc_number", "index_number", "publisher", "body")
        files = [{"url": one.url, "text": one.text} for one in reading.attachments]
        return {name: getattr(reading, name) for name in names} | {"date": reading.published, "attachments": files}

    return read


def trafilatura() -> Read:
    """Title, date, author and body."""
    extract = import_module("trafilatura").bare_extraction

    def read(page: Page) -> Prediction:
        found = extract(page.text, url=page.url, with_metadata=True)
        names = {"title": "title", "date": "date", "author": "author", "body": "text"}
        return {name: getattr(found, own) for name, own in names.items()} if found else {}

    return read


def gne() -> Read:
    """Title, moment, author and body; no body is an error to it."""
    extractor = import_module("gne").GeneralNewsExtractor()
    nothing = import_module("gne.exceptions").NoContentException

    def read(page: Page) -> Prediction:
        try:
            found = extractor.extract(page.text)
        except nothing as error:
            raise ValueError(str(error)) from error
        names = {"title": "title", "date": "publish_time", "author": "author", "body": "content"}
        return {name: found[own] for name, own in names.items()}

    return read


def newspaper4k() -> Read:
    """Title, moment, authors and body; it is told that the page is Chinese."""
    newspaper = import_module("newspaper")
    import_module("jieba").setLogLevel("WARNING")
    newspaper.Article(SOMEWHERE, language="zh").download(input_html="<p>通知</p>").parse()  # reads jieba's dictionary

    def read(page: Page) -> Prediction:
        found = newspaper.Article(page.url, language="zh").download(input_html=page.text).parse()
        date = found.publish_date and found.publish_date.isoformat()
        return {"title": found.title, "date": date, "author": "、".join(found.authors), "body": found.text}

    return read


def readability() -> Read:
    """Title and body."""
    document, fromstring = import_module("readability").Document, import_module("lxml.html").fromstring

    def read(page: Page) -> Prediction:
        found = document(page.text)
        return {"title": found.short_title(), "body": fromstring(found.summary()).text_content()}

    return read


READERS = {
    "lufeng": lufeng,
    "trafilatura": trafilatura,
    "GNE": gne,
    "newspaper4k": newspaper4k,
    "readability": readability,
}


def saved(folder: Path) -> Iterator[Page]:
    """The pages of a folder, with the addresses they had."""
    index = next(path for path in (folder / "corpus.urls.jsonl", folder / "index.jsonl") if path.exists())
    for row in map(json.loads, index.read_text("utf-8").splitlines()):
        body = (folder / "pages" / row["file"]).read_bytes()
        yield Page(row["file"], urljoin(SOMEWHERE, row["url"] or row["file"]), body, decode_text(body))


def measure(read: Read, all_pages: Sequence[Page], rounds: int) -> Measured:
    """Read all pages so many times, in this process; what a peer cannot read is noted and read as nothing."""
    found = Measured()
    for number in range(rounds):
        for page in all_pages:
            begun = process_time()
            try:
                told = read(page)
            except ValueError:
                told = {}
                found.failed += [page.file] * (number == 0)
            seconds = process_time() - begun
            found.seconds[page.file] = min(seconds, found.seconds.get(page.file, seconds))
            found.first += seconds * (number == 0)
            found.predictions[page.file] = told
    return found


def parses(read: Read, all_pages: Sequence[Page]) -> int:
    """The most often that one page is parsed by lxml while it is read."""
    etree, most = import_module("lxml.etree"), 0
    for page in all_pages:
        calls: Counter[str] = Counter()

        def counted(parse: Callable[..., Any], calls: Counter[str] = calls) -> Callable[..., Any]:
            return lambda *given, **named: (calls.update(["parse"]), parse(*given, **named))[1]

        with ExitStack() as patches:
            for name in ("fromstring", "HTML", "XML", "parse", "fromstringlist"):
                patches.enter_context(patch.object(etree, name, counted(getattr(etree, name))))
            read(page)
        most = max(most, calls.total())
    return most


def in_its_own_process(name: str, folder: Path, rounds: int) -> Measured | None:
    """Measure one reader; None, and a line that says why, where it cannot be imported."""
    with TemporaryDirectory(prefix="lufeng-benchmark-") as place:
        out = Path(place, "measured.json")
        command = [sys.executable, str(HERE), str(folder), "--rounds", str(rounds), "--only", name, str(out)]
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": _path(), "PYTHONWARNINGS": "ignore"})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise click.ClickException(f"{name} ended with {process.returncode}")
        told = json.loads(out.read_text("utf-8"))
        if "missing" in told:
            click.echo(f"{name}: skipped, it cannot be imported: {told['missing']} (pip install '.[bench]')", err=True)
            return None
        found = Measured(**told)
        found.memory = usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
        found.score = scored(folder, found, Path(place, "predictions.jsonl"))
        return found


def _path() -> str:
    """The package beside this folder goes before an installed one."""
    return os.pathsep.join(filter(None, (str(HERE.parents[1]), os.environ.get("PYTHONPATH"))))


def alone(name: str, folder: Path, rounds: int, out: Path) -> None:
    """What the process of one reader does."""
    try:
        read = READERS[name]()
    except ImportError as error:
        out.write_text(json.dumps({"missing": str(error)}), "utf-8")
        return
    all_pages = list(saved(folder))
    found = measure(read, all_pages, rounds)
    if name == "lufeng":
        found.parses = parses(read, all_pages)
    out.write_text(json.dumps(asdict(found)), "utf-8")


def scored(folder: Path, found: Measured, path: Path) -> dict[str, str]:
    """What the folder's own scorer says: shares by field."""
    rows = ({"file": file} | told for file, told in found.predictions.items())
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    command = [sys.executable, str(folder / "score.py"), str(path), "--gold", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    shares = dict(re.findall(r"^(\S.*?) +\d+/\d+ +([\d.]+)$", said, re.M))
    bodies = re.findall(r"(precision|recall|F1) ([\d.]+)", said)
    return shares | {f"body {name}": share for name, share in bodies}


def table(found: dict[str, Measured], rounds: int) -> Iterator[str]:
    """A column for each reader."""
    yield _line("", found)
    for label in next(iter(found.values())).score:
        yield _line(label, (one.score[label] for one in found.values()))
    figures: dict[str, Callable[[Measured], str]] = {
        "pages/s": lambda one: f"{one.speed:.0f}",
        "pages/s, first round": lambda one: f"{len(one.seconds) / one.first:.0f}",
        "worst page, ms": lambda one: f"{one.worst[1]:.0f}",
        "MB": lambda one: f"{one.memory:.0f}",
        "pages it refused": lambda one: str(len(one.failed)),
    }
    for label, figure in figures.items():
        yield _line(label, map(figure, found.values()))
    if ours := found.get("lufeng"):
        yield _line("ratio, ours by theirs", (f"{ours.speed / one.speed:.1f}" for one in found.values()))
        yield f"{len(ours.seconds)} pages, each one's least of {rounds} rounds; our slowest: {ours.worst[0]}"
        yield f"lxml parses a page of ours {ours.parses} times at most"


def _line(label: str, cells: Iterable[str]) -> str:
    return f"{label:24}" + "".join(f"{cell:>13}" for cell in cells)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=CORPUS)
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True, help="Times that each page is read.")
@click.option("--reader", "names", type=click.Choice(list(READERS)), multiple=True, help="Only these.")
@click.option("--json", "as_json", is_flag=True, help="All figures, those of each page too, as JSON.")
@click.option("--only", type=(click.Choice(list(READERS)), click.Path(path_type=Path)), hidden=True)
def main(folder: Path, rounds: int, names: tuple[str, ...], as_json: bool, only: tuple[str, Path] | None) -> None:
    """Read the pages in FOLDER with each reader; print how right and how fast each is."""
    if only:
        return alone(only[0], folder, rounds, only[1])
    found = {name: one for name in names or READERS if (one := in_its_own_process(name, folder.resolve(), rounds))}
    if as_json:
        return click.echo(json.dumps({name: asdict(one) for name, one in found.items()}, ensure_ascii=False))
    return click.echo("\n".join(table(found, rounds)))


if __name__ == "__main__":
    main()
