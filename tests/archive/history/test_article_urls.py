"""Tests which article an address or an id means: by id, by any address, by the line that promised it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.history.article_urls import add_url, article_at_url, find_article
from tests.support.archive_builder import Story, address, answer, article, listing, moment

NOWHERE = "http://gulou.example/nowhere.htm"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Article 1 has moved to the id 9; another site has an article of the same id."""
    story = Story(tmp_path_factory.mktemp("archive"))
    story.run(1, listing(1, 2), article(1), article(2))
    story.run(2, answer(1, status=301, to=9), article(9), article(2, "另", site="gongguan"))
    return story.folder


@pytest.fixture
def db(folder: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(folder / "archive.db")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("key", "url", "article"),
    [
        ("1", address(1), 1),
        ("2", NOWHERE, 2),
        ("no id of ours", address(9), 1),
        ("no id of ours", address(1), 1),
        ("no id of ours", NOWHERE, None),
    ],
)
def test_an_id_goes_before_an_address(db: sqlite3.Connection, key: str, url: str, article: int | None) -> None:
    assert find_article(db, 1, key, url) == article


def test_an_article_that_moved_is_found_by_the_id_and_the_address_it_has_now(db: sqlite3.Connection) -> None:
    assert find_article(db, 1, "9", address(9)) == article_at_url(db, 1, address(9)) == 1


def test_the_same_id_at_another_site_is_another_article(db: sqlite3.Connection) -> None:
    (other,) = db.execute("SELECT id FROM sites WHERE name = 'gongguan'").fetchone()
    (its,) = db.execute("SELECT id FROM articles WHERE site = ?", (other,)).fetchone()
    assert find_article(db, other, "2", address(2)) == its != 2
    assert find_article(db, other, "1", address(1)) is None
    assert find_article(db, 99, "2", address(2)) is None


def test_the_first_to_claim_an_address_keeps_it(db: sqlite3.Connection) -> None:
    db.execute("BEGIN")
    add_url(db, 1, NOWHERE, 2, moment(3))
    add_url(db, 1, NOWHERE, 1, moment(4))
    assert article_at_url(db, 1, NOWHERE) == 2
    assert db.execute("SELECT first_seen FROM urls WHERE url = ?", (NOWHERE,)).fetchall() == [(moment(3),)]
    db.execute("ROLLBACK")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30))
def test_an_address_is_never_taken_for_sql_or_a_pattern(folder: Path, text: str) -> None:
    with closing(connect(folder / "archive.db")) as db:
        for asked in (text, f"{text}%", f"' OR '{text}' = '{text}"):
            assert article_at_url(db, 1, asked) is None
