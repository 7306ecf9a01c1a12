"""What a reader asked the UI for, and in which language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from lufeng_crawler.archive.queries.messages import LANGUAGES
from lufeng_crawler.errors import UsageError


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request: its path, the named parts of that, its arguments (several of a name kept, blank ones left out).

    `archive` is the archive's directory, `sites` the reader's own folder of site files.
    """

    path: str
    archive: Path
    sites: Path | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    arguments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str = "en"

    def text(self, name: str) -> str | None:
        """The first argument of that name."""
        return self.arguments.get(name, (None,))[0]

    def number(self, name: str, default: int, most: int = 1_000_000) -> int:
        """A whole number from 1 to `most` out of the address or its arguments. Raises UsageError for anything else."""
        said = self.parts.get(name) or self.text(name)
        if said is None:
            return default
        if not re.fullmatch(r"[0-9]{1,18}", said) or not 1 <= int(said) <= most:
            raise UsageError(f"{name} must be a whole number from 1 to {most:,}")
        return int(said)

    def address(self, **changed: object) -> str:
        """The same page with other arguments; None takes one away."""
        said = {name: values for name, values in self.arguments.items() if name not in changed and name != "lang"}
        given = [(name, one) for name, values in said.items() for one in values]
        given += [(name, str(value)) for name, value in changed.items() if value is not None]
        return f"{self.path}?{urlencode(given)}" if given else self.path


def language(wanted: str | None, remembered: str | None, accepted: str) -> str:
    """The UI's language: as asked for, as asked before, else what the browser likes better (RFC 9110, 12.5.4)."""
    for said in (wanted, remembered):
        if said in LANGUAGES:
            return said
    liked = sorted(accepted.lower().split(","), key=_liking, reverse=True)
    return next((one.strip()[:2] for one in liked if one.strip()[:2] in LANGUAGES), LANGUAGES[0])


def _liking(accepted: str) -> float:
    weight = re.search(r";\s*q=([01](?:\.\d{0,3})?)\s*$", accepted)
    return float(weight[1]) if weight else 1.0
