"""What a served site remembers of its visitors, so that a test can judge their politeness."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from dataclasses import dataclass

KEPT_HITS = 100_000  # the latest; older ones are forgotten


@dataclass(frozen=True)
class Hit:
    """One request. `at` and `until` are seconds of the monotonic clock."""

    path: str
    method: str
    at: float
    until: float
    status: int  # 0 where the connection was reset on purpose
    user_agent: str
    conditional: bool  # it carried If-None-Match or If-Modified-Since


class Hits:
    """Requests in order of their arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hits: deque[Hit] = deque(maxlen=KEPT_HITS)
        self._running = 0
        self.most_at_once = 0

    def begin(self, path: str, *, method: str, user_agent: str, conditional: bool) -> RunningHit:
        """Count a request from now until its `end`."""
        with self._lock:
            self._running += 1
            self.most_at_once = max(self.most_at_once, self._running)
        return RunningHit(self, path, method, user_agent, conditional)

    def keep(self, hit: Hit) -> None:
        """A request has ended."""
        with self._lock:
            self._running -= 1
            self._hits.append(hit)

    def all(self) -> list[Hit]:
        """A copy, in order of arrival."""
        with self._lock:
            return sorted(self._hits, key=lambda hit: hit.at)

    def gaps(self) -> list[float]:
        """Seconds between the arrivals of one request and the next."""
        return [after.at - before.at for before, after in itertools.pairwise(self.all())]

    def clear(self) -> None:
        """Forget all, the highest concurrency included."""
        with self._lock:
            self._hits.clear()
            self.most_at_once = self._running


class RunningHit:
    """A request that has not been answered yet."""

    def __init__(self, hits: Hits, path: str, method: str, user_agent: str, conditional: bool) -> None:
        self._hits = hits
        self._about = (path, method, time.monotonic())
        self._visitor = (user_agent, conditional)
        self._ended = False

    def end(self, status: int) -> None:
        """The answer is about to be complete. Called before its last byte leaves, or the visitor's next request might
        be counted as simultaneous; later calls change nothing."""
        if not self._ended:
            self._ended = True
            path, method, started = self._about
            user_agent, conditional = self._visitor
            self._hits.keep(Hit(path, method, started, time.monotonic(), status, user_agent, conditional))
