"""Tests search against an oracle, a thousand made-up queries long, and what is said of the hits."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from lufeng_crawler.archive import Reader, rebuild
from lufeng_crawler.archive.db.conditions import Filter
from lufeng_crawler.archive.db.connection import connect, connect_for_reading
from lufeng_crawler.archive.queries import articles
from lufeng_crawler.archive.search import fulltext_index, ranking
from lufeng_crawler.archive.search import search as searching
from lufeng_crawler.archive.search.query_parser import fts5_match
from lufeng_crawler.archive.search.search import facets, search
from lufeng_crawler.archive.store.transaction import transaction
from lufeng_crawler.errors import UsageError
from lufeng_crawler.items import Article, Capture, Reading
from tests.support.archive_builder import READER, Story, answer, article
from tests.support.paths import ROOT

SIGNS = [*"税收增长通知的办稅長辦AbＡ1２，,。（）.-…①\n\u3000 ｅé"]
SIMPLE = str.maketrans("稅長辦", "税长办")


def plain(text: str) -> str:
    """The oracle's own way to what is the same."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(SIMPLE)
    return re.sub(r"\s+", " ", text)


@dataclass(frozen=True)
class Made:
    """A query, and what it asks of an article's fields."""

    text: str
    holds: Callable[[dict[str, str]], bool]


def term(chance: Random, texts: Sequence[str]) -> Made:
    """One to eight characters, mostly of a text; in another case or width now and then, in a field, as a phrase."""
    text = chance.choice(texts) if chance.random() < 0.8 else "".join(chance.choices(SIGNS, k=8))
    start = chance.randrange(max(1, len(text) - 4))
    words = text[start : start + chance.randrange(1, 9)]
    words = chance.choice((str.upper, str.lower, str))(words.replace("税", chance.choice("税稅")))
    if not plain(words).strip():
        words = "税"
    field, name = chance.choice([("", "")] * 5 + [("title", "title:"), ("body", "正文："), ("source", "来源:")])
    wanted = plain(words).strip()
    fields = (field,) if field else ("title", "body")
    quotes = chance.choice(('""', "“”", "＂＂"))
    return Made(f"{name}{quotes[0]}{words}{quotes[1]}", lambda said: any(wanted in said[one] for one in fields))


def joined(chance: Random, texts: Sequence[str], depth: int = 2) -> Made:
    """A term, or terms that are joined somehow."""
    kind = chance.random()
    if depth == 0 or kind < 0.4:
        return term(chance, texts)
    one, other = joined(chance, texts, depth - 1), joined(chance, texts, depth - 1)
    left, right = chance.choice(("()", "（）"))
    if kind < 0.6:
        sign = chance.choice((" ", " AND ", "\u3000"))
        return Made(f"{left}{one.text}{sign}{other.text}{right}", lambda said: one.holds(said) and other.holds(said))
    if kind < 0.8:
        return Made(f"{left}{one.text} OR {other.text}{right}", lambda said: one.holds(said) or other.holds(said))
    sign = chance.choice(("NOT ", "-", "－"))
    return Made(f"{sign}{one.text}", lambda said: not one.holds(said))


def page(chance: Random, name: int) -> Capture:
    title, body = ("".join(chance.choices(SIGNS, k=chance.randrange(low, high))) for low, high in ((3, 9), (10, 40)))
    source = "".join(chance.choices("税收办A", k=3)) if chance.random() < 0.7 else None
    published = f"2026-{chance.randrange(1, 12):02}-{chance.randrange(1, 28):02}"
    return article(name, f"题{title}", f"文{body}", published, source=source, column=chance.choice(("要闻", "通知")))


def check(folder: Path, chance: Random, queries: int) -> None:
    with closing(connect_for_reading(folder)) as db:
        said = {
            row[0]: dict(zip(("title", "body", "source"), (plain(text or "") for text in row[1:]), strict=True))
            for row in db.execute(
                "SELECT a.id, v.title, v.body, v.source FROM articles a JOIN versions v ON v.article = a.id"
                " AND v.number = (SELECT max(number) FROM versions WHERE article = a.id)"
            )
        }
        texts = [text for fields in said.values() for text in (fields["title"], fields["body"])]
        for number in range(queries):
            made = joined(chance, texts)
            expected = {id for id, fields in said.items() if made.holds(fields)}
            assert found(db, made.text, "date") == expected, made.text
            if number % 5 == 0:
                assert found(db, made.text, "relevance") == expected, made.text
                sql, values = fts5_match(made.text)
                ids = db.execute(f"SELECT id FROM latest_articles WHERE {sql}", values)
                assert {id for (id,) in ids} == expected, made.text


def found(db: sqlite3.Connection, text: str, sort: searching.Sort) -> set[int]:
    ids = [hit.id for hit in search(db, text, sort=sort, limit=1000).hits]
    assert len(ids) == len(set(ids))
    return set(ids)


def other_reader(capture: Capture) -> Reading:
    """Reads a bit more."""
    reading = READER.read(capture)
    return replace(reading, body=reading.body + "办法") if isinstance(reading, Article) else reading


