"""The page of rooms: each folder of the code and what it is for, as its own docstring says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import warraq

ROOT = Path(warraq.__file__).parents[1]
PACKAGES = ("warraq", "spiders", "extract", "storage")  # in the order in which they may import each other
_HEAD = """# Rooms

<!-- Generated: `make docs`. -->

Where is what: `dags | plugins | warraq → spiders → extract → storage`, each imports only what stands to its right.
Within a package the order of the rooms is a contract of `setup.cfg` (`make contracts`). Tests lie in `tests/` under the
same path.
"""


def render() -> str:
    """One table a package."""
    parts = [_HEAD]
    for package in PACKAGES:
        parts += [f"## {package}", "", f"{_first_line(ROOT / package)}", "", "| room | holds |"]
        parts += ["| --- | --- |", *_rooms(ROOT / package), ""]
    return "\n".join(parts)


def _rooms(package: Path) -> Iterator[str]:
    for marker in sorted(package.rglob("*/__init__.py")):
        folder = marker.parent
        yield f"| `{folder.relative_to(ROOT).as_posix()}/` | {_first_line(folder)} |"


def _first_line(folder: Path) -> str:
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return said.splitlines()[0] if said else ""
