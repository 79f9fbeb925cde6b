"""How much time a busy machine keeps from a process: a limit of seconds is to judge the crawl, not the machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOK_EVERY_SECONDS = 0.02


@contextmanager
def stolen_seconds(pid: int) -> Iterator[Callable[[], float]]:
    """Give a function: how long the process was ready and had no processor; 0 where the kernel does not tell."""
    begun = latest = _waited(pid)
    stop = threading.Event()

    def look() -> None:
        nonlocal latest
        while not stop.wait(LOOK_EVERY_SECONDS):
            latest = max(latest, _waited(pid))  # 0 once it has ended

    looker = threading.Thread(target=look, name="looker", daemon=True)
    looker.start()
    try:
        yield lambda: latest - begun
    finally:
        stop.set()
        looker.join()


def _waited(pid: int) -> float:
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    return 0.0
