"""Figures of the stages for a StatsD server: plain UDP, sent once at the end of a stage, and never in its way.

Names are `warraq.<portal>.<stage>.<figure>`; docs/how_to/operate/metrics.md lists them, and a test compares.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import click

from storage.errors import ExitCode, UsageError, WarraqError
from storage.model.outcomes import Outcome
from storage.model.records import CrawlReport, Run
from storage.settings import Settings

MAX_DATAGRAM_BYTES = 1_400  # fits an Ethernet frame; a fragmented datagram is lost with each of its parts
# An older window was backfilled: how long ago it closed says nothing about how late its articles are.
PRESENT = timedelta(days=2)
_REJECTED = f"{Outcome.REJECTED}:"


@dataclass
class StageMetrics:
    """What a stage has to report, gathered while it runs; seconds and exit code are added at its end."""

    counters: dict[str, int] = field(default_factory=dict)
    gauges: dict[str, float] = field(default_factory=dict)
    exit_code: ExitCode = ExitCode.DONE


@contextmanager
def stage_metrics(settings: Settings, *, stage: str, portal: str) -> Iterator[StageMetrics]:
    """Sends what the stage reports when it ends, also when it fails. Without WARRAQ_STATSD nothing is sent.

    Raises UsageError for an address that is none; a server that is away is not noticed, as UDP is.
    """
    address = statsd_address(settings.statsd) if settings.statsd else None
    metrics = StageMetrics()
    started = time.monotonic()
    try:
        yield metrics
    except WarraqError as error:
        metrics.exit_code = error.exit_code
        raise
    except BaseException:
        metrics.exit_code = ExitCode.FAILED
        raise
    finally:
        if address:
            _send(address, f"warraq.{portal}.{stage}", metrics, seconds=time.monotonic() - started)


def crawl_figures(report: CrawlReport) -> dict[str, int]:
    """Counters of a crawl; `outcome.<outcome>` adds up to `links`."""
    return {
        "links": report.links,
        "pages": report.outcomes.get(Outcome.CAPTURED, 0),
        "requests": report.requests,
        "bytes": report.bytes_received,
        **{f"outcome.{name}": count for name, count in report.outcomes.items()},
    }


def run_figures(run: Run, *, captures: int | None = None) -> dict[str, int]:
    """Counters of extracted or published rows; `rejected.<reason>` adds up to `rejected`."""
    reasons = {name.removeprefix(_REJECTED): n for name, n in run.outcomes.items() if name.startswith(_REJECTED)}
    return {
        **({} if captures is None else {"pages": captures}),
        "articles": run.articles_new,
        "editions": run.editions,
        "rejected": run.rejected,
        **{f"rejected.{reason}": count for reason, count in reasons.items()},
    }


def publication_lag(run: Run, *, now: datetime) -> dict[str, float]:
    """Seconds from the end of the run's window to its commit, for windows of the present."""
    if run.started_at - run.window_end > PRESENT:
        return {}
    return {"lag_seconds": max(0.0, (now - run.window_end).total_seconds())}


def statsd_address(text: str) -> tuple[str, int]:
    """host:port, also [::1]:8125. Raises UsageError."""
    host, _, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise UsageError(f"WARRAQ_STATSD={text!r} is no address", remedy="write host:port, e.g. 127.0.0.1:8125")
    return host, int(port)


def _send(address: tuple[str, int], prefix: str, metrics: StageMetrics, *, seconds: float) -> None:
    import statsd  # noqa: PLC0415 - only where metrics are wanted

    host, port = address
    try:
        client = statsd.StatsClient(host, port, prefix, MAX_DATAGRAM_BYTES, ":" in host)
    except (OSError, UnicodeError):
        click.echo(f"WARNING no metrics are sent: the name {host!r} of WARRAQ_STATSD cannot be resolved", err=True)
        return
    try:
        with client.pipeline() as pipe:
            for name, count in metrics.counters.items():
                pipe.incr(name, count)
            for name, value in metrics.gauges.items():
                pipe.gauge(name, round(value, 3))
            pipe.incr(f"ended.{metrics.exit_code.name.lower()}")
            pipe.timing("seconds", seconds * 1000)  # StatsD's timers count milliseconds
    finally:
        client.close()
