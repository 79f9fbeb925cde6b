"""The commands as processes: forked from one that has imported everything, or started under other variables."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from storage.errors import ExitCode

Words = tuple[str, ...]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    words: Words
    code: int
    said: str
    seconds: float = 0.0


class Zygote:
    """Forks commands (zygote.py)."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder, self._numbers = process, folder, count()

    def _ask(self, request: Mapping[str, object]) -> int:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("started with pipes")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, words: Words, environ: Mapping[str, str]) -> Started:
        """The command at work."""
        output = self._folder / f"{next(self._numbers)}.txt"
        pid = self._ask({"words": words, "environ": dict(environ), "output": str(output)})
        return Started(self, words, pid, output, time.monotonic())

    def run(self, words: Words, environ: Mapping[str, str]) -> Ended:
        """The command to its end."""
        return self.start(words, environ).wait()

    def wait_for(self, pid: int) -> int:
        """The return code of a process; negative: ended by that signal."""
        return self._ask({"wait": pid})


@dataclass(frozen=True)
class Started:
    """A command at work."""

    zygote: Zygote
    words: Words
    pid: int
    output: Path
    began: float

    def kill(self) -> bool:
        """Kill it; False if it had ended well before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait().code != ExitCode.DONE

    def wait(self) -> Ended:
        """Wait for its end."""
        code = self.zygote.wait_for(self.pid)
        said = self.output.read_text("utf-8", "replace") if self.output.exists() else ""
        return Ended(self.words, code, said, time.monotonic() - self.began)


@contextmanager
def zygote(folder: Path) -> Iterator[Zygote]:
    """A process that forks commands, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "bench.attack.zygote"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Zygote(process, folder)
        if process.stdin:
            process.stdin.close()


def run_apart(words: Words, environ: Mapping[str, str]) -> Ended:
    """The command to its end, started by the interpreter: for variables that count before anything is imported."""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "warraq", *words],
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Ended(words, ended.returncode, ended.stdout, time.monotonic() - began)
