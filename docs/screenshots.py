"""Takes the pictures in the READMEs: `python docs/screenshots.py URL ARTICLE`.

URL is where `lufeng serve` shows a demo archive, ARTICLE the id of one that was edited. The wide ones are light, the
narrow ones (a telephone's) dark.
"""

from __future__ import annotations

import shutil
import sys
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
PAGES = {
    "home": "",
    "search": "search?q=税收",
    "article": "articles/{article}",
    "diff": "articles/{article}/diff?view=side",
    "changes": "changes?kind=edited",
    "deletions": "deletions",
    "health": "health",
    "data": "archive",
}
LANGUAGES = (("en", "en-GB"), ("zh", "zh-CN"))
LOOKS: tuple[tuple[str, ViewportSize, Literal["light", "dark"]], ...] = (
    ("wide", {"width": 1280, "height": 900}, "light"),
    ("narrow", {"width": 390, "height": 844}, "dark"),
)


def shoot(browser: Browser, url: str, article: str) -> None:
    """Every page, in English and Chinese, wide and narrow."""
    for (language, locale), (look, size, scheme) in product(LANGUAGES, LOOKS):
        context = browser.new_context(viewport=size, locale=locale, color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(url + path.format(article=article), wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}-{look}-{language}.png")
        context.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shoot(chromium, *sys.argv[1:])
        chromium.close()
