"""Worker processes that survive their input: an item that kills or hangs a worker costs that item only."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerProcess
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

ITEM_SECONDS = 30.0  # the slowest real pages take 2 s; beyond this somebody built the page to be slow
MEMORY_BYTES = 2 << 30  # data of one worker; a 5 MB page takes 150 MB
QUEUED = 2  # items a worker has: the one at work, and the next, so that it never waits for the parent
AHEAD = 64  # items that may be done before the one whose turn it is: bounds memory, keeps the order
TRIES = 2  # a worker may die of its surroundings once (out of memory); twice on one item is the item's doing
_GRACE_SECONDS = 5.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class _Task(Generic[T]):
    number: int
    item: T
    deaths: int = 0  # of workers that had it in hand


@dataclass
class _Worker(Generic[T]):
    process: ForkServerProcess
    pipe: Connection[Any, Any]
    tasks: deque[_Task[T]] = field(default_factory=deque)  # the first is at work


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
        forkserver.ensure_running()  # imports while the caller prepares the items
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
        again: deque[_Task[T]] = deque()
        done: dict[int, tuple[T, R]] = {}
        turn = 0
        while True:
            self._feed(source, again, limit=turn + AHEAD)
            busy = {worker.pipe: worker for worker in self._workers if worker.tasks}
            if not busy:
                return
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]  # wait() gives back what it was given
                try:
                    is_sound, answer = worker.pipe.recv()
                    task = worker.tasks.popleft()
                    result: R = answer if is_sound else failed(task.item, answer)
                except (EOFError, ConnectionError):
                    cause, is_final = self._bury(worker)
                    task = worker.tasks.popleft()
                    again.extendleft(reversed(worker.tasks))
                    task.deaths += 1
                    if not is_final and task.deaths < TRIES:
                        again.appendleft(task)
                        continue
                    result = failed(task.item, cause)
                done[task.number] = (task.item, result)
            while turn in done:
                yield done.pop(turn)
                turn += 1

    def _feed(self, source: Iterator[tuple[int, T]], again: deque[_Task[T]], *, limit: int) -> None:
        """Give every worker its share, those first that have nothing to do."""
        for share in range(1, QUEUED + 1):
            for position in range(self._count):
                if position < len(self._workers) and len(self._workers[position].tasks) >= share:
                    continue
                task = again.popleft() if again else self._next(source, limit)
                if task is None:
                    return
                if position == len(self._workers):
                    self._workers.append(self._start())
                worker = self._workers[position]
                worker.tasks.append(task)
                with contextlib.suppress(ConnectionError):  # died while idle: its pipe tells when it is read
                    worker.pipe.send(task.item)

    def _next(self, source: Iterator[tuple[int, T]], limit: int) -> _Task[T] | None:
        if self._fed >= limit:
            return None
        try:
            number, item = next(source)
        except StopIteration:
            return None
        self._fed = number + 1
        return _Task(number, item)

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
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who then closes the pipe
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    gc.freeze()  # what was imported is never garbage: each collection would walk it, and copy what the fork shares
    inbox: SimpleQueue[tuple[Any] | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, inbox), daemon=True).start()
    while received := inbox.get():
        signal.setitimer(signal.ITIMER_REAL, item_seconds)
        try:
            answer = (True, work(received[0]))
        except MemoryError:
            answer = (False, "needs too much memory")
        except Exception as error:  # reported with the item; the next one is tried
            answer = (False, f"{type(error).__name__}: {error}"[:300])
        signal.setitimer(signal.ITIMER_REAL, 0)
        try:
            pipe.send(answer)
        except ConnectionError:
            return


def _end_with_parent() -> None:
    """End when the parent does, however it ends, and whatever this worker is at: the closed pipe alone is not enough.

    The fork server, which started us, ends with the parent; then the kernel kills us. A thread watches the parent
    itself, for systems whose kernel does not.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _receive(pipe: Connection[Any, Any], inbox: SimpleQueue[tuple[Any] | None]) -> None:
    """Take items as they come, also while one is at work: else parent and worker could wait for each other to read."""
    try:
        while True:
            inbox.put((pipe.recv(),))
    except (EOFError, OSError, MemoryError):
        inbox.put(None)
