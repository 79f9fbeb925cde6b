"""Worker processes: results in order, and no item can take another one down."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from warraq.pipeline.workers.worker_pool import AHEAD, Workers


def behave(item: str) -> str:
    """What the item says."""
    verb, _, value = item.partition(" ")
    match verb:
        case "sleep":
            time.sleep(float(value))
        case "die":
            os.kill(os.getpid(), int(value))
        case "hang":
            while True:
                pass
        case "swallow":
            return str(len(bytearray(8 << 30)))
        case "raise":
            raise ValueError(value)
        case "pid":
            return str(os.getpid())
    return f"did {item}"


def failed(item: str, cause: str) -> str:
    return f"failed {item}: {cause}"


def results(items: list[str], *, count: int = 2, item_seconds: float = 20.0) -> list[str]:
    with Workers(behave, count=count, item_seconds=item_seconds) as workers:
        found = list(workers.map(items, failed=failed))
    assert [item for item, _ in found] == items
    return [result for _, result in found]


def test_results_come_in_the_order_of_the_items_whatever_their_duration() -> None:
    items = [f"sleep {0.02 if n % 7 == 0 else 0}" for n in range(200)]
    assert results(items) == [f"did {item}" for item in items]


def test_no_items_need_no_worker() -> None:
    assert results([]) == []


def test_an_item_that_kills_its_worker_fails_alone() -> None:
    items = ["a", f"die {signal.SIGKILL}", "b", f"die {signal.SIGSEGV}", *["c"] * 20]
    found = results(items)
    assert found[1] == f"failed {items[1]}: ended its worker process (code -9)"
    assert found[3] == f"failed {items[3]}: ended its worker process (code -11)"
    assert [found[0], found[2], *found[4:]] == ["did a", "did b", *["did c"] * 20]


def test_an_item_that_hangs_is_ended_by_the_clock() -> None:
    started = time.monotonic()
    assert results(["a", "hang 1", "b"], item_seconds=0.5) == [
        "did a",
        "failed hang 1: took longer than 0.5 s",
        "did b",
    ]
    assert time.monotonic() - started < 60


def test_an_item_that_wants_all_memory_or_raises_is_reported() -> None:
    assert results(["swallow 1", "raise no", "a"]) == [
        "failed swallow 1: needs too much memory",
        "failed raise no: ValueError: no",
        "did a",
    ]


def test_a_worker_that_is_killed_from_outside_costs_nothing() -> None:
    killed = []

    def items() -> Iterator[str]:
        yield "pid 1"
        for number in range(60):
            yield f"sleep 0.0{number % 3}"

    found = []
    with Workers(behave, count=2) as workers:
        for item, result in workers.map(items(), failed=failed):
            found.append(result)
            if item == "pid 1":
                os.kill(int(result), signal.SIGKILL)
                killed.append(result)
    assert killed
    assert not [result for result in found if result.startswith("failed")]
    assert len(found) == 61


def test_the_source_is_read_only_a_bounded_way_ahead() -> None:
    taken = 0

    def items() -> Iterator[str]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield f"a {number}"

    with Workers(behave, count=2) as workers:
        for position, _ in enumerate(workers.map(items(), failed=failed)):
            assert taken <= position + AHEAD + 2
            if position == 300:
                break


@pytest.mark.kills
def test_workers_end_with_a_parent_that_is_killed() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_worker_pool import *\n"
        "with Workers(behave, count=2, item_seconds=600) as workers:\n"
        "    for item, result in workers.map(['pid 1', 'pid 2', 'sleep 60', 'hang 1'], failed=failed):\n"
        "        print(result, flush=True)\n"
    )
    folder = Path(__file__).parent
    with subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pids = [int(parent.stdout.readline()) for _ in range(2)]
        time.sleep(0.3)
        parent.kill()
    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(pid) for pid in pids):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.05)
