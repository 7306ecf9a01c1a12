"""Tests that the tables of copies follow the versions there are, in whatever order and groups those came and went."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lufeng_crawler.archive.db import schema
from lufeng_crawler.archive.db.rows import insert
from lufeng_crawler.archive.search import near_duplicates
from lufeng_crawler.archive.shingles import ComparedText, comparable_text, similarity
from tests.support.made_copies import edited, made

PIECES = [made(30, seed) for seed in range(5)]
BODIES = st.lists(st.sampled_from(PIECES), max_size=4).map("，".join)
Versions = dict[int, tuple[int, str]]
"""By id: the article, and what it says."""

STEPS = st.lists(st.dictionaries(st.integers(1, 8), st.tuples(st.integers(1, 5), BODIES), max_size=6), max_size=5)
TABLES = ("texts", "sketches", "prints", "pairs")


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        schema.migrate(db)
        yield db


def become(db: sqlite3.Connection, versions: Versions) -> None:
    """Let there be these versions and no others, and the tables follow."""
    known = {id: (article, body) for id, article, body in db.execute("SELECT id, article, body FROM versions")}
    for id in known.keys() - versions.keys():
        db.execute("DELETE FROM versions WHERE id = ?", (id,))
    for id, (article, body) in sorted(versions.items()):
        if id not in known:
            _insert(db, id, article, body)
        elif known[id] != (article, body):
            db.execute("UPDATE versions SET article = ?, number = ?, body = ? WHERE id = ?", (article, id, body, id))
    stale = [article for (article,) in db.execute("SELECT article FROM stale")]
    db.execute("DELETE FROM stale")
    near_duplicates.update_near_duplicates(db, stale)


def _insert(db: sqlite3.Connection, id: int, article: int, body: str) -> None:
    empty = dict.fromkeys(
        ("first_seen", "last_seen", "title", "body_html", "images", "keywords", "tags", "content_digest"), ""
    )
    insert(
        db, "versions", id=id, article=article, number=id, capture=0, body=body, provenance="", reader="", **empty
    )  # fmt: skip


def tables(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall()) for name in TABLES}


def from_nothing(versions: Versions) -> dict[str, list[tuple[object, ...]]]:
    with opened() as db:
        become(db, versions)
        return tables(db)


@pytest.fixture(autouse=True, scope="module")
def narrow() -> Iterator[None]:
    """A window of two, so that a handful of texts is more than it takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "WINDOW_SIZE", 2)
        yield


@settings(max_examples=25)
@given(STEPS)
@example([{1: (1, PIECES[0] * 3)}, {1: (2, PIECES[0] * 3)}, {}])
@example([{id: (id, made(200) + PIECES[id]) for id in range(5)}, {id: (id, made(200)) for id in range(1, 4)}])
def test_whatever_came_and_went_the_rows_are_those_of_the_versions_there_are(steps: Sequence[Versions]) -> None:
    with opened() as db:
        for versions in steps:
            become(db, versions)
            assert tables(db) == from_nothing(versions)


@settings(max_examples=15)
@given(st.permutations(range(1, 9)), st.lists(BODIES, min_size=8, max_size=8))
def test_the_order_of_arrival_makes_no_difference(order: Sequence[int], bodies: Sequence[str]) -> None:
    with opened() as db:
        come: Versions = {}
        for id in order:
            come[id] = (id, bodies[id - 1])
            become(db, come)
        assert tables(db) == from_nothing(come)


@settings(max_examples=25)
@given(st.lists(BODIES, min_size=2, max_size=8))
def test_a_pair_is_what_the_texts_themselves_say_from_both_sides(bodies: Sequence[str]) -> None:
    with opened() as db:
        become(db, {id: (id, body) for id, body in enumerate(bodies, 1)})
        found = {(one, other): tuple(counts) for one, other, *counts in db.execute("SELECT * FROM pairs")}
        texts = {
            text: ComparedText(comparable_text(bodies[id - 1]))
            for id, text in db.execute("SELECT version, text FROM texts")
        }
    for (one, other), (shared, length, other_length) in found.items():
        assert one != other
        assert found[other, one] == (shared, other_length, length)
        assert similarity(texts[one], texts[other]) == (shared, length, other_length)


def test_following_again_changes_nothing() -> None:
    with opened() as db:
        become(db, {1: (1, PIECES[0] * 3), 2: (2, PIECES[0] * 3 + PIECES[1])})
        before = tables(db)
        near_duplicates.update_near_duplicates(db, [1, 2, 3])
        assert tables(db) == before
        assert len(before["pairs"]) == 2


def test_texts_too_short_to_be_known_have_no_rows() -> None:
    with opened() as db:
        become(db, {1: (1, "详见附件。"), 2: (2, "详见附件。"), 3: (3, made(59)), 4: (4, made(60))})
        assert [row[1] for row in db.execute("SELECT * FROM texts")] == [4]


def test_the_same_text_is_one_however_many_say_it() -> None:
    with opened() as db:
        become(db, {id: (id, f"{PIECES[0] * 3}{'。' * id}") for id in range(1, 50)})
        assert db.execute("SELECT count(*), count(DISTINCT text) FROM texts").fetchone() == (49, 1)
        assert db.execute("SELECT (SELECT count(*) FROM sketches), (SELECT count(*) FROM pairs)").fetchone() == (1, 0)


def test_of_many_that_are_alike_each_is_compared_with_as_many_as_the_window_takes() -> None:
    text, chance = made(400), Random(1)
    bodies = [edited(text, 0.02) + made(10, chance.randrange(1 << 30)) for _ in range(40)]
    with opened() as db:
        become(db, {id: (id, body) for id, body in enumerate(bodies, 1)})
        counts = [count for (count,) in db.execute("SELECT count(*) FROM pairs GROUP BY text")]
    assert len(counts) == 40
    assert sorted(counts)[:-3] == [2] * 37
    assert sum(counts) < 40 * 2 * 2 + 40


def test_what_ends_every_page_of_a_site_makes_no_copies_of_them() -> None:
    footer = "本站由县人民政府办公室主办，县融媒体中心承办，未经书面授权不得转载、摘编或利用其他方式使用上述作品。"
    with opened() as db:
        become(db, {id: (id, made(300, id) + footer) for id in range(1, 30)})
        assert db.execute("SELECT count(*) FROM pairs").fetchone() == (0,)
