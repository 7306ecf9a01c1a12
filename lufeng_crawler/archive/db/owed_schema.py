"""The views of what sites owe: entries that were listed and not captured, and how they were asked for."""

from __future__ import annotations

from lufeng_crawler.archive.db.conditions import MAX_REDIRECT_HOPS

_HOST = """substr(substr({0}, instr({0}, '://') + 3), 1,
            instr(replace(substr({0}, instr({0}, '://') + 3), '?', '/') || '/', '/') - 1)"""

_IS_ANSWERED = f"""EXISTS (
            WITH RECURSIVE target (url, hops) AS (
                SELECT entry.url, 0 UNION SELECT hop.location, hops + 1 FROM target JOIN captures hop
                    ON hop.url = target.url AND +hop.site = site.id AND +hop.location IS NOT NULL
                WHERE hops < {MAX_REDIRECT_HOPS})
            SELECT 1 FROM target JOIN captures answer ON answer.url = target.url AND +answer.site = site.id
            WHERE +answer.outcome IN ({{}}) AND answer.kind != 'probe')"""
"""Whether an entry's address, or one that it redirects to, has had an answer of one of these outcomes."""

_IS_CAPTURED, _IS_DENIED = (_IS_ANSWERED.format(outcomes) for outcomes in ("'article', 'file'", "'gone'"))

_ASKED = """SELECT id, 1 AS is_capture, site, url, run, fetched_at AS at, outcome, coalesce(location, reason) AS reason
        FROM captures WHERE kind NOT IN ('robots', 'probe') {0}
        UNION ALL SELECT id, 0, site, url, run, at, outcome, reason FROM unanswered WHERE 1 {0}"""
"""Every request for an address, answered or not. A condition goes into both parts, or SQLite reads both whole."""

_ASKED_FOR_ENTRY = f"({_ASKED.format('AND url = entry.url AND +site = site.id')})"

_LAST_ASKED = f"""(SELECT json_array(at, outcome, reason) FROM {_ASKED_FOR_ENTRY}
            ORDER BY at DESC, is_capture, id DESC LIMIT 1)"""

_WAIT = """CASE WHEN is_denied THEN 7 * 24 WHEN asked < 2 THEN 0
                    ELSE min(30 * 24, (24 << min(asked - 2, 6)) - 12) END"""
"""Hours until an entry is asked for again.

In the next run after the first failure, then ever more seldom; after a week what the site denied and still lists.
"""

VIEWS = (
    f"CREATE VIEW asked AS {_ASKED.format('')}",
    # Entries of crawled sites that have not been captured. `obstacle` is why one cannot be had: its host, or that of
    # what it redirects to, is not named in the site file (`host`), robots.txt forbids it (`robots.txt`), or the site
    # says that it is gone (`gone`).
    f"""CREATE VIEW uncaptured AS
        SELECT site, "column", url, key, title, published, first_listed, asked, last_asked, last_outcome, last_reason,
            strftime('%Y-%m-%dT%H:%M:%SZ', coalesce(last_asked, first_listed), '+' || {_WAIT} || ' hours') AS next_ask,
            CASE WHEN is_denied THEN 'gone'
                WHEN hosts IS NOT NULL AND host NOT IN (SELECT value FROM json_each(hosts)) THEN 'host'
                WHEN last_outcome = 'forbidden' THEN 'robots.txt' END AS obstacle, host, site_id, entry
        FROM (SELECT *, {_HOST.format("iif(last_outcome = 'redirect', last_reason, url)")} AS host
            FROM (SELECT *, json_extract(last, '$[0]') AS last_asked, json_extract(last, '$[1]') AS last_outcome,
                json_extract(last, '$[2]') AS last_reason
            FROM (
                SELECT site.name AS site, site.id AS site_id, site.hosts, site_column.name AS "column",
                    entry.id AS entry, entry.url, entry.key, entry.title, entry.published,
                    entry.first_seen AS first_listed, {_LAST_ASKED} AS last,
                    {_IS_DENIED} AS is_denied,
                    (SELECT count(DISTINCT run) FROM {_ASKED_FOR_ENTRY}) AS asked
                FROM entries entry JOIN columns site_column ON site_column.id = entry."column"
                    JOIN sites site ON site.id = site_column.site
                WHERE entry.article IS NULL AND entry.url != '' AND site.start IS NOT NULL AND NOT {_IS_CAPTURED})))""",
    """CREATE VIEW owed AS
        SELECT site, "column", url, title, published, first_listed, asked, last_asked, last_outcome, last_reason,
            next_ask
        FROM uncaptured WHERE obstacle IS NULL""",
    """CREATE VIEW out_of_reach AS
        SELECT site, "column", url, title, published, first_listed, obstacle, host FROM uncaptured
        WHERE obstacle IN ('host', 'robots.txt')""",
)
