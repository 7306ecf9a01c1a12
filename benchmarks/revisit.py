"""How soon are edits and take-downs seen, for so many requests? 50,000 made-up articles, two years, four schedules.

    python benchmarks/revisit.py --seeds 3

Ours is `revisit_interval` of `archive/history/revisit_policy.py`, which `next_visit` adds to the time of a visit, with
the order of `Frontier.due_articles`. The others get as many requests as ours used, run by run, and use them all.
"""

from __future__ import annotations

import argparse
import math
import resource
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import heapify, heappop, heapreplace
from random import Random
from statistics import median
from time import monotonic

from lufeng_crawler.archive.history.revisit_policy import IF_GONE, MAX_WAIT, revisit_interval
from lufeng_crawler.items import PresenceRule
from lufeng_crawler.settings import LUFENG_REVISITS

DAY = 24.0
RUN, END = 6.0, 2 * 365 * DAY
"""Hours between two runs, and of the simulated time."""

NEVER = math.inf


@dataclass(frozen=True, slots=True)
class World:
    """What happens to a site's articles. Delays are log-normal: a median in hours, and a wide spread.

    `edited` of all are edited, first after `first` hours; each edit is followed by one more in `again` of all cases,
    after `later` hours. `removed` of all are taken down, after `stands` days. Any article is edited, and taken down, at
    the constant rates `slow` besides (a year). `stock` of all were there before the crawls began, up to four years.
    """

    name: str
    articles: int = 50_000
    stock: float = 0.5
    edited: float = 0.12
    first: float = 8.0
    again: float = 0.35
    later: float = 72.0
    removed: float = 0.04
    stands: float = 45.0
    slow: float = 0.01
    spread: float = 2.0
    budget: int = LUFENG_REVISITS


