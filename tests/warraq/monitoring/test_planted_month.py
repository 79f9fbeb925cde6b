"""A month with trouble of every kind: page, health and alerts say the right thing of each, and nothing of the well."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from spiders.job.crawl_verdict import grouped_failures, verdict_of
from spiders.portals.demo import PORTAL
from storage.errors import ExitCode, RetryLater, StageFailed, WarraqError
from storage.iceberg.multi_table_commit import load_tables
from storage.model.records import Run
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import table_of
from storage.schema.columns import RUNS
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.raw_runs import link, report_of
from tests.fixtures.run_rows import NOW, run
from warraq.alerts.incidents import read_troubles
from warraq.alerts.watch import look
from warraq.findings.causes import NEXT_STEPS, Cause
from warraq.findings.last_failure import note_failure
from warraq.monitoring.archived_runs import health_of_all
from warraq.monitoring.overview import fleet, portal_in_full
from warraq.monitoring.page.render import Viewer, fleet_page, portal_page
from warraq.pipeline.audit import audit_run, link_findings

HOUR = timedelta(hours=1)
DAYS = 44
RHYTHM = np.array([1, 1, 0, 0, 0, 1, 2, 3, 5, 7, 8, 8, 8, 7, 7, 6, 6, 6, 5, 5, 5, 4, 3, 2]) / 100
WELL = ("mercury", "venus", "mars")
# What has no other name in Arabic: settings, files, programs, zones.
NAMES = {"Airflow", "UTC", "DAG", "robots", "txt", "start_url", "domains", "politeness", "concurrency", "delay_seconds"}
NAMES |= {"schedule", "retired", "WARRAQ_CONTACT", "xx"}
# Portal: hours since its last published window, its state, the cause that is named.
TROUBLE = {
    "badly": (None, "bad definition", Cause.DEFINITION),
    "gone": (40 * 24, "dead", Cause.DNS),
    "forbidden": (5 * 24, "stopped", Cause.HTTP_4XX),
    "unreachable": (3 * 24, "stopped", Cause.REFUSED),
    "paused": (4 * 24, "stopped", Cause.NOT_RUNNING),
    "relayout": (40, "late", Cause.LAYOUT),
    "patience": (30, "late", Cause.RATE_LIMITED),
    "quiet": (1, "silent", Cause.SOURCES),
    "slow": (1, "degraded", Cause.TIMEOUT),
}


def window_before(hours: float) -> Window:
    return Window(NOW - HOUR * hours, NOW - HOUR * (hours - 1))


def crawl_failure(portal: str, outcome: str, detail: str) -> WarraqError:
    """What a crawl ends with whose links all ended so."""
    links = [replace(link(f"https://{portal}.example/{n}", outcome=outcome, at=None), detail=detail) for n in range(30)]
    report = report_of(RunId(portal, window_before(2)), links, problems=grouped_failures(links))
    verdict = verdict_of(report)
    kind = RetryLater if verdict.exit_code == ExitCode.RETRY_LATER else StageFailed
    return kind("; ".join(verdict.reasons), remedy=verdict.remedy)


def rejected_run(portal: str) -> Run:
    """An hour of which every captured page is a list."""
    rows = run("2025-01-10T10Z", "2025-01-10T11Z")
    return replace(
        rows, run_id=f"{portal}/x", portal=portal, links=9, rejected=9, outcomes={"rejected:listing": 9}, articles_new=0
    )


def failures() -> Mapping[str, tuple[str, WarraqError]]:
    """Each as the code that meets it says it."""
    usual = [run(f"2025-01-0{day}T10Z", f"2025-01-0{day}T11Z") for day in range(1, 9)]
    audit = audit_run(rejected_run("relayout"), None, usual, None)
    return {
        "gone": ("crawl", RetryLater("gone does not answer: 25 links in a row failed (DNSLookupError)")),
        "forbidden": ("crawl", crawl_failure("forbidden", "http_4xx", "status 403")),
        "unreachable": ("crawl", RetryLater("unreachable does not answer: 25 links in a row failed (ConnectionLost)")),
        "relayout": ("publish", StageFailed(f"relayout/x is not published: {audit.findings[-1]}", remedy=audit.remedy)),
        "patience": (
            "crawl",
            RetryLater("patience answers 429 and asks for 7200 s of patience", retry_after_seconds=7200),
        ),
    }


def runs_of(portal: str, *, seed: int) -> list[Run]:
    """Hourly runs of six weeks, as far as the portal's trouble let them be published."""
    hours_ago, state, _ = TROUBLE.get(portal, (1, "well", None))
    pattern = run("2025-01-10T10Z", "2025-01-10T11Z")
    slow = "; ".join(link_findings(replace(pattern, links=60, outcomes={"new": 20, "timeout": 40})))
    counts = np.random.default_rng(seed).poisson(48 * RHYTHM[np.arange(DAYS * 24) % 24])
    found = []
    for ago in range(DAYS * 24, int(hours_ago or 0) - 1, -1):
        window = window_before(ago)
        new = 0 if state == "silent" and ago < 40 else int(counts[(window.start.hour - ago // 24 * 24) % len(counts)])
        findings = (slow,) if state == "degraded" and ago < 30 else ()
        facts = {"window_start": window.start, "window_end": window.end, "started_at": window.end + HOUR / 60}
        known = {"articles_new": new, "links": new, "outcomes": {"new": new}, "findings": findings, "articles_known": 0}
        verdict = "degraded" if findings else "ok"
        found.append(replace(pattern, portal=portal, run_id=f"{portal}/{window}", verdict=verdict, **facts, **known))
    return found


@dataclass(frozen=True)
class Month:
    """The archive, and what the operator's channel received."""

    settings: Settings
    received: list[str]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month")
    definitions = folder / "definitions"
    definitions.mkdir()
    for name in (*WELL, *TROUBLE):
        portal = replace(PORTAL, name=name, title_en=name, schedule="0 * * * *", timezone="UTC")
        text = f"from spiders.portal.definition import *\n\nPORTAL = {portal!r}\n"
        broken = text.replace("timezone='UTC'", "timezone='Atlantis/Deep'") if name == "badly" else text
        (definitions / f"{name}.py").write_text(broken, encoding="utf-8")
    received: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings = read_settings(
            {
                "WARRAQ_ARCHIVE": str(folder / "archive"),
                "WARRAQ_CACHE": str(folder / "cache"),
                "WARRAQ_PORTALS": str(definitions),
                "WARRAQ_ALERTS": f"slack://127.0.0.1:{server.server_port}/services/T0?scheme=http",
                "WARRAQ_AIRFLOW_URL": "https://airflow.example",
            }
        )
        fill(settings)
        yield Month(settings, received)
        server.shutdown()


def fill(settings: Settings) -> None:
    """Runs by month, as maintenance leaves them, and the last failure of each portal."""
    table = load_tables(open_tables(settings).catalog)["runs"]
    files = []
    for seed, name in enumerate((*WELL, *(name for name in TROUBLE if name != "badly"))):
        months: dict[str, list[Run]] = {}
        for row in runs_of(name, seed=seed):
            months.setdefault(f"{row.window_start:%Y-%m}", []).append(row)
        for of_month, rows in months.items():
            path = Path(settings.archive) / f"tables/news/runs/data/portal={name}/month={of_month}/rows.parquet"
            path.parent.mkdir(parents=True)
            pq.write_table(table_of(RUNS, rows), path)
            files.append(f"file://{path}")
    table.add_files(files, check_duplicate_files=False)
    store = open_store(settings)
    for name, (stage, error) in failures().items():
        note_failure(store, RunId(name, window_before(2)), stage, error, now=NOW - HOUR)


def test_health_names_state_and_cause_of_each_and_the_well_ones_are_well(month: Month) -> None:
    found = {one.portal: one for one in health_of_all(month.settings, set(), now=NOW, silent_hours=None)}
    assert {name: (str(found[name].health), found[name].cause) for name in TROUBLE} == {
        name: (state, cause) for name, (_, state, cause) in TROUBLE.items()
    }
    assert {name: str(found[name].health) for name in WELL} == dict.fromkeys(WELL, "well")
    assert all(found[name].command for name in TROUBLE)
    assert "403" in found["forbidden"].detail
    assert "7200 s" in found["patience"].detail


def test_the_page_shows_the_sick_the_worst_first_with_the_cause_and_what_to_do(month: Month) -> None:
    html = fleet_page(fleet(month.settings, now=NOW), Viewer("en", "../"))
    attention, whole = html.split('id="fleet"')
    shown = re.findall(r'data-portal="(\w+)"', attention)
    assert shown[:2] == ["badly", "gone"]
    assert sorted(shown) == sorted(TROUBLE)
    for name, (_, _, cause) in TROUBLE.items():
        row = attention[attention.index(f'data-portal="{name}"') :].split("</tr>")[0]
        assert NEXT_STEPS[cause].meaning in row
        assert NEXT_STEPS[cause].command.format(portal=name) in row
    assert all(f'data-value="{name}"' in whole for name in WELL)


def test_the_arabic_page_says_nothing_in_english_but_names(month: Month) -> None:
    pages = [fleet_page(fleet(month.settings, now=NOW), Viewer("ar", "../"))]
    pages += [portal_page(portal_in_full(month.settings, name, now=NOW), Viewer("ar", "../../")) for name in TROUBLE]
    for html in pages:
        # Commands, identifiers, and what others wrote: errors, names of portals.
        ours = re.sub(r"<(code|bdi|title|h1|a|option|button)\b[^>]*>.*?</\1>|<[^>]+>", " ", html, flags=re.DOTALL)
        assert not {word for word in set(re.findall(r"[A-Za-z_]+", ours)) - NAMES if not word.startswith("archive_")}


def test_one_message_tells_all_of_it_once_and_nothing_of_the_well(month: Month) -> None:
    look(month.settings, silent_hours=None, say=lambda _line: None, now=NOW)
    (message,) = month.received
    assert message.startswith("[page] Warraq: 9 new troubles of 9 portals")
    for name in TROUBLE:
        assert re.search(rf"^\[(page|warning)\] .*{name}", message, re.MULTILINE), name
    assert not any(name in message for name in WELL)
    told = {trouble.subject: trouble for trouble in read_troubles(open_store(month.settings))}
    assert {name: told[name].severity for name in ("gone", "forbidden", "paused", "quiet")} == dict.fromkeys(
        ("gone", "forbidden", "paused", "quiet"), "page"
    )
    assert {told[name].severity for name in ("slow", "patience", "relayout")} == {"warning"}
    look(month.settings, silent_hours=None, say=lambda _line: None, now=NOW + timedelta(minutes=15))
    assert len(month.received) == 1, "what is known is not news"
