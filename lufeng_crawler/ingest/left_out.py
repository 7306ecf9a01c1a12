"""Why a record that holds, or may hold, an answer is left out: every reason there is, with its words for people."""

from __future__ import annotations

from enum import StrEnum


class LeftOut(StrEnum):
    """A reason; its value is the key in `left_out` of `--json`.

    Records of the types in NO_ANSWERS hold none and are not left out: they are counted apart.
    """

    WITHOUT_ORIGINAL = "without_original"
    UNDATED = "undated"
    MISDATED = "misdated"
    NO_ADDRESS = "no_address"
    NOT_HTTP = "not_http"
    UNREADABLE = "unreadable"
    SEGMENT = "segment"
    CONVERSION = "conversion"
    DIGEST_MISMATCH = "digest_mismatch"
    UNKNOWN_TYPE = "unknown_type"

    @property
    def words(self) -> str:
        """Return what such records are, to follow "left out N answers that"."""
        return _WORDS[self]


_WORDS = {
    LeftOut.WITHOUT_ORIGINAL: "repeat one which is neither in these files nor in the archive",
    LeftOut.UNDATED: "do not say when they were made (no WARC-Date)",
    LeftOut.MISDATED: "were made at no time that there was: their WARC-Date is no date, before the web, or yet to come",
    LeftOut.NO_ADDRESS: "have no absolute http or https address (WARC-Target-URI)",
    LeftOut.NOT_HTTP: "are of another protocol than HTTP, or of none (dns:, urn:)",
    LeftOut.UNREADABLE: "cannot be read as the HTTP responses that they say they are",
    LeftOut.SEGMENT: "are parts of an answer that was cut into segments",
    LeftOut.CONVERSION: "were made from an answer by a tool, and not served",
    LeftOut.DIGEST_MISMATCH: "do not have the digest that the record, or the WACZ, states of them",
    LeftOut.UNKNOWN_TYPE: "are of a record type that WARC 1.1 does not know",
}

NO_ANSWERS = frozenset(("warcinfo", "request", "metadata"))
"""Record types that only accompany answers: what a file is, what was asked, what a tool said of an answer."""

FAILED_CHECKS = (LeftOut.DIGEST_MISMATCH,)
"""Reasons that say of a file that it is not what its maker wrote: an ingest that meets one has failed."""
