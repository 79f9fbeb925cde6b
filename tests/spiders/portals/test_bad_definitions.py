"""A definition that cannot be used stops nothing but itself, and is told wherever somebody looks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from spiders.portal.wellformed import is_cron
from spiders.registry import find_portal, read_definitions
from storage.errors import UsageError
from storage.settings import Settings, read_settings

GOOD = """from spiders.portal.definition import *

PORTAL = Portal(name={name!r}, title_ar="بوابة", title_en="Portal", country="EG", timezone="Africa/Cairo",
    start_url="https://{name}.example/"{more})
"""


def settings_of(folder: Path) -> Settings:
    return read_settings({"WARRAQ_PORTALS": str(folder)})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (GOOD.format(name="mizan", more=", colour='red'"), "unexpected keyword argument 'colour'"),
        (GOOD.format(name="mizan", more="").replace("title_en=", "title_fr="), "title_fr"),
        (GOOD.format(name="other", more=""), "PORTAL.name is 'other'"),
        (GOOD.format(name="mizan", more=", schedule='61 * * * *'"), "is no cron expression"),
        (GOOD.format(name="mizan", more=", schedule=17"), "schedule is 17, not a text"),
        (GOOD.format(name="mizan", more="").replace("Africa/Cairo", "Africa/Qahira"), "is no zone"),
        (GOOD.format(name="mizan", more=", sources=Auto()"), "not a tuple"),
        (GOOD.format(name="mizan", more=", sources=('/feed/',)"), "sources holds something else"),
        (GOOD.format(name="mizan", more=", article_url='('"), "no regular expression"),
        (GOOD.format(name="mizan", more=", politeness=Politeness(delay_seconds=-1)"), "cannot be kept"),
        (GOOD.format(name="mizan", more="").replace("https://", "mizan:"), "is no address"),
        ("PORTAL = 3\n", "no PORTAL of type Portal"),
        ("def broken(:\n", "SyntaxError"),
        ("raise SystemExit(1)\n", "SystemExit"),
        ("import a_module_that_is_not_there\n", "ModuleNotFoundError"),
    ],
)
def test_a_bad_definition_is_left_out_with_its_reason(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "mizan.py").write_text(text, encoding="utf-8")
    (tmp_path / "sound.py").write_text(GOOD.format(name="sound", more=""), encoding="utf-8")
    found = read_definitions(settings_of(tmp_path))
    assert {"sound", "almasaa"} <= found.portals.keys()
    assert "mizan" not in found.portals
    (bad,) = found.bad
    assert complaint in str(bad)
    assert str(tmp_path / "mizan.py") in str(bad)
    with pytest.raises(UsageError, match=r"mizan\.py"):
        find_portal("mizan", settings_of(tmp_path))


def test_a_name_that_exists_twice_keeps_the_first(tmp_path: Path) -> None:
    (tmp_path / "almasaa.py").write_text(GOOD.format(name="almasaa", more=""), encoding="utf-8")
    found = read_definitions(settings_of(tmp_path))
    assert found.portals["almasaa"].start_url != "https://almasaa.example/"
    assert "exists already" in found.bad[0].problem


def test_a_folder_that_is_not_there_is_told_and_takes_nothing_away(tmp_path: Path) -> None:
    found = read_definitions(settings_of(tmp_path / "nowhere"))
    assert "almasaa" in found.portals
    assert "not there" in found.bad[0].problem


def test_the_commands_name_it_and_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "portals"
    folder.mkdir()
    (folder / "x.py").write_text("PORTAL = Portal()\n")
    environ = {**os.environ, "WARRAQ_PORTALS": str(folder), "WARRAQ_ARCHIVE": str(tmp_path / "archive")}
    environ["WARRAQ_CACHE"] = str(tmp_path / "cache")

    def warraq(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "warraq", *words], env=environ, capture_output=True, text=True, timeout=120
        )

    listed = warraq("portals")
    assert (listed.returncode, "almasaa" in listed.stdout) == (3, True)
    assert "x.py: NameError" in listed.stderr
    assert "x.py: NameError" in warraq("doctor").stdout
    looked = warraq("alert", "--json")
    assert looked.returncode == 0, looked.stderr
    assert json.loads(looked.stdout)["open"] == 1
    assert "definition" in looked.stderr
    (folder / "x.py").unlink()
    assert warraq("alert", "--json").returncode == 0
    assert json.loads(warraq("alert", "--list", "--json").stdout)["troubles"][0]["ended"] is True
    assert warraq("portals").returncode == 0


@pytest.mark.parametrize("text", ["17 * * * *", "35 */3 * * *", "0 6,18 * * sun-thu", "0-30/10 8-20 1 jan,jul *"])
def test_what_airflow_takes_as_a_schedule_is_one(text: str) -> None:
    from croniter import croniter

    assert is_cron(text)
    assert croniter.is_valid(text)


@pytest.mark.parametrize("text", ["", "hourly", "60 * * * *", "* * * *", "0 24 * * *", "*/0 * * * *", "5-1 * * * *"])
def test_what_airflow_refuses_is_none(text: str) -> None:
    assert not is_cron(text)
