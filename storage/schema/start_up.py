"""What makes a process of ours start sooner: pyarrow without pandas, and no search for garbage among imports."""

from __future__ import annotations

import atexit
import gc
import sys
from typing import Any

# What the libraries of the tables make while they are imported, all of which stays. Python would look through it
# hundreds of times: a seventh of the time until a command begins.
_OBJECTS_OF_IMPORTS = 200_000


class _NoPandas:
    """A finder that finds no pandas. pyarrow loads it where it is installed, in case it is given a frame or a series.

    That is a fifth of what a command needs to open the tables, and no command has such.
    """

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("no command uses pandas", name=name)


def start_quickly() -> None:
    """For the rest of this process, which is one command."""
    if _NoPandas not in sys.meta_path:
        sys.meta_path.insert(0, _NoPandas)
        before = gc.get_threshold()

        def as_before(phase: str, _about: dict[str, Any]) -> None:
            """What is there after the first look stays, and is looked through no more."""
            if phase == "stop":
                gc.callbacks.remove(as_before)
                gc.freeze()
                gc.set_threshold(*before)

        gc.callbacks.append(as_before)
        gc.set_threshold(_OBJECTS_OF_IMPORTS, *before[1:])
        atexit.register(gc.freeze)  # the interpreter would look through all of it twice more before it ends
