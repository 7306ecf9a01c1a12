"""Hunts for pages that `pages.read` cannot bear: an error outside the tree, or over 2 s of CPU time for up to 5 MB.

`python benchmarks/fuzz.py --seconds 600` mutates the pages in `tests/data/pages/`, and those of the corpus, where
that lies beside the checkout: pieces of pages are put together or left out, bytes changed, and a piece is repeated
until the page is long. It prints each trouble once, with the smallest page found that makes it, written as Python;
the exit code is 1 where there was one. What is repeated is read at 250 KB first, and at 1 and 5 MB where that took
suspiciously long.

With `--guided`, atheris (`pip install '.[fuzz]'`) has libFuzzer choose pages by the code they reach. That finds errors
in corners that chance does not come to; as it slows all code down, it says nothing of time.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import re
import struct
import sys
import traceback
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, process_time

import click

from lufeng_crawler.errors import LufengError
from lufeng_crawler.items import Capture, Layout

GUIDED = "--guided" in sys.argv
with import_module("atheris").instrument_imports(include=["lufeng_crawler.pages"]) if GUIDED else nullcontext():
    from lufeng_crawler import pages

HERE = Path(__file__).resolve()
SEEDS = (HERE.parents[1] / "tests" / "data" / "pages", HERE.parents[2] / "shared" / "corpus" / "pages")
LIMIT = 2.0
SIZES = SMALL, _, LARGE = 250_000, 1_000_000, 5_000_000
SUSPICIOUS = LIMIT * SMALL / LARGE * 0.6
"""CPU seconds for the small size; less than in proportion: what grows with the square is quick while it is small."""

ASKED = (
    ("http://a.example/b/c.html", "text/html"),
    ("http://a.example/info/1001/1159.htm", "text/html; charset=gb2312"),
    ("http://a.example/b/", ""),
    ("http://a.example/b/index_3.html?x=1#y", "text/html; charset=utf-8"),
    ("http://a.example/dataproxy.jsp", "application/xml"),
    ("not an address", "application/json"),
    ("//[", "text/html"),
)
"""Addresses and content types that a page is read with."""

LAYOUTS = (Layout(), Layout(article={"body": "#zoom, div", "title": "h1"}, listing={"entries": "li"}))
TAIL = struct.Struct("<BII")


@dataclass(frozen=True, slots=True)
class Page:
    """A page to try: how it is asked for, and (`length` not 0) the piece that is repeated where it stands."""

    body: bytes
    asked: int = 0
    start: int = 0
    length: int = 0

    @classmethod
    def unpacked(cls, data: bytes) -> Page:
        """What `packed` made, or whatever bytes: the last nine say how, as far as they can."""
        body, tail = data[: -TAIL.size], data[-TAIL.size :]
        asked, start, length = TAIL.unpack(tail) if len(tail) == TAIL.size else (0, 0, 0)
        return cls(body, asked, start % (len(body) + 1), length % (len(body) + 1))

    def packed(self) -> bytes:
        """As one string of bytes, for the fuzzer."""
        return self.body + TAIL.pack(self.asked, self.start, self.length)

    def made(self, size: int) -> bytes:
        """The page itself, its piece repeated until it has about that size."""
        end = self.start + self.length
        piece = self.body[self.start : end]
        times = max(1, (size - len(self.body)) // len(piece)) if piece else 0
        return (self.body[: self.start] + piece * times + self.body[end:])[:size]

    def told(self) -> str:
        """As Python."""
        end, (url, mime) = self.start + self.length, ASKED[self.asked % len(ASKED)]
        parts = [self.body[: self.start], self.body[self.start : end], self.body[end:]]
        times = f" * {max(1, (LARGE - len(self.body)) // self.length)}" if self.length else ""
        said = [repr(part) + (times if number == 1 else "") for number, part in enumerate(parts) if part]
        return f"{' + '.join(said) or repr(b'')}  # at {url!r} as {mime!r}, layout {self.asked % len(LAYOUTS)}"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a page, and the place in the code that tells one trouble from another."""

    what: str
    where: str
    page: Page

    @property
    def raises(self) -> bool:
        """Whether it is an error, and not time."""
        return self.what.startswith("raises")


