"""`warraq new-portal --from-list` against made-up sites of all layouts on loopback, dead and empty ones among them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from spiders.registry import load_portals
from storage.settings import read_settings
from tests.fixtures.small_site import page, serve_small
from warraq.demo.layouts import LAYOUTS
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

TRIED = (*LAYOUTS,)[::3]  # two processes a site


def new_portal(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WARRAQ_")}
    environ = {**clean, "WARRAQ_ARCHIVE": str(folder / "archive"), "WARRAQ_PORTALS": str(folder / "portals")}
    command = [sys.executable, "-m", "warraq", "new-portal", *words]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, check=False)


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_list_of_sites_becomes_definitions_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    report = tmp_path / "trials.jsonl"
    with contextlib.ExitStack() as sites:
        addresses = []
        for number, layout in enumerate(TRIED):
            demo = DemoSite(seed=number, articles=60, days=4, first_day=today - timedelta(days=4), layouts=(layout,))
            addresses.append(sites.enter_context(serve(demo)).base_url)
        empty = sites.enter_context(serve_small({"/": page("<p>الموقع قيد الإنشاء</p>")})).url
        dead = f"http://127.0.0.1:{closed_port()}/"
        rows = [f"{address}\tportal{number}\tEG" for number, address in enumerate(addresses)]
        seeds = tmp_path / "seeds.tsv"
        seeds.write_text(
            "\n".join(["url\tname\tcountry", *rows, f"{empty}\tnothing", f"{dead}\tgone"]), encoding="utf-8"
        )
        words = ("--from-list", str(seeds), "--report", str(report), "--json")
        first = new_portal(*words, folder=tmp_path)
        assert first.returncode == 4, first.stderr
        trials = {trial["name"]: trial for trial in json.loads(first.stdout)["trials"]}
        assert (trials["gone"]["state"], trials["nothing"]["state"]) == ("later", "failed")
        passed = [trial for trial in trials.values() if trial["state"] == "passed"]
        assert len(passed) == len(TRIED), trials
        assert all(trial["links"] and trial["articles"] for trial in passed)
        assert [trial["state"] for trial in json.loads(first.stdout)["trials"]][: len(passed)] == ["passed"] * len(
            passed
        )
        lines = report.read_text(encoding="utf-8").splitlines()
        again = new_portal(*words, folder=tmp_path)
    assert again.returncode == 4
    assert len(report.read_text(encoding="utf-8").splitlines()) == len(lines) + 1, "only the dead one is tried again"
    portals = load_portals(read_settings({"WARRAQ_PORTALS": str(tmp_path / "portals")}))
    assert {f"portal{number}" for number in range(len(TRIED))} <= set(portals)


def test_a_list_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds.tsv"
    seeds.write_text("https://www.example.com/\n", encoding="utf-8")
    both = new_portal("example", "https://www.example.com/", "--from-list", str(seeds), folder=tmp_path)
    assert (both.returncode, "from the list" in both.stderr) == (2, True)
    nameless = new_portal("example", folder=tmp_path)
    assert (nameless.returncode, "NAME and URL" in nameless.stderr) == (2, True)
    stranger = new_portal("--from-list", str(seeds), "--report", str(seeds), folder=tmp_path)
    assert (stranger.returncode, "no trial of a portal" in stranger.stderr) == (2, True)
