"""The tables and views of texts that appear in more than one article (转载)."""

from __future__ import annotations

FIRST_TABLES = (
    # Which text a version has. A text's id is a hash of its comparable form: see shingles.py.
    """CREATE TABLE texts (
        version INTEGER PRIMARY KEY REFERENCES versions(id), article INTEGER NOT NULL REFERENCES articles(id),
        text INTEGER NOT NULL)""",
    "CREATE INDEX texts_of_article ON texts (article)",
    "CREATE INDEX texts_by_name ON texts (text)",
    # The hashes that a text is found by, and which texts have one of them: see search/near_duplicates.py.
    "CREATE TABLE sketches (text INTEGER PRIMARY KEY, prints BLOB NOT NULL)",
    "CREATE TABLE prints (print INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (print, text)) WITHOUT ROWID",
    # Two texts that differ and share much, one row in each direction: the shingles they share, and the length of both.
    """CREATE TABLE pairs (
        text INTEGER NOT NULL, other INTEGER NOT NULL, shared INTEGER NOT NULL, length INTEGER NOT NULL,
        other_length INTEGER NOT NULL, PRIMARY KEY (text, other)) WITHOUT ROWID""",
)

_DATE = "latest.published || iif(length(latest.published) = 10, '{}', '')"
_UTC = "strftime('%Y-%m-%dT%H:%M:%SZ', {})"
_SINCE, _UNTIL = (_UTC.format(_DATE.format(time)) for time in ("T00:00:00+08:00", "T23:59:59+08:00"))

_NAMES = "coalesce(instr({0}, {1}) OR instr({1}, {0}) OR instr({0}, {2}), 0)"
"""Whether the source {0} contains the site's title {1} or its publisher {2}, or is part of that title."""

VIEWS = (
    # The span of time that an article's stated date covers (`since`, `until`), and `out`: the moment by which it was
    # certainly published, if the stated date is true.
    f"""CREATE VIEW publications AS
        SELECT article.id AS article, latest.version, article.site, latest.published, article.first_seen,
            {_SINCE} AS since, {_UNTIL} AS until,
            min(article.first_seen, coalesce({_UNTIL}, article.first_seen)) AS out
        FROM latest JOIN articles article ON article.id = latest.article""",
    # Every two articles that have a version with the same or a similar text, with the two most similar versions.
    """CREATE VIEW alike AS
        SELECT article, copy, text_version, copy_text_version, exact, similarity, part, copy_part FROM (
            SELECT *, row_number() OVER (PARTITION BY article, copy
                ORDER BY exact DESC, similarity DESC, max(text_version, copy_text_version) DESC,
                    min(text_version, copy_text_version) DESC) AS rank
            FROM (
                SELECT mine.article, its.article AS copy, mine.version AS text_version,
                    its.version AS copy_text_version, 1 AS exact, 1.0 AS similarity, 1.0 AS part, 1.0 AS copy_part
                FROM texts mine JOIN texts its ON its.text = mine.text AND its.article != mine.article
                UNION ALL
                SELECT mine.article, its.article, mine.version, its.version, 0,
                    round(1.0 * pair.shared / (pair.length + pair.other_length - pair.shared), 3),
                    round(1.0 * pair.shared / pair.length, 3), round(1.0 * pair.shared / pair.other_length, 3)
                FROM texts mine JOIN pairs pair ON pair.text = mine.text
                    JOIN texts its ON its.text = pair.other AND its.article != mine.article))
        WHERE rank = 1""",
    # One row for each copy of an article; two articles are each other's copies. `part` is the share of the article's
    # text that is in the copy, `copy_part` the share of the copy's text that is in the article; `version` and
    # `copy_version` are the versions compared. `fields` differ between their latest versions. `credits`: the copy names
    # the article's site, or its publisher, as its source; `credited`: the article names the copy's. `first` is the one
    # with the earlier date; where a date is missing or the spans overlap, the one seen first (`first_by`); `first_by`
    # is `unknown` where only one states the hour and the other was seen first.
    f"""CREATE VIEW copies AS
        SELECT article, copy, site, "column", url, title, published, first_seen, presence, author, source, exact,
            similarity, part, copy_part, version, copy_version, fields, credits, credited,
            iif(copy_first, copy, article) AS first,
            CASE WHEN iif(copy_first, until < article_since, article_until < since) THEN 'published'
                WHEN iif(copy_first, first_seen < article_seen, article_seen < first_seen) THEN 'first_seen'
                ELSE 'unknown' END AS first_by
        FROM (
            SELECT alike.*, copy_site.name AS site, copy_article."column", copy_article.url, copy_latest.title,
                copy_latest.published, copy_latest.author, copy_latest.source, its.first_seen, copy_article.presence,
                its.since, its.until, mine.since AS article_since, mine.until AS article_until,
                mine.first_seen AS article_seen, compared.number AS version, copy_compared.number AS copy_version,
                (its.out, its.first_seen, its.article) < (mine.out, mine.first_seen, mine.article) AS copy_first,
                (SELECT json_group_array(field) FROM (
                    SELECT 'title' AS field WHERE my_latest.title IS NOT copy_latest.title
                    UNION ALL SELECT 'source' WHERE my_latest.source IS NOT copy_latest.source
                    UNION ALL SELECT 'author' WHERE my_latest.author IS NOT copy_latest.author)) AS fields,
                mine.site != its.site
                    AND {_NAMES.format("copy_latest.source", "my_site.title", "my_latest.publisher")} AS credits,
                mine.site != its.site
                    AND {_NAMES.format("my_latest.source", "copy_site.title", "copy_latest.publisher")} AS credited
            FROM alike JOIN publications mine ON mine.article = alike.article
                JOIN publications its ON its.article = alike.copy
                JOIN articles copy_article ON copy_article.id = alike.copy
                JOIN sites copy_site ON copy_site.id = its.site JOIN sites my_site ON my_site.id = mine.site
                JOIN versions my_latest ON my_latest.id = mine.version
                JOIN versions copy_latest ON copy_latest.id = its.version
                JOIN versions compared ON compared.id = alike.text_version
                JOIN versions copy_compared ON copy_compared.id = alike.copy_text_version)""",
    # One row for each article that was not the first with its text, and the first that had it (of at least half of it);
    # `days` lie between the two.
    """CREATE VIEW republications AS
        SELECT article, site, "column", url, title, published, first_seen, presence, source, first, first_site,
            first_published, days, first_by, exact, similarity, part, first_part, fields, credits
        FROM (
            SELECT copies.article, site.name AS site, article."column", article.url, version.title, mine.published,
                mine.first_seen, article.presence, version.source, copies.first, copies.site AS first_site,
                copies.published AS first_published,
                CAST(julianday(mine.out, '+8 hours', 'start of day') - julianday(its.out, '+8 hours', 'start of day')
                    AS INTEGER) AS days,
                copies.first_by, copies.exact, copies.similarity, copies.part, copies.copy_part AS first_part,
                copies.fields, copies.credited AS credits,
                row_number() OVER (PARTITION BY copies.article ORDER BY its.out, its.first_seen, its.article) AS rank
            FROM copies JOIN publications mine ON mine.article = copies.article
                JOIN publications its ON its.article = copies.copy
                JOIN articles article ON article.id = copies.article JOIN versions version ON version.id = mine.version
                JOIN sites site ON site.id = mine.site
            WHERE copies.first = copies.copy AND copies.similarity >= 0.5)
        WHERE rank = 1""",
)
