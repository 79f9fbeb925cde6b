"""The commands of the recipes as they are written, one after the other, with a copy of the demo portal for almasaa."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from spiders.portals.demo import PORTAL
from storage.errors import ExitCode
from tests.fixtures.paths import ROOT
from warraq.demo.portal import DemoSite
from warraq.demo.server.server import serve

DOCS = ROOT / "docs"
BLOCK = re.compile(r"```(?:sh|console)\n(.*?)```", re.DOTALL)
# Run elsewhere: the installation by CI, Airflow by tests/end_to_end/airflow, mend by its own tests.
ELSEWHERE = ("make ", "warraq up", "export ", "warraq backfill demo ", "WARRAQ_ARCHIVE=/data/archive warraq mend ")
REMOVAL = 'warraq remove https://portal.example/story/1 --reason "court order" --basis "order 12/2026"'
# What ends otherwise than with 0, and what it then says.
ENDS = {
    "warraq health mizan": (ExitCode.DEGRADED, "dead"),  # the demo portal's articles are of 2024
    "warraq backfill mizan --from 2024-01-01 --to 2025-01-01 --newest-first": (ExitCode.USAGE, "nobody can be asked"),
    f"{REMOVAL} --dry-run": (ExitCode.USAGE, "is no portal's host"),  # an address that stands for any
    f"{REMOVAL} --requester court": (ExitCode.USAGE, "is no portal's host"),
    "warraq show https://almessa.gomhuriaonline.com/123 --diff": (ExitCode.USAGE, "is not in the archive"),
}


def commands(page: str, *, below: str = "") -> Iterator[str]:
    """The lines of all blocks of a page, or of the section `below`."""
    text = (DOCS / page).read_text(encoding="utf-8")
    if below:
        text = text[text.index(f"## {below}") :].split("\n## ")[0]
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            command = line.removeprefix("$ ").partition("   #")[0].strip().replace("almasaa", "mizan")
            if command and not command.startswith(ELSEWHERE):
                yield command


@pytest.fixture
def mizan(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of somebody who has a copy of the demo portal under another name."""
    with serve(DemoSite(articles=60, first_day=date(2024, 12, 18), days=10)) as site:
        portal = replace(PORTAL, name="mizan", start_url=f"{site.site.base_url}/")
        folder = tmp_path / "definitions"
        folder.mkdir()
        text = f"from spiders.portal.definition import *\n\nPORTAL = {portal!r}\n"
        (folder / "mizan.py").write_text(text, encoding="utf-8")
        outside = {name: text for name, text in os.environ.items() if not name.startswith(("WARRAQ_", "AWS_"))}
        yield outside | {
            "WARRAQ_PORTALS": str(folder),
            "WARRAQ_CACHE": str(tmp_path / "cache"),
            "WARRAQ_CONTACT": "archive@example.org",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }


def sections(page: str) -> list[str]:
    """The titles of a page's sections."""
    return re.findall(r"^## (.+)$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)


def another_name(folder: Path) -> None:
    """The portal moves: its old name is folded into the new one."""
    path = folder / "definitions" / "mizan.py"
    old = re.search(r"start_url='http://([^/]+)/'", path.read_text(encoding="utf-8"))
    assert old
    text = path.read_text(encoding="utf-8").replace(old[0], f"start_url='http://localhost:{old[1].split(':')[1]}/'")
    path.write_text(text.replace("folded_hosts=()", f"folded_hosts=('{old[1]}',)"), encoding="utf-8")


def another_schedule(folder: Path) -> None:
    path = folder / "definitions" / "mizan.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"schedule='[^']+'", "schedule='30 */6 * * *'", text), encoding="utf-8")


def lost_catalog(folder: Path) -> None:
    (folder / "archive" / "catalog.db").rename(folder / "lost.db")


