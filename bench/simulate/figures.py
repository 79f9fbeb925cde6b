"""The measured figures the simulation works with: kept in docs/benchmarks/scaling.json, each with its source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FIGURES = Path("docs/benchmarks/scaling.json")


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    source: str


def read_figures(path: Path = FIGURES) -> dict[str, Figure]:
    """All figures by name."""
    return {found["name"]: Figure(**found) for found in json.loads(path.read_text(encoding="utf-8"))}


def write_figures(figures: Iterable[Figure], path: Path = FIGURES) -> None:
    """Write them, rounded to what can be read."""
    rounded = [asdict(figure) | {"value": float(f"{figure.value:.3g}")} for figure in figures]
    path.write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def benchmark_cell(report: str, row: str, column: str, section: str | None = None) -> float:
    """A number from a table of docs/benchmarks: the last table of the report, or of its section, that has the row."""
    names: list[str] = []
    found = heading = None
    for line in (FIGURES.parent / report).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if section not in (None, heading):
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if column in cells:
            names = cells
        elif not line.startswith("|"):
            names = []  # the next table may have other columns
        elif names and cells[0] == row:
            found = cells[names.index(column)]
    if found is None:
        where = f"section {section!r} of {report}" if section else report
        raise ValueError(f"{where} has no row {row!r} with {column!r}")
    return float(found.rstrip("×"))
