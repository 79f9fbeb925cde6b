"""Runs `warraq crawl` as people and Airflow do: as a process, because Scrapy allows one crawl in each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.model.records import LinkRecord
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import read_settings

PORTAL_FILE = """
from spiders.portal.definition import *
PORTAL = Portal(name={name!r}, title_ar="بوابة", title_en="Portal", country="EG", timezone="Africa/Cairo",
    start_url={url!r}, {more})
"""


@dataclass(frozen=True)
class Ended:
    """How a crawl ended: exit code, the JSON on standard output, the JSON error, all of standard error."""

    exit_code: int
    report: dict[str, Any]
    error: dict[str, Any]
    stderr: str


def command(portal: str, start: str, end: str, *options: str) -> list[str]:
    """The command line of a crawl."""
    return [sys.executable, "-m", "warraq", "crawl", portal, "--from", start, "--to", end, "--json", *options]


def child_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a child: ours without any of Warraq's, and `environ`."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("WARRAQ_")}
    return {**own, **environ}


def start(portal: str, start: str, end: str, *options: str, environ: Mapping[str, str]) -> subprocess.Popen[str]:
    """A crawl under way."""
    return subprocess.Popen(
        command(portal, start, end, *options),
        env=child_environ(environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_of(process: subprocess.Popen[str], *, within: float = 120) -> Ended:
    """Wait for a crawl."""
    out, err = process.communicate(timeout=within)
    errors = [json.loads(line) for line in err.splitlines() if line.startswith('{"error"')]
    return Ended(process.returncode, json.loads(out) if out.strip() else {}, errors[-1] if errors else {}, err)


def crawl(portal: str, begin: str, end: str, *options: str, environ: Mapping[str, str]) -> Ended:
    """A crawl from start to end."""
    return end_of(start(portal, begin, end, *options, environ=environ))


def define(folder: Path, name: str, url: str, **fields: str) -> dict[str, str]:
    """Write a portal's definition; the variables that make it known. `fields` are Python expressions."""
    folder.mkdir(exist_ok=True)
    more = "".join(f"{field}={value}, " for field, value in fields.items())
    (folder / f"{name}.py").write_text(PORTAL_FILE.format(name=name, url=url, more=more), encoding="utf-8")
    return {"WARRAQ_PORTALS": str(folder)}


def raw_run(run_id: str, environ: Mapping[str, str]) -> RawRun:
    """The raw archive of a run."""
    return RawRun(open_store(read_settings(environ)), RunId.parse(run_id))


def links_by_path(raw: RawRun) -> dict[str, LinkRecord]:
    """The links of the last finished crawl by the path of their URL."""
    return {link.url.split("/", 3)[3]: link for link in raw.links()}
