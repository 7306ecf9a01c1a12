"""The tree of all errors that are raised on purpose.

LufengError
├── UsageError              wrong use: one line says what was wrong                          exit 2
│   ├── SiteFileError       a site file is broken: the message names file and key
│   ├── UnknownSite         no site file has this name
│   └── NotInArchive        no article has this id or URL, or it has no such version
├── ArchiveError            the archive cannot be read or written as requested               exit 1
│   ├── ArchiveInUse        another process is writing to it                                 exit 3
│   └── DamagedCapture      a WARC record cannot be read where the archive says it is
├── NothingFetched          a site did not respond, or refused                               exit 4
└── PageError               a page is not what its URL promised; Scrapy counts each          exit 1
    ├── NotAListing         a column's page shows no entries
    ├── NotAnArticle        an entry's page shows no article
    └── ColumnNotFound      the navigation has no link of the column's name
"""

from __future__ import annotations

from typing import ClassVar


class LufengError(Exception):
    """The root; its text is one line that can be shown to the user as it is."""

    exit_code: ClassVar[int] = 1


class UsageError(LufengError):
    """The command or its arguments are wrong."""

    exit_code: ClassVar[int] = 2


class SiteFileError(UsageError):
    """A site file is broken; `str()` is `FILE: KEY: what is wrong`."""

    def __init__(self, file: object, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")


class UnknownSite(UsageError):
    """No site file has this name."""


class NotInArchive(UsageError):
    """No article of the archive has this id or URL, or it has no such version."""


class ArchiveError(LufengError):
    """The archive cannot be read or written as requested."""


class ArchiveInUse(ArchiveError):
    """Another process is writing to the archive."""

    exit_code: ClassVar[int] = 3


class DamagedCapture(ArchiveError):
    """A WARC record cannot be read where the archive says it is."""


class NothingFetched(LufengError):
    """Nothing could be fetched: unreachable, refused or blocked."""

    exit_code: ClassVar[int] = 4


class PageError(LufengError):
    """A page is not what its URL promised."""

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(f"{url}: {problem}")


class NotAListing(PageError):
    """A column's page shows no entries."""


class NotAnArticle(PageError):
    """An entry's page shows no article."""


class ColumnNotFound(PageError):
    """The navigation has no link of the column's name."""