def look(page: Page) -> Trouble | None:
    """Read a page short and, where that takes suspiciously long, longer: what grows fast shows itself on the way."""
    for size in SIZES:
        seconds, trouble = read(page, size)
        if trouble:
            return trouble
        if seconds > LIMIT:
            return Trouble(f"{seconds:.1f} s for {len(page.made(size))} bytes", slowest(page), page)
        if not page.length or seconds < SUSPICIOUS * size / SMALL:
            return None
    return None


def read(page: Page, size: int) -> tuple[float, Trouble | None]:
    """CPU seconds of one reading."""
    begun, trouble = process_time(), None
    try:
        pages.read(*_given(page, size))
    except LufengError:
        pass
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is hunted
        frame = traceback.extract_tb(error.__traceback__)[-1]
        trouble = Trouble(f"raises {error!r:.200}", f"{Path(frame.filename).name}:{frame.lineno} {frame.name}", page)
    return process_time() - begun, trouble


def _given(page: Page, size: int) -> tuple[Capture, Layout]:
    url, mime = ASKED[page.asked % len(ASKED)]
    headers = (("Content-Type", mime),) if mime else ()
    capture = Capture(url, "2026-01-01T00:00:00Z", 200, headers, page.made(size))
    return capture, LAYOUTS[page.asked % len(LAYOUTS)]


def slowest(page: Page) -> str:
    """The function of ours in and below which most of the time is spent, the innermost that has most of it."""
    profile = cProfile.Profile()
    profile.runcall(pages.read, *_given(page, 2 * SMALL))
    stats = pstats.Stats(profile)
    ours = {key: row[3] for key, row in stats.stats.items() if "/pages/" in key[0]}  # type: ignore[attr-defined]
    file, line, name = min((key for key in ours if ours[key] > 0.6 * max(ours.values())), key=lambda key: ours[key])
    return f"{Path(file).name}:{line} {name}"


def seeds() -> list[bytes]:
    """Saved pages to begin with, cut at 60 KB, and a few that are hardly any."""
    files = [path for folder in SEEDS if folder.exists() for path in sorted(folder.rglob("*.html"))]
    few = (
        "<h1>通知</h1><p>来源：甲　附件：<a href=a.pdf>1.附件</a></p>",
        '{"title":[{"a":1}]}',
        "<?xml ?><record><![CDATA[a",
    )
    return [path.read_bytes()[:60_000] for path in files] + [one.encode() for one in few]


def mutated(data: bytes, random: Random, pool: Sequence[bytes]) -> bytes:
    """Another page, made of this one or of a piece of another."""
    page = Page.unpacked(data)
    return random.choice((_repeats, _repeats, _spliced, _cut, _broken))(page, random, pool).packed()


def _repeats(page: Page, random: Random, pool: Sequence[bytes]) -> Page:
    """A piece of one to a few tags, or of words between them, is repeated: where it stands, or with nothing around."""
    body = random.choice((page.body, random.choice(pool)))
    marks = [found.start() for found in re.finditer(rb"[<>\s]|\Z", body)]
    first = random.randrange(len(marks))
    start, end = marks[first], marks[min(len(marks) - 1, first + random.choice((1, 1, 2, 3, 4, 8, 20)))]
    around = random.choice((0, 200, 3000, len(body)))
    before, behind = body[max(0, start - around) : start], body[end : end + around]
    return Page(before + body[start:end] + behind, random.randrange(256), len(before), end - start)


def _spliced(page: Page, random: Random, pool: Sequence[bytes]) -> Page:
    other, at = random.choice(pool), random.randrange(len(page.body) + 1)
    start = random.randrange(len(other) + 1)
    return Page(
        page.body[:at] + other[start : start + random.randrange(1, 2000)] + page.body[at:], random.randrange(256)
    )


def _cut(page: Page, random: Random, pool: Sequence[bytes]) -> Page:
    at = random.randrange(len(page.body) + 1)
    return Page(page.body[:at] + page.body[at + random.choice((1, 5, 50, 5000)) :], random.randrange(256))


