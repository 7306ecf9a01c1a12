"""Turns the records of WARC files into rows, one at a time: the same for a crawl, an ingest and a rebuild."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from lufeng_crawler.archive.db.rows import first, insert, update, value
from lufeng_crawler.archive.history import (
    articles,
    attachments,
    content_moves,
    presence,
    probes,
    redirect_moves,
    template_lines,
    unconfirmed,
    validators,
    versions,
)
from lufeng_crawler.archive.history.article_urls import article_at_url
from lufeng_crawler.archive.history.observation import Observation, ReadAgain
from lufeng_crawler.archive.history.probes import LinesOf
from lufeng_crawler.archive.history.unconfirmed import Unconfirmed
from lufeng_crawler.archive.shingles import comparable_text
from lufeng_crawler.archive.store import listings, runs, unanswered
from lufeng_crawler.archive.warc import hash_chain
from lufeng_crawler.archive.warc.files import RecordLocation
from lufeng_crawler.archive.warc.hash_chain import ChainState
from lufeng_crawler.archive.warc.records import FileHeader, Original, Record, RunMarker
from lufeng_crawler.items import (
    Article,
    Blocked,
    Capture,
    File,
    Gone,
    Listing,
    Other,
    PresenceRule,
    Reading,
    Redirect,
    Unchanged,
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """What must be known of a run while its captures are recorded."""

    id: int
    presence_rule: PresenceRule
    rules: int = 0
    is_crawl: bool = True


def find_original(db: sqlite3.Connection, site: str, where: str, *values: object) -> Original | None:
    """Return the site's newest capture with a payload of its own that meets the SQL condition `where`."""
    row = first(
        db,
        "SELECT id, url, fetched_at, payload_digest, outcome, length FROM captures"
        f" WHERE {where} AND site = (SELECT id FROM sites WHERE name = ?) AND revisit_of IS NULL AND kind != 'probe'"
        " ORDER BY id DESC LIMIT 1",
        *values,
        site,
    )
    return Original(*row) if row else None


def find_confirmed_by_304(db: sqlite3.Connection, site: str, url: str, at: str) -> Original | None:
    """Return the capture whose payload a 304 of that URL and time confirms: the newest known payload up to then."""
    newest = (
        "id = (SELECT coalesce(revisit_of, id) FROM captures WHERE url = ? AND fetched_at <= ? AND status = 200"
        " AND site = (SELECT id FROM sites WHERE name = ?) ORDER BY fetched_at DESC, id DESC LIMIT 1)"
    )
    return find_original(db, site, newest, url, at, site)


