"""`warraq doctor`: sound installations pass, and what is wrong is named with what to set."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from storage.errors import ExitCode
from storage.objects.open import open_store
from storage.objects.s3 import S3Store
from storage.objects.s3_checks import clock_skew_seconds
from storage.settings import Settings
from tests.fixtures.s3_server import S3Server
from warraq.commands.operate.doctor import command
from warraq.monitoring.doctor_checks import Check, Status, airflow_checks, machine_checks, run_checks, store_checks


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {f"{check.area}: {check.name}": check for check in checks}


def test_a_sound_archive_passes_and_nothing_is_left_behind(settings: Settings) -> None:
    checks = by_name(list(run_checks(settings, {})))
    assert not [check for check in checks.values() if check.status in (Status.FAIL, Status.AWAY)]
    assert checks["store: one of 8 writers wins"].status == Status.OK
    assert checks["catalog: reach it"].status == Status.OK
    assert ("store: upload in parts, and abort" in checks) == settings.is_s3
    assert not [info.key for info in open_store(settings).list("probe/")]


@pytest.mark.s3
def test_a_servers_clock_and_addressing_are_told(s3_settings: Settings) -> None:
    store = open_store(s3_settings)
    assert isinstance(store, S3Store)
    assert abs(clock_skew_seconds(store)) < 5
    assert by_name(list(store_checks(s3_settings)))["store: addressing"].detail == "path"


@pytest.mark.s3
def test_wrong_credentials_fail_with_the_variables_to_set(
    s3_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-planted-secret")
    (check,) = store_checks(s3_settings)
    assert check.status == Status.FAIL
    assert "AWS_SECRET_ACCESS_KEY" in check.remedy
    assert "a-planted-secret" not in str(check)


@pytest.mark.s3
def test_a_store_that_is_down_is_worth_another_try(own_s3_server: S3Server, own_s3_settings: Settings) -> None:
    own_s3_server.stop()
    result = CliRunner().invoke(command, ["--json"], standalone_mode=False)
    assert result.return_value == ExitCode.RETRY_LATER
    checks = {f"{check['area']}: {check['name']}": check for check in json.loads(result.stdout)["checks"]}
    assert checks["store: reach it"]["status"] == "away"
    assert own_s3_settings.s3_endpoint in checks["store: reach it"]["detail"]


def test_an_archive_of_another_catalog_is_named(local_settings: Settings, tmp_path: Path) -> None:
    from storage.tables.archive_tables import open_tables

    open_tables(local_settings)
    other = replace(local_settings, catalog=f"sqlite:///{tmp_path}/other.db")
    check = by_name(list(run_checks(other, {})))["catalog: reach it"]
    assert check.status == Status.FAIL
    assert "another catalog" in check.detail


def test_airflow_settings_that_break_tasks_are_named() -> None:
    env = {
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "sqlite:////x.db",
        "AIRFLOW__API_AUTH__JWT_SECRET": "short",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "True",
    }
    checks = by_name(list(airflow_checks(env)))
    assert checks["airflow: database"].status == Status.FAIL
    assert checks["airflow: JWT secret"].status == Status.FAIL
    assert "short" not in str(checks["airflow: JWT secret"])
    assert checks["airflow: examples"].status == Status.WARN


def test_a_missing_contact_is_a_warning(local_settings: Settings) -> None:
    named = by_name(list(machine_checks(replace(local_settings, contact="archive@example.org"), {})))
    assert "machine: contact" not in named
    assert by_name(list(machine_checks(local_settings, {})))["machine: contact"].status == Status.WARN


def test_the_command_prints_a_line_a_check(local_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    result = CliRunner().invoke(command, [], standalone_mode=False)
    assert result.return_value == ExitCode.DONE
    assert "OK   store: write only if absent" in result.stdout


def test_a_file_in_the_archives_place_is_told_by_every_check_that_needs_it(local_settings: Settings) -> None:
    Path(local_settings.archive).touch()
    found = by_name(list(run_checks(local_settings, {})))
    for name in ("store: reach it", "catalog: reach it"):
        assert found[name].status == Status.FAIL
        assert "a file stands where a folder is needed" in found[name].detail


def test_a_store_that_takes_nothing_is_told_once_and_not_called_inconsistent(local_settings: Settings) -> None:
    open_store(local_settings)
    (Path(local_settings.archive) / "probe").touch()  # nothing can be written below it
    checks = list(store_checks(local_settings))
    assert [(check.name, check.status) for check in checks if check.status == Status.FAIL][:1] == [
        ("write and read", Status.FAIL)
    ]
    assert not [check for check in checks if "another store" in check.remedy or "consistent" in check.remedy]
