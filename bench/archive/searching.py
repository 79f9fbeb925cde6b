"""The search index of a year: how long it takes to make, how large it is, how fast it answers.

`make bench-archive ARGS="--only search --search-rows 1000000"` measures it at the size that its bounds are for.
"""

from __future__ import annotations

import functools
import resource
import time
from collections.abc import Callable
from pathlib import Path

import warraq
from bench.archive.findings import Finding, best, settings_in
from bench.archive.memory import LIMIT, peak
from bench.archive.rows import Texts
from bench.archive.year import SEED, build_year
from warraq.api.search_index import index_path

MOST_SECONDS, MOST_MEGABYTES, MOST_MILLISECONDS = 600.0, 1_500.0, 50.0  # of a million articles


def searching(folder: Path, *, rows: int, portals: int, rounds: int) -> list[Finding]:
    """Bounds of size and time are those of a million articles, in proportion."""
    (folder / "tenth").mkdir()
    less = build_year(folder / "tenth", rows=rows // 10, portals=portals, is_bare=False)
    settings = build_year(folder, rows=rows, portals=portals, is_bare=False)
    once = peak(["maintain", "--search-index"], less)
    start, cpu = time.monotonic(), _cpu_of_commands()
    more = peak(["maintain", "--search-index"], settings)
    seconds, cpu = time.monotonic() - start, _cpu_of_commands() - cpu
    size = sum(path.stat().st_size for path in index_path(settings).iterdir()) / 1e6
    share = rows / 1_000_000
    return [
        Finding(f"search index of {rows:,} articles, s", seconds, bound=share * MOST_SECONDS),
        Finding("the same, s of CPU", cpu),
        Finding("its size, MB", size, bound=share * MOST_MEGABYTES),
        Finding("making it: peak MB held at ten times the data", more.held, once.held, limit=LIMIT),
        Finding("the same with files that are mapped", more.resident, once.resident, limit=LIMIT),
        *_asking(folder, rounds=rounds),
    ]


def _asking(folder: Path, *, rounds: int) -> list[Finding]:
    texts = Texts(SEED)
    words = texts.sentences[7].rstrip(".").split()
    asked = {
        "a phrase of three words, ms": f'"{" ".join(words[3:6])}"',
        "a word that stands in most texts, ms": texts.stems[0],
        "a phrase of two words that stand in most texts, ms": f'"{texts.stems[0]} {texts.stems[1]}"',
        "a phrase of two words in a third of the texts, ms": f'"{texts.stems[30]} {texts.stems[40]}"',
        "a phrase of three words that stand in most texts, ms": f'"{" ".join(texts.stems[:3])}"',
        "two words anywhere, ms": f"{texts.stems[40]} {texts.stems[90]}",
    }
    settings, phrase = settings_in(folder), next(iter(asked))
    with warraq.open_archive(settings.archive) as archive:
        whole = {name: functools.partial(archive.search, query, limit=20) for name, query in asked.items()}
        # Without a text the answer is the index's alone: how many, by portal and month.
        counted = {name: functools.partial(archive.search, query, limit=0) for name, query in asked.items()}
        times, counts = best(whole, rounds=rounds), best(counted, rounds=rounds)
        often = "a phrase of two words that stand in most texts, ms"
        seconds = [
            Finding(f"counting {phrase}", counts.pop(phrase), bound=MOST_MILLISECONDS),
            Finding(f"counting {often}", counts.pop(often), bound=MOST_MILLISECONDS),
            Finding(f"the passages of 20 articles with {phrase}", times.pop(phrase), bound=MOST_MILLISECONDS),
            Finding("the same, ms of CPU", min(_cpu(whole[phrase]) for _ in range(rounds)), bound=MOST_MILLISECONDS),
        ]
    seconds += [Finding(f"counting {name}", spent) for name, spent in counts.items()]
    return seconds + [Finding(f"the passages of 20 articles with {name}", spent) for name, spent in times.items()]


def _cpu_of_commands() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)
