"""The tree stays one that a newcomer reads: small folders, no import circle, one door a library."""

from __future__ import annotations

import ast
import graphlib
import subprocess
from functools import cache
from pathlib import Path

import grimp
import pytest

from tests.fixtures.paths import ROOT

MAX_ENTRIES = 12
PACKAGES = ("storage", "extract", "spiders", "warraq")
FOLDERS = (*PACKAGES, "bench", "dags", "plugins", "deploy")
CATALOGUES = {"spiders/portals"}  # one file a portal
AT_THE_TOP = {
    ".ci",
    ".dockerignore",
    ".env.example",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
}
AT_THE_TOP |= {"Makefile", "README.md", "constraints.txt", "docker-compose.yml", "docs", "pyproject.toml", "scrapy.cfg"}
AT_THE_TOP |= {"setup.cfg", "tests", *FOLDERS}
NO_ROOM = {"__init__.py", "__main__.py", "__pycache__", "py.typed", ".airflowignore"}


def folders() -> list[Path]:
    found = [path for top in FOLDERS for path in [ROOT / top, *(ROOT / top).rglob("*")] if path.is_dir()]
    return [path for path in found if path.name != "__pycache__" and any(path.glob("*"))]


@pytest.mark.parametrize("folder", folders(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_folder_is_read_at_a_glance(folder: Path) -> None:
    name = folder.relative_to(ROOT).as_posix()
    entries = sorted(path.name for path in folder.iterdir() if path.name not in NO_ROOM)
    if name not in CATALOGUES:
        assert len(entries) <= MAX_ENTRIES, f"{name} holds {len(entries)} entries: {entries}; find the two ideas in it"


@cache
def imports() -> grimp.ImportGraph:
    # A type that only annotations name is not needed to run.
    return grimp.build_graph(*PACKAGES, cache_dir=None, exclude_type_checking_imports=True)


def circle_in(package: str) -> list[str]:
    """Children of a package (modules, rooms) that import each other in a circle; empty if there is none."""
    graph = imports()
    children = sorted(graph.find_children(package))
    below = {child: {child, *graph.find_descendants(child)} for child in children}
    owner = {module: child for child, modules in below.items() for module in modules}
    asks: dict[str, set[str]] = {child: set() for child in children}
    for child, modules in below.items():
        for module in modules:
            asked = {owner[other] for other in graph.find_modules_directly_imported_by(module) if other in owner}
            asks[child] |= asked - {child}
    try:
        graphlib.TopologicalSorter(asks).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", sorted({m for m in imports().modules if imports().find_children(m)}))
def test_nothing_imports_in_a_circle(package: str) -> None:
    circle = circle_in(package)
    assert not circle, f"{' → '.join(circle)}: move what both need below both"


@pytest.mark.parametrize("package", sorted({m for m in imports().modules if imports().find_children(m)}))
def test_a_room_says_what_it_is_for(package: str) -> None:
    marker = ROOT / package.replace(".", "/") / "__init__.py"
    assert ast.get_docstring(ast.parse(marker.read_text(encoding="utf-8"))), f"{marker}: one line on what belongs here"


def test_no_command_imports_another() -> None:
    commands = imports().find_descendants("warraq.commands")
    for command in commands:
        asked = imports().find_modules_directly_imported_by(command) & commands
        assert not asked, f"{command} imports {sorted(asked)}: move what both need below warraq/commands"


def test_the_root_of_warraq_holds_rooms_only() -> None:
    assert {path.name for path in (ROOT / "warraq").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_nothing_else_lies_at_the_top() -> None:
    """What a measurement leaves behind there is easily committed with the rest."""
    if not (ROOT / ".git").exists():
        pytest.skip("git is asked what belongs to the project, and this is no clone")
    told = subprocess.run(
        ["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert set(told.stdout.split()) == AT_THE_TOP
