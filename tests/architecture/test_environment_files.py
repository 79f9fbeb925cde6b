"""The variables that are documented, read and demanded are the same ones."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

import storage.settings
from storage.errors import UsageError
from tests.fixtures.paths import ROOT
from warraq.airflow.compose_secrets import fresh_secrets, write_environment

VARIABLE = re.compile(r'"([A-Z][A-Z0-9]*_[A-Z0-9_]+)"')


def documented() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def test_every_setting_is_in_the_example_file() -> None:
    read = set(VARIABLE.findall(Path(storage.settings.__file__).read_text(encoding="utf-8"))) - {"DEFAULT_ARCHIVE"}
    assert read - documented() == set(), "add the variable with a line on what it is for to .env.example"


def test_every_variable_compose_uses_is_in_the_example_file() -> None:
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert used - documented() == set()


def test_compose_demands_every_secret_and_make_secrets_makes_it() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{([A-Z0-9_]+):\?", text)) == set(fresh_secrets())


def test_the_written_file_is_its_owners_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    write_environment(path)
    before = path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="exists"):
        write_environment(path)
    assert path.read_text(encoding="utf-8") == before


def test_only_airflows_page_has_a_port_and_that_on_loopback() -> None:
    ports = {name: service["ports"] for name, service in compose()["services"].items() if service.get("ports")}
    assert ports == {"airflow-api-server": ["${AIRFLOW_LISTEN:-127.0.0.1:8080}:8080"]}


def test_our_own_services_run_read_only_without_capabilities_and_within_a_memory_limit() -> None:
    for name, service in compose()["services"].items():
        assert service.get("mem_limit"), name
        if name.startswith("airflow-"):
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
