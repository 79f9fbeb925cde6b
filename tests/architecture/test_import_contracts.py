"""Each import contract of setup.cfg holds, and has been seen to fail: a contract that cannot break proves nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.paths import ROOT

VIOLATIONS = [
    ("storage/planted.py", "import extract\n", "Imports go one way"),
    ("extract/planted.py", "import scrapy\n", "Scrapy stays in spiders"),
    ("spiders/planted.py", "import trafilatura\n", "trafilatura stays in extract"),
    ("warraq/planted.py", "import airflow\n", "Airflow stays in dags and plugins"),
    ("storage/planted.py", "import boto3\n", "boto3 stays in one module of storage"),
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


def test_all_contracts_are_kept(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(("file", "line", "contract"), VIOLATIONS)
def test_a_planted_import_breaks_its_contract(copy: Path, file: str, line: str, contract: str) -> None:
    planted = copy / file
    planted.write_text(line)
    try:
        result = lint_imports(copy)
    finally:
        planted.unlink()
    broken = [row for row in result.stdout.splitlines() if " BROKEN" in row]
    assert any(contract in row for row in broken), result.stdout
