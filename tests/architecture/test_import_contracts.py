"""Each import contract of setup.cfg holds, and has been seen to fail: a contract that cannot break proves nothing."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.paths import ROOT

# A module that must not be, what it imports, and the contract that says so.
VIOLATIONS = [
    ("storage.planted", "extract", "Imports go one way"),
    ("spiders.planted", "trafilatura", "trafilatura stays in extract"),
    ("warraq.planted", "airflow", "Airflow stays in dags and plugins"),
    ("storage.planted", "boto3", "boto3 stays in one module of storage"),
    ("extract.planted", "scrapy", "Scrapy stays in the rooms of spiders that crawl"),
    ("spiders.links.planted", "twisted", "Scrapy stays in the rooms of spiders that crawl"),
    ("warraq.lookup.planted", "pyiceberg", "pyiceberg stays in the rooms of storage that keep tables"),
    ("warraq.pipeline.planted", "duckdb", "DuckDB answers questions in one room and sorts in another"),
    ("warraq.api.planted", "tantivy", "tantivy keeps and asks the search index in storage.search"),
    ("storage.search.planted", "zstandard", "zstandard packs the texts of the search index"),
    ("extract.fields.planted", "lxml", "lxml parses pages in extract.html and listings in spiders.sources"),
    ("warraq.alerts.planted", "click", "click and rich stay with the commands"),
    ("storage.read.planted", "rich", "click and rich stay with the commands"),
    ("storage.identity.planted", "storage.tables.archive_tables", "Rooms of storage"),
    ("extract.html.planted", "extract.fields.title", "Rooms of extract"),
    ("spiders.portal.planted", "spiders.crawl.run", "Rooms of spiders"),
    ("warraq.pipeline.planted", "warraq.alerts.watch", "Rooms of warraq"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    return subprocess.run([sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copy(ROOT / "setup.cfg", folder)
    for package in ("storage", "extract", "spiders", "warraq"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="module")
def broken(copy: Path) -> dict[str, str]:
    """What is said of each contract when all violations stand in the tree at once: its part of the report."""
    planted = {copy / f"{module.replace('.', '/')}.py" for module, _, _ in VIOLATIONS}
    for module, imported, _ in VIOLATIONS:
        with (copy / f"{module.replace('.', '/')}.py").open("a") as file:
            file.write(f"import {imported}\n")
    try:
        report = lint_imports(copy).stdout.partition("Broken contracts")[2]
    finally:
        for path in planted:
            path.unlink()
    parts = re.split(r"^(\S.*)\n-+\n", report, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def contracts() -> list[str]:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    return [config[name]["name"] for name in config.sections() if name.startswith("importlinter:contract:")]


def test_all_contracts_are_kept(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("contract", contracts())
def test_each_contract_is_broken_by_a_planted_import(broken: dict[str, str], contract: str) -> None:
    wanted = [(module, imported) for module, imported, name in VIOLATIONS if contract.startswith(name)]
    assert wanted, f"add to VIOLATIONS what {contract!r} forbids"
    for module, imported in wanted:
        assert re.search(rf"{re.escape(module)} -> {re.escape(imported)}\b", broken.get(contract, "")), broken
