"""`scrapy list`: the spiders, and on stderr the site files that are broken."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import list as list_spiders

from lufeng_crawler import sites
from lufeng_crawler.commands import one_line_errors
from lufeng_crawler.spiders import SiteLoader


class ScrapyList(list_spiders.Command):
    """Scrapy's command, which knows no spiders that cannot be loaded."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Print the name of each spider; name the broken files."""
        assert self.settings is not None
        with one_line_errors(self):
            super().run(args, opts)
            found = sites.load_site_files(SiteLoader.from_settings(self.settings).folder)
            for problem in found.problems.values():
                print(f"lufeng: {problem}", file=sys.stderr)
                self.exitcode = problem.exit_code