def test_a_thousand_queries_find_what_is_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "MAX_NEWEST_CANDIDATES", 7)
    monkeypatch.setattr(ranking, "MAX_TITLE_CANDIDATES", 5)
    chance, story = Random(20261123), Story(tmp_path / "one")
    story.run(1, *(page(chance, name) for name in range(60)))
    check(story.folder, chance, 200)
    story.run(2, *(page(chance, name) for name in range(0, 60, 3)), *(answer(name, status=404) for name in (1, 2, 4)))
    check(story.folder, chance, 200)
    moved = [(answer(name, status=301, to=name + 100), page(chance, name + 100)) for name in range(0, 60, 7)]
    story.run(4, *(one for pair in moved for one in pair))
    check(story.folder, chance, 200)
    with closing(connect(story.folder / "archive.db")) as db, transaction(db):
        fulltext_index.rebuild_index(db)
    check(story.folder, chance, 200)
    rebuild(story.folder, Reader(other_reader, "reader 2"), "test")
    check(story.folder, chance, 200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("archive"))
    pages = [
        article(1, "全县税收稳中有升", "前十个月，全县税收收入增长。", "2026-10-01", source="县税务局", column="要闻"),
        article(2, "关于防汛的通知", "各乡镇：\n切实做好防汛工作。税收如常。", "2026-11-02", column="通知公告"),
        article(3, "关于抗旱的通知", "切实做好抗旱工作。", "2025-12-31T23:59:59+08:00", column="通知公告"),
        article(4, "图书馆开放", "开放。" * 200 + "税收。" + "阅览。" * 200, "2026-11-03", site="gongguan"),
        answer(5, {"title": "无日期的税收税收", "body": "税收"}, column="要闻"),
    ]
    story.run(5, *pages)
    story.run(6, answer(2, status=404))
    return story.folder


def ids(found: searching.SearchResults) -> list[int]:
    return [hit.id for hit in found.hits]


def test_by_date_the_newest_come_first(db: sqlite3.Connection) -> None:
    assert ids(search(db, "税收", sort="date")) == [5, 4, 2, 1]


def test_by_relevance_titles_and_repetition_count(db: sqlite3.Connection) -> None:
    found = search(db, "税收")
    assert ids(found) == [5, 1, 2, 4]
    scores = [hit.score or 0 for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert (found.total, found.more) == (4, False)


def test_pages_follow_one_another(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "MAX_NEWEST_CANDIDATES", 1)
    monkeypatch.setattr(ranking, "MAX_TITLE_CANDIDATES", 1)
    for sort in get_args(searching.Sort):
        whole = search(db, "税收", sort=sort)
        for size in (1, 2, 3):
            pages = [search(db, "税收", sort=sort, limit=size, offset=at) for at in range(0, 4, size)]
            assert [hit for page in pages for hit in page.hits] == list(whole.hits)
            assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False]
            assert pages[-1].total == 4
        beyond = search(db, "税收", sort=sort, limit=2, offset=9)
        assert (beyond.hits, beyond.total, beyond.more) == ((), 4, False)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter(site="gongguan"), [4]),
        (Filter(column="要闻"), [5, 1]),
        (Filter(published_from="2026-11-02"), [4, 2]),
        (Filter(published_to="2026-11-02"), [2, 1]),
        (Filter(published_from="2026-10-01", published_to="2026-10-01"), [1]),
        (Filter(site="nowhere"), []),
    ],
)
def test_filters_are_those_of_export(db: sqlite3.Connection, wanted: Filter, expected: list[int]) -> None:
    assert ids(search(db, "税收", wanted, "date")) == expected
    assert sorted(ids(search(db, "税收", wanted))) == sorted(expected)
    assert facets(db, "税收", wanted).counted == len(expected)


def test_export_takes_what_search_finds(db: sqlite3.Connection) -> None:
    wanted = Filter(query="税收 -防汛", published_from="2026-01-01")
    assert [row["id"] for row in articles.list_articles(db, wanted)] == [1, 4]
    assert articles.count_articles(db, wanted) == 2
    with pytest.raises(UsageError, match="without"):
        articles.count_articles(db, Filter(query="(税收"))


def test_a_hit_says_what_is_to_be_known_of_it(db: sqlite3.Connection) -> None:
    (hit,) = search(db, "稅收 防汛").hits
    assert (hit.id, hit.site, hit.presence, hit.published, hit.column) == (
        2,
        "gulou",
        "missing",
        "2026-11-02",
        "通知公告",
    )
    assert hit.title.marked("[", "]") == "关于[防汛]的通知"
    assert hit.snippet.marked("[", "]") == "各乡镇： 切实做好[防汛]工作。[税收]如常。"


def test_facets_count_the_hits(db: sqlite3.Connection) -> None:
    found = facets(db, "税收")
    assert found.site == (("gulou", 3), ("gongguan", 1))
    assert dict(found.column) == {"要闻": 2, "通知公告": 1, None: 1}
    assert dict(found.source) == {"县税务局": 1, None: 3}
    assert dict(found.year) == {"2026": 3, None: 1}
    assert (found.counted, found.more) == (4, False)


def test_facets_of_no_query_count_all_articles(db: sqlite3.Connection) -> None:
    assert facets(db, " ").counted == 5
    assert facets(db, "", Filter(column="通知公告")).year == (("2026", 1), ("2025", 1))


def test_facets_are_of_the_newest_where_there_are_many(db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MAX_FACETED_HITS", 2)
    found = facets(db, "税收")
    assert (found.counted, found.more, dict(found.site)) == (2, True, {"gulou": 1, "gongguan": 1})


def test_what_cannot_be_understood_is_said(db: sqlite3.Connection) -> None:
    for ask in (search, facets):
        with pytest.raises(UsageError, match="without"):
            ask(db, '"税收')


def test_plain_sqlite_finds_the_same_with_the_query_that_the_readme_shows(folder: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (sql,) = re.findall(r"^```sql\n(.*?search MATCH.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        for word in ("税收", "防汛工作", ":\n切实", "税", "收收"):
            found = db.execute(sql.replace("防汛", word)).fetchall()
            with closing(connect_for_reading(folder)) as other:
                assert [row[0] for row in found] == ids(search(other, f'"{word}"', sort="date"))
