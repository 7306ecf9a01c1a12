"""Tests what queries ask, in both widths, and that what asks nothing is said in one line."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lufeng_crawler.archive.db import schema
from lufeng_crawler.archive.search import query_parser
from lufeng_crawler.archive.search.query_parser import (
    MAX_NESTING,
    MAX_QUERY_LENGTH,
    BooleanGroup,
    Not,
    ParsedQuery,
    Term,
    fts5_expression,
    fts5_match,
    parse_query,
    query_terms,
)
from lufeng_crawler.errors import UsageError


def said(asked: ParsedQuery) -> str:
    """The question as nested lists."""
    match asked:
        case Term(text, field):
            return f"{field}={text}" if field else text
        case Not(part):
            return f"not {said(part)}"
        case BooleanGroup(how, parts):
            return f"{how.lower()}({', '.join(map(said, parts))})"


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("税收", "税收"),
        (" 稅收\u3000通知 ", "and(税收, 通知)"),
        ("税收 AND 通知 征管", "and(税收, 通知, 征管)"),
        ("a OR b c", "or(a, and(b, c))"),
        ("(a OR b) c", "and(or(a, b), c)"),
        ("（a ＯＲ b）c", "and(or(a, b), c)"),
        ("a NOT b", "and(a, not b)"),
        ("a -b －c", "and(a, not b, not c)"),
        ("-a", "not a"),
        ("NOT NOT a", "not not a"),
        ("-(a OR b)", "not or(a, b)"),
        ('"a b" “十四五，规划” ＂c＂', "and(a b, 十四五,规划, c)"),
        ("关于“十四五”规划", "and(关于, 十四五, 规划)"),
        ("关于（试行）的通知", "and(关于, 试行, 的通知)"),
        ("title:税收", "title=税收"),
        ("标题：税收 來源:县府办", "and(title=税收, source=县府办)"),
        ("Title:a 文号:b", "and(title=a, doc_number=b)"),
        ('栏目:"通知 公告"', "column=通知 公告"),
        ("title:(a OR -b)", "or(title=a, not title=b)"),
        ("title:(a source:b) c", "and(and(title=a, source=b), c)"),
        ("title: a", "title=a"),
        ("-title:a", "not title=a"),
        ("09:30 http://x.example/a", "and(09:30, http://x.example/a)"),
        ("2023-06 COVID-19", "and(2023-06, covid-19)"),
        ("- -", "and(-, -)"),
        ("and or not", "and(and, or, not)"),
        ("*^{}+'", "*^{}+'"),
        ("NEAR/2", "near/2"),
        ("a\0b", "a b"),
    ],
)
def test_what_queries_ask(query: str, asked: str) -> None:
    assert said(parse_query(query)) == asked


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "the query is empty"),
        (" \u3000\n", "the query is empty"),
        ('"税收', 'a " without'),
        ("税收”", 'a " without'),
        ('""', 'nothing to search for in ""'),
        ('" "', 'nothing to search for in " "'),
        ("\u200b", "nothing to search for"),
        ("(a", r"a \( without"),
        ("a)", r"a \) that no"),
        ("()", r"nothing to search for before \)"),
        ("a AND", "nothing to search for before the end"),
        ("OR a", "nothing to search for before OR"),
        ("a AND OR b", "nothing to search for before OR"),
        ("title:", "nothing to search for before the end"),
        ("NOT", "nothing to search for before the end"),
        ("税" * (MAX_QUERY_LENGTH + 1), "501 characters: no more than 500"),
        ("(" * (MAX_NESTING + 1) + "a", "more than 20 deep"),
        ("-" * 100 + "a", "more than 20 deep"),
    ],
)
def test_what_asks_nothing_is_said_in_one_line(query: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        parse_query(query)
    assert "\n" not in str(raised.value)


def test_what_is_to_be_found_is_not_what_must_not_be_there() -> None:
    assert [term.text for term in query_terms(parse_query("a -b (c OR NOT d) title:e"))] == ["a", "c", "e"]


def test_fts5_is_asked_for_characters() -> None:
    assert fts5_expression(parse_query("稅收")) == '{title body} : "税 收"'
    assert fts5_expression(parse_query("“a -b”")) == '{title body} : "a ␣ - b"'
    assert fts5_expression(parse_query("标题:a -b")) == '(({title} : "a") NOT ({title body} : "b"))'
    assert fts5_expression(parse_query("-b")) == '(every NOT {title body} : "b")'
    assert fts5_match("a")[1] == ['{title body} : "a"']


@pytest.fixture(scope="module")
def db() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:")
    for statement in (*schema.FIRST_TABLES, *schema.FULL_TEXT):
        opened.execute(statement)
    return opened


hostile = st.text("税a\"“”()（）-：:*^{}+'\\/;%_\0\n\u200b\ud800 ", max_size=20) | st.text(max_size=20)


@given(hostile | st.lists(st.sampled_from([*'ab()"-', "AND", "OR", "NOT", "title:"]), max_size=12).map(" ".join))
def test_no_query_breaks_sqlite(db: sqlite3.Connection, query: str) -> None:
    try:
        sql, values = fts5_match(query)
    except UsageError:
        return
    assert db.execute(f"SELECT id FROM articles WHERE {sql}", values).fetchall() == []


LONG = ["a " * 249, "-a " * 160, "a OR " * 99 + "b", "税" * MAX_QUERY_LENGTH, "(" * 18 + "a" + ")" * 18]


@pytest.mark.parametrize("query", LONG)
def test_the_longest_queries_are_not_too_long_for_sqlite(db: sqlite3.Connection, query: str) -> None:
    sql, values = fts5_match(query)
    assert db.execute(f"SELECT id FROM articles WHERE {sql}", values).fetchall() == []


def test_every_field_can_be_named_in_chinese() -> None:
    for field, names in query_parser.FIELDS.items():
        assert [said(parse_query(f"{name}：x")) for name in names] == [f"{field}=x"] * len(names)
