"""Parses a search query and translates it to an FTS5 expression: terms, phrases, fields, AND, OR, NOT, parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lufeng_crawler.archive.fields import SEARCHED
from lufeng_crawler.archive.search.folding import fold_text, space_characters, to_nfc
from lufeng_crawler.errors import UsageError

MAX_QUERY_LENGTH, MAX_NESTING = 500, 20
"""Characters of a query, and how deep its parentheses and negations may be nested."""

FIELDS = {field.name: (field.name, field.chinese, *field.aliases) for field in SEARCHED} | {
    "column": ("column", "栏目")
}
"""The index's columns in their order there, each with the names that may stand before a colon."""

FIELD_BY_NAME = {name: field for field, names in FIELDS.items() for name in names}
MATCH_ALL_TOKEN = "every"
"""A token of every row: all others are single characters."""

ASCII_SIGNS = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "“”„‟〝〞"), '"')
LEXEME = re.compile(r"""(?P<sign>[()])|"(?P<phrase>[^"]*)"|(?P<open>")|(?P<minus>-(?=[^\s)]))|(?P<word>[^\s()"]+)""")


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of text, folded, to match in a field; in title or body where `field` is None."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class BooleanGroup:
    """Parts joined by `operator`, which is AND or OR."""

    operator: str
    parts: tuple[ParsedQuery, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A part that must not match."""

    part: ParsedQuery


ParsedQuery = Term | BooleanGroup | Not


@dataclass(frozen=True, slots=True)
class _Lexeme:
    """A token of the query: `kind` is term, field, AND, OR, NOT or a parenthesis."""

    kind: str
    text: str


def parse_query(query: str) -> ParsedQuery:
    """Parse a query. Raise UsageError where it is empty, too long, or its parentheses or quotes are not balanced."""
    if len(query) > MAX_QUERY_LENGTH:
        raise UsageError(
            f"the query has {len(query):,} characters: no more than {MAX_QUERY_LENGTH} can be searched for"
        )
    parser = _QueryParser(query)
    if not parser.remaining:
        raise UsageError("the query is empty: what to search for?")
    parsed = parser.parse_or(None, MAX_NESTING)
    if parser.remaining:
        raise UsageError("the query has a ) that no ( belongs to: put quotes round what is to be found as it stands")
    return parsed


def query_terms(query: ParsedQuery) -> Iterator[Term]:
    """Yield the terms that must or may match, without negated ones, in the order of the query."""
    if isinstance(query, Term):
        yield query
    elif isinstance(query, BooleanGroup):
        for part in query.parts:
            yield from query_terms(part)


def fts5_expression(query: ParsedQuery) -> str:
    """Return the expression for `search MATCH`."""
    if isinstance(query, Term):
        return f"{{{query.field or 'title body'}}} : {quote_fts5(query)}"
    if isinstance(query, Not):
        return f"({MATCH_ALL_TOKEN} NOT {fts5_expression(query.part)})"
    if query.operator == "OR":
        return f"({' OR '.join(map(fts5_expression, query.parts))})"
    required = [fts5_expression(part) for part in query.parts if not isinstance(part, Not)]
    excluded = [fts5_expression(part.part) for part in query.parts if isinstance(part, Not)]
    matches = " AND ".join(required or [MATCH_ALL_TOKEN])
    return f"(({matches}) NOT ({' OR '.join(excluded)}))" if excluded else f"({matches})"


def fts5_match(query: str) -> tuple[str, list[object]]:
    """Return an SQL condition on the `id` of an article, and its values. Raise UsageError as `parse_query` does."""
    articles = "SELECT latest.article FROM search JOIN latest ON latest.id = search.rowid WHERE search MATCH ?"
    return f"id IN ({articles})", [fts5_expression(parse_query(query))]


def quote_fts5(term: Term) -> str:
    """Quote the term as a phrase of FTS5."""
    return '"' + space_characters(term.text).replace('"', '""') + '"'


class _QueryParser:
    """A recursive descent parser; `remaining` holds the lexemes not parsed yet, the next one last."""

    def __init__(self, query: str) -> None:
        self.remaining = list(_lex(query))[::-1]

    def parse_or(self, field: str | None, depth: int) -> ParsedQuery:
        """Parse parts joined by OR, which binds less than AND."""
        parts = [self._parse_and(field, depth)]
        while self._accept("OR"):
            parts.append(self._parse_and(field, depth))
        return parts[0] if len(parts) == 1 else BooleanGroup("OR", tuple(parts))

    def _parse_and(self, field: str | None, depth: int) -> ParsedQuery:
        parts = [self._parse_part(field, depth)]
        while self._accept("AND") or (self.remaining and self.remaining[-1].kind not in ("OR", ")")):
            parts.append(self._parse_part(field, depth))
        return parts[0] if len(parts) == 1 else BooleanGroup("AND", tuple(parts))

    def _parse_part(self, field: str | None, depth: int) -> ParsedQuery:
        if depth == 0:
            raise UsageError(f"the query's parentheses lie more than {MAX_NESTING} deep in each other")
        lexeme = self.remaining.pop() if self.remaining else _Lexeme("end", "the end")
        if lexeme.kind == "NOT":
            return Not(self._parse_part(field, depth - 1))
        if lexeme.kind == "field":
            return self._parse_part(lexeme.text, depth - 1)
        if lexeme.kind == "(":
            return self._parse_group(field, depth - 1)
        if lexeme.kind != "term":
            raise UsageError(f"the query says nothing to search for before {lexeme.text}")
        return Term(lexeme.text, field)

    def _parse_group(self, field: str | None, depth: int) -> ParsedQuery:
        group = self.parse_or(field, depth)
        if not self._accept(")"):
            raise UsageError("the query has a ( without its ): put quotes round what is to be found as it stands")
        return group

    def _accept(self, kind: str) -> bool:
        """Consume the next lexeme if it is of that kind; return whether it was."""
        is_next = bool(self.remaining) and self.remaining[-1].kind == kind
        if is_next:
            self.remaining.pop()
        return is_next


def _lex(query: str) -> Iterator[_Lexeme]:
    for match in LEXEME.finditer(to_nfc(query).translate(ASCII_SIGNS)):
        kind = match.lastgroup or ""
        text = match[kind]
        if kind == "open":
            raise UsageError('the query has a " without a second one')
        if kind == "word":
            yield from _lex_word(text)
        elif kind == "phrase":
            yield _Lexeme("term", _fold_term(text))
        else:
            yield _Lexeme({"minus": "NOT"}.get(kind, text), text)


def _lex_word(word: str) -> Iterator[_Lexeme]:
    name, colon, rest = word.partition(":")
    if word in ("AND", "OR", "NOT"):
        yield _Lexeme(word, word)
    elif colon and fold_text(name) in FIELD_BY_NAME:
        yield _Lexeme("field", FIELD_BY_NAME[fold_text(name)])
        if rest:
            yield _Lexeme("term", _fold_term(rest))
    else:
        yield _Lexeme("term", _fold_term(word))


def _fold_term(text: str) -> str:
    folded = fold_text(text).strip()
    if not folded:
        raise UsageError(f'the query says nothing to search for in "{text}"')
    return folded
