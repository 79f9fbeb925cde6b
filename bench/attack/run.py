"""`make attack`: kills, writers at one moment, a store that stumbles, full disks, jumping clocks, damage, a soak.

The seed is printed; the same seed gives the same attack. Sizes are options: minutes by default, hours if asked.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from bench.attack.damage import corruptions, mutated_pages
from bench.attack.deaths import clocks, crawls, kills, together, writers
from bench.attack.places import PLACES
from bench.attack.processes import zygote
from bench.attack.score import Score
from bench.attack.soak import soak
from bench.attack.stores import chaos, full

# In this order, unless --only says another: what takes longest comes last.
ATTACKS = ("kills", "crawls", "together", "chaos", "full", "clocks", "corruptions", "pages", "soak", "writers")


def main() -> int:
    """Attack, and print the figures as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**6)
    parser.add_argument("--kills", type=int, default=1, help="of each command, in each place")
    parser.add_argument("--writers", type=int, default=4, help="that publish at one moment, in each place")
    parser.add_argument("--full", type=int, default=1, help="full disks that each command meets, of each kind")
    parser.add_argument("--corruptions", type=int, default=40)
    parser.add_argument("--pages", type=int, default=300, help="mutated")
    parser.add_argument("--windows", type=int, default=100, help="of the soak")
    parser.add_argument("--places", nargs="*", default=list(PLACES), choices=PLACES)
    parser.add_argument("--only", nargs="*", default=list(ATTACKS), choices=ATTACKS)
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    chooser, score = random.Random(asked.seed), Score()
    with tempfile.TemporaryDirectory(prefix="warraq-attack-") as root, zygote(Path(root) / "outputs") as forks:
        where, each = asked.places, asked.kills
        attacks: dict[str, Callable[[Path], None]] = {
            "kills": lambda folder: kills(folder, chooser, score, forks, times=each, wanted=where),
            "crawls": lambda folder: crawls(folder, chooser, score, forks, times=each, wanted=where),
            "writers": lambda folder: writers(folder, score, forks, count=asked.writers, wanted=where),
            "together": lambda folder: together(folder, chooser, score, forks, count=asked.writers, wanted=where),
            "chaos": lambda folder: chaos(folder, chooser, score, forks),
            "full": lambda folder: full(folder, chooser, score, forks, times=asked.full),
            "clocks": lambda folder: clocks(folder, chooser, score, forks),
            "corruptions": lambda folder: corruptions(folder, chooser, score, count=asked.corruptions),
            "pages": lambda _folder: mutated_pages(chooser, score, count=asked.pages),
            "soak": lambda folder: soak(folder, score, windows=asked.windows),
        }
        for name in asked.only:
            began, folder = time.monotonic(), Path(root) / name
            folder.mkdir()
            before, failed = score.counts.copy(), len(score.failures)
            try:
                attacks[name](folder)
            except Exception as error:  # the next attacks are of use all the same
                score.failures.append(f"{name}: {''.join(traceback.format_exception(error))}")
            done = ", ".join(f"{told} {count:,}" for told, count in sorted((score.counts - before).items()))
            sys.stdout.write(
                f"{name}: {time.monotonic() - began:.0f} s, failures {len(score.failures) - failed}; {done}\n"
            )
            for failure in score.failures[failed:]:
                sys.stdout.write(f"FAILED {failure}\n")
            sys.stdout.flush()
    sys.stdout.write("| attack | times |\n| --- | ---: |\n")
    for told, count in sorted(score.counts.items()):
        sys.stdout.write(f"| {told} | {count:,} |\n")
    sys.stdout.write(f"| lost, doubled or missed | {len(score.failures)} |\n")
    return 1 if score.failures else 0


if __name__ == "__main__":
    sys.exit(main())
