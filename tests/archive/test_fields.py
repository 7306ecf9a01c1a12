"""Tests that a field of `archive/fields.py` exists everywhere a field must, and that a forgotten place is noticed."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lufeng_crawler.archive import fields
from lufeng_crawler.archive.db.connection import connect
from lufeng_crawler.archive.digests import content_digest
from lufeng_crawler.archive.search.query_parser import parse_query, query_terms
from lufeng_crawler.items import STATED_FIELDS, Article
from lufeng_crawler.ui.table_descriptions import metadata


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "archive.db")) as opened:
        yield opened


def columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM pragma_table_info(?)", (table,))}


def missing(db: sqlite3.Connection, names: Iterable[str]) -> dict[str, set[str]]:
    """The places where one of these fields is missing, with the names of the missing ones."""
    wanted = set(names)
    described = metadata(db)["databases"]["archive"]["tables"]["latest_articles"]["columns"]
    places = {
        "items.Article": {*STATED_FIELDS, "title", "body"},
        "versions": columns(db, "versions"),
        "latest_articles": columns(db, "latest_articles"),
        "article_versions": columns(db, "article_versions"),
        "the full-text index": columns(db, "search") | {"published"},
        "ui/tables.toml": set(described),
    }
    return {place: wanted - known for place, known in places.items() if wanted - known}


def test_every_field_exists_everywhere(db: sqlite3.Connection) -> None:
    assert missing(db, fields.NAMES) == {}


def test_a_field_that_is_in_the_table_alone_is_missing_everywhere(db: sqlite3.Connection) -> None:
    found = missing(db, [*fields.NAMES, "invented"])
    assert len(found) == 6
    assert all(names == {"invented"} for names in found.values())


def test_what_a_page_states_is_in_the_table() -> None:
    assert {*STATED_FIELDS, "title", "body"} == set(fields.NAMES)


@pytest.mark.parametrize("field", [field for field in fields.FIELDS if field.searched], ids=lambda field: field.name)
def test_a_query_names_a_field_by_each_of_its_names(field: fields.Field) -> None:
    for name in (field.name, field.chinese, *field.aliases):
        (term,) = query_terms(parse_query(f"{name}:税"))
        assert term.field == field.name


@pytest.mark.parametrize("name", fields.NAMES)
def test_a_digested_field_makes_another_content_and_no_other_does(name: str) -> None:
    article = Article("1", "http://www.lufengxian.example/1.htm", "标题", "正文")
    changed = dataclasses.replace(article, **{name: "另"})  # type: ignore[arg-type]
    assert (content_digest(changed) != content_digest(article)) == (name in fields.DIGESTED)


def test_names_for_people_are_unique_in_each_language() -> None:
    for names in ([field.english for field in fields.BY_NAME.values()], [f.chinese for f in fields.BY_NAME.values()]):
        assert len(set(names)) == len(names)