def an_airflow(folder: Path) -> None:
    """As `warraq up` leaves it: a database, secrets, logs, and the connection of the alerts."""
    (folder / ".airflow" / "logs").mkdir(parents=True)
    for words in (
        ("db", "migrate"),
        ("connections", "add", "warraq_alerts", "--conn-uri", "slack://hooks.example/services/T0"),
    ):
        warraq_airflow(folder, *words)


def warraq_airflow(folder: Path, *words: str) -> str:
    environ = os.environ | {"WARRAQ_ARCHIVE": str(folder / "archive")}
    done = subprocess.run(
        [sys.executable, "-m", "warraq", "airflow", *words], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


# What somebody does by hand, or what has happened, before the commands of a recipe.
BY_HAND = {
    "A portal moves to another host name": another_name,
    "Another schedule": another_schedule,
    "Old logs and Airflow's database": an_airflow,
    "The catalog is lost": lost_catalog,
}


# Recipes that need no other before them, each group in an archive of its own.
ALONE = {
    "of the definition": ("A portal moves to another host name", "Another schedule", "How storage grows"),
    "of Airflow": ("Old logs and Airflow's database", "New passwords and secrets"),
}
RECIPES = "how_to/operate/recipes.md"


def pages_of(group: str) -> list[tuple[str, str]]:
    """The commands of a group with their sections' titles, in the order of the pages."""
    first = [("", command) for command in commands("how_to/operate/running.md", below="First portal")]
    if group in ALONE:  # an archive is all that a definition's recipes need before them, and Airflow's not even that
        first = [(title, words) for title, words in first if "archive" in words and group != "of Airflow"]
    titles = ALONE.get(group) or [title for title in sections(RECIPES) if title not in sum(ALONE.values(), ())]
    found = [*first, *((title, command) for title in titles for command in commands(RECIPES, below=title))]
    if group not in ALONE:
        found += [("", command) for command in commands("how_to/read_the_archive.md", below="With Warraq")]
    return found


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("group", ["of every day", *ALONE])
def test_the_recipes_do_what_they_say(mizan: dict[str, str], tmp_path: Path, group: str) -> None:
    pages = pages_of(group)
    assert len(pages) > (5 if group in ALONE else 30)
    wrong = []
    titles = {title for title, _ in pages}
    waiting = {title: act for title, act in BY_HAND.items() if title in titles}
    for title, command in pages:
        if act := waiting.pop(title, None):
            act(tmp_path)
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=mizan,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        code, told = ENDS.get(command, (ExitCode.DONE, ""))
        if done.returncode != code or told not in done.stdout + done.stderr or "Traceback" in done.stderr:
            wrong.append(f"{command}\n=> {done.returncode}\n{done.stdout[-500:]}{done.stderr[-1000:]}")
    assert not wrong, "\n\n".join(wrong)
    assert not waiting, "each was done"
    if group == "of Airflow":
        assert "hooks.example" in warraq_airflow(tmp_path, "connections", "get", "warraq_alerts", "--output", "json")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_first_archive_is_made_as_the_tutorial_says(tmp_path: Path) -> None:
    typed = [
        line
        for block in BLOCK.findall((DOCS / "tutorial" / "first_archive.md").read_text())
        for line in block.splitlines()
    ]
    lines = [line for line in typed if line.startswith("warraq ") and not line.startswith("warraq demo-portal")]
    assert len(lines) > 6
    with serve(DemoSite(articles=60, first_day=date(2024, 12, 18), days=10)) as site:
        outside = {name: text for name, text in os.environ.items() if not name.startswith(("WARRAQ_", "AWS_"))}
        environ = outside | {
            "WARRAQ_ARCHIVE": str(tmp_path / "archive"),
            "WARRAQ_CACHE": str(tmp_path / "cache"),
            "WARRAQ_DEMO_URL": site.site.base_url,
        }
        for line in lines:
            done = subprocess.run(
                [sys.executable, "-m", *shlex.split(line)],
                cwd=tmp_path,
                env=environ,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, f"{line}\n{done.stdout[-500:]}{done.stderr[-1000:]}"
