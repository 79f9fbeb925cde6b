"""`make bench-crawl`: what a page costs with the raw archive written, beside bare Scrapy and Scrapy with warcio.

All crawl the same demo portal over loopback: one day of articles, found in that day's sitemap, eight requests at a
time. Each crawl is a process of its own; the kinds take turns over several rounds. news-please extracts each page
within its crawl, which the others leave to a later stage, so it is no like for like; it crawls a smaller portal once.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bench.crawl.worker import KINDS, Measured
from bench.markdown_tables import Column, markdown_table, put_between_markers

REPORT = Path("docs/benchmarks/crawl.md")
README = Path("README.md")
MARKER = "bench-crawl"
DAY = "2024-12-02"
UNTIL = "2024-12-03"
BASELINE = "scrapy"
COMPARED = tuple(kind for kind in KINDS if kind != "news-please")
NEWS_PLEASE_ARTICLES = 200
NAMES = {
    "warraq": "warraq, raw archive written",
    "scrapy": "Scrapy, nothing kept",
    "scrapy+warcio": "Scrapy, warcio in the callback",
    "news-please": "news-please, which also extracts",
}
COLUMNS = (
    Column("CPU a page", "ratio", "{:.2f}×"),
    Column("ms CPU a page", "cpu_milliseconds", "{:.2f}"),
    Column("pages/s", "pages_a_second", "{:.0f}"),
    Column("peak MB", "peak_rss_megabytes", "{:.0f}"),
    Column("reactor lag p99, ms", "lag_milliseconds", "{:.0f}"),
    Column("WARC MB", "warc_megabytes", "{:.1f}"),
)


@contextmanager
def demo_portal(articles: int) -> Iterator[str]:
    """The demo portal in a process of its own; its address."""
    size = ("--articles", str(articles), "--days", "1", "--until", UNTIL, "--no-stubs")
    command = [sys.executable, "-m", "warraq", "demo-portal", "--port", "0", "--json", *size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()


def crawl_once(kind: str, url: str) -> Measured:
    """One crawl in a fresh process and an empty archive."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.crawl.worker", kind, "--url", url, "--day", DAY, "--folder", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        return Measured(**json.loads(done.stdout.splitlines()[-1]))


def summarise(
    rounds: Sequence[dict[str, Measured]], alone: Measured | None = None
) -> list[tuple[str, dict[str, object]]]:
    """Medians over the rounds; the ratio is taken within each round. `alone` is news-please's one crawl."""
    rows = []
    for kind in rounds[0]:
        runs = [measured[kind] for measured in rounds]
        ratios = [_cpu_a_page(measured[kind]) / _cpu_a_page(measured[BASELINE]) for measured in rounds]
        rows.append((NAMES[kind], _row(runs, ratio=statistics.median(ratios))))
    if alone:
        bare = statistics.median(_cpu_a_page(measured[BASELINE]) for measured in rounds)
        rows.append((NAMES["news-please"], _row([alone], ratio=_cpu_a_page(alone) / bare)))
    return rows


def _row(runs: Sequence[Measured], *, ratio: float) -> dict[str, object]:
    lags = [run.lag_p99_seconds for run in runs if run.lag_p99_seconds is not None]
    return {
        "ratio": ratio,
        "cpu_milliseconds": 1000 * statistics.median(map(_cpu_a_page, runs)),
        "pages_a_second": statistics.median(run.pages / run.wall_seconds for run in runs),
        "peak_rss_megabytes": max(run.peak_rss_megabytes for run in runs),
        "lag_milliseconds": 1000 * statistics.median(lags) if lags else None,
        "warc_megabytes": statistics.median(run.warc_megabytes for run in runs) or None,
    }


def report(rows: Sequence[tuple[str, dict[str, object]]], *, articles: int, rounds: int) -> str:
    """The document."""
    about = " ".join((__doc__ or "").split("\n\n", 1)[1].split())
    versions = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "twisted", "warcio", "fastwarc"))
    return "\n".join(
        [
            "# Crawling: what a page costs",
            "",
            f"Written by `make bench-crawl`. {about}",
            "",
            f"{articles} pages, medians of {rounds} rounds (the peak of memory: the highest). CPU is user and system "
            f"time of the whole process after its imports; the ratio is to Scrapy with nothing kept, within a round. "
            f"Python {platform.python_version()}, {versions}.",
            "",
            *markdown_table(rows, COLUMNS),
            "",
        ]
    )


def _cpu_a_page(measured: Measured) -> float:
    return measured.cpu_seconds / measured.pages


def main() -> int:
    """Measure, print, and write the report and README's table."""
    parser = argparse.ArgumentParser(description="CPU, memory and reactor lag of crawls")
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=KINDS, action="append", help="besides the baseline; may be repeated")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    kinds = [kind for kind in COMPARED if not asked.only or kind in (*asked.only, BASELINE)]
    rounds: list[dict[str, Measured]] = []
    with demo_portal(asked.articles) as url:
        for turn in range(asked.rounds):
            first = turn % len(kinds)
            measured = {kind: crawl_once(kind, url) for kind in (*kinds[first:], *kinds[:first])}
            for kind, run in measured.items():
                print(f"round {turn + 1} {kind}: {asdict(run)}", file=sys.stderr)
                if run.pages != asked.articles:
                    print(f"{kind} crawled {run.pages} of {asked.articles} pages: not comparable", file=sys.stderr)
                    return 1
            rounds.append({kind: measured[kind] for kind in kinds})
    alone = None
    if not asked.only or "news-please" in asked.only:
        with demo_portal(NEWS_PLEASE_ARTICLES) as url:
            alone = crawl_once("news-please", url)
            print(f"news-please: {asdict(alone)}", file=sys.stderr)
    rows = summarise(rounds, alone)
    text = report(rows, articles=asked.articles, rounds=asked.rounds)
    print(text)
    if not asked.no_write:
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
        put_between_markers(README, MARKER, "\n".join(markdown_table(rows, COLUMNS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
