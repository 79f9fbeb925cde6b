"""Metrics as a StatsD server receives them, over a real socket."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.errors import RetryLater, UsageError
from storage.model.outcomes import Outcome
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.paths import ROOT
from tests.fixtures.run_rows import run
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve
from warraq.pipeline.metrics import crawl_figures, publication_lag, run_figures, stage_metrics, statsd_address

PAGE = ROOT / "docs" / "how_to" / "operate" / "metrics.md"
LINE = re.compile(r"warraq\.(?P<portal>\w+)\.(?P<stage>\w+)\.(?P<figure>[\w.]+):(?P<value>-?[\d.]+)\|(?P<kind>c|g|ms)")
SITE = DemoSite(articles=8, first_day=date(2024, 12, 24), days=2)


class Listener:
    """A UDP socket and the lines it got."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"

    def datagrams(self) -> list[bytes]:
        found = []
        while True:
            try:
                found.append(self.socket.recv(65_536))
            except TimeoutError:
                return found

    def figures(self) -> dict[tuple[str, str], tuple[float, str]]:
        lines = b"\n".join(self.datagrams()).decode("ascii").splitlines()
        matches = [LINE.fullmatch(line) for line in lines]
        assert all(matches), f"not StatsD: {lines}"
        return {(m["stage"], m["figure"]): (float(m["value"]), m["kind"]) for m in matches if m}


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.socket.close()


def settings_for(address: str) -> Settings:
    return read_settings({"WARRAQ_STATSD": address})


def test_a_stage_sends_its_figures_once_at_its_end(listener: Listener) -> None:
    with stage_metrics(settings_for(listener.address), stage="extract", portal="almasaa") as metrics:
        metrics.counters |= {"articles": 3, "rejected.listing": 1}
        metrics.gauges["lag_seconds"] = 90.5
        assert listener.datagrams() == []
    got = listener.figures()
    assert got["extract", "articles"] == (3, "c")
    assert got["extract", "rejected.listing"] == (1, "c")
    assert got["extract", "lag_seconds"] == (90.5, "g")
    assert got["extract", "ended.done"] == (1, "c")
    assert 200 <= got["extract", "seconds"][0] < 60_000, "milliseconds; the listener above has waited 200"


def test_a_stage_that_fails_says_so_and_its_error_goes_on(listener: Listener) -> None:
    with (
        pytest.raises(RetryLater),
        stage_metrics(settings_for(listener.address), stage="crawl", portal="almasaa") as metrics,
    ):
        metrics.counters["links"] = 5
        raise RetryLater("503")
    got = listener.figures()
    assert got["crawl", "links"] == (5, "c")
    assert got["crawl", "ended.retry_later"] == (1, "c")


def test_many_figures_travel_in_datagrams_that_fit_a_frame(listener: Listener) -> None:
    with stage_metrics(settings_for(listener.address), stage="crawl", portal="almasaa") as metrics:
        metrics.counters |= {f"outcome.{outcome}": 1_000_000 for outcome in Outcome} | {f"n{n}": n for n in range(90)}
    datagrams = listener.datagrams()
    assert len(datagrams) > 1
    assert max(map(len, datagrams)) <= 1_400


def test_without_the_variable_nothing_is_sent(listener: Listener) -> None:
    with stage_metrics(read_settings({}), stage="crawl", portal="almasaa"):
        pass
    assert listener.datagrams() == []


def test_a_server_without_a_name_that_resolves_is_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    with stage_metrics(settings_for("no..name:8125"), stage="crawl", portal="almasaa"):
        pass
    assert "WARNING no metrics are sent" in capsys.readouterr().err


def test_a_server_that_is_away_does_not_hurt_the_stage(listener: Listener, capsys: pytest.CaptureFixture[str]) -> None:
    listener.socket.close()
    with stage_metrics(settings_for(listener.address), stage="crawl", portal="almasaa"):
        pass
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("text", ["localhost", ":8125", "host:", "host:0", "host:70000", "host:8125/x"])
def test_an_address_that_is_none_stops_the_command_before_it_works(text: str) -> None:
    with pytest.raises(UsageError, match="WARRAQ_STATSD"), stage_metrics(settings_for(text), stage="x", portal="x"):
        raise AssertionError("the stage has begun")


def test_addresses_may_be_of_ip_version_six() -> None:
    assert statsd_address("[::1]:8125") == ("::1", 8125)


def test_the_lag_is_that_of_windows_of_the_present() -> None:
    row = run("2025-01-10T10:00Z", "2025-01-10T11:00Z")
    now = datetime(2025, 1, 10, 12, tzinfo=UTC)
    assert publication_lag(row, now=now) == {"lag_seconds": 3600}
    assert publication_lag(replace(row, started_at=now + timedelta(days=3)), now=now + timedelta(days=3)) == {}


def test_reasons_add_up() -> None:
    row = replace(run("2025-01-10", "2025-01-11"), rejected=3, outcomes={"rejected:listing": 2, "rejected:video": 1})
    figures = run_figures(row)
    assert figures["rejected"] == figures["rejected.listing"] + figures["rejected.video"] == 3


@pytest.mark.slow
def test_archiving_a_window_sends_what_the_page_documents_and_what_the_archive_holds(
    listener: Listener, local_environ: dict[str, str]
) -> None:
    words = ("archive", "demo", "--from", "2024-12-24", "--to", "2024-12-25", "--json")
    with serve(SITE) as served:
        environ = {**os.environ, **local_environ, "WARRAQ_DEMO_URL": served.base_url, "WARRAQ_STATSD": listener.address}
        ended = subprocess.run(
            [sys.executable, "-m", "warraq", *words], env=environ, capture_output=True, text=True, timeout=240
        )
    assert ended.returncode in (0, 3), ended.stderr
    got = listener.figures()
    (row,) = open_tables(read_settings(local_environ), create=False).history("demo")
    assert got["publish", "articles"][0] == got["extract", "articles"][0] == row.articles_new > 0
    assert got["crawl", "bytes"][0] == row.bytes_received > 0
    assert got["crawl", "requests"][0] == row.requests
    outcomes = [value for (stage, figure), (value, _) in got.items() if stage == "crawl" and "outcome." in figure]
    assert sum(outcomes) == got["crawl", "links"][0]

    documented = set(re.findall(r"^\| `(\w+)` \| `([\w.]+(?:<\w+>)?)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    sent = {(stage, re.sub(r"^(outcome|rejected)\..*", _pattern, figure)) for stage, figure in got}
    common = {figure for _, figure in sent if figure == "seconds" or figure.startswith("ended.")}
    backfilled = {("publish", "lag_seconds")}  # the window is of 2024
    rare = {("extract", "rejected.<reason>"), ("publish", "rejected.<reason>")}
    assert {(stage, figure) for stage, figure in sent if figure not in common} - documented == set(), "document it"
    assert documented - sent - backfilled - rare == set(), "documented, and not sent"


def _pattern(match: re.Match[str]) -> str:
    return {"outcome": "outcome.<outcome>", "rejected": "rejected.<reason>"}[match[1]]


def test_a_crawls_figures_are_those_of_its_report() -> None:
    from storage.model.records import CrawlReport

    now = datetime(2025, 1, 1, tzinfo=UTC)
    report = CrawlReport("demo/x", 1, 1, now, now, 7, {"captured": 4, "gone": 3}, (), "k", 900, 9)
    assert crawl_figures(report) == {
        "links": 7,
        "pages": 4,
        "requests": 9,
        "bytes": 900,
        "outcome.captured": 4,
        "outcome.gone": 3,
    }
