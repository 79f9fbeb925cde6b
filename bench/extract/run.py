"""`make bench-extract`: quality and speed of Warraq's extractor and its peers, side by side in one process and run."""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import json
import logging
import platform
import statistics
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench.extract.cases import Case, corpus_cases, demo_cases, outside_cases
from bench.extract.extractors import BASELINE, OURS, Extractor, all_extractors
from bench.extract.measures import Figures, Prediction, judge, means
from bench.extract.offline import offline
from bench.markdown_tables import Column, markdown_table, put_between_markers
from storage.errors import UsageError

REPORT = Path("docs/benchmarks/extract.md")
README = Path("README.md")
MARKER = "bench-extract"
WARM_UP_PAGES = 5  # lazy imports and caches of the libraries are not counted
COLUMNS = (
    Column("body F1", "f1"),
    Column("leak", "leak"),
    Column("required", "required"),
    Column("rejected", "rejected"),
    Column("listings kept out", "kept_out"),
    Column("title", "title"),
    Column("day right", "date"),
    Column("day wrong", "wrong"),
    Column("author right", "author"),
    Column("author invented", "author_false"),
    Column("speed", "speed", form="{:.2f}×"),
    Column("pages/s", "pages_a_second", form="{:.0f}"),
)

CORPUS = "Corpus"
OUTSIDE = "Outside pages"
OUTSIDE_OPTION = "OUTSIDE=folder"
# Slow libraries and those without metadata are left out where a set has hundreds of pages, and in README.
CLAIMED = (OURS, BASELINE, "trafilatura precision", "readability-lxml")
_NEEDS = {"date_null": "date", "wrong": "date", "author_false": "author"}  # which field a figure judges


@dataclass(frozen=True)
class Result:
    """One extractor on one set of pages."""

    extractor: Extractor
    figures: Figures
    speed: float | None  # pages a second of CPU, over those of the baseline in the same rounds; None if not timed
    pages: int
    seconds: float | None  # of CPU for all pages, median of the rounds
    failures: int  # pages on which it raised

    def row(self) -> dict[str, object]:
        """What a table shows of it."""
        given = {key: value for key, value in asdict(self.figures).items() if _NEEDS.get(key, key) in self.shown}
        return given | {"speed": self.speed, "pages_a_second": self.pages / self.seconds if self.seconds else None}

    @property
    def shown(self) -> set[str]:
        """The things the extractor gives, and the figures of the body, which all give."""
        return {"precision", "recall", "f1", "leak", "required", "rejected", "kept_out", *self.extractor.gives}


def measure(cases: Sequence[Case], extractors: Sequence[Extractor], *, rounds: int) -> list[Result]:
    """Quality once; speed over `rounds` in which the extractors take turns, each round beginning with another."""
    predictions: dict[str, list[Prediction]] = {}
    failures: dict[str, int] = {}
    for extractor in extractors:
        for case in cases[:WARM_UP_PAGES]:
            _attempt(extractor, case)
        outcomes = [_attempt(extractor, case) for case in cases]
        predictions[extractor.name] = [outcome or Prediction() for outcome in outcomes]
        failures[extractor.name] = outcomes.count(None)
    seconds: dict[str, list[float]] = {extractor.name: [] for extractor in extractors}
    gc.collect()
    gc.freeze()  # as workers do: collections of one extractor do not walk what ten libraries and all pages hold
    for turn in range(rounds):
        first = turn % len(extractors)
        for extractor in (*extractors[first:], *extractors[:first]):
            started = time.process_time()
            for case in cases:
                _attempt(extractor, case)
            seconds[extractor.name].append(time.process_time() - started)
    results = []
    for extractor in extractors:
        mine, baseline = seconds[extractor.name], seconds[BASELINE]
        ratios = [theirs / ours for ours, theirs in zip(mine, baseline, strict=True)]
        judged = [judge(c.gold, p) for c, p in zip(cases, predictions[extractor.name], strict=True) if c.counts]
        results.append(
            Result(
                extractor=extractor,
                figures=means(judged),
                speed=statistics.median(ratios) if ratios else None,
                pages=len(cases),
                seconds=statistics.median(mine) if mine else None,
                failures=failures[extractor.name],
            )
        )
    return results


def _attempt(extractor: Extractor, case: Case) -> Prediction | None:
    """None where the library raised: whatever type, for a benchmark it is a failure."""
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return extractor.extract(case)
    except Exception:
        return None


def report(sets: Sequence[tuple[str, str, list[Result]]], *, rounds: int) -> str:
    """The document: a table for each set of pages."""
    versions = {result.extractor.distribution: version(result.extractor.distribution) for result in sets[0][2]}
    lines = [
        "# Extraction: quality and speed",
        "",
        "Written by `make bench-extract`; the figures are explained in `bench/extract/measures.py`, the set-up of "
        "each library in `bench/extract/extractors.py`.",
        "",
        f"Speed is pages per second of CPU over those of `trafilatura.bare_extraction(with_metadata=True)`: median of "
        f"{rounds} rounds, all extractors taking turns on the same pages in one process. Python "
        f"{platform.python_version()}. " + ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        "",
        "Set-up: " + "; ".join(f"{r.extractor.name}: {r.extractor.note}" for r in sets[0][2]) + ".",
        "",
    ]
    for title, about, results in sets:
        lines += [f"## {title}", "", about, "", *_table(results), ""]
        raised = [f"{result.extractor.name} {result.failures}" for result in results if result.failures]
        if raised:
            lines += [f"Pages on which an extractor raised: {', '.join(raised)}.", ""]
    return "\n".join([*lines, _together(sets)]).rstrip() + "\n"


