"""Says which line of a listing is which, and which of a page's lines have a place in its order."""

from __future__ import annotations

from collections import Counter

from lufeng_crawler.items import Entry, Listing


def identity(entry: Entry) -> str:
    """Return what makes an entry the same entry tomorrow: its article's key, or its title where it links to nothing."""
    return entry.key or entry.title


def placed_entries(listing: Listing) -> list[Entry]:
    """Return the lines whose place in the order says something: neither pinned nor repeated on the page."""
    times = Counter(map(identity, listing.entries))
    return [entry for entry in listing.entries if not entry.pinned and times[identity(entry)] == 1]