class Recorder:
    """Records over one connection, inside the caller's transaction.

    `reader_of` names what reads a site today; `read_again` reads an earlier capture, by id, with it; `lines_of` returns
    the lines of a page that a reader sees.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        reader_of: Callable[[str], str],
        read_again: ReadAgain,
        lines_of: LinesOf = lambda page: (),
    ) -> None:
        self.db, self.reader_of, self.read_again, self.lines_of = db, reader_of, read_again, lines_of
        self._runs: dict[str, RunRow] = {}
        self._sites: dict[str, int] = {}
        self._lines: dict[int, frozenset[str]] = {}
        self._chains: dict[str, ChainState] = {}
        self.reset()

    def reset(self) -> None:
        """Go on from where the tables end: at the start, and after a transaction that was rolled back."""
        self._runs.clear()
        self._sites.clear()
        self._lines.clear()
        self._chains.clear()
        self.last_id = value(self.db, "SELECT max(id) FROM captures") or 0

    def chain_state(self, file: str) -> ChainState:
        """Return how far a file is recorded, what waits for its batch included."""
        if file not in self._chains:
            self._chains[file] = hash_chain.load_chain_state(self.db, file)
        return self._chains[file]

    def record_file_header(self, header: FileHeader, place: RecordLocation) -> None:
        """Record that a file begins."""
        self.chain_state(place.file).begin(header, place.digest)

    def record_run_marker(self, marker: RunMarker, place: RecordLocation) -> None:
        """Record the start or end of a run.

        An end that another process wrote, which found the run cut short, is replaced by the run's own.
        """
        head = self.chain_state(place.file).link(marker, place.digest)
        if marker.kind == "begin":
            self._record_start(marker)
        elif marker.kind == "end" and not runs.has_ended(self.db, marker.run):
            self._record_end(marker, head)
        event = insert(
            self.db,
            "run_events",
            run=self._run(marker.run).id,
            kind=marker.kind,
            at=marker.at,
            file=place.file,
            offset=place.offset,
            record_length=place.length,
            record_digest=place.digest,
            chain=head,
        )
        if marker.kind == "unanswered":
            site = self._site(str(marker.data.get("site")))
            unanswered.insert_unanswered(self.db, marker, self._run(marker.run).id, site, event)
        if marker.kind == "end":
            self._runs.pop(marker.run, None)

    def record_capture(self, record: Record, place: RecordLocation, reading: Reading) -> None:
        """Record an answer and all that follows from its reading."""
        original = self.original(record)
        observation = self._observe(record)
        if isinstance(reading, Unchanged) and original:
            reading = self._reading_of_repeat(observation, original)
        if observation.rules:
            reading = self.as_denial(record, _as_asked_for(record.capture, reading))
        shown = articles.find_unconfirmed(observation, reading) or reading
        article = self._record_reading(observation, shown, original)
        insert(
            self.db,
            "captures",
            run=observation.run_id,
            site=observation.site_id,
            article=article,
            content=self._shown_content(article, observation, shown),
            revisit_of=original.id if original else None,
            chain=self.chain_state(place.file).link(record, place.digest),
            **_record_columns(record, original),
            **_place_columns(place),
            **capture_columns(record.capture),
            **_reading_columns(shown),
        )
        self.last_id = observation.capture_id
        self._follow_up(observation, shown, article)

    def as_denial(self, record: Record, reading: Reading) -> Reading:
        """Return a reading as what a probe of the site has taught that it says."""
        site = self._site(record.capture.site)
        return probes.as_denial(self.db, site, record.capture, reading, self.lines_of) or reading

    def original(self, record: Record) -> Original | None:
        """Return the capture that a revisit record refers to, as far as the archive has it."""
        if record.refers_to is None:
            return None
        url, at = record.refers_to
        same = "url = ? AND payload_digest = ? AND fetched_at = ?"
        return find_original(self.db, record.capture.site, same, url, record.digest, at)

    def _observe(self, record: Record) -> Observation:
        return self._observation(self._run(record.run), record.capture)

    def _observation(self, run: RunRow, capture: Capture) -> Observation:
        site = capture.site
        return Observation(
            db=self.db,
            capture_id=self.last_id + 1,
            run_id=run.id,
            site_id=self._site(site),
            presence_rule=run.presence_rule,
            rules=run.rules,
            is_crawl=run.is_crawl,
            template_lines=self._template_lines(self._site(site)),
            capture=capture,
            reader=self.reader_of(site),
            read_again=self.read_again,
        )

    def _record_start(self, marker: RunMarker) -> None:
        start = runs.RunStart.from_marker(marker.data)
        known = value(self.db, "SELECT id FROM runs WHERE name = ?", marker.run)  # of a merged archive, by chance
        id = known or runs.insert_run(self.db, start)
        self._runs[marker.run] = RunRow(id, start.presence_rule, start.rules, start.kind == "crawl")

    def _record_end(self, marker: RunMarker, head: str) -> None:
        end = runs.RunEnd(**marker.data)  # type: ignore[arg-type]  # it is JSON
        run = self._run(marker.run)
        of_run = "SELECT s.name FROM runs r JOIN sites s ON s.id = r.site WHERE r.id = ?"
        site: str | None = value(self.db, of_run, run.id)
        if run.rules and site is not None:
            self._conclude(self._observation(run, Capture("", end.finished_at, 0, site=site)), end)
        runs.finish_run(self.db, end, head, self.read_again)

    def _conclude(self, ending: Observation, end: runs.RunEnd) -> None:
        """Record what a crawl's answers mean all together: a confirmed content, a line of the template."""
        if end.proves:
            self._record_all_confirmed(ending)
        if template_lines.find_template_lines(ending):
            self._lines.pop(ending.site_id, None)

    def _record_all_confirmed(self, ending: Observation) -> None:
        """Record the contents that this run has confirmed, but for a text that has taken the place of many."""
        found = [
            (confirmed, reading, comparable_text(reading.body))
            for confirmed in unconfirmed.confirmed_by(self.db, ending.run_id, ending.presence_rule)
            if isinstance(reading := self.read_again(confirmed.capture), Article)
        ]
        texts = Counter(text for _, _, text in found)
        for confirmed, reading, text in found:
            if texts[text] < unconfirmed.MIN_SAME:
                self._record_confirmed(ending, confirmed, reading)

    def _record_confirmed(self, ending: Observation, confirmed: unconfirmed.Confirmed, reading: Article) -> None:
        """Record a content that was confirmed as a version, from the time at which it was first seen."""
        sql = "SELECT url, fetched_at, status, run FROM captures WHERE id = ?"
        url, at, status, run = first(self.db, sql, confirmed.capture) or ("", "", 0, 0)
        unconfirmed.mark_confirmed(self.db, confirmed)
        capture = replace(ending.capture, url=url, fetched_at=at, status=status)
        seen = replace(ending, capture=capture, capture_id=confirmed.capture, run_id=run)
        article = articles.record_article(seen, reading)
        for id in confirmed.captures:
            update(self.db, "captures", id, article=article)

    def _reading_of_repeat(self, observation: Observation, original: Original) -> Reading:
        """Return what an answer says that repeats an earlier payload: `Unchanged` where that shows the latest version.

        Else it is what the earlier one said: a listing's entries, a soft 404, or a version that was thought replaced.
        """
        if original.outcome == "file":
            return File()
        article = self._article_of(original)
        if original.outcome == "article" and article is not None:
            latest = versions.latest_version(self.db, article)
            content = value(self.db, "SELECT content FROM captures WHERE id = ?", original.id)
            if content == latest.content_digest and observation.at >= latest.first_seen:
                return Unchanged()
        return self.read_again(original.id)

    def _record_reading(
        self, observation: Observation, reading: Reading | Unconfirmed, original: Original | None
    ) -> int | None:
        """Record what the reading means for articles. Return the article that the capture belongs to."""
        if observation.capture.kind == "probe":
            return None  # it makes no article, entry or address
        match reading:
            case Unconfirmed():
                articles.record_unconfirmed(observation, reading.article)
                return reading.article
            case Article():
                return articles.record_article(observation, reading)
            case Listing():
                if not observation.rules or observation.capture.kind != "article":
                    listings.record_listing(observation, reading)
                return None
            case Redirect():
                return self._record_redirect(observation, reading)
            case Unchanged():
                article = self._article_of(original) if original else None
                if article is not None:
                    articles.record_unchanged(observation, article, versions.latest_version(self.db, article))
                return article
            case Gone():
                return self._record_denial(observation)
        article = article_at_url(self.db, observation.site_id, observation.capture.url)
        if article is not None:
            articles.record_inconclusive(observation, article)
        return article

    def _record_redirect(self, observation: Observation, reading: Redirect) -> int | None:
        article = redirect_moves.record_redirect(observation, reading)
        if article is not None:
            articles.record_inconclusive(observation, article)
            presence.record_redirect_to_denial(observation, article, reading.url)
        return article

    def _record_denial(self, observation: Observation) -> int | None:
        article = article_at_url(self.db, observation.site_id, observation.capture.url)
        if article is None:
            presence.record_denial_behind_redirects(observation)
        elif not content_moves.merge_if_moved(observation, article):
            presence.record_denial(observation, article)
        return article

    def _follow_up(self, observation: Observation, reading: Reading | Unconfirmed, article: int | None) -> None:
        """Record what can be told only once the capture's row is there."""
        if observation.capture.kind == "probe" and not isinstance(reading, Unconfirmed):
            probes.record_probe(observation, reading, self.lines_of)
        if isinstance(reading, Article) and article is not None:
            validators.record_false_304(observation)
        if isinstance(reading, File | Redirect):
            attachments.link_attachments(self.db, observation.capture.url)
        if article is not None:
            presence.recompute_presence(observation, article)

    def _shown_content(
        self, article: int | None, observation: Observation, reading: Reading | Unconfirmed
    ) -> str | None:
        """Return what the article's page showed: the digest of the version that was just recorded for that time."""
        if isinstance(reading, Unconfirmed):
            return observation.content_digest(reading.reading) if isinstance(reading.reading, Article) else None
        if article is None or not isinstance(reading, Article | Unchanged):
            return None
        version = versions.version_at(self.db, article, observation.at)
        return version.content_digest if version else None

    def _article_of(self, original: Original) -> int | None:
        article: int | None = value(self.db, "SELECT article FROM captures WHERE id = ?", original.id)
        return article

    def _run(self, name: str) -> RunRow:
        if name not in self._runs:
            sql = "SELECT id, presence_rule, rules, kind = 'crawl' FROM runs WHERE name = ?"
            id, rule, rules, is_crawl = first(self.db, sql, name) or (0, "{}", 0, 1)
            self._runs[name] = RunRow(id, PresenceRule.from_json(rule), rules, bool(is_crawl))
        return self._runs[name]

    def _template_lines(self, site: int) -> frozenset[str]:
        if site not in self._lines:
            self._lines[site] = template_lines.of_site(self.db, site)
        return self._lines[site]

    def _site(self, name: str) -> int:
        if name not in self._sites:
            self._sites[name] = runs.site_id(self.db, name)
        return self._sites[name]


