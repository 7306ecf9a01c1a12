"""An archive of any size, made up from a seed straight in its tables: what search, export and the web UI are timed on.

`python benchmarks/big_archive.py FOLDER --articles 100000` writes eight sites of counties that do not exist, looked at
once a day for ten years: articles whose words and characters follow a Zipf law, of a hundred 3 edited (most of them in
a figure, with the page's date as it was), 2 taken down, and 2 that another site had published the day before.

The tables agree with one another as a crawl would leave them, so that every view works; but there are no capture files,
and `lufeng` commands that write would withdraw what rests on them: use those that read.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count, groupby
from pathlib import Path
from random import Random
from typing import Any

import click
from official_words import CHARACTERS, COLUMNS, OFFICES, PLACES, WORDS

from lufeng_crawler.archive import timestamps
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.db.rows import insert
from lufeng_crawler.archive.digests import content_digest, digest_of
from lufeng_crawler.archive.history.revisit_policy import next_visit
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.items import Article, Attachment, PresenceRule

FIRST, DAYS = date(2016, 1, 1), 3650
EDITED, REMOVED, REPUBLISHED = 0.03, 0.02, 0.02
SIGNS = ["，"] * 60 + ["、"] * 8 + ["。"] * 20 + ["；"] * 3 + ["。\n"] * 9
FIGURE = re.compile(r"\d+(\.\d+)?(?=万元|亿元|户|%)")


def _urn() -> list[str]:
    """Words and characters, each as often as is its share of what is written about anything. A rank weighs 1 / rank."""
    single, chance = [*CHARACTERS], Random(1)
    cells = [bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)]
    for level in (cells[:COMMON], cells[COMMON:]):
        single += chance.sample(level, len(level))
    single = list(dict.fromkeys(filter(None, single)))
    weights = [(7 if rank < GENERAL else 0.4) / (rank + 5) for rank in range(len(WORDS))]
    weights += [3 / (rank + 5) for rank in range(len(single))]
    return chance.choices([*WORDS, *single], weights, k=1 << 18)


GENERAL, TOPIC, COMMON = 60, 12, 3760
"""How many words come anywhere, how many a matter has of its own, and the cells of GB 2312's first level."""

URN = _urn()


@dataclass(frozen=True, slots=True)
class Happening:
    """What befalls an article on a day: an edit, or that it is not there; `again` is the second such look."""

    kind: str
    article: int
    site: int
    again: bool = False


@dataclass(slots=True)
class World:
    """What is made, and what is still to come."""

    db: sqlite3.Connection
    chance: Random
    characters: int
    due: list[tuple[int, int, Happening]] = field(default_factory=list)
    recent: deque[Article] = field(default_factory=lambda: deque(maxlen=50))
    ticket: Iterator[int] = field(default_factory=count)

    def later(self, day: int, happening: Happening) -> None:
        """It happens on that day, or nobody has yet seen it."""
        if day < DAYS:
            heappush(self.due, (day, next(self.ticket), happening))

    def on(self, day: int) -> Iterator[Happening]:
        """What happens on that day."""
        while self.due and self.due[0][0] <= day:
            yield heappop(self.due)[2]


