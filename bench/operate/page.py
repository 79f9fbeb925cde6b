"""How long the page "Archive" takes to come, under `warraq up` over the fleet's archive."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx

from warraq.airflow.home import ADDRESS_FILE, PASSWORDS_FILE
from warraq.airflow.ports import free_port

PATHS = ("/archive/", "/archive/portal/almasaa")
READY_SECONDS = 300.0
PORT = 18_090
WARM_LOOKS = 5


def page_seconds(folder: Path, environ: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Wall seconds of each page's first look (cold) and the slowest of five more (warm), a person signed in.

    `folder` takes Airflow's home. Raises RuntimeError where a page does not come whole.
    """
    words = ("up", "--port", str(free_port(PORT)), "--home", str(folder / "home"))
    command = [sys.executable, "-m", "warraq", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ) as up:
        try:
            assert up.stdout
            if not any("Ctrl-C" in line for line in up.stdout):
                raise RuntimeError("warraq up ended before it was ready")
            return _looks(folder / "home")
        finally:
            up.terminate()


def _looks(home: Path) -> dict[str, dict[str, float]]:
    password = json.loads((home / PASSWORDS_FILE).read_text(encoding="utf-8"))["admin"]
    url = (home / ADDRESS_FILE).read_text(encoding="utf-8")
    with httpx.Client(base_url=url, trust_env=False, timeout=READY_SECONDS) as client:
        said = client.post("/auth/token", json={"username": "admin", "password": password}).json()
        client.cookies.set("_token", said["access_token"])
        _wait_for_dags(client)
        found = {}
        for path in PATHS:
            seconds = [_look(client, path) for _ in range(1 + WARM_LOOKS)]
            found[path] = {"cold": round(seconds[0], 2), "warm": round(max(seconds[1:]), 2)}
        return found


def _look(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    if answer.status_code != 200 or "articles" not in answer.text:
        raise RuntimeError(f"{path}: {answer.status_code}")
    return time.perf_counter() - began


def _wait_for_dags(client: httpx.Client) -> None:
    """Until the portals' DAGs are known, for who may read none sees no portal."""
    token = {"Authorization": f"Bearer {client.cookies['_token']}"}
    deadline = time.monotonic() + READY_SECONDS
    while client.get("/api/v2/dags?limit=1", headers=token).json().get("total_entries", 0) < 60:
        if time.monotonic() > deadline:
            raise RuntimeError("the DAGs of the portals did not come")
        time.sleep(1)
