"""Which hits say most of what was asked for: BM25 over titles and bodies, a word in the title counting as several.

FTS5's own bm25() reads the whole index for each word of a query, 15 to 300 ms for a common one among 100,000 articles.
So candidates are weighed: the newest hits whose titles have the words, and the newest of all; the rest follow by date.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from lufeng_crawler.archive.db.rows import value
from lufeng_crawler.archive.search.folding import fold_text
from lufeng_crawler.archive.search.matches import MatchQuery
from lufeng_crawler.archive.search.query_parser import BooleanGroup, ParsedQuery, Term, query_terms, quote_fts5

TITLED, NEWEST = 200, 200
"""Candidates: hits whose titles have the words, and hits of any kind."""

IN_TITLE = 8
"""How often a word is counted that stands in the title."""

SATURATION, LENGTH = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, the best first, each with its score; `oldest` is where the newest hits end, if there are others."""

    scores: tuple[tuple[int, float], ...]
    oldest: int | None


def rank(hits: MatchQuery) -> Ranking:
    """The candidates in order."""
    newest = hits.newest(NEWEST + 1)
    oldest = newest[NEWEST - 1] if len(newest) > NEWEST else None
    candidates = dict.fromkeys(newest[:NEWEST])
    if oldest is not None:
        candidates |= dict.fromkeys(_titled(hits))
    scores = _scores(hits.db, list(candidates), scoring_terms(hits.asked))
    return Ranking(tuple(sorted(scores.items(), key=lambda one: (-one[1], -one[0]))), oldest)


def scoring_terms(asked: ParsedQuery | None) -> list[Term]:
    """What makes a hit a good one: terms that stand in titles or bodies, each once."""
    found = query_terms(asked) if asked else ()
    return list(dict.fromkeys(term for term in found if term.field in (None, "title", "body")))


def _titled(hits: MatchQuery) -> list[int]:
    """The newest hits whose titles have the words."""
    assert hits.asked is not None
    plain = _in_titles(hits.asked)
    among = plain or " OR ".join(quote_fts5(term) for term in scoring_terms(hits.asked) if term.field != "body")
    if not among:
        return []
    found = [id for (id,) in hits.select("id", f"ORDER BY hit DESC LIMIT {TITLED}", among=among)]
    return found if plain else [id for id in found if hits.is_hit(id)]


def _in_titles(asked: ParsedQuery) -> str:
    """The question as titles alone are asked it, if whatever they answer is a hit."""
    if isinstance(asked, Term):
        return quote_fts5(asked) if asked.field in (None, "title") else ""
    parts = [_in_titles(part) for part in asked.parts] if isinstance(asked, BooleanGroup) else [""]
    return f"({f' {asked.how} '.join(parts)})" if isinstance(asked, BooleanGroup) and all(parts) else ""


def _scores(db: sqlite3.Connection, candidates: Sequence[int], wanted: Sequence[Term]) -> dict[int, float]:
    of_candidates = "l.id IN (SELECT value FROM json_each(?))"
    sql = f"SELECT l.id, v.title, v.body FROM latest l JOIN versions v ON v.id = l.version WHERE {of_candidates}"
    texts = db.execute(sql, [json.dumps(candidates)]).fetchall()
    mean = sum(len(body) for _, _, body in texts) / max(1, len(texts)) or 1
    weights = [(term, _rarity(db, term) if len(wanted) > 1 else 1.0) for term in wanted]
    scores = dict.fromkeys(candidates, 0.0)
    for id, title, body in texts:
        room = SATURATION * (1 - LENGTH + LENGTH * len(body) / mean)
        for term, weight in weights:
            times = _times(term, title, body)
            scores[id] += weight * times * (SATURATION + 1) / (times + room)
    return scores


def _times(term: Term, title: str, body: str) -> int:
    """How often the term stands there as most texts write it; folded only where it does not, which takes longer."""
    parts = ((title, IN_TITLE * (term.field != "body")), (body, 1 * (term.field != "title")))
    times = sum(weight * text.count(term.text) for text, weight in parts if weight)
    return times or sum(weight * fold_text(text).count(term.text) for text, weight in parts if weight)


def _rarity(db: sqlite3.Connection, term: Term) -> float:
    """How much a word says: more, the fewer titles have it."""
    count = value(db, "SELECT count(*) FROM latest")
    having = value(db, "SELECT count(*) FROM search_titles WHERE search_titles MATCH ?", quote_fts5(term))
    return log(1 + (count - having + 0.5) / (having + 0.5))
