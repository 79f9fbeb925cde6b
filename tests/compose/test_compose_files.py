"""docker compose accepts our file; whether the stack works is for `make compose-test`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fixtures.paths import ROOT
from warraq.airflow.compose_secrets import write_environment

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


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(FILES[0].read_text(encoding="utf-8"))
    return found


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
    services = compose()["services"]
    without = {name for name, service in services.items() if "healthcheck" not in service}
    assert without == {name for name, service in services.items() if service["restart"] == "no"}


def test_workers_have_the_rights_that_the_page_of_the_raw_archive_asks_for_and_no_more() -> None:
    content = compose()["configs"]["s3-identities"]["content"]
    store: dict[str, Any] = json.loads(content)
    assert [identity.get("actions") for identity in store["identities"]] == [["Admin"], None]
    (policy,) = store["policies"]
    page = (
        (ROOT / "docs" / "explain" / "raw_archive.md")
        .read_text(encoding="utf-8")
        .split("## What the store must allow")[1]
    )
    asked = re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0].replace("BUCKET", "archive").replace("PREFIX", "news")
    assert policy["document"] == json.loads(asked)
    assert store["identities"][1]["policyNames"] == [policy["name"]]


def test_the_store_shows_nothing_but_s3_and_only_to_those_who_archive() -> None:
    store = compose()["services"]["seaweedfs"]
    assert "-ip.bind=127.0.0.1" in store["command"]
    assert [flag for flag in store["command"] if "0.0.0.0" in flag] == ["-s3.ip.bind=0.0.0.0"]
    assert store["networks"] == ["objects"]
    near = {name for name, service in compose()["services"].items() if "objects" in service["networks"]}
    assert not near & {"postgres", "redis", "catalog-database"}
    assert all(compose()["networks"][name]["internal"] for name in ("databases", "objects"))


def test_every_service_drops_all_capabilities_and_none_gains_more() -> None:
    for name, service in compose()["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert set(service.get("cap_add", ())) <= {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}, name


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


def test_a_restore_removes_again_what_was_removed_since_the_backup(tmp_path: Path) -> None:
    folder, register, calls = tmp_path / "backup", tmp_path / "register", tmp_path / "calls"
    for path in (folder / "archive", register, tmp_path / "bin"):
        path.mkdir(parents=True)
    for name in ("complete", "catalog.dump", "airflow.dump"):
        (folder / name).write_text("2026-11-26T00:00:00Z")
    docker = tmp_path / "bin" / "docker"
    docker.write_text(f'#!/bin/sh\necho "$*" >> {calls}\ncase "$*" in *pg_tables*) echo 0;; esac\n')
    docker.chmod(0o755)
    environ = {**os.environ, "PATH": f"{docker.parent}:{os.environ['PATH']}", "WARRAQ_REMOVALS": str(register)}
    subprocess.run([ROOT / "deploy" / "restore.sh", folder], env=environ, check=True, capture_output=True)
    said = calls.read_text().splitlines()
    (again,) = (line for line in said if line.endswith("warraq remove --again"))
    assert f"--volume {register}:/removals --env WARRAQ_REMOVALS=/removals" in again
    order = ["object_copy load", "--dbname=catalog", "remove --again", "pg_restore --dbname=airflow"]
    places = [next(at for at, line in enumerate(said) if word in line) for word in order]
    assert places == sorted(places)
    assert said[-1] == "compose up --detach"
