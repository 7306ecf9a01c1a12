"""Ranks matches with BM25 over titles and bodies; a word in the title counts as several.

FTS5's own bm25() reads the whole index for each word of a query, 15 to 300 ms for a common one among 100,000 articles.
So only candidates are scored: the newest matches with the words in their titles, and the newest of all. The rest
follow by date.
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

MAX_TITLE_CANDIDATES, MAX_NEWEST_CANDIDATES = 200, 200
"""The most candidates: matches with the words in their titles, and matches of any kind."""

TITLE_WEIGHT = 8
"""How many times a word in the title counts."""

SATURATION, LENGTH_WEIGHT = 1.2, 0.75
"""k1 and b of BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates as (id, score), best first.

    `oldest_candidate` is the id of the oldest of the newest matches; None where there are no other matches.
    """

    scores: tuple[tuple[int, float], ...]
    oldest_candidate: int | None


def rank(matches: MatchQuery) -> Ranking:
    """Select the candidates and score them."""
    newest = matches.newest(MAX_NEWEST_CANDIDATES + 1)
    oldest = newest[MAX_NEWEST_CANDIDATES - 1] if len(newest) > MAX_NEWEST_CANDIDATES else None
    candidates = dict.fromkeys(newest[:MAX_NEWEST_CANDIDATES])
    if oldest is not None:
        candidates |= dict.fromkeys(_title_matches(matches))
    scores = _score(matches.db, list(candidates), scoring_terms(matches.query))
    return Ranking(tuple(sorted(scores.items(), key=lambda item: (-item[1], -item[0]))), oldest)


def scoring_terms(query: ParsedQuery | None) -> list[Term]:
    """Return the terms of a query that count for the score: those in titles or bodies, each once."""
    terms = query_terms(query) if query else ()
    return list(dict.fromkeys(term for term in terms if term.field in (None, "title", "body")))


def _title_matches(matches: MatchQuery) -> list[int]:
    """Return the ids of the newest matches with the words in their titles."""
    assert matches.query is not None
    exact = _title_expression(matches.query)
    any_word = " OR ".join(quote_fts5(term) for term in scoring_terms(matches.query) if term.field != "body")
    titles = exact or any_word
    if not titles:
        return []
    ids = [id for (id,) in matches.select("id", f"ORDER BY hit DESC LIMIT {MAX_TITLE_CANDIDATES}", titles=titles)]
    return ids if exact else [id for id in ids if matches.is_match(id)]


def _title_expression(query: ParsedQuery) -> str:
    """Return the query as an FTS5 expression over titles alone, if all that it matches is a match; else ""."""
    if isinstance(query, Term):
        return quote_fts5(query) if query.field in (None, "title") else ""
    if not isinstance(query, BooleanGroup):
        return ""
    parts = [_title_expression(part) for part in query.parts]
    return f"({f' {query.operator} '.join(parts)})" if all(parts) else ""


def _score(db: sqlite3.Connection, candidates: Sequence[int], terms: Sequence[Term]) -> dict[int, float]:
    """Return the BM25 score of each candidate; lengths are relative to the mean length of the candidates."""
    sql = """SELECT latest.id, version.title, version.body FROM latest JOIN versions version
        ON version.id = latest.version WHERE latest.id IN (SELECT value FROM json_each(?))"""
    texts = db.execute(sql, [json.dumps(candidates)]).fetchall()
    mean_length = sum(len(body) for _, _, body in texts) / max(1, len(texts)) or 1
    weights = [(term, _inverse_frequency(db, term) if len(terms) > 1 else 1.0) for term in terms]
    scores = dict.fromkeys(candidates, 0.0)
    for id, title, body in texts:
        saturation = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * len(body) / mean_length)
        for term, weight in weights:
            frequency = _frequency(term, title, body)
            scores[id] += weight * frequency * (SATURATION + 1) / (frequency + saturation)
    return scores


def _frequency(term: Term, title: str, body: str) -> int:
    """Count the term, those in the title several times. Texts are folded only where the term is not in them as written.

    Most texts are written as the term is, and folding takes longer.
    """
    parts = ((title, TITLE_WEIGHT * (term.field != "body")), (body, 1 * (term.field != "title")))
    count = sum(weight * text.count(term.text) for text, weight in parts if weight)
    return count or sum(weight * fold_text(text).count(term.text) for text, weight in parts if weight)


def _inverse_frequency(db: sqlite3.Connection, term: Term) -> float:
    """Return the inverse document frequency of a word, counted over titles."""
    titles = value(db, "SELECT count(*) FROM latest")
    with_term = value(db, "SELECT count(*) FROM search_titles WHERE search_titles MATCH ?", quote_fts5(term))
    return log(1 + (titles - with_term + 0.5) / (with_term + 0.5))