@dataclass(slots=True)
class Run:
    """One day's look at a site; each answer comes a second after the one before."""

    world: World
    site: int
    day: int
    id: int = 0
    listing: int = 0
    second: int = 0

    def begin(self) -> None:
        """The run and the listing of its first column."""
        name = f"{FIRST + timedelta(self.day):%Y%m%d}-{PLACES[self.site]}"
        self.id = insert(
            self.world.db, "runs", name=name, kind="crawl", site=self.site + 1, started_at=self.now(),
            finished_at=self.now(1800), outcome="good", full=0, presence_rule=PresenceRule().as_json(),
            counts='{"entries": 20, "blocked": 0, "layout_alarms": 0}', stats="{}", software="made up",
        )  # fmt: skip
        self.listing = self.capture(f"{_start(self.site)}ywdt.htm", "listing", "listing")

    def now(self, more: int = 0) -> str:
        """The time of the next answer: in the night after the day, an hour behind the site before."""
        moment = datetime.combine(FIRST, datetime.min.time()) + timedelta(
            self.day, (18 + self.site) * 3600 + self.second + more
        )
        return moment.strftime(timestamps.FORMAT)

    def capture(self, url: str, kind: str, outcome: str, **more: object) -> int:
        """A row of an answer; its id. Where it lies in which file is made up."""
        self.second += 1
        digest = digest_of([url, self.id, self.second])
        id = insert(
            self.world.db, "captures", run=self.id, site=self.site + 1, url=url, fetched_at=self.now(),
            status=404 if outcome == "gone" else 200, kind=kind, outcome=outcome, mime="text/html",
            payload_digest=digest, length=20_000, file="made-up.warc.gz", offset=0, record_length=5_000,
            record_digest=digest, chain=digest, **more,
        )  # fmt: skip
        self.world.db.execute("UPDATE captures SET offset = ? WHERE id = ?", (id * 5_000, id))
        return id

    def publish(self, number: int) -> None:
        """A new article, and what will become of it."""
        world = self.world
        page, column = _page(self, number)
        at = self.now(1)
        id = insert(
            world.db, "articles", site=self.site + 1, key=page.key, url=page.url, column=COLUMNS[column],
            first_seen=at, last_seen=at, presence="live", presence_since=at, next_visit=next_visit(at, None, None),
        )  # fmt: skip
        capture = self.see(page, id, 1)
        insert(world.db, "urls", site=self.site + 1, url=page.url, article=id, first_seen=at)
        insert(
            world.db, "entries", column=self.site * len(COLUMNS) + column + 1, key=page.key, url=page.url, article=id,
            title=page.title, published=(page.published or "")[:10], pinned=0, first_seen=at, last_seen=at,
            first_capture=self.listing, last_capture=self.listing,
        )  # fmt: skip
        self.change("new", id, [capture], to_version=1)
        for kind, share, days in (("edited", EDITED, 2), ("gone", REMOVED, 60)):
            if world.chance.random() < share:
                delay = 1 + int(world.chance.lognormvariate(0, 1.5) * days)
                world.later(self.day + delay, Happening(kind, id, self.site))

    def see(self, page: Article, article: int, number: int) -> int:
        """A version of it; the capture that shows it."""
        db, digest, at = self.world.db, content_digest(page), self.now(1)
        capture = self.capture(page.url, "article", "article", article=article, content=digest)
        rules = {name: {"rule": "vsb: label line", "value": getattr(page, name)} for name in ("published", "source")}
        said = {name: getattr(page, name) for name in _SAID}
        version = insert(
            db, "versions", article=article, number=number, capture=capture, first_seen=at, last_seen=at, **said,
            images="[]", keywords="[]", tags="{}", content_digest=digest, reader="made up",
            provenance=json.dumps(rules, ensure_ascii=False),
        )  # fmt: skip
        for file in page.attachments:
            insert(db, "attachments", version=version, url=file.url, text=file.text)
        return capture

    def change(self, kind: str, article: int, evidence: Sequence[int], **more: object) -> None:
        """An event, proved by these captures."""
        known = {"fields": "[]", "silent": 0, "backdated": 0} | more
        insert(
            self.world.db, "changes", at=self.now(), kind=kind, article=article, evidence=json.dumps(evidence),
            run=self.id, **known,
        )  # fmt: skip

    def befall(self, what: Happening) -> None:
        """Let it happen, if the article is still there for it."""
        db = self.world.db
        [row] = db.execute("SELECT url, presence FROM articles WHERE id = ?", (what.article,))
        if what.kind == "gone":
            self._take_down(what, row[0])
        elif row[1] == "live":
            self._edit(what.article)

    def _take_down(self, what: Happening, url: str) -> None:
        """Missing at first; gone two days later."""
        kind = "gone" if what.again else "missing"
        capture = self.capture(url, "article", "gone", article=what.article, reason="404")
        said = (kind, self.now(), timestamps.later(self.now(), timedelta(days=2)), what.article)
        sql = "UPDATE articles SET presence = ?, presence_since = ?, next_visit = ? WHERE id = ?"
        self.world.db.execute(sql, said)
        self.change(kind, what.article, [capture])
        if not what.again:
            self.world.later(self.day + 2, Happening("gone", what.article, what.site, again=True))

    def _edit(self, article: int) -> None:
        """Another figure, with the page's date as it was; or, where there is none, another date and a line more."""
        db, chance = self.world.db, self.world.chance
        names = ("key", "url", "number", "capture", *_SAID)
        sql = f"SELECT a.key, a.url, v.number, v.capture, {', '.join(f'v.{name}' for name in _SAID)}"
        [row] = db.execute(f"{sql} FROM versions v JOIN articles a ON a.id = v.article WHERE a.id = ?", (article,))
        known: dict[str, Any] = dict(zip(names, row, strict=True))
        number, before, fields = known.pop("number"), known.pop("capture"), ["body"]
        body = FIGURE.sub(lambda _: f"{chance.uniform(1, 1000):.1f}", known["body"], count=1)
        if body == known["body"] or chance.random() < 0.25:
            body, fields = f"{known['body']}\n{''.join(_pick(chance, 20))}。", ["published", "body"]
            known["published"] = str(FIRST + timedelta(self.day))
        rows = db.execute(
            "SELECT url, text FROM attachments WHERE version = (SELECT id FROM versions WHERE article = ?)", (article,)
        )
        page = Article(
            **known | {"body": body, "body_html": _html(body)}, attachments=tuple(Attachment(*one) for one in rows)
        )
        after, at = self.see(page, article, number + 1), self.now()
        db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", (at, article))
        told = {"fields": json.dumps(fields), "silent": int("published" not in fields)}
        self.change("edited", article, [before, after], from_version=number, to_version=number + 1, **told)


