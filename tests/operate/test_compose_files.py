"""docker compose accepts our file; whether the stack works is for `make compose-test`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from warraq.compose_secrets import write_environment

ROOT = Path(__file__).resolve().parents[2]
FILES = (ROOT / "docker-compose.yml", ROOT / "deploy" / "compose.test.yml")


def has_compose() -> bool:
    if not shutil.which("docker"):
        return False
    return not subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode


needs_compose = pytest.mark.skipif(not has_compose(), reason="docker compose is not installed")


def config(env_file: str, *files: Path) -> subprocess.CompletedProcess[str]:
    words = [word for path in files for word in ("--file", str(path))]
    return subprocess.run(
        ["docker", "compose", "--env-file", env_file, *words, "config", "--quiet"],
        capture_output=True,
        text=True,
        check=False,
    )


@needs_compose
@pytest.mark.parametrize("files", [FILES[:1], FILES], ids=["production", "with the test's additions"])
def test_docker_compose_accepts_the_files_with_what_make_secrets_writes(
    files: tuple[Path, ...], tmp_path: Path
) -> None:
    write_environment(tmp_path / ".env")
    ended = config(str(tmp_path / ".env"), *files)
    assert ended.returncode == 0, ended.stderr
    assert "variable is not set" not in ended.stderr, ended.stderr


@needs_compose
def test_docker_compose_refuses_without_secrets() -> None:
    ended = config(os.devnull, FILES[0])
    assert ended.returncode, "a stack without passwords would start"
    assert "make secrets" in ended.stderr


def test_every_service_that_stays_up_says_whether_it_is_well() -> None:
    services: dict[str, Any] = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))["services"]
    without = {name for name, service in services.items() if "healthcheck" not in service}
    assert without == {name for name, service in services.items() if service["restart"] == "no"}


@pytest.mark.parametrize("name", ["backup.sh", "restore.sh"])
def test_the_scripts_say_what_they_need(name: str, tmp_path: Path) -> None:
    ended = subprocess.run([ROOT / "deploy" / name], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ended.returncode
    assert f"usage: {name} FOLDER" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_restore_refuses_half_a_backup(tmp_path: Path) -> None:
    (tmp_path / "catalog.dump").write_bytes(b"")
    ended = subprocess.run([ROOT / "deploy" / "restore.sh", tmp_path], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no complete backup" in ended.stderr
