"""What an attack did, and what it found: an archive is compared row for row with an undisturbed one."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.attack.processes import Ended, Words
from bench.attack.story import rows
from storage.errors import ExitCode, WarraqError
from storage.settings import Settings
from warraq.monitoring.verify import VerifyScope, verify_archive

COME_BACK_SECONDS = 2.0  # after which a command is tried again that asks for it
WELL = (ExitCode.DONE, ExitCode.DEGRADED)
# A release that a kill came after is whole, and the same command names it instead of making another.
RELEASED = "has changed since release"


@dataclass
class Score:
    """Counts, and failures: lost, doubled or missed things."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def expect(self, told: str, is_so: bool) -> None:
        """Note a failure unless it is so."""
        if not is_so:
            self.failures.append(told)

    def no_traceback(self, ended: Ended) -> None:
        """Whatever happens to a command, its user is told in words."""
        self.expect(f"{ended.words}: a traceback: {ended.said[-900:]}", "Traceback" not in ended.said)

    def finish(self, run: Callable[[], Ended], *, tries: int = 1) -> Ended:
        """Run a command until it ends well; exit 4 asks to come back."""
        ended = run()
        for _ in range(tries - 1):
            if ended.code != ExitCode.RETRY_LATER:
                break
            self.counts["commands that came back"] += 1
            time.sleep(COME_BACK_SECONDS)
            ended = run()
        is_done = ended.code in WELL or RELEASED in ended.said
        self.expect(f"{ended.words}: {ended.code} {ended.said[-500:]}", is_done)
        self.no_traceback(ended)
        return ended

    def compare(
        self, told: str, settings: Settings, expected: dict[str, list[str]], *, of_crawls: bool = False
    ) -> None:
        """Compare all rows that readers see, and ask verify."""
        found = rows(settings, of_crawls=of_crawls)
        for name, wanted in expected.items():
            lost, more = Counter(wanted) - Counter(found[name]), Counter(found[name]) - Counter(wanted)
            example = str(next(iter(lost), ""))[:300]
            self.expect(f"{told}: news.{name} lost {lost.total()} rows, e.g. {example}", not lost)
            example = str(next(iter(more), ""))[:300]
            self.expect(f"{told}: news.{name} has {more.total()} more, e.g. {example}", not more)
            self.counts["rows compared"] += len(wanted)
        self.sound(told, settings)

    def sound(self, told: str, settings: Settings) -> None:
        """Whether verify finds nothing."""
        found = problems(settings)
        self.expect(f"{told}: verify says {found[:3]}", not found)


def problems(settings: Settings) -> list[str]:
    """What verify says of an archive."""
    try:
        months = verify_archive(settings, VerifyScope(), workers=1)
    except WarraqError as error:
        return [error.message]
    return [problem for month in months for problem in month.problems]


def timed(ended: list[Ended]) -> dict[Words, float]:
    """How long each command took."""
    return {one.words: one.seconds for one in ended}
