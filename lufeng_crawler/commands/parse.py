"""`scrapy parse`: show what the spider makes of a page, under the rules of its site, and record nothing."""

from __future__ import annotations

import argparse

from scrapy.commands import parse

from lufeng_crawler.commands import run_trial


class ScrapyParse(parse.Command):
    """Scrapy's command, as a trial."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run it with an archive that is thrown away."""
        run_trial(self, super().run, args, opts)