def _broken(page: Page, random: Random, pool: Sequence[bytes]) -> Page:
    """Single bytes and signs that mean something to a parser or to a pattern."""
    body = bytearray(page.body)
    signs = (b"<", b">", b'"', b"&", b"\0", b"</html>", b"<!--", b"<![CDATA[", "：".encode(), b"\xff", b"2024-13-45")
    for _ in range(random.choice((1, 3, 30))):
        at = random.randrange(len(body) + 1)
        body[at : at + random.choice((0, 1, 2))] = random.choice((*signs, random.randbytes(2)))
    return Page(bytes(body), random.randrange(256))


def smallest(trouble: Trouble, seconds: float = 60) -> Trouble:
    """The same trouble with less of a page: what can be left out, of the piece and of what stands around it, is."""
    ends, page = monotonic() + seconds, trouble.page
    slow = read(page, SMALL)[0] * 0.7
    for width in (1 << power for power in range(15, -1, -1)):
        at = 0
        while at < len(page.body) and monotonic() < ends:
            less = _without(page, at, width)
            took, raised = read(less, SMALL)
            if raised.where == trouble.where if raised else not trouble.raises and less.length and took > slow:
                page = less
            else:
                at += width
    return look(page) or trouble


def _without(page: Page, at: int, width: int) -> Page:
    """The page less so many bytes from there on, be they before the piece, in it, or behind it."""
    gone = range(at, min(at + width, len(page.body)))
    end = page.start + page.length
    before = len(range(gone.start, min(page.start, gone.stop)))
    inside = len(range(max(page.start, gone.start), min(end, gone.stop)))
    body = page.body[: gone.start] + page.body[gone.stop :]
    return replace(page, body=body, start=page.start - before, length=page.length - inside)


@dataclass(slots=True)
class Hunt:
    """Tries pages and keeps one trouble for each place in the code."""

    ends: float
    tried: int = 0
    troubles: dict[str, Trouble] = field(default_factory=dict)

    def try_one(self, page: Page) -> None:
        """Read a page; what is wrong with it is said as soon as its smallest form is found."""
        self.tried += 1
        trouble = look(page)
        if trouble and trouble.where not in self.troubles:
            self.troubles[trouble.where] = trouble  # what it shrinks to may lose its time elsewhere
            least = self.troubles[trouble.where] = smallest(trouble)
            click.echo(f"{least.where}: {least.what}\n  {least.page.told():.2000}")

    def by_chance(self, pool: Sequence[bytes], random: Random) -> None:
        """Until the time is up."""
        while monotonic() < self.ends:
            data = Page(random.choice(pool)).packed()
            for _ in range(random.choice((1, 1, 2, 4))):
                data = mutated(data, random, pool)
            self.try_one(Page.unpacked(data))

    def guided(self, pool: Sequence[bytes]) -> None:
        """Until the time is up, by libFuzzer, which ends the process."""
        atheris = import_module("atheris")

        def one(data: bytes) -> None:
            self.try_one(replace(Page.unpacked(data), length=0))
            if monotonic() > self.ends:
                self.leave()

        def mutate(data: bytes, most: int, seed: int) -> bytes:
            random = Random(seed)
            return atheris.Mutate(data, most) if random.random() < 0.3 else mutated(data, random, pool)[:most]

        with TemporaryDirectory(prefix="lufeng-fuzz-") as folder:
            for number, body in enumerate(pool):
                Path(folder, str(number)).write_bytes(Page(body, number % 256).packed())
            options = [folder, "-max_len=70000", "-timeout=600", "-rss_limit_mb=4096", "-verbosity=0"]
            atheris.Setup([sys.argv[0], *options], one, custom_mutator=mutate)
            atheris.Fuzz()

    def leave(self) -> None:
        """Say what it came to."""
        click.echo(f"{self.tried} pages tried, {len(self.troubles)} troubles")
        sys.stdout.flush()
        os._exit(1 if self.troubles else 0)


@click.command()
@click.option("--seconds", type=click.IntRange(1), default=600, show_default=True, help="How long to hunt.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed makes other pages.")
@click.option("--guided", is_flag=True, help="Have atheris choose, by the code that a page reaches.")
def main(seconds: int, seed: int, guided: bool) -> None:
    """Try pages for so long; print what `pages.read` cannot bear."""
    hunt, pool = Hunt(monotonic() + seconds), seeds()
    if guided:
        hunt.guided(pool)
    hunt.by_chance(pool, Random(seed))
    hunt.leave()


if __name__ == "__main__":
    main()
