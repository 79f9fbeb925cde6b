"""Worker processes that survive their input: an item that kills or hangs a worker costs that item only."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

ITEM_SECONDS = 30.0  # the slowest real pages take 2 s; beyond this somebody built the page to be slow
MEMORY_BYTES = 2 << 30  # data of one worker; a 5 MB page takes 150 MB
AHEAD = 64  # items that may be done before the one whose turn it is: bounds memory, keeps the order
TRIES = 2  # a worker may die of its surroundings once (out of memory); twice on one item is the item's doing
_GRACE_SECONDS = 5.0


@dataclass
class _Worker(Generic[T]):
    process: ForkServerProcess
    pipe: Connection[Any, Any]
    number: int = -1
    item: T | None = None
    tries: int = 0


class Workers(Generic[T, R]):
    """`work` (importable, or a partial of such) applied to items in `count` processes; use as a context manager."""

    def __init__(
        self,
        work: Callable[[T], R],
        *,
        count: int | None = None,
        item_seconds: float = ITEM_SECONDS,
        preload: tuple[str, ...] = (),
    ) -> None:
        self._work, self._item_seconds = work, item_seconds
        self._count = count or usable_cores()
        # A clean process that has imported what is slow forks the workers: quick, and safe beside our threads.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._workers: list[_Worker[T]] = []
        self._fed = 0  # items taken from the source

    def __enter__(self) -> Workers[T, R]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.terminate()
            worker.process.join(_GRACE_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
        self._workers.clear()

    def map(self, items: Iterable[T], *, failed: Callable[[T, str], R]) -> Iterator[tuple[T, R]]:
        """Each item with its result, in the order of `items`. `failed` makes the result of an item that kills."""
        source = enumerate(items)
        self._fed = 0
        again: deque[tuple[int, T, int]] = deque()
        done: dict[int, tuple[T, R]] = {}
        turn = 0
        while True:
            self._feed(source, again, limit=turn + AHEAD)
            busy = [worker for worker in self._workers if worker.number >= 0]
            if not busy:
                return
            for pipe in wait([worker.pipe for worker in busy]):
                worker = next(worker for worker in busy if worker.pipe is pipe)
                number, item, tries = worker.number, worker.item, worker.tries
                assert item is not None  # a busy worker has one  # noqa: S101
                try:
                    is_sound, answer = worker.pipe.recv()
                    result: R = answer if is_sound else failed(item, answer)
                    worker.number, worker.item = -1, None
                except (EOFError, ConnectionError):
                    cause, is_final = self._bury(worker)
                    if not is_final and tries < TRIES:
                        again.append((number, item, tries))
                        continue
                    result = failed(item, cause)
                done[number] = (item, result)
            while turn in done:
                yield done.pop(turn)
                turn += 1

    def _feed(self, source: Iterator[tuple[int, T]], again: deque[tuple[int, T, int]], *, limit: int) -> None:
        for position in range(self._count):
            if position < len(self._workers) and self._workers[position].number >= 0:
                continue
            if again:
                number, item, tries = again.popleft()
            else:
                if self._fed >= limit:
                    return
                try:
                    number, item = next(source)
                except StopIteration:
                    return
                self._fed, tries = number + 1, 0
            if position == len(self._workers):
                self._workers.append(self._start())
            worker = self._workers[position]
            worker.number, worker.item, worker.tries = number, item, tries + 1
            with contextlib.suppress(ConnectionError):  # died while idle: its pipe tells when it is read
                worker.pipe.send(item)

    def _start(self) -> _Worker[T]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._work, self._item_seconds), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _bury(self, worker: _Worker[T]) -> tuple[str, bool]:
        """Take a dead worker away; what it died of, and whether trying again is useless."""
        worker.process.join(_GRACE_SECONDS)
        code = worker.process.exitcode
        worker.pipe.close()
        self._workers.remove(worker)
        if code == -signal.SIGALRM:
            return f"took longer than {self._item_seconds:g} s", True
        return f"ended its worker process (code {code})", False


def usable_cores() -> int:
    """The processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _serve(pipe: Connection[Any, Any], work: Callable[[Any], Any], item_seconds: float) -> None:
    """The life of a worker. Its own alarm ends it on an item that takes too long, even if nobody is left to ask."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who then closes the pipe
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    while True:
        try:
            item = pipe.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, item_seconds)
        try:
            answer = (True, work(item))
        except MemoryError:
            answer = (False, "needs too much memory")
        except Exception as error:  # reported with the item; the next one is tried
            answer = (False, f"{type(error).__name__}: {error}"[:300])
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            pipe.send(answer)
        except ConnectionError:
            return
