"""`make clocks`: what looks at the time is tested at hours at which clocks are odd, under libfaketime.

The clock is moved, not stopped, so child processes live in the same hour as their parents.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.fixtures.paths import ROOT

# UTC. Cairo and Beirut change their clocks in spring and autumn, Casablanca around Ramadan.
INSTANTS = {
    "a night": "2026-11-25T00:30Z",
    "a morning": "2026-11-25T06:30Z",
    "a noon": "2026-11-25T12:30Z",
    "an evening, the next day in the east": "2026-11-25T20:30Z",
    "the last minutes of a month": "2026-11-30T23:50Z",
    "the last minutes of a year": "2026-12-31T23:50Z",
    "29 February": "2028-02-29T21:30Z",
    "Cairo springs forward": "2026-04-23T21:50Z",
    "Cairo falls back": "2026-10-29T20:50Z",
    "Casablanca falls back": "2026-02-15T01:50Z",
    "Casablanca springs forward": "2026-03-22T01:50Z",
    "Beirut springs forward": "2026-03-28T21:50Z",
    "Beirut falls back": "2026-10-24T20:50Z",
    "a Hijri new year": "2026-06-16T16:30Z",
}
# The first is an evening too, with the next day in the east.
IN_CI = ("29 February", "Cairo springs forward", "a Hijri new year")
# Of the commands, what compares the portal's times with the clock: a usage error is the same at any hour.
_CHECK = "tests/spiders/check/test_check_and_new_portal.py"
TESTS = (
    f"{_CHECK}::test_check_finds_the_demo_portal_in_order_and_writes_no_archive",
    f"{_CHECK}::test_check_tells_people_and_saves_what_it_saw",
    f"{_CHECK}::test_check_names_what_is_wrong_with_a_definition",
    f"{_CHECK}::test_new_portal_writes_a_definition_that_works",
    "tests/warraq/monitoring/test_health.py",
    "tests/warraq/monitoring/test_coverage.py",
    "tests/warraq/backfill/test_plan.py",
)


def faketime() -> Path | None:
    """The library that moves the clock (Debian's package faketime); None where it is not installed."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return found[0] if found else None


def moved(instant: str, library: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process whose clock shows the instant when it starts."""
    seconds = round((datetime.fromisoformat(instant) - datetime.now(UTC)).total_seconds())
    return {**environ, "LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}", "FAKETIME_NO_CACHE": "1"}


def run(instant: str, library: Path) -> subprocess.CompletedProcess[str]:
    """The tests of what looks at the time, at that hour."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *TESTS]
    environ = moved(instant, library, {key: text for key, text in os.environ.items() if "PYTEST" not in key})
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def failures(library: Path) -> Iterator[str]:
    for name, instant in INSTANTS.items():
        ended = run(instant, library)
        print(f"{instant}  {name}: {ended.stdout.strip().splitlines()[-1]}", flush=True)  # noqa: T201 - a command
        if ended.returncode:
            yield name + "\n" + ended.stdout


def main() -> int:
    """Run all instants; print what failed."""
    library = faketime()
    if library is None:
        print("install Debian's package faketime")  # noqa: T201
        return 2
    found = list(failures(library))
    print("\n\n".join(found))  # noqa: T201
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
