"""A parsed request of the UI: its path, its arguments and its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from lufeng_crawler.archive.queries.phrases import LANGUAGES
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

    def argument(self, name: str) -> str | None:
        """Return the first argument of that name."""
        return self.arguments.get(name, (None,))[0]

    def number(self, name: str, default: int, most: int = 1_000_000) -> int:
        """Return a part or argument as a whole number from 1 to `most`. Raises UsageError for anything else."""
        text = self.parts.get(name) or self.argument(name)
        if text is None:
            return default
        if not re.fullmatch(r"[0-9]{1,18}", text) or not 1 <= int(text) <= most:
            raise UsageError(f"{name} must be a whole number from 1 to {most:,}")
        return int(text)

    def url_with(self, **changes: object) -> str:
        """Return the URL of the same page with other arguments; None removes one."""
        kept = {name: values for name, values in self.arguments.items() if name not in changes and name != "lang"}
        pairs = [(name, value) for name, values in kept.items() for value in values]
        pairs += [(name, str(value)) for name, value in changes.items() if value is not None]
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def choose_language(named: str | None, remembered: str | None, accepted: str) -> str:
    """Return the UI's language: as named in the URL, as remembered, else the browser's first (RFC 9110, 12.5.4)."""
    for language in (named, remembered):
        if language in LANGUAGES:
            return language
    preferred = sorted(accepted.lower().split(","), key=_quality, reverse=True)
    languages = (entry.strip()[:2] for entry in preferred)
    return next((language for language in languages if language in LANGUAGES), LANGUAGES[0])


def _quality(accepted: str) -> float:
    weight = re.search(r";\s*q=([01](?:\.\d{0,3})?)\s*$", accepted)
    return float(weight[1]) if weight else 1.0
