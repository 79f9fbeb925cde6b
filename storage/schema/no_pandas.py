"""pyarrow without pandas, which it loads where it is installed, in case it is given a frame or a series."""

from __future__ import annotations

import sys


class _NoPandas:
    """A finder that finds no pandas."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("no command uses pandas", name=name)


def without_pandas() -> None:
    """For the rest of this process: a fifth of what a command needs to open the tables, and no command has a frame."""
    if _NoPandas not in sys.meta_path:
        sys.meta_path.insert(0, _NoPandas)
