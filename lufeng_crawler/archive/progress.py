"""How long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int], None]
"""Called with the amount done since the last call: bytes read, or captures or articles written."""


def no_progress(amount: int) -> None:
    """Report nothing."""
