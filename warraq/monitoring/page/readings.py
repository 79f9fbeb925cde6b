"""One reading of the archive for all who look: a command in a process of its own, one at a time, with a time limit."""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from warraq.pipeline.child_process import ChildProcess, warraq_command

KEPT_SECONDS = 60.0  # nobody's refresh starts a second reading within this time
KEPT_FAILURE_SECONDS = 10.0
LIMIT_SECONDS = 60.0  # a frozen database must not hold Airflow's threads
MAX_KEPT = 200  # portals and plans that are remembered
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What a command said; `problem` where it failed, and then `found` is what it said the last time, if ever."""

    found: Any
    problem: str
    until: float


@dataclass
class Readings:
    """Readings by the words of their command."""

    limit_seconds: float = LIMIT_SECONDS
    _kept: dict[tuple[str, ...], Reading] = field(default_factory=dict)
    _under_way: dict[tuple[str, ...], threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _one: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1))

    def of(self, *words: str) -> Reading:
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
            reading = self._read(words, kept)
            with self._lock:
                while len(self._kept) >= MAX_KEPT:
                    self._kept.pop(next(iter(self._kept)))
                self._kept[words] = reading
            return reading
        finally:
            with self._lock:
                self._under_way.pop(words, None)
            mine.set()

    def _read(self, words: tuple[str, ...], before: Reading | None) -> Reading:
        last = before.found if before else None
        if not self._one.acquire(timeout=self.limit_seconds):
            return Reading(last, "another reading of the archive takes long", time.monotonic() + KEPT_FAILURE_SECONDS)
        try:
            child = ChildProcess(warraq_command(*words), on_line=lambda line: _log.info("%s", line), grace_seconds=1.0)
            timer = threading.Timer(self.limit_seconds, child.stop)
            timer.daemon = True
            timer.start()
            try:
                ended = child.run()
            finally:
                timer.cancel()
        finally:
            self._one.release()
        if ended.was_stopped:
            problem = f"it did not answer within {self.limit_seconds:.0f} s"
        elif ended.exit_code in (0, 3):
            try:
                return Reading(json.loads(ended.output), "", time.monotonic() + KEPT_SECONDS)
            except ValueError:
                problem = "what it said cannot be read"
        else:
            problem = ended.outcome.error
        return Reading(last, problem, time.monotonic() + KEPT_FAILURE_SECONDS)
