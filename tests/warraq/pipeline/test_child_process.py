"""A command as a child process: what comes back, and that nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import psutil
import pytest

from warraq.pipeline.child_process import (
    MAX_LINE_BYTES,
    MAX_OUTPUT_BYTES,
    PARENT_VARIABLE,
    ChildProcess,
    Ended,
    warraq_command,
)


def run_python(code: str, *, grace_seconds: float = 4.0, stop_after: float | None = None) -> tuple[Ended, list[str]]:
    lines: list[str] = []
    command = [sys.executable, "-c", textwrap.dedent(code)]
    child = ChildProcess(command, on_line=lines.append, grace_seconds=grace_seconds)
    timer = threading.Timer(stop_after, child.stop) if stop_after else None
    if timer:
        timer.start()
    ended = child.run()
    return ended, lines


def wait_until_gone(pid: int, *, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_a_child_that_takes_longer_than_its_limit_is_stopped() -> None:
    child = ChildProcess(
        [sys.executable, "-c", "import time; time.sleep(600)"], on_line=lambda _: None, limit_seconds=0.5
    )
    ended = child.run()
    assert ended.was_stopped
    assert ended.exit_code == -signal.SIGTERM


def test_the_report_is_read_from_standard_output_and_lines_from_standard_error() -> None:
    ended, lines = run_python("""
        import sys
        print("واحد", file=sys.stderr)
        print('{"rows": 3}')
        sys.exit(3)
    """)
    assert ended.exit_code == 3
    assert ended.report == {"rows": 3}
    assert lines == ["واحد"]
    assert not ended.was_stopped


def test_the_error_is_the_last_json_error_on_standard_error() -> None:
    ended, _ = run_python("""
        import sys
        print('{"error": "busy", "remedy": "wait", "retry_after_seconds": 90}', file=sys.stderr)
        print("bye", file=sys.stderr)
        sys.exit(4)
    """)
    outcome = ended.outcome
    assert (outcome.error, outcome.remedy, outcome.retry_after_seconds) == ("busy", "wait", 90)


def test_endless_lines_and_endless_output_are_bounded() -> None:
    ended, lines = run_python(f"""
        import sys
        sys.stderr.write("x" * {MAX_LINE_BYTES * 3})
        sys.stdout.write("y" * {MAX_OUTPUT_BYTES + 100_000})
    """)
    assert max(map(len, lines)) <= MAX_LINE_BYTES
    assert len(ended.output) == MAX_OUTPUT_BYTES


def test_a_child_that_obeys_is_stopped_gracefully() -> None:
    ended, lines = run_python(
        """
        import signal, sys, time
        def leave(*_):
            print("saved", file=sys.stderr)
            sys.exit(4)
        signal.signal(signal.SIGTERM, leave)
        print("ready", file=sys.stderr, flush=True)
        time.sleep(60)
        """,
        stop_after=1.0,
    )
    assert lines == ["ready", "saved"]
    assert ended.exit_code == 4
    assert ended.was_stopped


def test_a_child_that_is_deaf_is_killed_after_the_grace() -> None:
    started = time.monotonic()
    ended, _ = run_python(
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
        grace_seconds=0.5,
        stop_after=0.7,
    )
    assert ended.exit_code == -signal.SIGKILL
    assert time.monotonic() - started < 20


def test_a_stop_that_comes_before_the_start_is_not_lost() -> None:
    child = ChildProcess([sys.executable, "-c", "import time; time.sleep(60)"], on_line=print)
    child.stop()
    started = time.monotonic()
    assert child.run().exit_code == -signal.SIGTERM
    assert time.monotonic() - started < 30


def test_grandchildren_do_not_survive_the_child() -> None:
    ended, _ = run_python("""
        import subprocess, sys
        print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid)
    """)
    assert wait_until_gone(int(ended.output)), "a worker of the command is still there"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's death signal is Linux's")
def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent = f"""
import pathlib, threading, time
from warraq.pipeline.child_process import ChildProcess, warraq_command
child = ChildProcess(warraq_command("demo-portal", "--port", "0"), on_line=print)
threading.Timer(3, lambda: pathlib.Path({str(note)!r}).write_text(str(child._process.pid))).start()
child.run()
"""
    process = subprocess.Popen([sys.executable, "-c", parent])
    try:
        deadline = time.monotonic() + 30
        while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    assert wait_until_gone(int(note.read_text())), "the child outlived its killed parent"


def test_a_child_whose_parent_has_ended_already_does_not_begin() -> None:
    environ = {**os.environ, PARENT_VARIABLE: "1"}
    ended = subprocess.run(warraq_command("--version"), env=environ, capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout) == (4, "")
