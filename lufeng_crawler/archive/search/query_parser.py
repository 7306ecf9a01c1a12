"""What a search query asks, as FTS5 is asked it: terms and phrases, fields, AND, OR, NOT and parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lufeng_crawler.archive.search.folding import fold_text, space_characters, to_nfc
from lufeng_crawler.errors import UsageError

MAX_QUERY_LENGTH, MAX_NESTING = 500, 20
"""Characters of a query, and how deep its parentheses and negations may lie in each other."""

FIELDS = {
    "body": ("body", "正文"),
    "title": ("title", "标题"),
    "source": ("source", "来源"),
    "author": ("author", "作者"),
    "editor": ("editor", "责编", "责任编辑"),
    "publisher": ("publisher", "发布机构"),
    "doc_number": ("doc_number", "文号", "发文字号"),
    "index_number": ("index_number", "索引号"),
    "column": ("column", "栏目"),
}
"""What can be named before a colon, by the index's columns, in the order they have there."""

FIELD_BY_NAME = {name: field for field, names in FIELDS.items() for name in names}
MATCH_ALL_TOKEN = "every"
"""A token of every row: all others are single characters."""

SIGNS = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "“”„‟〝〞"), '"')
PIECE = re.compile(r"""(?P<sign>[()])|"(?P<phrase>[^"]*)"|(?P<open>")|(?P<minus>-(?=[^\s)]))|(?P<word>[^\s()"]+)""")


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of text, folded, in that field; without one, in title or body."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class BooleanGroup:
    """All of the parts, or any of them."""

    how: str
    parts: tuple[ParsedQuery, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What is not so."""

    part: ParsedQuery


ParsedQuery = Term | BooleanGroup | Not


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str


def parse_query(query: str) -> ParsedQuery:
    """What the query asks. Raises UsageError where it asks nothing, is too long, or its signs do not fit."""
    if len(query) > MAX_QUERY_LENGTH:
        raise UsageError(
            f"the query has {len(query):,} characters: no more than {MAX_QUERY_LENGTH} can be searched for"
        )
    pieces = _Pieces(query)
    if not pieces.left:
        raise UsageError("the query is empty: what to search for?")
    asked = pieces.any_of(None, MAX_NESTING)
    if pieces.left:
        raise UsageError("the query has a ) that no ( belongs to: put quotes round what is to be found as it stands")
    return asked


def query_terms(asked: ParsedQuery) -> Iterator[Term]:
    """What is to be found (not what must not be there), in the order of the query."""
    if isinstance(asked, Term):
        yield asked
    elif isinstance(asked, BooleanGroup):
        for part in asked.parts:
            yield from query_terms(part)


def fts5_expression(asked: ParsedQuery) -> str:
    """The expression for `search MATCH`."""
    if isinstance(asked, Term):
        return f"{{{asked.field or 'title body'}}} : {quote_fts5(asked)}"
    if isinstance(asked, Not):
        return f"({MATCH_ALL_TOKEN} NOT {fts5_expression(asked.part)})"
    if asked.how == "OR":
        return f"({' OR '.join(map(fts5_expression, asked.parts))})"
    wanted = [fts5_expression(part) for part in asked.parts if not isinstance(part, Not)]
    unwanted = [fts5_expression(part.part) for part in asked.parts if isinstance(part, Not)]
    found = " AND ".join(wanted or [MATCH_ALL_TOKEN])
    return f"(({found}) NOT ({' OR '.join(unwanted)}))" if unwanted else f"({found})"


def fts5_match(query: str) -> tuple[str, list[object]]:
    """The SQL condition, and its values, for articles by `id` (as in `latest_articles`): those that are found.

    Raises UsageError as `parse` does.
    """
    hits = "SELECT l.article FROM search JOIN latest l ON l.id = search.rowid WHERE search MATCH ?"
    return f"id IN ({hits})", [fts5_expression(parse_query(query))]


def quote_fts5(term: Term) -> str:
    """The term as a phrase of FTS5."""
    return '"' + space_characters(term.text).replace('"', '""') + '"'


class _Pieces:
    """The query's pieces, taken one after the other."""

    def __init__(self, query: str) -> None:
        self.left = list(_pieces(query))[::-1]

    def any_of(self, field: str | None, depth: int) -> ParsedQuery:
        """Parts joined by OR, which binds less than AND."""
        parts = [self._all_of(field, depth)]
        while self._take("OR"):
            parts.append(self._all_of(field, depth))
        return parts[0] if len(parts) == 1 else BooleanGroup("OR", tuple(parts))

    def _all_of(self, field: str | None, depth: int) -> ParsedQuery:
        parts = [self._part(field, depth)]
        while self._take("AND") or (self.left and self.left[-1].kind not in ("OR", ")")):
            parts.append(self._part(field, depth))
        return parts[0] if len(parts) == 1 else BooleanGroup("AND", tuple(parts))

    def _part(self, field: str | None, depth: int) -> ParsedQuery:
        if depth == 0:
            raise UsageError(f"the query's parentheses lie more than {MAX_NESTING} deep in each other")
        piece = self.left.pop() if self.left else _Piece("end", "the end")
        if piece.kind == "NOT":
            return Not(self._part(field, depth - 1))
        if piece.kind == "field":
            return self._part(piece.text, depth - 1)
        if piece.kind == "(":
            return self._within(field, depth - 1)
        if piece.kind != "term":
            raise UsageError(f"the query says nothing to search for before {piece.text}")
        return Term(piece.text, field)

    def _within(self, field: str | None, depth: int) -> ParsedQuery:
        asked = self.any_of(field, depth)
        if not self._take(")"):
            raise UsageError("the query has a ( without its ): put quotes round what is to be found as it stands")
        return asked

    def _take(self, kind: str) -> bool:
        found = bool(self.left) and self.left[-1].kind == kind
        if found:
            self.left.pop()
        return found


def _pieces(query: str) -> Iterator[_Piece]:
    for found in PIECE.finditer(to_nfc(query).translate(SIGNS)):
        kind = found.lastgroup or ""
        said = found[kind]
        if kind == "open":
            raise UsageError('the query has a " without a second one')
        if kind == "word":
            yield from _word(said)
        elif kind == "phrase":
            yield _Piece("term", _sought(said))
        else:
            yield _Piece({"minus": "NOT"}.get(kind, said), said)


def _word(said: str) -> Iterator[_Piece]:
    name, colon, rest = said.partition(":")
    if said in ("AND", "OR", "NOT"):
        yield _Piece(said, said)
    elif colon and fold_text(name) in FIELD_BY_NAME:
        yield _Piece("field", FIELD_BY_NAME[fold_text(name)])
        if rest:
            yield _Piece("term", _sought(rest))
    else:
        yield _Piece("term", _sought(said))


def _sought(said: str) -> str:
    text = fold_text(said).strip()
    if not text:
        raise UsageError(f'the query says nothing to search for in "{said}"')
    return text
