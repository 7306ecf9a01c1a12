"""Does the archive tell anything that a site did not do, or lose anything that it listed? Random histories, no sockets.

    pip install -e '.[test]' && python benchmarks/histories.py --histories 2000

Each history is a made-up site that publishes, edits, moves and takes down by chance, and fails by chance meanwhile,
crawled ten times (`tests/support/random_history.py`). The limit is none: every fault is printed with its seed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sqlite3
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.random_history import RUNS, tell

MEGABYTE = 1 << 20


def judge(seed: int) -> tuple[list[str], Counter[str], float]:
    """Return the faults of a history, its events by kind, and the seconds of CPU that it took."""
    started, folder = process_time(), Path(mkdtemp(prefix="history-"))
    try:
        history = tell(seed, folder)
        with closing(sqlite3.connect(folder / "archive.db")) as db:
            kinds = Counter(dict(db.execute("SELECT kind, count(*) FROM changes GROUP BY kind").fetchall()))
        return list(history.faults()), kinds, process_time() - started
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Run the histories and print what was found. Return 1 if there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    seeds, started = range(options.first, options.first + options.histories), monotonic()
    found, kinds, seconds = 0, Counter[str](), 0.0
    with ProcessPoolExecutor(options.jobs) as pool:
        for seed, (faults, told, used) in zip(seeds, pool.map(judge, seeds, chunksize=10), strict=True):
            kinds += told
            seconds += used
            found += len(faults)
            for fault in faults:
                print(f"seed {seed}: {fault}", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / MEGABYTE
    events = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    print(f"{options.histories:,} histories of {RUNS} runs: {found} faults; told: {events}")
    print(f"{seconds / options.histories:.2f} s of CPU a history, {peak:.0f} MB at most, {monotonic() - started:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
