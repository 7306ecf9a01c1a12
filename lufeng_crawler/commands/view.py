"""`scrapy view`: show a page in a browser, under the rules of its site, and record nothing."""

from __future__ import annotations

import argparse

from scrapy.commands import view

from lufeng_crawler.commands import run_trial


class ScrapyView(view.Command):
    """Scrapy's command, as a trial."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run it with an archive that is thrown away."""
        run_trial(self, super().run, args, opts)