def _table(results: Sequence[Result]) -> list[str]:
    """The extractors' rows; columns that say nothing of any of them are left out."""
    rows = [(result.extractor.name, result.row()) for result in results]
    columns = [column for column in COLUMNS if any(row.get(column.key) is not None for _, row in rows)]
    return markdown_table(rows, columns)


def _together(sets: Sequence[tuple[str, str, list[Result]]]) -> str:
    """Ours and the baseline over all pages that were not made for Warraq; large pages count as they are."""
    counted = [
        {result.extractor.name: result for result in results}
        for title, _, results in sets
        if title.startswith((OUTSIDE, CORPUS)) and OURS in {result.extractor.name for result in results}
    ]
    pages = sum(named[OURS].pages for named in counted)
    ours, theirs = (sum(named[name].seconds or 0 for named in counted) for name in (OURS, BASELINE))
    return f"All {pages} outside and corpus pages together: {theirs / ours:.1f}× trafilatura's speed." if ours else ""


def _claims(sets: Sequence[tuple[str, str, list[Result]]]) -> str:
    """What README says: only of pages that nothing was written with or fitted on, and how to measure it again."""
    lines: list[str] = []
    for title, about, results in sets:
        if title.startswith(OUTSIDE):
            chosen = [result for result in results if result.extractor.name in CLAIMED]
            lines += [f"{title}: {about}", "", *_table(chosen), ""]
    command = f"make bench-extract {OUTSIDE_OPTION}"
    return "\n".join(
        [*lines, _together(sets), "", f"`{command}` measures it; all extractors and the other sets: `{REPORT}`."]
    )


def main() -> int:
    """Measure, print, and write the report and README's table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder with pages/, gold.jsonl, manifest.jsonl")
    parser.add_argument("--outside", type=Path, help="folder of public sets: pages/*.gz, gold.jsonl")
    parser.add_argument("--articles", type=int, default=100, help="pages of the demo portal")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="comma-separated names of extractors, besides the baseline")
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    extractors = all_extractors()
    if asked.only:
        extractors = [e for e in extractors if e.name in (BASELINE, *asked.only.split(","))]
    with offline():
        sets = _measured(asked, extractors)
    if asked.json:
        print(json.dumps({title: {r.extractor.name: r.row() for r in results} for title, _, results in sets}))
        return 0
    text = report(sets, rounds=asked.rounds)
    print(text)
    if not asked.no_write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
        if any(title.startswith(OUTSIDE) for title, _, _ in sets):
            put_between_markers(README, MARKER, _claims(sets))
    return 0


def _measured(asked: argparse.Namespace, extractors: Sequence[Extractor]) -> list[tuple[str, str, list[Result]]]:
    """Each set of pages: its title, what it is, and its results."""
    demo = demo_cases(articles=asked.articles, seed=asked.seed)
    hashed = demo_cases(articles=asked.articles, seed=asked.seed + 1, hashed_css=True)
    size = f"{asked.articles} articles in ten layouts"
    sets = [
        ("Demo portal", f"{size}.", measure(demo, extractors, rounds=asked.rounds)),
        ("Demo portal, class names hashed", f"Other {size}; quality only.", measure(hashed, extractors, rounds=0)),
    ]
    if _is_there(asked.corpus, "real pages", "--corpus"):
        pages = corpus_cases(asked.corpus)
        counted = sum(case.counts for case in pages)
        about = (
            f"{counted} real Arabic pages with gold made by hand, which are not part of the project. "
            "Warraq's rules were written with these pages at hand, those of its peers were not."
        )
        sets.append((CORPUS, about, measure(pages, extractors, rounds=asked.rounds)))
    if _is_there(asked.outside, "outside pages", "--outside"):
        few = [extractor for extractor in extractors if extractor.name in CLAIMED]
        for source, pages in outside_cases(asked.outside).items():
            listings = sum(case.gold.is_listing for case in pages)
            about = f"{len(pages) - listings} articles" + (f" and {listings} listings" if listings else "")
            about += " of publishers that nobody here chose, in other languages than Arabic; the gold is others'."
            sets.append((f"{OUTSIDE}, {source}", about, measure(pages, few, rounds=min(1, asked.rounds))))
    return sets


def _is_there(folder: Path | None, what: str, option: str) -> bool:
    if folder and folder.is_dir():
        return True
    print(f"{what} skipped: {f'{folder} is not there' if folder else f'no {option} is given'}", file=sys.stderr)
    return False


if __name__ == "__main__":
    try:
        sys.exit(main())
    except UsageError as error:
        sys.exit(f"error: {error.message} — {error.remedy}")
