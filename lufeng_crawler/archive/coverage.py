"""How much of a column's listing a run has seen: the one table of states that crawl, archive and commands read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

CoverageState = Literal["complete", "connected", "unstated", "partial", "failed"]
"""`complete`: every page, up to one that shows itself as the last; a stated total agrees with the lines seen.
`connected`: followed to lines that are known from a time when the column was covered, without a gap since.
`unstated`: followed to where the pages end. Nothing says that there are more lines, and nothing that there are not.
`partial`: something says that there are more lines than were seen.
`failed`: the listing could not be read.
"""

SWEEPS = ("complete", "unstated")
"""The states after which a line that was not seen is no longer listed, within the bounds of what is still shown."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a run has seen of a column.

    `seen` counts lines, `stated` is the total that the pages state, `pages` were read, of `stated_pages`. `more` are
    the words of what could not be followed. `accepted`: the site file says how many pages are enough. `gap`: none of
    the lines was known from the run before, so that others may have come and gone between. `limited`: the operator's
    limit ended it. `shifted`: the stated total changed from page to page, so that a line may have slipped through.
    """

    state: CoverageState
    seen: int = 0
    stated: int | None = None
    pages: int = 0
    stated_pages: int | None = None
    more: tuple[str, ...] = ()
    accepted: bool = False
    gap: bool = False
    limited: bool = False
    shifted: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Coverage:
        """Return the coverage that `as_json` wrote; keys of later versions are ignored."""
        known = {part.name for part in fields(cls)}
        kept = {name: value for name, value in data.items() if name in known}
        return cls(**kept | {"more": tuple(kept.get("more", ()))})

    def as_json(self) -> dict[str, Any]:
        """Return it as a run's end marker, the table `columns` and `crawl --json` have it."""
        return asdict(self) | {"more": list(self.more)}

    @property
    def is_sweep(self) -> bool:
        """Return whether all lines of the column were seen, as far as its pages show."""
        return self.state in SWEEPS and not self.shifted

    @property
    def is_sure(self) -> bool:
        """Return whether no line can have slipped from a page not yet read to one that was read already."""
        return self.is_sweep and (self.pages <= 1 or self.stated is not None)

    @property
    def leaves_no_gap(self) -> bool:
        """Return whether the next run need only follow the listing to lines that this one has seen."""
        return (self.state in (*SWEEPS, "connected") or self.accepted or self.gap) and not self.shifted

    @property
    def shortfall(self) -> str | None:
        """Return in words what of the column was not seen; None where nothing is missing or that is accepted."""
        if self.state != "partial" or self.accepted or self.limited:
            return None
        if self.gap:
            return f"none of its {self.seen} lines was known: others may have come and gone since the last crawl"
        counts = f"{self.seen} of {self.stated} lines seen" if self.stated else f"{self.seen} lines seen"
        if self.stated_pages and self.stated_pages > self.pages:
            counts += f", page {self.pages} of {self.stated_pages}"
        if self.more:
            return f"{counts}; cannot follow {' · '.join(self.more)}"
        return counts if self.stated or self.stated_pages else "its listing was not followed to what is known"
