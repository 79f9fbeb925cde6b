"""`warraq portals`: for people, for programs, and the page that is made of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from spiders.registry import load_portals
from storage.errors import UsageError
from storage.settings import read_settings
from tests.fixtures.paths import ROOT
from warraq.cli.portal_table import markdown
from warraq.commands.portals.portals import command

PAGE = ROOT / "docs" / "reference" / "portals.md"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WARRAQ_PORTALS", raising=False)
    monkeypatch.delenv("WARRAQ_DEMO_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_the_table_names_every_portal_with_country_sources_and_schedule() -> None:
    lines = run().splitlines()
    (line,) = [line for line in lines if line.startswith("almasaa ")]
    assert "بوابة المساء" in line
    assert "EG" in line
    assert "auto, numeric_ids" in line
    assert "* * * *" in line


def test_one_portal_is_told_in_full() -> None:
    text = run("youm7")
    assert "https://www.youm7.com/Sitemap/{yyyy}/{m}/{d}" in text
    assert "not yet checked live" in text
    assert "clock of Cairo" in text


def test_programs_get_records_and_countries_choose() -> None:
    rows = json.loads(run("--json", "--country", "ma"))
    assert [row["name"] for row in rows] == ["hespress"]
    assert rows[0]["sources"][0] == {"kind": "news_sitemap", "url": "/sitemap-news.xml"}


def test_an_unknown_portal_is_a_usage_error_that_suggests_the_nearest() -> None:
    with pytest.raises(UsageError) as failure:
        CliRunner().invoke(command, ["almasa"], catch_exceptions=False)
    assert "almasaa" in failure.value.remedy


def test_the_page_of_portals_is_current() -> None:
    current = markdown(list(load_portals(read_settings({})).values()))
    assert PAGE.read_text() == current, "run `warraq portals --markdown > docs/reference/portals.md`"
