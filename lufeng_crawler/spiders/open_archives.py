"""The archives that spiders open for themselves: one for all of a process, a temporary one where none is named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.settings import BaseSettings

from lufeng_crawler.archive import Archive
from lufeng_crawler.reader import open_archive


@dataclass(slots=True)
class _OpenArchive:
    """An archive, how to close it, and how many spiders have it open."""

    archive: Archive
    closing: ExitStack
    spiders: int = 0


_open: dict[tuple[str | None, str | None], _OpenArchive] = {}
"""By the folders of the archive and of the site files. An archive has one writer, so that spiders share it."""


def open_for_spider(settings: BaseSettings) -> tuple[Archive, Callable[[], None]]:
    """Return the archive of the settings, and what the spider calls when it has ended: the last one closes it.

    LUFENG_ARCHIVE None stands for a new archive that is thrown away. Raises what `open_archive` does.
    """
    folder, sites_folder = settings["LUFENG_ARCHIVE"], settings.get("LUFENG_SITES")
    key = (str(Path(folder).resolve()) if folder else None, str(sites_folder) if sites_folder else None)
    if key not in _open:
        closing = ExitStack()
        where = Path(folder or closing.enter_context(TemporaryDirectory()))
        archive = open_archive(where, Path(sites_folder) if sites_folder else None)
        closing.callback(archive.close)
        _open[key] = _OpenArchive(archive, closing)
    shared = _open[key]
    shared.spiders += 1

    def close() -> None:
        shared.spiders -= 1
        if not shared.spiders:
            del _open[key]
            shared.closing.close()

    return shared.archive, close
