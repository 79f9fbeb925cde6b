"""A `warraq` command as a child process that cannot outlive us: own session, lines pumped, stopped in two steps."""

from __future__ import annotations

import contextlib
import ctypes
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from storage.errors import ExitCode
from warraq.findings.stage_outcome import StageOutcome

PARENT_VARIABLE = "WARRAQ_PARENT"  # set by us for our child alone
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_POLL_SECONDS = 0.1
MAX_LINE_BYTES = 16_384  # a longer line of a log is passed on in pieces
MAX_OUTPUT_BYTES = 4 << 20  # a report is a few kilobytes; more is cut, never kept in memory
STOP_GRACE_SECONDS = 4.0  # Airflow kills a task 5 s after it asked it to stop, so the child gets less


def warraq_command(*words: str) -> list[str]:
    """The words a person types after `warraq`, as an argument list for this very interpreter."""
    return [sys.executable, "-m", "warraq", *words]


def die_with_parent() -> None:
    """Ask the kernel (Linux) to send this process SIGTERM when the thread that started it ends, however it ends.

    For `preexec_fn` of a parent with one thread, and as the initializer of worker processes.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def obey_parent() -> None:
    """First words of `warraq` as a ChildProcess: end with the parent, also when it has ended already.

    The child asks for itself, because between fork and exec of a process with threads, as Airflow's tasks are, nothing
    may be called that takes a lock.
    """
    parent = os.environ.pop(PARENT_VARIABLE, None)
    if parent is not None:
        die_with_parent()
        if os.getppid() != int(parent):
            sys.exit(ExitCode.RETRY_LATER)


@dataclass(frozen=True)
class Ended:
    """How a child ended: exit code (negative: by that signal), standard output, last lines of standard error."""

    exit_code: int
    output: str
    last_lines: tuple[str, ...]
    was_stopped: bool

    @property
    def outcome(self) -> StageOutcome:
        """What the command, run with --json, said of its end."""
        return StageOutcome.read(self.exit_code, self.output, self.last_lines)

    @property
    def report(self) -> dict[str, Any]:
        """The JSON object the command printed on standard output, or an empty one."""
        return self.outcome.report


@dataclass
class ChildProcess:
    """One command. `run` polls in the calling thread; `stop` may be called from a signal handler in that thread.

    Standard output is collected; each line of standard error goes to `on_line`, from a thread.
    """

    command: Sequence[str]
    on_line: Callable[[str], None]
    environ: Mapping[str, str] | None = None
    grace_seconds: float = STOP_GRACE_SECONDS
    limit_seconds: float = math.inf  # then it is stopped
    _process: subprocess.Popen[bytes] | None = None
    _stop_at: float | None = None
    _output: bytearray = field(default_factory=bytearray)
    _last_lines: list[str] = field(default_factory=list)

    def run(self) -> Ended:
        """Start, wait, and leave nothing behind, whatever is raised meanwhile."""
        process = subprocess.Popen(  # noqa: S603 - an argument list, no shell; words are validated by the command itself
            list(self.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**(os.environ if self.environ is None else self.environ), PARENT_VARIABLE: str(os.getpid())},
            # Own session: who signals our group must not reach the child a second time, past `stop`.
            start_new_session=True,
        )
        self._process = process
        if self._stop_at is not None:  # asked between the call and the start
            process.send_signal(signal.SIGTERM)
        pumps = [
            threading.Thread(target=self._collect, args=(process.stdout,), name="child-output", daemon=True),
            threading.Thread(target=self._pass_on, args=(process.stderr,), name="child-lines", daemon=True),
        ]
        for pump in pumps:
            pump.start()
        try:
            self._wait(process)
        except BaseException:
            self.stop()
            self._wait(process)
            raise
        finally:
            _kill_group(process.pid)
            for pump in pumps:
                pump.join(2)
        return Ended(
            exit_code=process.returncode,
            output=self._output.decode("utf-8", "replace"),
            last_lines=tuple(self._last_lines),
            was_stopped=self._stop_at is not None,
        )

    def stop(self) -> None:
        """Ask the child to end; `run` kills it after the grace. Takes no lock and reads no pipe."""
        if self._stop_at is None:
            self._stop_at = time.monotonic()
            if self._process is not None:
                self._process.send_signal(signal.SIGTERM)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        limit = time.monotonic() + self.limit_seconds
        while process.poll() is None:
            if time.monotonic() > limit:
                self.stop()
            if self._stop_at is not None and time.monotonic() - self._stop_at > self.grace_seconds:
                _kill_group(process.pid)
            time.sleep(_POLL_SECONDS)

    def _collect(self, pipe: IO[bytes]) -> None:
        with pipe:
            while block := os.read(pipe.fileno(), 65_536):
                self._output += block[: MAX_OUTPUT_BYTES - len(self._output)]

    def _pass_on(self, pipe: IO[bytes]) -> None:
        with pipe:
            while raw := pipe.readline(MAX_LINE_BYTES):
                line = raw.decode("utf-8", "backslashreplace").rstrip()
                if line:
                    self._last_lines = [*self._last_lines[-19:], line]
                    self.on_line(line)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
