"""Child processes of the concurrency and kill tests: `python -m tests.tables.writers ACTION …`."""

from __future__ import annotations

import sys

from storage.settings import read_settings
from storage.staging import staged_rows
from storage.tables import open_tables
from tests.tables.rows import records, run_id


def publish_many(portal: str, first: int, count: int) -> None:
    """`count` windows of one portal, one commit each."""
    tables = open_tables(read_settings())
    for number in range(first, first + count):
        run = run_id(portal, 1 + number % 28, month=1 + number // 28)
        tables.replace_run(run, staged_rows(run, *records(run, 2)))


def publish_over_and_over(portal: str, seed: int) -> None:
    """The same window with ever different rows, until killed; writes a line before each commit."""
    tables = open_tables(read_settings())
    run = run_id(portal)
    for number in range(seed, seed + 10_000):
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        tables.replace_run(run, staged_rows(run, *records(run, 1 + number % 5, lost=number % 3, text=str(number))))


if __name__ == "__main__":
    action, portal, first, *rest = sys.argv[1:]
    if action == "many":
        publish_many(portal, int(first), int(rest[0]))
    else:
        publish_over_and_over(portal, int(first))
