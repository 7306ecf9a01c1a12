"""The options of `lufeng` itself, which every command gets: the archive opened, sites chosen, `--json` printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lufeng_crawler.errors import ArchiveError, LufengError, UsageError

if TYPE_CHECKING:
    import sqlite3

    from lufeng_crawler.archive import Archive
    from lufeng_crawler.sites import SiteFiles

json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line, keys as the schema names them."
)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `lufeng` itself."""

    archive: Path
    sites: Path | None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Open the archive's database read-only; an error of SQLite becomes an ArchiveError that names the file."""
        import sqlite3

        from lufeng_crawler.archive.db.connection import connect_for_reading

        db = connect_for_reading(self.archive)
        try:
            yield db
        except sqlite3.Error as error:
            raise ArchiveError(f"{self.archive / 'archive.db'}: {error}") from error
        finally:
            db.close()

    @contextmanager
    def writing(self) -> Iterator[Archive]:
        """Open the archive, caught up, for this process alone."""
        from lufeng_crawler.cli.shared.progress import bar, warc_size
        from lufeng_crawler.reader import open_archive

        with bar("catching up", warc_size(self.archive)) as progress:
            archive = open_archive(self.archive, self.sites, progress)
        try:
            yield archive
        finally:
            archive.close()

    def chosen_sites(self, names: Sequence[str], all_sites: bool) -> SiteFiles:
        """Return the sites of these names; without names, where `all_sites` is set, all that are on the internet."""
        from lufeng_crawler.sites import SiteFiles, load_site_files, select_sites

        if names:
            return select_sites(names, self.sites)
        if not all_sites:
            raise UsageError("name the sites to crawl, or use --all or --due (lufeng sites lists them)")
        found = load_site_files(self.sites)
        return SiteFiles({name: site for name, site in found.sites.items() if not site.is_local}, found.problems)


def print_problems(problems: Iterable[LufengError]) -> int:
    """Print a line on stderr for each problem that the rest went on without; return the exit code they cause."""
    codes = [0]
    for problem in problems:
        click.echo(f"lufeng: {problem}", err=True)
        codes.append(problem.exit_code)
    return max(codes)


def print_json(row: Any) -> None:
    """Print one object as one line."""
    click.echo(json.dumps(row, ensure_ascii=False))
