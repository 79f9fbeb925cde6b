"""Child processes of the concurrency and kill tests: `python -m tests.tables.writers ACTION …`."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.tables.rows import records, run_id
from warraq.maintain_command import maintain


def publish_many(portal: str, first: int, count: int) -> None:
    """`count` windows of one portal, one commit each."""
    tables = open_tables(read_settings())
    for number in range(first, first + count):
        run = run_id(portal, 1 + number % 28, month=1 + number // 28)
        tables.replace_run(run, RecordRows(run, *records(run, 2)))


def publish_over_and_over(portal: str, seed: int) -> None:
    """The same window with ever different rows, until killed; writes a line before each commit."""
    tables = open_tables(read_settings())
    run = run_id(portal)
    for number in range(seed, seed + 10_000):
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        tables.replace_run(run, RecordRows(run, *records(run, 1 + number % 5, lost=number % 3, text=str(number))))


def maintain_once(now: str, margin_days: int) -> None:
    """One maintenance; writes a line when it begins."""
    settings = read_settings()
    sys.stdout.write("go\n")
    sys.stdout.flush()
    day = timedelta(days=1)
    maintain(settings, now=datetime.fromisoformat(now), keep=day, margin=margin_days * day, staging=30 * day)


if __name__ == "__main__":
    action, subject, number, *rest = sys.argv[1:]
    if action == "many":
        publish_many(subject, int(number), int(rest[0]))
    elif action == "maintain":
        maintain_once(subject, int(number))
    else:
        publish_over_and_over(subject, int(number))
