"""Plans through Airflow over changes of clocks: windows as its runs will have them, and what they leave out is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pendulum
import pytest
from airflow.timetables.base import DataInterval, TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable
from click.testing import CliRunner, Result

from tests.fixtures.crawl_child import define
from warraq.backfill.timetable import interval_end
from warraq.cli.main import command_line

ZONES = ("Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "Asia/Riyadh", "Asia/Gaza", "UTC")
SCHEDULES = ("0 0 * * *", "17 * * * *", "30 2 * * *", "0 */6 * * *", "5 1 * * 5")
# Nights around which a clock of these zones was changed.
NIGHTS = ("2024-03-10", "2024-03-31", "2024-04-14", "2024-04-26", "2024-10-27", "2024-11-01", "2025-02-23")


def intervals(schedule: str, zone: str, start: datetime, end: datetime) -> list[DataInterval]:
    """As Airflow's own timetable makes them."""
    timetable = CronDataIntervalTimetable(schedule, timezone=pendulum.timezone(zone))
    restriction = TimeRestriction(pendulum.instance(start), pendulum.instance(end), catchup=True)
    found: list[DataInterval] = []
    last: DataInterval | None = None
    while info := timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction):
        last = info.data_interval
        if last.start > end:
            break
        found.append(last)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_an_interval_ends_when_airflow_says(schedule: str, zone: str) -> None:
    for night in NIGHTS:
        around = datetime.fromisoformat(f"{night}T00:00+00:00")
        for interval in intervals(schedule, zone, around - timedelta(days=9), around + timedelta(days=9)):
            start = datetime.fromtimestamp(interval.start.timestamp(), UTC)
            end = interval_end(start, schedule=schedule, zone=zone)
            assert end == interval.end, f"{start} in {zone} by {schedule}"


@contextmanager
def airflow_of(zone: str) -> Iterator[str]:
    """An API that answers dry runs of a midnight schedule with its real intervals."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer: dict[str, Any] = {"access_token": "x"}
            if "dry_run" in self.path:
                dates = [datetime.fromisoformat(body[name]) for name in ("from_date", "to_date")]
                found = intervals("0 0 * * *", zone, *dates)
                answer = {"backfills": [{"logical_date": interval.start.isoformat()} for interval in found]}
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def plan(first: str, last: str, folder: Path, monkeypatch: pytest.MonkeyPatch, *, zone: str) -> Result:
    fields = {"schedule": "'0 0 * * *'", "is_local": "True"}
    environ = define(folder / "portals", "hours", "http://127.0.0.1:1/", **fields)
    definition = folder / "portals" / "hours.py"
    definition.write_text(definition.read_text(encoding="utf-8").replace("Africa/Cairo", zone), encoding="utf-8")
    environ |= {"WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_CACHE": str(folder), "WARRAQ_AIRFLOW_PASSWORD": "x"}
    with airflow_of(zone) as url:
        for name, value in {**environ, "WARRAQ_AIRFLOW_URL": url}.items():
            monkeypatch.setenv(name, value)
        arguments = ["backfill", "hours", "--from", first, "--to", last, "--via", "airflow", "--dry-run", "--json"]
        return CliRunner().invoke(command_line, arguments, standalone_mode=False, catch_exceptions=False)


@pytest.mark.parametrize(
    ("zone", "first", "last", "windows", "not_covered"),
    [
        ("Africa/Cairo", "2024-04-24", "2024-04-27", ["23T22Z--24T22Z", "24T22Z--25T22Z", "25T22Z--26T21Z"], []),
        ("Africa/Cairo", "2024-04-25", "2024-04-26", [], ["24T22Z--25T22Z"]),
        ("Africa/Cairo", "2024-04-25", "2024-04-28", ["25T22Z--26T21Z", "26T21Z--27T21Z"], ["24T22Z--25T22Z"]),
        ("Africa/Cairo", "2024-10-30", "2024-11-01", ["29T21Z--30T21Z", "30T21Z--31T22Z"], []),
        ("Africa/Casablanca", "2024-03-09", "2024-03-11", ["08T23Z--09T23Z", "09T23Z--11T00Z"], []),
        ("Asia/Riyadh", "2024-03-09", "2024-03-11", ["08T21Z--09T21Z", "09T21Z--10T21Z"], []),
    ],
)
def test_the_plan_is_the_range_or_says_what_it_leaves_out(
    zone: str,
    first: str,
    last: str,
    windows: list[str],
    not_covered: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = plan(first, last, tmp_path, monkeypatch, zone=zone)
    (told,) = json.loads(result.stdout)["plans"]
    month = first[:8]

    def short(run: str) -> str:
        return run.rpartition("/")[2].replace(month, "")

    assert [short(window["run_id"]) for window in told["windows"]] == windows
    assert [short(hole) for hole in told["not_covered"]] == not_covered
    assert result.return_value == (3 if not_covered else 0)
    assert ("not covered" in result.stderr) is bool(not_covered)


def test_time_of_no_zone_is_utc() -> None:
    start = datetime(2024, 4, 25, 22, tzinfo=UTC)
    assert interval_end(start, schedule="0 0 * * *", zone="Africa/Cairo") == datetime(2024, 4, 26, 21, tzinfo=UTC)