_SAID = (
    "title", "published", "author", "source", "editor", "publisher", "doc_number", "index_number", "body", "body_html",
)  # fmt: skip


def _pick(chance: Random, pieces: int) -> list[str]:
    """So many words and characters, a quarter of them of two matters."""
    picked = chance.choices(URN, k=pieces)
    starts = chance.choices(range(GENERAL, len(WORDS), TOPIC), k=2)
    picked[::4] = chance.choices(
        [word for start in starts for word in WORDS[start : start + TOPIC]], k=len(picked[::4])
    )
    return picked


def _start(site: int) -> str:
    return f"http://www.site{site + 1}.example/"


def _page(run: Run, number: int) -> tuple[Article, int]:
    """What a new article says, and the number of its column; now and then what another site published lately."""
    chance, day = run.world.chance, FIRST + timedelta(run.day)
    column = chance.choices(range(len(COLUMNS)), (40, 20, 15, 8, 12, 5))[0]
    url, place = f"{_start(run.site)}info/{1001 + column}/{number}.htm", PLACES[run.site] + "县"
    is_paper = COLUMNS[column] in ("通知公告", "政策文件")
    dated = f"{day}T{chance.randrange(8, 18):02}:{chance.randrange(60):02}:00+08:00" if chance.random() < 0.4 else day
    source: str | None = place + OFFICES[min(int(chance.expovariate(0.3)), len(OFFICES) - 1)]
    title, body = _title(chance, place), _body(chance, run.world.characters)
    if run.world.recent and chance.random() < REPUBLISHED:
        other = chance.choice(run.world.recent)
        title, body, source = other.title, other.body, other.source
    page = Article(
        str(number), url, title, body, _html(body), str(dated), source=source if chance.random() < 0.9 else None,
        editor="编辑" + "甲乙丙丁戊己庚辛"[run.site] if chance.random() < 0.5 else None,
        publisher=f"{place}人民政府" if is_paper else None,
        doc_number=f"{place[:2]}政发〔{day.year}〕{chance.randrange(1, 200)}号" if is_paper else None,
        index_number=f"{number:09}/{day.year}-{number % 1000:05}" if is_paper else None,
        attachments=(Attachment(f"{_start(run.site)}files/{number}.pdf", f"附件：{title}.pdf"),) if is_paper else (),
    )  # fmt: skip
    run.world.recent.append(page)
    return page, column


