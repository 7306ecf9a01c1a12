"""Where the tests find the project and their data."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "tests" / "data"
PAGES = DATA / "pages"
SHARED = ROOT.parent / "shared"
"""Material that may lie beside the project; tests that read it are skipped where it does not."""
