"""One reading of the archive for all who look: a command in a process of its own, one at a time, with a time limit."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass, field, replace
from typing import Any

from warraq.pipeline.child_process import ChildProcess, Ended, warraq_command

KEPT_SECONDS = 60.0  # nobody's refresh starts a second reading within this time
KEPT_FAILURE_SECONDS = 10.0
LIMIT_SECONDS = 60.0  # a frozen database must not hold Airflow's threads
MAX_KEPT = 200  # portals and plans that are remembered
LARGE, MAX_LARGE = 200_000, 4  # characters: of captured pages only the last few are
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What a command said; `problem` where it failed, and then `found` is what it said the last time, if ever."""

    found: Any
    problem: str
    until: float
    size: int = 0  # characters


@dataclass
class Readings:
    """Readings by the words of their command."""

    limit_seconds: float = LIMIT_SECONDS
    _kept: dict[tuple[str, ...], Reading] = field(default_factory=dict)
    _under_way: dict[tuple[str, ...], threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _one: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1))

    def forget(self) -> None:
        """Read anew at the next look: somebody changed something."""
        with self._lock:
            self._kept = {words: replace(reading, until=0.0) for words, reading in self._kept.items()}

    def do(self, *words: str) -> str:
        """Run a command that changes something; what went wrong, or nothing."""
        ended, is_late = self._run(words)
        self.forget()
        if is_late:
            return f"it did not answer within {self.limit_seconds:.0f} s"
        return "" if ended.outcome.is_done else ended.outcome.cause

    def of(self, *words: str, kept_seconds: float = KEPT_SECONDS) -> Reading:
        """The reading, new or kept; whoever asks while one is under way waits for that one."""
        with self._lock:
            kept = self._kept.get(words)
            if kept and time.monotonic() < kept.until:
                return kept
            waiting = self._under_way.get(words)
            if waiting is None:
                mine = self._under_way[words] = threading.Event()
        if waiting is not None:
            waiting.wait(2 * self.limit_seconds)
            return self._kept.get(words) or Reading(kept.found if kept else None, "the archive is still being read", 0)
        try:
            reading = self._read(words, kept, kept_seconds)
            with self._lock:
                large = [key for key, old in self._kept.items() if old.size > LARGE]
                for key in [*large[:-MAX_LARGE], *list(self._kept)[: max(0, len(self._kept) - MAX_KEPT)]]:
                    self._kept.pop(key, None)
                self._kept[words] = reading
            return reading
        finally:
            with self._lock:
                self._under_way.pop(words, None)
            mine.set()

    def _read(self, words: tuple[str, ...], before: Reading | None, kept_seconds: float) -> Reading:
        last = before.found if before else None
        if not self._one.acquire(timeout=self.limit_seconds):
            return Reading(last, "another reading of the archive takes long", time.monotonic() + KEPT_FAILURE_SECONDS)
        try:
            ended, is_late = self._run(words)
        finally:
            self._one.release()
        if is_late:
            problem = f"it did not answer within {self.limit_seconds:.0f} s"
        elif ended.exit_code in (0, 3):
            try:
                until, size = time.monotonic() + kept_seconds, len(ended.output)
                return Reading(json.loads(ended.output), "", until, size)
            except ValueError:
                problem = "what it said cannot be read"
        else:
            problem = ended.outcome.error
        return Reading(last, problem, time.monotonic() + KEPT_FAILURE_SECONDS)

    def _run(self, words: tuple[str, ...]) -> tuple[Ended, bool]:
        child = ChildProcess(
            warraq_command(*words),
            on_line=lambda line: _log.info("%s", line),
            grace_seconds=1.0,
            limit_seconds=self.limit_seconds,
        )
        ended = child.run()
        return ended, ended.was_stopped
