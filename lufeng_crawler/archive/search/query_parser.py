"""What a search query asks, as FTS5 is asked it: terms and phrases, fields, AND, OR, NOT and parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lufeng_crawler.archive.fields import SEARCHED
from lufeng_crawler.archive.search.folding import composed, fold_text, space_characters
from lufeng_crawler.errors import UsageError

LONGEST, DEEPEST = 500, 20
"""Characters of a query, and how deep its parentheses and negations may lie in each other."""

FIELDS = {field.name: (field.name, field.chinese, *field.aliases) for field in SEARCHED} | {
    "column": ("column", "栏目")
}
"""What a query may name before a colon, by the columns of the full-text index in their order."""

NAMES = {name: field for field, names in FIELDS.items() for name in names}
EVERY = "every"
"""A token of every row: all others are single characters."""

SIGNS = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "“”„‟〝〞"), '"')
PIECE = re.compile(r"""(?P<sign>[()])|"(?P<phrase>[^"]*)"|(?P<open>")|(?P<minus>-(?=[^\s)]))|(?P<word>[^\s()"]+)""")


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of text, folded, in that field; without one, in title or body."""

    text: str
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """All of the parts, or any of them."""

    how: str
    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What is not so."""

    part: Question


Question = Term | Joined | Not


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: str
    text: str


def parse_query(query: str) -> Question:
    """What the query asks. Raises UsageError where it asks nothing, is too long, or its signs do not fit."""
    if len(query) > LONGEST:
        raise UsageError(f"the query has {len(query):,} characters: no more than {LONGEST} can be searched for")
    pieces = _Pieces(query)
    if not pieces.left:
        raise UsageError("the query is empty: what to search for?")
    asked = pieces.any_of(None, DEEPEST)
    if pieces.left:
        raise UsageError("the query has a ) that no ( belongs to: put quotes round what is to be found as it stands")
    return asked


def query_terms(asked: Question) -> Iterator[Term]:
    """What is to be found (not what must not be there), in the order of the query."""
    if isinstance(asked, Term):
        yield asked
    elif isinstance(asked, Joined):
        for part in asked.parts:
            yield from query_terms(part)


def fts5_expression(asked: Question) -> str:
    """The expression for `search MATCH`."""
    if isinstance(asked, Term):
        return f"{{{asked.field or 'title body'}}} : {quote_fts5(asked)}"
    if isinstance(asked, Not):
        return f"({EVERY} NOT {fts5_expression(asked.part)})"
    if asked.how == "OR":
        return f"({' OR '.join(map(fts5_expression, asked.parts))})"
    wanted = [fts5_expression(part) for part in asked.parts if not isinstance(part, Not)]
    unwanted = [fts5_expression(part.part) for part in asked.parts if isinstance(part, Not)]
    found = " AND ".join(wanted or [EVERY])
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

    def any_of(self, field: str | None, depth: int) -> Question:
        """Parts joined by OR, which binds less than AND."""
        parts = [self._all_of(field, depth)]
        while self._take("OR"):
            parts.append(self._all_of(field, depth))
        return parts[0] if len(parts) == 1 else Joined("OR", tuple(parts))

    def _all_of(self, field: str | None, depth: int) -> Question:
        parts = [self._part(field, depth)]
        while self._take("AND") or (self.left and self.left[-1].kind not in ("OR", ")")):
            parts.append(self._part(field, depth))
        return parts[0] if len(parts) == 1 else Joined("AND", tuple(parts))

    def _part(self, field: str | None, depth: int) -> Question:
        if depth == 0:
            raise UsageError(f"the query's parentheses lie more than {DEEPEST} deep in each other")
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

    def _within(self, field: str | None, depth: int) -> Question:
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
    for found in PIECE.finditer(composed(query).translate(SIGNS)):
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
    elif colon and fold_text(name) in NAMES:
        yield _Piece("field", NAMES[fold_text(name)])
        if rest:
            yield _Piece("term", _sought(rest))
    else:
        yield _Piece("term", _sought(said))


def _sought(said: str) -> str:
    text = fold_text(said).strip()
    if not text:
        raise UsageError(f'the query says nothing to search for in "{said}"')
    return text
