"""The tables of archive.db, as migrations that run once each in a transaction, and what is derived from its columns.

Views, triggers and the full-text tables hold nothing of their own: where their SQL is no longer what stands here, they
are dropped and created again when a writer opens the archive. To change one, change it here; to change a table, add a
migration.
"""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterable

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from lufeng_crawler.archive import fields
from lufeng_crawler.archive.db import copies_schema, owed_schema

log = logging.getLogger(__name__)

migrations = Migrations("lufeng")

PUNCTUATION = "".join(map(chr, range(33, 127)))
CHARACTERS = f"""tokenize="ascii tokenchars '{PUNCTUATION.replace("'", "''").replace('"', '""')}'\""""
"""Every character is one that words are made of, whatever Unicode SQLite knows, so that spaces alone part them."""

FIRST_TABLES = (  # never edit: the first migration creates these, archives have them; add a migration below
    """CREATE TABLE sites (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT, start TEXT, family TEXT, site_id_code TEXT)""",
    """CREATE TABLE columns (
        id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES sites(id), name TEXT NOT NULL, url TEXT,
        settled_by INTEGER, swept_at TEXT, swept_by INTEGER REFERENCES captures(id), UNIQUE (site, name))""",
    """CREATE TABLE runs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, site INTEGER REFERENCES sites(id),
        started_at TEXT NOT NULL, finished_at TEXT, outcome TEXT, reason TEXT, full INTEGER NOT NULL,
        observations INTEGER NOT NULL, apart INTEGER NOT NULL, counts TEXT, stats TEXT, software TEXT, head TEXT)""",
    """CREATE TABLE captures (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(id), site INTEGER NOT NULL REFERENCES sites(id),
        url TEXT NOT NULL, fetched_at TEXT NOT NULL, status INTEGER NOT NULL, kind TEXT NOT NULL, "column" TEXT,
        outcome TEXT NOT NULL, reason TEXT, location TEXT, article INTEGER REFERENCES articles(id), mime TEXT,
        payload_digest TEXT NOT NULL, length INTEGER NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL,
        record_length INTEGER NOT NULL, record_digest TEXT NOT NULL, etag TEXT, last_modified TEXT,
        revisit_of INTEGER REFERENCES captures(id), content TEXT, vantage TEXT, chain TEXT NOT NULL)""",
    # AUTOINCREMENT where a row can go again (two articles prove to be one): its id must not become another's.
    """CREATE TABLE articles (
        id INTEGER PRIMARY KEY AUTOINCREMENT, site INTEGER NOT NULL REFERENCES sites(id), key TEXT NOT NULL,
        url TEXT NOT NULL, "column" TEXT, first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, presence TEXT NOT NULL,
        presence_since TEXT NOT NULL, next_visit TEXT NOT NULL, UNIQUE (site, key))""",
    """CREATE TABLE urls (
        site INTEGER NOT NULL REFERENCES sites(id), url TEXT NOT NULL, article INTEGER NOT NULL REFERENCES articles(id),
        first_seen TEXT NOT NULL, PRIMARY KEY (site, url)) WITHOUT ROWID""",
    """CREATE TABLE versions (
        id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles(id), number INTEGER NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id), first_seen TEXT NOT NULL, last_seen TEXT NOT NULL,
        title TEXT NOT NULL, published TEXT, author TEXT, source TEXT, editor TEXT, publisher TEXT, doc_number TEXT,
        index_number TEXT, body TEXT NOT NULL, body_html TEXT NOT NULL, images TEXT NOT NULL,
        keywords TEXT NOT NULL, tags TEXT NOT NULL, content_digest TEXT NOT NULL, provenance TEXT NOT NULL,
        reader TEXT NOT NULL, UNIQUE (article, number))""",
    """CREATE TABLE attachments (
        id INTEGER PRIMARY KEY, version INTEGER NOT NULL REFERENCES versions(id), url TEXT NOT NULL, text TEXT NOT NULL,
        mime TEXT, length INTEGER, digest TEXT, capture INTEGER REFERENCES captures(id))""",
    """CREATE TABLE entries (
        id INTEGER PRIMARY KEY, "column" INTEGER NOT NULL REFERENCES columns(id), key TEXT NOT NULL, url TEXT NOT NULL,
        article INTEGER REFERENCES articles(id), title TEXT NOT NULL, published TEXT, pinned INTEGER NOT NULL,
        first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, first_capture INTEGER NOT NULL REFERENCES captures(id),
        last_capture INTEGER NOT NULL REFERENCES captures(id), delisted_at TEXT, UNIQUE ("column", key))""",
    """CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, kind TEXT NOT NULL,
        article INTEGER NOT NULL REFERENCES articles(id), site TEXT REFERENCES sites(name),
        from_version INTEGER, to_version INTEGER, fields TEXT NOT NULL, silent INTEGER NOT NULL,
        backdated INTEGER NOT NULL, evidence TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs(id))""",
    # Beginnings and ends of runs as they lie in the WARCs: what was concluded rests on them, so the chain covers them.
    """CREATE TABLE run_events (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs(id), kind TEXT NOT NULL, at TEXT NOT NULL,
        file TEXT NOT NULL, offset INTEGER NOT NULL, record_length INTEGER NOT NULL, record_digest TEXT NOT NULL,
        chain TEXT NOT NULL)""",
    "CREATE TABLE search_scheme (name TEXT NOT NULL)",
    # What readers count and search by, without the texts. The ids rise with the day of publication: see latest.py.
    """CREATE TABLE latest (
        id INTEGER PRIMARY KEY, article INTEGER NOT NULL UNIQUE REFERENCES articles(id),
        version INTEGER NOT NULL UNIQUE REFERENCES versions(id), site TEXT NOT NULL, "column" TEXT, source TEXT,
        published TEXT)""",
    """CREATE TABLE retired (id INTEGER PRIMARY KEY)""",
    """CREATE TABLE stale (article INTEGER PRIMARY KEY)""",
    *copies_schema.FIRST_TABLES,
    """CREATE TABLE warcs (
        file TEXT PRIMARY KEY, length INTEGER NOT NULL, genesis TEXT NOT NULL, follows TEXT NOT NULL,
        arrival TEXT NOT NULL, head TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX runs_of_site ON runs (site)",
    "CREATE INDEX runs_by_start ON runs (site, kind, started_at)",
    "CREATE INDEX runs_by_end ON runs (site, outcome, finished_at)",
    "CREATE UNIQUE INDEX captures_by_place ON captures (file, offset)",
    "CREATE UNIQUE INDEX run_events_by_place ON run_events (file, offset)",
    "CREATE INDEX run_events_of_run ON run_events (run)",
    "CREATE INDEX captures_of_url ON captures (url, payload_digest)",
    "CREATE INDEX captures_of_article ON captures (article, fetched_at) WHERE article IS NOT NULL",
    "CREATE INDEX captures_of_run ON captures (run, outcome)",
    "CREATE INDEX captures_by_location ON captures (location) WHERE location IS NOT NULL",
    "CREATE INDEX articles_due ON articles (site, next_visit)",
    "CREATE INDEX articles_absent ON articles (presence, presence_since) WHERE presence != 'live'",
    "CREATE INDEX urls_of_article ON urls (article)",
    "CREATE INDEX versions_by_time ON versions (first_seen)",
    "CREATE INDEX versions_of_content ON versions (content_digest)",
    "CREATE INDEX attachments_of_version ON attachments (version)",
    "CREATE INDEX attachments_of_url ON attachments (url)",
    'CREATE INDEX entries_of_column ON entries ("column", delisted_at, published)',
    "CREATE INDEX entries_of_key ON entries (key)",
    "CREATE INDEX entries_of_url ON entries (url)",
    "CREATE INDEX entries_of_article ON entries (article) WHERE article IS NOT NULL",
    'CREATE INDEX entries_pending ON entries ("column") WHERE article IS NULL',
    "CREATE INDEX changes_of_article ON changes (article)",
    "CREATE INDEX changes_of_run ON changes (run)",
    "CREATE INDEX changes_by_time ON changes (at)",
    "CREATE INDEX changes_by_kind ON changes (kind, at)",
    "CREATE INDEX changes_by_site ON changes (site, kind, at)",
    'CREATE INDEX latest_by_site ON latest (site, "column", published)',
    'CREATE INDEX latest_by_column ON latest ("column", published)',
    "CREATE INDEX latest_by_source ON latest (source)",
    "CREATE INDEX latest_by_day ON latest (published)",
    "CREATE INDEX latest_by_day_of_site ON latest (site, published)",
)

TRIGGERS = (
    # Not of last_seen, which every look at an article moves on.
    """CREATE TRIGGER version_came AFTER INSERT ON versions
        BEGIN INSERT OR IGNORE INTO stale VALUES (new.article); END""",
    f"""CREATE TRIGGER version_changed AFTER UPDATE OF article, number, {", ".join(fields.NAMES)} ON versions
        BEGIN INSERT OR IGNORE INTO stale VALUES (old.article), (new.article); END""",
    """CREATE TRIGGER version_went AFTER DELETE ON versions
        BEGIN INSERT OR IGNORE INTO stale VALUES (old.article); END""",
    """CREATE TRIGGER article_changed AFTER UPDATE OF "column" ON articles
        BEGIN INSERT OR IGNORE INTO stale VALUES (old.id); END""",
    """CREATE TRIGGER article_went AFTER DELETE ON articles
        BEGIN INSERT OR IGNORE INTO stale VALUES (old.id); END""",
    """CREATE TRIGGER change_came AFTER INSERT ON changes WHEN new.site IS NULL
        BEGIN UPDATE changes SET site = (SELECT s.name FROM articles a JOIN sites s ON s.id = a.site
            WHERE a.id = new.article) WHERE id = new.id; END""",
)
"""Each change of an article's text writes its id into `stale`, by whatever path, for `store/derived_tables.py`.

`change_came` fills in the site of an event.
"""

_FIELDS = ", ".join(f"v.{name}" for name in fields.NAMES)

VIEWS = (
    f"""CREATE VIEW latest_articles AS
        SELECT a.id, l.site, a.key, a.url,
            (SELECT json_group_array(url) FROM (SELECT url FROM urls WHERE article = a.id ORDER BY first_seen, url))
                AS urls,
            l."column", a.presence, a.presence_since, a.first_seen, a.last_seen, v.number AS version,
            {_FIELDS.replace("v.published", "l.published")},
            (SELECT json_group_array(json_object('url', url, 'text', text, 'digest', digest))
                FROM (SELECT * FROM attachments WHERE version = v.id ORDER BY id)) AS attachments,
            v.content_digest
        FROM latest l JOIN articles a ON a.id = l.article JOIN versions v ON v.id = l.version""",
    f"""CREATE VIEW article_versions AS
        SELECT v.article, v.number, v.capture, v.first_seen, v.last_seen, {_FIELDS}, v.content_digest, v.reader
        FROM versions v""",
    """CREATE VIEW edits AS
        SELECT c.id, c.at, c.site, c.article, a.url, v.title, c.fields, c.silent, c.backdated, c.from_version,
            c.to_version, c.evidence AS captures
        FROM changes c JOIN articles a ON a.id = c.article
            JOIN versions v ON v.article = c.article AND v.number = c.to_version
        WHERE c.kind = 'edited'""",
    # `evidence` is the captures that prove the event, as they answered; of an edit, before and after.
    """CREATE VIEW events AS
        SELECT c.id, c.at, c.kind, c.site, c.article, a.url, n.title, c.fields, c.silent, c.backdated,
            c.from_version, c.to_version, c.evidence AS captures, a.key, n.published,
            o.published AS published_before, r.name AS run,
            (SELECT json_group_array(json_object('capture', id, 'at', fetched_at, 'run', run, 'url', url,
                    'status', status, 'outcome', outcome, 'reason', reason, 'location', location, 'column', "column",
                    'digest', payload_digest))
                FROM (SELECT p.* FROM json_each(c.evidence) e JOIN captures p ON p.id = e.value ORDER BY e.key))
                AS evidence
        FROM changes c JOIN articles a ON a.id = c.article JOIN runs r ON r.id = c.run
            JOIN versions n ON n.article = c.article
                AND n.number = coalesce(c.to_version, (SELECT max(number) FROM versions WHERE article = c.article))
            LEFT JOIN versions o ON o.article = c.article AND o.number = c.from_version""",
    """CREATE VIEW deletions AS
        SELECT l.id AS article, l.site, l.url, l.title, l.published, l.presence, l.presence_since, l.last_seen,
            (SELECT evidence FROM changes WHERE article = l.id AND kind IN ('missing', 'gone') ORDER BY id DESC LIMIT 1)
                AS captures
        FROM latest_articles l WHERE l.presence != 'live'""",
    # Two rows of one address: the file was replaced, whether or not a page that links to it says so.
    """CREATE VIEW files AS
        SELECT c.url, c.payload_digest AS digest, max(c.mime) AS mime, max(c.length) AS length,
            min(c.fetched_at) AS first_seen, max(c.fetched_at) AS last_seen, count(*) AS captures
        FROM captures c WHERE c.outcome = 'file' GROUP BY c.url, c.payload_digest""",
    """CREATE VIEW site_health AS
        SELECT s.name AS site,
            (SELECT max(finished_at) FROM runs WHERE site = s.id AND outcome = 'good') AS last_good,
            r.finished_at AS last_run, r.outcome AS last_outcome, r.reason,
            (SELECT count(*) FROM latest WHERE site = s.name) AS articles,
            (SELECT max(published) FROM latest WHERE site = s.name) AS newest,
            json_extract(r.counts, '$.entries') AS entries, json_extract(r.counts, '$.blocked') AS blocked,
            json_extract(r.counts, '$.layout_alarms') AS layout_alarms,
            json_extract(r.counts, '$.owed') AS owed, json_extract(r.counts, '$.out_of_reach') AS out_of_reach,
            s.false_304
        FROM sites s LEFT JOIN runs r ON r.id = (SELECT max(id) FROM runs WHERE site = s.id AND kind = 'crawl')""",
    *owed_schema.VIEWS,
    *copies_schema.VIEWS,
)


_INDEXED = ", ".join(field.name for field in fields.SEARCHED)

FULL_TEXT = (
    # A row's id is that of `latest`. The texts themselves are not in these tables: see search/fulltext_index.py.
    f"""CREATE VIRTUAL TABLE search USING fts5(
        {_INDEXED}, "column",
        content='', {CHARACTERS})""",
    f"CREATE VIRTUAL TABLE search_titles USING fts5(title, content='', {CHARACTERS})",
)


# The names of the functions below are stored in archives: never rename one.


@migrations()
def tables(db: Database) -> None:
    """Create the tables and indexes of the first release."""
    for statement in FIRST_TABLES:
        db.execute(statement)


LAST_DIGEST = "lufeng-crawler 0.1.0 ab013a10176f"
"""The last name of the reader from when it was named by a digest of its source: those rules are number 1 now."""


@migrations()
def number_readers(db: Database) -> None:
    """Name the reader by its number. Versions read by other sources keep those names, and are read again when met."""
    db.execute(
        "UPDATE versions SET reader = '1' || substr(reader, ?) WHERE reader = ? OR reader LIKE ? || ' +%'",
        [len(LAST_DIGEST) + 1, LAST_DIGEST, LAST_DIGEST],
    )


@migrations()
def store_presence_rule(db: Database) -> None:
    """Store the presence rule of a run as one JSON value, so that a rule with another key needs no column."""
    db.execute("ALTER TABLE runs ADD COLUMN presence_rule TEXT NOT NULL DEFAULT '{}'")
    db.execute("UPDATE runs SET presence_rule = json_object('observations', observations, 'apart', apart)")
    for column in ("observations", "apart"):
        db.execute(f"ALTER TABLE runs DROP COLUMN {column}")


OWED_TABLES = (
    "ALTER TABLE runs ADD COLUMN rules INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE runs ADD COLUMN proves INTEGER",
    "UPDATE runs SET proves = outcome = 'good' WHERE outcome IS NOT NULL",
    "ALTER TABLE sites ADD COLUMN hosts TEXT",
    "ALTER TABLE sites ADD COLUMN false_304 INTEGER REFERENCES captures(id)",
    "ALTER TABLE columns ADD COLUMN coverage TEXT",
    "ALTER TABLE columns ADD COLUMN swept_down_to TEXT",
    # The sweep after which a line with an older date can only have been put in since: see Coverage.is_sure.
    "ALTER TABLE columns ADD COLUMN sure_at TEXT",
    "ALTER TABLE columns ADD COLUMN sure_by INTEGER REFERENCES captures(id)",
    "UPDATE columns SET sure_at = swept_at, sure_by = swept_by",
    "ALTER TABLE captures ADD COLUMN listed_title TEXT",
    "ALTER TABLE captures ADD COLUMN listed_published TEXT",
    # A line that one sweep did not show: when, in which run, and the listings that prove it.
    "ALTER TABLE entries ADD COLUMN absent_since TEXT",
    "ALTER TABLE entries ADD COLUMN absent_run INTEGER REFERENCES runs(id)",
    "ALTER TABLE entries ADD COLUMN absent_captures TEXT",
    """CREATE TABLE unanswered (
        id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES run_events(id),
        run INTEGER NOT NULL REFERENCES runs(id), site INTEGER NOT NULL REFERENCES sites(id), url TEXT NOT NULL,
        kind TEXT NOT NULL, "column" TEXT, at TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL)""",
    "CREATE INDEX captures_unconfirmed ON captures (content) WHERE outcome = 'unconfirmed'",
    "CREATE INDEX unanswered_of_url ON unanswered (url)",
    "CREATE INDEX unanswered_of_run ON unanswered (run)",
    # What a probe has taught, see history/probes.py.
    """CREATE TABLE probes (
        id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES sites(id),
        capture INTEGER NOT NULL REFERENCES captures(id), run INTEGER NOT NULL REFERENCES runs(id),
        at TEXT NOT NULL, lines TEXT NOT NULL, location TEXT)""",
    "CREATE INDEX probes_of_site ON probes (site, at)",
    # http and https of a host are one, so that the key of what has no id of its own begins with http.
    "UPDATE OR IGNORE articles SET key = 'http://' || substr(key, 9) WHERE key LIKE 'https://%'",
    "UPDATE OR IGNORE entries SET key = 'http://' || substr(key, 9) WHERE key LIKE 'https://%'",
    # A line that changes by its digits alone on page after page, digits written as #: no content of an article.
    """CREATE TABLE template_lines (
        id INTEGER PRIMARY KEY, site INTEGER NOT NULL REFERENCES sites(id), line TEXT NOT NULL, since TEXT NOT NULL,
        run INTEGER NOT NULL REFERENCES runs(id), articles TEXT NOT NULL, UNIQUE (site, line))""",
)


@migrations()
def remember_what_is_owed(db: Database) -> None:
    """Add what coverage, owed entries, proof by runs, absences and template lines are stored in."""
    for statement in OWED_TABLES:
        db.execute(statement)


OWED_INDEXES = (
    'CREATE INDEX entries_absent ON entries ("column", absent_since) WHERE absent_since IS NOT NULL',
    "CREATE INDEX captures_of_probes ON captures (site, fetched_at) WHERE kind = 'probe'",
)


@migrations()
def index_what_is_asked_often(db: Database) -> None:
    """Index the lines that a sweep missed and the probes: few rows, looked for with every page and every crawl."""
    for statement in OWED_INDEXES:
        db.execute(statement)


_NAME = re.compile(r"CREATE (VIEW|TRIGGER|VIRTUAL TABLE) (\w+)")


def migrate(db: sqlite3.Connection) -> None:
    """Bring the database to the newest schema. Do nothing where it has that already. Raises sqlite3.Error.

    SQLite changes no table while a view or trigger would break by that, so all of them are dropped first, those that
    the archive's owner made included, and created again. All in one transaction: an error leaves everything as it was.
    """
    database = Database(db)
    with database.atomic():
        owned = _drop_dependents(db) if migrations.pending(database) else []
        migrations.apply(database)
        recreate_derived(db)
        _restore(db, owned)


def recreate_derived(db: sqlite3.Connection) -> None:
    """Create anew the views, triggers and full-text tables whose SQL is not what stands here.

    A full-text table that was created anew is empty. Its scheme is forgotten with it, so that the next start fills it.
    """
    existing = {sql for (sql,) in db.execute("SELECT sql FROM sqlite_master")}
    outdated = [statement for statement in (*FULL_TEXT, *VIEWS, *TRIGGERS) if statement not in existing]
    _drop(db, outdated)
    for statement in outdated:
        db.execute(statement)
    if not set(outdated).isdisjoint(FULL_TEXT):
        db.execute("DELETE FROM search_scheme")


def _drop_dependents(db: sqlite3.Connection) -> list[str]:
    """Drop all views and triggers, and indexes that are not ours. Return the SQL of those that are not ours."""
    sql = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'trigger', 'index') AND sql IS NOT NULL"
    ours = {_kind_and_name(statement)[1] for statement in (*VIEWS, *TRIGGERS)}
    owned = []
    for kind, name, statement in db.execute(f"{sql} ORDER BY rowid").fetchall():
        if kind == "index" and statement in FIRST_TABLES:
            continue
        quoted = name.replace('"', '""')
        db.execute(f'DROP {kind} IF EXISTS "{quoted}"')  # a trigger goes with its view
        if name not in ours:
            owned.append(statement)
    return owned


def _restore(db: sqlite3.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        try:
            db.execute(statement)
        except sqlite3.Error as error:
            log.warning(
                "the new schema of archive.db has no place for this, which was dropped: %s (%s)", statement, error
            )


def _drop(db: sqlite3.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        kind, name = _kind_and_name(statement)
        db.execute(f"DROP {kind} IF EXISTS {name}")


def _kind_and_name(statement: str) -> tuple[str, str]:
    """Return what one of our statements creates, in the words of DROP, and its name."""
    made = _NAME.match(statement)
    assert made, statement
    return made[1].removeprefix("VIRTUAL "), made[2]
