"""What the archive's benchmarks find: a figure, what it was compared with, and the target."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.markdown_tables import Column
from storage.settings import Settings, read_settings

YEAR = 2024


@dataclass(frozen=True)
class Finding:
    """A figure and its peer's; `limit` is what the ratio of the two may be, `bound` what the figure itself may be."""

    what: str
    ours: float
    theirs: float | None = None
    limit: float | None = None
    bound: float | None = None
    is_at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours to theirs."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        value, target = (self.ratio, self.limit) if self.limit is not None else (self.ours, self.bound)
        if value is None or target is None:
            return None
        return value >= target if self.is_at_least else value <= target

    @property
    def values(self) -> dict[str, object]:
        """The row of the report."""
        sign = "≥" if self.is_at_least else "≤"
        target = f"{sign} {self.bound:.0f}" if self.bound is not None else None
        if self.limit is not None:
            target = f"{sign} {self.limit:.2f}×"
        met = {True: "yes", False: "no", None: None}[self.is_met]
        return {"ours": self.ours, "theirs": self.theirs, "ratio": self.ratio, "target": target, "met": met}


COLUMNS = (
    Column("Warraq", "ours", "{:.1f}"),
    Column("compared", "theirs", "{:.1f}"),
    Column("ratio", "ratio", "{:.2f}×"),
    Column("target", "target", "{}"),
    Column("met", "met", "{}"),
)


def settings_in(folder: Path) -> Settings:
    """An archive of its own below a folder."""
    return read_settings({"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder / "cache")})


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def best(work: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Milliseconds of each, the best of `rounds`, taken in turns: other work on the machine only ever adds time."""
    found: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(rounds):
        for name, call in work.items():
            found[name].append(milliseconds(call))
    return {name: min(times) for name, times in found.items()}
