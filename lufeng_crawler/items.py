"""The types that every part of the crawler shares: what the network returned, and what a page turned out to be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
"""The time zone of the dates that pages state."""

MAX_BODY_BYTES = 64 << 20
"""Bytes of a body; a larger one is cut there and marked truncated."""

Kind = Literal["home", "listing", "article", "attachment", "robots", "probe", "other"]
"""What a request was made for; `other` where no request of ours was made (a foreign WARC).

A `probe` asks for an address that cannot exist, to see how the site says so.
"""


@dataclass(frozen=True, slots=True)
class Capture:
    """One response of the network, as served: `body` still has its Content-Encoding, headers repeat as sent.

    `fetched_at` is UTC to the second, `2026-11-22T10:04:05Z`. `site`, `column` and `kind` say for which site the
    request was made and for what; they are written into the WARC record, so that a rebuild knows them. `truncated` is
    WARC's word for why the body is cut (`length`, `disconnect`); such a body is evidence, but never read. `conditional`
    says of a 304 whether the request carried a condition (If-None-Match, If-Modified-Since): without one a 304 says
    nothing. None for other responses, and where it is not known (earlier archives, other makers' WARCs).
    `listed_title` and `listed_published` are what the line of a listing said that named an article's URL, as last
    known: evidence of what was asked for, never the value of a field.
    """

    url: str
    fetched_at: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    site: str = ""
    column: str | None = None
    kind: Kind = "other"
    truncated: str | None = None
    listed_title: str | None = None
    listed_published: str | None = None
    conditional: bool | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, in any case; None where the response has none."""
        lower_name = name.lower()
        return next((value for key, value in self.headers if key.lower() == lower_name), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a site file overrides its family's rules; `article` and `listing` are CSS selectors by field."""

    family: str | None = None
    encoding: str | None = None
    site_id_code: str | None = None
    article: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    listing: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class PresenceRule:
    """When an article that is not found counts as gone.

    At least `observations` observations, from as many runs with outcome `good`, the first and the last of them at least
    `apart` seconds apart, and no good response between them.
    """

    observations: int = 2
    apart: int = field(default=24 * 60 * 60, metadata={"unit": "seconds"})

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of its parts, as site files, run markers and JSON have them."""
        return tuple(part.name for part in fields(cls))

    @classmethod
    def from_json(cls, text: str) -> PresenceRule:
        """Return the rule that `as_json` wrote."""
        return cls(**json.loads(text))

    def as_json(self) -> str:
        """Return the rule as archive.db stores it."""
        return json.dumps(asdict(self), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing.

    `key` is the article's identity within its site; `published` is as precise as the listing.
    """

    title: str
    url: str
    key: str
    published: str | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article links to."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a field of an article came from: the rule that found it, its text, and what another rule found instead.

    Not to be mixed up with the evidence of an event in `changes`, which is the captures that prove it.
    """

    rule: str
    value: str
    other_rule: str | None = None
    other_value: str | None = None


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a page says that its listing is, and what of it this page does not show.

    `rows` counts the lines on the page, repeated ones and those without a link included; `hidden` those that CSS hides
    until a script shows them and that are not among the entries. `total` (lines of the whole listing), `pages` and
    `page` (the number of this page) are as the page states them, None where it does not. `more` are the words or calls
    of controls that lead to further lines and cannot be followed without running a script, as the page has them
    (`javascript:goPage(2)`, `加载更多`). `has_pager`: something on the page turns pages, be it disabled. `is_last`: the
    page shows itself as the last one (`3/3`, a next page that is disabled or leads here); it never is concluded from
    the absence of a link alone.
    """

    rows: int = 0
    hidden: int = 0
    total: int | None = None
    pages: int | None = None
    page: int | None = None
    more: tuple[str, ...] = ()
    has_pager: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a column: its entries in page order, and the URL that the page itself offers as the next one.

    Where the next page is fetched by POST, its URL is a POST address (see `post_address.py`).
    """

    entries: tuple[Entry, ...]
    next_page: str | None = None
    family: str = "generic"
    extent: Extent = Extent()


@dataclass(frozen=True, slots=True)
class Article:
    """One published text. A field the page does not state is None; `body` is paragraphs separated by newlines.

    `published` is ISO 8601, as precise as the page: `2023-06-29` or `2023-06-29T09:30:00+08:00`. `body_html` is
    sanitised. `columns` is the breadcrumb without the home page, outermost first. `tags` are the meta tags that
    国办发〔2017〕47号 prescribes, by its names (`ContentSource`) and as stated; `keywords` are those of one of them.
    """

    key: str
    url: str
    title: str
    body: str
    body_html: str = ""
    published: str | None = None
    author: str | None = None
    source: str | None = None
    editor: str | None = None
    publisher: str | None = None
    doc_number: str | None = None
    index_number: str | None = None
    columns: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    provenance: Mapping[str, Evidence] = field(default_factory=dict)
    family: str = "generic"


STATED_FIELDS = tuple(part.name for part in fields(Article) if part.default is None)
"""The fields that a page may state or leave out, by name."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The site says that there is nothing at this URL; `signature` is the proof (`404`, a soft 404's words)."""

    signature: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The site refused to show the page: a challenge, a permission or login page; `signature` is what matched."""

    signature: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """The response names the URL of another page."""

    url: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The same payload as before (304, or the same digest): nothing to read again."""


@dataclass(frozen=True, slots=True)
class File:
    """A complete response that is no page: a document, a picture, an archive, whatever it holds."""


@dataclass(frozen=True, slots=True)
class Other:
    """None of the above; `reason` says why: a home page, a server error, a response that was cut."""

    reason: str


Reading = Listing | Article | File | Gone | Blocked | Redirect | Unchanged | Other