def _title(chance: Random, place: str) -> str:
    """15 to 30 characters."""
    wanted, title = chance.randrange(15, 31), place
    for piece in _pick(chance, 30):
        if len(title) + len(piece) > wanted:
            break
        title += piece
    return title.ljust(15, "报")


def _body(chance: Random, characters: int) -> str:
    """Half to one and a half times so many characters: sentences of a few clauses, some with a figure."""
    wanted, length, start = round(characters * chance.uniform(0.5, 1.5)), 0, 0
    pieces, clauses = _pick(chance, wanted), list[str]()
    while length < wanted:
        end = start + int(chance.random() * 6) + 3
        clause = "".join(pieces[start:end]) + SIGNS[int(chance.random() * len(SIGNS))]
        if chance.random() < 0.08:
            clause = f"{chance.uniform(1, 1000):.1f}{chance.choice(('万元', '亿元', '户', '%'))}{clause}"
        clauses.append(clause)
        start, length = end, length + len(clause)
    return "".join(clauses)[: max(wanted - 1, 1)].rstrip("\n，、；。") + "。"


def _html(body: str) -> str:
    return "".join(f"<p>{line}</p>" for line in body.split("\n"))


def _places(db: sqlite3.Connection) -> None:
    for site, place in enumerate(PLACES):
        said = {"name": f"site{site + 1}", "title": f"{place}县人民政府", "start": _start(site), "family": "vsb"}
        id = insert(db, "sites", **said)
        for column, name in enumerate(COLUMNS):
            insert(db, "columns", site=id, name=name, url=f"{_start(site)}{column}.htm")


def _live(world: World, articles: int, commit: Callable[[], None]) -> None:
    """Every day of every site, in the order of time."""
    numbers = count(1000)
    for day in range(DAYS):
        new = articles * (day + 1) // DAYS - articles * day // DAYS
        chosen = sorted(world.chance.choices(range(len(PLACES)), (8, 5, 4, 3, 2, 2, 1, 1), k=new))
        items: list[tuple[int, Happening | None]] = [(site, None) for site in chosen]
        items += [(happening.site, happening) for happening in world.on(day)]
        for site, group in groupby(sorted(items, key=lambda item: item[0]), key=lambda item: item[0]):
            run = Run(world, site, day)
            run.begin()
            for _, happening in group:
                run.publish(next(numbers)) if happening is None else run.befall(happening)
        if day % 30 == 0:
            commit()


def build(folder: Path, articles: int = 100_000, characters: int = 1_000, seed: int = 1) -> Path:
    """Write the archive into the folder, which must hold none; its path. The same seed makes the same rows."""
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "archive.db").exists():
        raise click.ClickException(f"{folder}: there is an archive already")
    with closing(connect(folder / "archive.db")) as db:
        db.execute("PRAGMA synchronous = OFF")
        with transaction(db) as commit:
            _places(db)
            _live(World(db, Random(seed), characters), articles, commit)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("ANALYZE")
    return folder


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--articles", type=click.IntRange(1), default=100_000, show_default=True)
@click.option("--characters", type=click.IntRange(10), default=1_000, show_default=True, help="Of a body, in the mean.")
@click.option("--seed", type=int, default=1, show_default=True)
def main(folder: Path, articles: int, characters: int, seed: int) -> None:
    """Make up an archive."""
    click.echo(build(folder, articles, characters, seed))


if __name__ == "__main__":
    main()
