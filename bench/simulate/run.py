"""`make simulate`: 5,000 portals over ten years in a second: what they ask, what is full first, and what to turn.

Nothing is archived: measured figures (docs/benchmarks/scaling.json) are multiplied by an assumed load. `--measure`
measures again the figures that belong to the simulation and takes over those of the other benchmarks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from bench.markdown_tables import Column, markdown_table, put_between_markers
from bench.simulate.figures import Figure, read_figures, write_figures
from bench.simulate.model import BUSY, Load, Site, Year, most_portals, parts, simulate
from storage.tables.waiting_runs import MAX_TOGETHER

DOCUMENT = Path("docs/explain/scaling.md")
MARKER = "simulate"
TURNED: dict[str, dict[str, float]] = {
    "hourly windows": {"windows_a_day": 24},
    "three hours": {"windows_a_day": 8},
    "six hours": {"windows_a_day": 4},
    "a day": {"windows_a_day": 1},
    "hourly, maintained every hour": {"windows_a_day": 24, "days_between_maintenance": 1 / 24},
    "six hours, maintained every hour": {"windows_a_day": 4, "days_between_maintenance": 1 / 24},
}
YEARS = (
    Column("requests, M", "requests", "{:,.0f}"),
    Column("commits, M", "commits", "{:,.1f}"),
    Column("worker cores", "worker_cores", "{:,.1f}"),
    Column("of them: known rows", "known_cores", "{:,.1f}"),
    Column("of them: compaction", "compaction_cores", "{:,.1f}"),
    Column("Airflow cores", "airflow_cores", "{:,.1f}"),
    Column("raw, TB", "raw_bytes", "{:,.1f}"),
    Column("tables, TB", "table_bytes", "{:,.2f}"),
    Column("objects, M", "objects", "{:,.0f}"),
    Column("live data files, M", "live_files", "{:,.2f}"),
    Column("table metadata, GB", "metadata_bytes", "{:,.2f}"),
    Column("runs a commit", "runs_a_commit", "{:,.0f}"),
    Column("s a commit", "commit_seconds", "{:,.2f}"),
)
SCALE = {"requests": 1e6, "commits": 1e6, "objects": 1e6, "live_files": 1e6, "raw_bytes": 1e12, "table_bytes": 1e12}
SCALE |= {"metadata_bytes": 1e9}
PARTS = (Column("first year", "first", "{:.0%}"), Column("last year", "last", "{:.0%}"), Column("turn", "turn", "{}"))
TURNS = (
    Column("commits", "commits", "{:.0%}"),
    Column("worker cores", "cores", "{:,.0f}"),
    Column("Airflow cores", "airflow", "{:.1f}"),
    Column("objects, M", "objects", "{:,.0f}"),
    Column("table metadata, GB", "metadata", "{:.2f}"),
    Column("portals that fit", "fit", "{:,}"),
)


def tables(figures: dict[str, Figure], load: Load, site: Site) -> list[str]:
    """The simulation as lines of Markdown."""
    years = simulate(figures, load, site)
    full = parts(years, load, site)
    first = full[0]
    state = "is full" if first.is_full else "is fullest, and not full"
    return [
        f"{load.portals:,} portals, {load.articles_a_day:g} articles a day each, {load.windows_a_day:g} windows a day, "
        f"{load.years} years. Cores are the mean over the day.",
        "",
        *markdown_table([(f"year {year.year}", _values(year)) for year in years], YEARS),
        "",
        f"Runs that have to go in one commit by year {years[-1].year}: {years[-1].runs_a_commit}, in "
        f"{years[-1].commit_seconds:.2f} s; up to {1 + MAX_TOGETHER} can.",
        "",
        f"How full each part is; above {BUSY:.0%} is full. **{first.name}** {state} first: turn {first.turn}.",
        "",
        *markdown_table([(part.name, vars(part)) for part in full], PARTS),
        "",
        f"The same portals in year {load.years}, with other windows. Last column: how many portals can be kept "
        "so long before a part is full.",
        "",
        *markdown_table([_turned(figures, load, site, name) for name in TURNED], TURNS),
        "",
        "The figures:",
        "",
        *markdown_table(
            [
                (f"`{one.name}`", {"value": f"{one.value:.4g} {one.unit}", "source": one.source})
                for one in figures.values()
            ],
            (Column("value", "value", "{}"), Column("source", "source", "{}")),
        ),
    ]


def _values(year: Year) -> dict[str, float]:
    names = [column.key for column in YEARS]
    return {name: getattr(year, name) / SCALE.get(name, 1) for name in names}


def _turned(figures: dict[str, Figure], load: Load, site: Site, name: str) -> tuple[str, dict[str, object]]:
    tried = replace(load, **TURNED[name])
    last = simulate(figures, tried, site)[-1]
    return name, {
        "commits": last.commit_share,
        "cores": last.worker_cores,
        "airflow": last.airflow_cores,
        "objects": last.objects / 1e6,
        "metadata": last.metadata_bytes / 1e9,
        "fit": most_portals(figures, tried, site),
    }


def main(words: Sequence[str] | None = None) -> int:
    """Print the tables; with the loads of the defaults, also write them into docs/explain/scaling.md."""
    parser = argparse.ArgumentParser(description="what many portals cost over years, and what is full first")
    parser.add_argument("--measure", action="store_true", help="measure the figures again (minutes)")
    parser.add_argument("--no-write", action="store_true", help="print only")
    for kind in (Load, Site):
        for one in fields(kind):
            parser.add_argument(f"--{one.name.replace('_', '-')}", type=type(one.default), default=one.default)
    asked = vars(parser.parse_args(words))
    if asked["measure"]:
        from bench.simulate.measures import measure

        write_figures(measure())
    load, site = (kind(**{one.name: asked[one.name] for one in fields(kind)}) for kind in (Load, Site))
    text = "\n".join(tables(read_figures(), load, site))
    print(text)
    if not asked["no_write"] and (load, site) == (Load(), Site()):
        put_between_markers(DOCUMENT, MARKER, text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