BASE = World("as assumed")
OTHERS = (
    replace(BASE, name="a third of the requests", budget=LUFENG_REVISITS // 3),
    replace(BASE, name="thrice the requests", budget=3 * LUFENG_REVISITS),
    replace(BASE, name="edits come late (a week)", first=7 * DAY, later=30 * DAY),
    replace(BASE, name="take-downs come early (a week)", stands=7.0),
    replace(BASE, name="an old site (90 % stock)", stock=0.9),
    replace(BASE, name="edited once, never again", again=0.0, slow=0.0),
    replace(BASE, name="age means nothing", edited=0.0, removed=0.0, slow=0.06),
)


@dataclass(frozen=True, slots=True)
class Life:
    """An article: hours of its publication, its edits and its removal."""

    born: float
    edits: tuple[float, ...]
    gone: float


def lives(world: World, random: Random) -> list[Life]:
    """Every article of a site, by publication."""
    return sorted((_life(world, random) for _ in range(world.articles)), key=lambda life: life.born)


def _life(world: World, random: Random) -> Life:
    born = -random.random() * 4 * 365 * DAY if random.random() < world.stock else random.random() * END
    gone = min(_slowly(world, random, max(born, 0.0)), default=NEVER)
    if random.random() < world.removed:
        gone = min(gone, born + random.lognormvariate(math.log(world.stands * DAY), world.spread))
    edits = [*_bursts(world, random, born), *_slowly(world, random, max(born, 0.0))]
    return Life(born, tuple(sorted(edit for edit in edits if 0 < edit < min(gone, END))), gone)


def _bursts(world: World, random: Random, born: float) -> Iterator[float]:
    at, more, delay = born, random.random() < world.edited, world.first
    while more:
        at += random.lognormvariate(math.log(delay), world.spread)
        yield at
        more, delay = random.random() < world.again, world.later


def _slowly(world: World, random: Random, start: float) -> Iterator[float]:
    at = start
    while world.slow and (at := at + random.expovariate(world.slow / (365 * DAY))) < END:
        yield at


@dataclass(slots=True)
class Known:
    """What a schedule may know of an article: its publication and what looks have shown."""

    life: Life
    since: float
    looked: float
    wait: float = 0.0
    edits: int = 0
    changed_at: float | None = None
    changed: bool = False
    seen: int = 0
    absent: bool = False


Schedule = Callable[[Known, float], float]
"""How many hours an article is left alone after a look at that time."""


def ours(known: Known, now: float) -> float:
    """By age since publication or the last edit seen, as next_visit has it."""
    born = known.life.born if known.changed_at is None else known.changed_at
    return revisit_interval(timedelta(hours=now - born)) / timedelta(hours=1)


def uniform(known: Known, now: float) -> float:
    """All alike: the one looked at least recently is next."""
    return MAX_WAIT / timedelta(hours=1)


def by_changes(known: Known, now: float) -> float:
    """By the rate of changes seen, whatever the age: looks as the root of that rate, which is best for a constant one.

    Before anything is known of an article, it is taken to change as all do in the mean.
    """
    rate = (known.edits + 0.1) / (now - known.since + 365 * DAY)
    return 30 * DAY * math.sqrt(0.1 / (365 * DAY) / rate)


def adaptive(known: Known, now: float) -> float:
    """Nutch's AdaptiveFetchSchedule with its defaults: from 30 days on, 0.8 times after a change, 1.4 times without."""
    if not known.wait:
        return 30 * DAY
    return min(365 * DAY, max(RUN, known.wait * (0.8 if known.changed else 1.4)))


SCHEDULES: dict[str, Schedule] = {
    "ours": ours,
    "uniform": uniform,
    "by changes seen": by_changes,
    "adaptive (Nutch)": adaptive,
}


@dataclass(slots=True)
class Result:
    """What a schedule found, and after how many hours; what it never saw counts as later than all."""

    requests: int = 0
    edits: int = 0
    removals: int = 0
    edits_after: list[float] = field(default_factory=list)
    removals_after: list[float] = field(default_factory=list)
    by_run: list[int] = field(default_factory=list)

    def figures(self) -> tuple[float, ...]:
        """Shares caught, median delays in hours, and what was caught for 1,000 requests."""
        caught = len(self.edits_after) + len(self.removals_after)
        return (
            len(self.edits_after) / max(1, self.edits),
            _median(self.edits_after, self.edits),
            len(self.removals_after) / max(1, self.removals),
            _median(self.removals_after, self.removals),
            _median(self.edits_after + self.removals_after, self.edits + self.removals),
            1000 * caught / max(1, self.requests),
        )


def _median(delays: list[float], of: int) -> float:
    return median([*delays, *[NEVER] * (of - len(delays))]) if of else NEVER


class Crawls:
    """Runs over a site by one schedule: the missing first, then those latest beside what they should wait.

    Articles of nearly the same wait (2 %) stand in one queue, whose first is the latest of them: so the order of
    `Frontier.due_articles` costs little. `budgets` None: at most so many as the world says, and only what is due.
    """

    def __init__(self, world: World, all_lives: Sequence[Life], schedule: Schedule, budgets: Sequence[int] | None):
        self.world, self.lives, self.schedule, self.budgets = world, all_lives, schedule, budgets
        self.queues: dict[int, deque[Known]] = defaultdict(deque)
        self.result = Result()
        self._next = 0

    def run(self) -> Result:
        """Two years of them."""
        for number in range(int(END / RUN) + 1):
            now = number * RUN
            self._discover(now)
            most = self.world.budget if self.budgets is None else self.budgets[number]
            used = self._look(now, most, 1.0 if self.budgets is None else 0.0)
            self.result.by_run.append(used)
            self.result.requests += used
        return self.result

    def _discover(self, now: float) -> None:
        while self._next < len(self.lives) and self.lives[self._next].born <= now:
            life, self._next = self.lives[self._next], self._next + 1
            if life.gone <= now:
                continue
            known = Known(life, now, now)
            known.seen = sum(edit <= now for edit in life.edits)
            self.result.edits += len(life.edits) - known.seen
            self.result.removals += life.gone <= END
            self._put(known, now, self.schedule(known, now))

    def _look(self, now: float, most: int, lateness: float) -> int:
        heads = [(-_lateness(queue[0], now), name) for name, queue in self.queues.items() if queue]
        heapify(heads)
        used = 0
        while used < most and heads and -heads[0][0] >= lateness and self.queues[heads[0][1]][0].looked < now:
            queue = self.queues[heads[0][1]]
            self._visit(queue.popleft(), now)
            used += 1
            if queue:
                heapreplace(heads, (-_lateness(queue[0], now), heads[0][1]))
            else:
                heappop(heads)
        return used

    def _visit(self, known: Known, now: float) -> None:
        if known.life.gone <= now:
            if not known.absent:
                self.result.removals_after.append(now - known.life.gone)
            again = IF_GONE / timedelta(hours=1) if known.absent else PresenceRule().apart / 3600
            known.absent = True
            return self._put(known, now, again)
        edits, before = known.life.edits, known.seen
        while known.seen < len(edits) and edits[known.seen] <= now:
            known.seen += 1
        known.changed = known.seen > before
        if known.changed:
            self.result.edits_after.append(now - edits[known.seen - 1])
            known.edits, known.changed_at = known.edits + 1, now
        return self._put(known, now, self.schedule(known, now))

    def _put(self, known: Known, now: float, hours: float) -> None:
        known.looked, known.wait = now, hours
        self.queues[round(50 * math.log(hours))].append(known)


def _lateness(known: Known, now: float) -> float:
    late = (now - known.looked) / known.wait
    return late + 1e9 if known.absent and known.wait <= DAY and late >= 1 else late


def compare(world: World, seed: int) -> dict[str, Result]:
    """Each schedule over the same lives."""
    all_lives = lives(world, Random(seed))
    budgets: list[int] | None = None
    found = dict[str, Result]()
    for name, schedule in SCHEDULES.items():
        found[name] = Crawls(world, all_lives, schedule, budgets).run()
        budgets = found["ours"].by_run
    return found


HEADINGS = ("edits", "median", "take-downs", "median", "both: median", "caught/1,000 requests")


def _print(title: str, rows: dict[str, Sequence[float]]) -> None:
    print(f"\n{title}\n{'':18}" + "".join(f"{heading:>{len(heading) + 3}}" for heading in HEADINGS))
    for name, figures in rows.items():
        texts = [
            f"{figure:.1%}" if place in (0, 2) else f"{figure:.2f}" if place == 5 else _hours(figure)
            for place, figure in enumerate(figures)
        ]
        print(f"{name:18}" + "".join(f"{text:>{len(head) + 3}}" for text, head in zip(texts, HEADINGS, strict=True)))


def _hours(hours: float) -> str:
    return "never" if hours == NEVER else f"{hours:.0f} h" if hours < 72 else f"{hours / DAY:.0f} d"


def _ratios(found: dict[str, Sequence[float]]) -> str:
    """Ours by the best of the others, in the median delay of edits, of take-downs and of both."""
    rivals = [figures for name, figures in found.items() if name != "ours"]
    parts = [
        f"{what} {found['ours'][place] / found['uniform'][place]:.2f} of uniform's,"
        f" {found['ours'][place] / min(rival[place] for rival in rivals):.2f} of the best other's"
        for what, place in (("edits", 1), ("take-downs", 3), ("both", 4))
        if found["ours"][place] < NEVER
    ]
    return "median delays: " + "; ".join(parts)


def main() -> None:
    """Print a table for the assumed world, over some seeds, and one for each other world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3, help="how many sites are made as assumed (default: 3)")
    parser.add_argument("--articles", type=int, default=BASE.articles, help="how many each of them has")
    options = parser.parse_args()
    started = monotonic()
    rule = f"a run every {RUN:.0f} h with at most {BASE.budget} revisits for {BASE.articles:,} articles"
    print(f"{options.articles:,} articles over two years (a quarter of them where assumptions differ), {rule}")
    for world, seeds in [(BASE, range(1, options.seeds + 1)), *((other, range(1, 2)) for other in OTHERS)]:
        part = options.articles if world is BASE else options.articles // 4
        scaled = replace(world, articles=part, budget=max(1, world.budget * part // BASE.articles))
        every = [compare(scaled, seed) for seed in seeds]
        rows: dict[str, Sequence[float]] = {
            name: [median(column) for column in zip(*(one[name].figures() for one in every), strict=True)]
            for name in SCHEDULES
        }
        requests = ", ".join(f"{one['ours'].requests:,}" for one in every)
        _print(f"{world.name} (seeds {seeds[0]} to {seeds[-1]}; requests {requests})", rows)
        print(_ratios(rows))
        for one in every if len(every) > 1 else ():
            print("  a seed: " + _ratios({name: result.figures() for name, result in one.items()}))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
    print(f"\n{monotonic() - started:.0f} s, at most {peak:.0f} MB")


if __name__ == "__main__":
    main()
