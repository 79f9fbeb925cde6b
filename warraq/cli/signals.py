"""SIGTERM as an ordinary end, which unwinds the stack like Ctrl-C; and work that may end its process, in a child."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from storage.errors import StageFailed
from warraq.pipeline.child_process import die_with_parent

CONTAINER_MEMORY = Path("/sys/fs/cgroup/memory.max")  # bytes, or "max"
INTERRUPTED = 130  # the exit code
INTERRUPT_SECONDS = 2.0  # a child that was interrupted has this long to put its files away


@contextlib.contextmanager
def ended_by_signal() -> Iterator[None]:
    """Make SIGTERM raise KeyboardInterrupt in the main thread meanwhile."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before: Any = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def in_a_child(work: Callable[[], object]) -> int:
    """Do the work of a whole command in a forked process, which it may crash or keep from hearing Ctrl-C.

    The process's exit code. StageFailed where a signal ended it, KeyboardInterrupt where it or we were interrupted: we
    tell that, for whoever ends slowly is killed and cannot say whether it has told.
    """
    _hear_ctrl_c_once()
    parent = os.getpid()
    child = os.fork()
    if not child:
        try:
            die_with_parent()
            if os.getppid() == parent:
                _bound_memory()
                work()
        except KeyboardInterrupt:  # before the work could hear it; what called us is the parent's to go on with
            os._exit(INTERRUPTED)
        os._exit(0)
    try:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except KeyboardInterrupt:
        code = _ended(child)
        if code < 0:
            raise
    if code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise KeyboardInterrupt
    if code < 0:
        name = signal.Signals(-code).name
        why = "its memory was probably more than there is" if -code == signal.SIGKILL else "the SQL made DuckDB crash"
        raise StageFailed(f"the query was ended by {name}: {why}", remedy="ask for less at once")
    return code


def _hear_ctrl_c_once() -> None:
    """A terminal tells both processes each Ctrl-C, and only the first one is to be told; in their last steps too."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)


def _bound_memory() -> None:
    """Let an allocation beyond the machine's memory fail in this process, which tells so; else some process is killed.

    DuckDB bounds what its operators hold, and neither a text that a function makes nor what becomes an answer.
    """
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
        most = min(most, int(CONTAINER_MEMORY.read_text()))
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if soft == resource.RLIM_INFINITY or soft > most:
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


def _ended(child: int) -> int:
    """The exit code of a process that was interrupted, and killed if that did not end it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGINT)
    until = time.monotonic() + INTERRUPT_SECONDS
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.02)
