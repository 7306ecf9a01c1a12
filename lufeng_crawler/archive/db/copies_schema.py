"""The tables and views of texts that stand in more than one article (转载)."""

from __future__ import annotations

TABLES = (
    # Which text a version says. A text is named by a hash of what is compared of a body: see likeness.py.
    """CREATE TABLE texts (
        version INTEGER PRIMARY KEY REFERENCES versions(id), article INTEGER NOT NULL REFERENCES articles(id),
        text INTEGER NOT NULL)""",
    "CREATE INDEX texts_of_article ON texts (article)",
    "CREATE INDEX texts_by_name ON texts (text)",
    # The hashes that a text is found by, and which texts have one of them: see pairs.py.
    "CREATE TABLE sketches (text INTEGER PRIMARY KEY, prints BLOB NOT NULL)",
    "CREATE TABLE prints (print INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (print, text)) WITHOUT ROWID",
    # Two texts that differ and share much, from either side: how many shingles they share, and how many each has.
    """CREATE TABLE pairs (
        text INTEGER NOT NULL, other INTEGER NOT NULL, shared INTEGER NOT NULL, length INTEGER NOT NULL,
        other_length INTEGER NOT NULL, PRIMARY KEY (text, other)) WITHOUT ROWID""",
)

_DATE = "l.published || iif(length(l.published) = 10, '{}', '')"
_UTC = "strftime('%Y-%m-%dT%H:%M:%SZ', {})"
_SINCE, _UNTIL = (_UTC.format(_DATE.format(time)) for time in ("T00:00:00+08:00", "T23:59:59+08:00"))

_NAMES = "coalesce(instr({0}, {1}) OR instr({1}, {0}) OR instr({0}, {2}), 0)"
"""Whether a source is that site, or that publisher, or says more than its name, or less."""

VIEWS = (
    # What an article's date stretches over, and the moment by which it was out for certain, if what it states is true.
    f"""CREATE VIEW publications AS
        SELECT a.id AS article, l.version, a.site, l.published, a.first_seen, {_SINCE} AS since, {_UNTIL} AS until,
            min(a.first_seen, coalesce({_UNTIL}, a.first_seen)) AS out
        FROM latest l JOIN articles a ON a.id = l.article""",
    # Every two articles of which versions say the same, or much the same; of those versions the two most alike.
    """CREATE VIEW alike AS
        SELECT article, copy, text_version, copy_text_version, exact, similarity, part, copy_part FROM (
            SELECT *, row_number() OVER (PARTITION BY article, copy
                ORDER BY exact DESC, similarity DESC, max(text_version, copy_text_version) DESC,
                    min(text_version, copy_text_version) DESC) AS rank
            FROM (
                SELECT t.article, o.article AS copy, t.version AS text_version, o.version AS copy_text_version,
                    1 AS exact, 1.0 AS similarity, 1.0 AS part, 1.0 AS copy_part
                FROM texts t JOIN texts o ON o.text = t.text AND o.article != t.article
                UNION ALL
                SELECT t.article, o.article, t.version, o.version, 0,
                    round(1.0 * p.shared / (p.length + p.other_length - p.shared), 3),
                    round(1.0 * p.shared / p.length, 3), round(1.0 * p.shared / p.other_length, 3)
                FROM texts t JOIN pairs p ON p.text = t.text
                    JOIN texts o ON o.text = p.other AND o.article != t.article))
        WHERE rank = 1""",
    # One row for each copy of an article; two articles are each other's copies. `part` of the article stands in the
    # copy, `copy_part` of the copy in the article; `version` and `copy_version` are those compared. `fields` differ in
    # their latest versions. `credits`: the copy names the article's site, or its publisher, as its source; `credited`:
    # the article so names the copy's. `first` is whose date is the earlier; where a date is missing or both overlap,
    # who was seen first (`first_by`); `unknown` where only one names the hour, and the other was seen first.
    f"""CREATE VIEW copies AS
        SELECT article, copy, site, "column", url, title, published, first_seen, presence, author, source, exact,
            similarity, part, copy_part, version, copy_version, fields, credits, credited,
            iif(copy_first, copy, article) AS first,
            CASE WHEN iif(copy_first, until < article_since, article_until < since) THEN 'published'
                WHEN iif(copy_first, first_seen < article_seen, article_seen < first_seen) THEN 'first_seen'
                ELSE 'unknown' END AS first_by
        FROM (
            SELECT x.*, s.name AS site, a."column", a.url, w.title, w.published, w.author, w.source, q.first_seen,
                a.presence, q.since, q.until, p.since AS article_since, p.until AS article_until,
                p.first_seen AS article_seen, v.number AS version, c.number AS copy_version,
                (q.out, q.first_seen, q.article) < (p.out, p.first_seen, p.article) AS copy_first,
                (SELECT json_group_array(field) FROM (
                    SELECT 'title' AS field WHERE n.title IS NOT w.title
                    UNION ALL SELECT 'source' WHERE n.source IS NOT w.source
                    UNION ALL SELECT 'author' WHERE n.author IS NOT w.author)) AS fields,
                p.site != q.site AND {_NAMES.format("w.source", "m.title", "n.publisher")} AS credits,
                p.site != q.site AND {_NAMES.format("n.source", "s.title", "w.publisher")} AS credited
            FROM alike x JOIN publications p ON p.article = x.article JOIN publications q ON q.article = x.copy
                JOIN articles a ON a.id = x.copy JOIN sites s ON s.id = q.site JOIN sites m ON m.id = p.site
                JOIN versions n ON n.id = p.version JOIN versions w ON w.id = q.version
                JOIN versions v ON v.id = x.text_version JOIN versions c ON c.id = x.copy_text_version)""",
    # One row for each article that was not the first to say what it says, with the one that was; `days` lie between.
    """CREATE VIEW republications AS
        SELECT article, site, "column", url, title, published, first_seen, presence, source, first, first_site,
            first_published, days, first_by, exact, similarity, part, first_part, fields, credits
        FROM (
            SELECT c.article, s.name AS site, a."column", a.url, v.title, p.published, p.first_seen, a.presence,
                v.source, c.first, c.site AS first_site, c.published AS first_published,
                CAST(julianday(p.out, '+8 hours', 'start of day') - julianday(q.out, '+8 hours', 'start of day')
                    AS INTEGER) AS days,
                c.first_by, c.exact, c.similarity, c.part, c.copy_part AS first_part, c.fields, c.credited AS credits,
                row_number() OVER (PARTITION BY c.article ORDER BY q.out, q.first_seen, q.article) AS rank
            FROM copies c JOIN publications p ON p.article = c.article JOIN publications q ON q.article = c.copy
                JOIN articles a ON a.id = c.article JOIN versions v ON v.id = p.version JOIN sites s ON s.id = p.site
            WHERE c.first = c.copy AND c.similarity >= 0.5)
        WHERE rank = 1""",
)
