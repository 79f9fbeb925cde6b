"""Documents that are made from the code are current, and README names nothing that does not exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.fixtures.paths import ROOT
from warraq.cli.main import command_line
from warraq.cli.reference.pages import PAGES as GENERATED

MADE_BY_READERS = {"example.py"}  # of the tutorial
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("name", GENERATED)
def test_a_page_that_is_made_from_the_code_is_current(name: str) -> None:
    # In a process of its own: click keeps the help option of a command that something else ran before.
    program = f"import sys; from warraq.cli.reference.pages import PAGES; sys.stdout.write(PAGES[{name!r}]())"
    rendered = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8") == rendered.stdout, "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    known = set(command_line.list_commands(click.Context(command_line)))
    shown = set(re.findall(r"(?:^|`|\$ )warraq ([a-z][a-z-]+)", page.read_text(), re.MULTILINE))
    assert shown <= known, f"no such commands: {sorted(shown - known)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_a_page_shows_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    shown = set(re.findall(r"(?:^|`|&& )make ([a-z][a-z-]+)", page.read_text(), re.MULTILINE))
    assert shown <= targets, f"no such targets: {sorted(shown - targets)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    named = set(
        re.findall(
            r"`((?:docs|spiders|extract|storage|warraq|dags|plugins|bench|tests|deploy)/[\w./-]+)`", page.read_text()
        )
    )
    missing = sorted(name for name in named if not (ROOT / name).exists())
    assert not missing, f"{page.name} names {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]+)", page.read_text())
    dead = sorted(link for link in links if not (page.parent / link).exists())
    assert not dead, f"{page.name} links to {dead}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_module_that_a_page_names_exists(page: Path) -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    known = tracked.split() or [str(path.relative_to(ROOT)) for path in ROOT.rglob("*.py")]
    named = set(re.findall(r"`([\w/]+\.py)`", page.read_text())) - MADE_BY_READERS
    missing = sorted(name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in known))
    assert not missing, f"{page.name} names {missing}"