def _as_asked_for(capture: Capture, reading: Reading) -> Reading:
    """Return what a page says that was asked for as a listing: what a failing site shows there is no article of it."""
    if capture.kind in ("listing", "home") and isinstance(reading, Article):
        return Other(f"reads as an article, where a {capture.kind} was asked for")
    return reading


def capture_columns(capture: Capture) -> dict[str, object]:
    """Return the columns of a capture's row that the answer alone decides."""
    return {
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "kind": capture.kind,
        "column": capture.column,
        "mime": (capture.header("Content-Type") or "").split(";")[0].strip().lower() or None,
        "etag": capture.header("ETag"),
        "last_modified": capture.header("Last-Modified"),
        "listed_title": capture.listed_title,
        "listed_published": capture.listed_published,
    }


def _record_columns(record: Record, original: Original | None) -> dict[str, object]:
    """Return the columns of the payload; an identical payload is as long as the original, a 304 has its own body."""
    repeats_payload = original and record.capture.status != HTTPStatus.NOT_MODIFIED
    return {
        "payload_digest": record.digest,
        "length": original.length if original and repeats_payload else len(record.capture.body),
        "vantage": record.vantage,
    }


def _place_columns(place: RecordLocation) -> dict[str, object]:
    return {
        "file": place.file,
        "offset": place.offset,
        "record_length": place.length,
        "record_digest": place.digest,
    }


def _reading_columns(reading: Reading | Unconfirmed) -> dict[str, object]:
    return {
        "outcome": type(reading).__name__.lower(),
        "reason": reading.signature if isinstance(reading, Gone | Blocked) else getattr(reading, "reason", None),
        "location": reading.url if isinstance(reading, Redirect) else None,
    }
