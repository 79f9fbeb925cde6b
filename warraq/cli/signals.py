"""SIGTERM as an ordinary end: it unwinds the stack like Ctrl-C, so that one path cleans up."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import Any


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
