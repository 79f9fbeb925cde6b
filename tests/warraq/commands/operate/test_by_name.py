"""What people do is done by name, and can be read back: silence, acknowledge, verdict, actions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner

from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import RUN, write_round
from warraq.alerts.incidents import finding, open_trouble, read_troubles
from warraq.cli.main import command_line


@pytest.fixture
def typed(local_environ: dict[str, str], local_settings: Settings) -> Any:
    store = open_store(local_settings)
    write_round(store, pages(0), spool=local_settings.cache)
    archive(local_settings)
    open_trouble(store, finding("demo", "silent", "nothing new", now=datetime.now(UTC)))

    def run(*words: str) -> str:
        done = CliRunner().invoke(command_line, words, env=local_environ, catch_exceptions=False, standalone_mode=False)
        return done.output

    return run


def test_each_is_noted_with_name_and_told_by_the_log(typed: Any, local_settings: Settings) -> None:
    assert "Layla is at demo: silent" in typed("acknowledge", "demo", "--by", "Layla")
    assert [one.acknowledged_by for one in read_troubles(open_store(local_settings))] == ["Layla"]
    typed("silence", "demo", "--until", "3d", "--reason", "moves house", "--by", "Omar")
    typed("silence", "demo", "--lift", "--by", "Omar")
    link_id = open_tables(local_settings).scan("fetches", columns=("link_id",))["link_id"][0].as_py()
    assert "Layla  accept" in typed("verdict", str(RUN), link_id, "accept", "--note", "fine", "--by", "Layla")
    assert json.loads(typed("verdict", "demo", "--json"))["verdicts"][0]["outcome"] == "new"
    told = json.loads(typed("actions", "demo", "--json"))["actions"]
    assert [(one["who"], one["what"]) for one in told] == [
        ("Layla", "accept"),
        ("Omar", "lift"),
        ("Omar", "silence"),
        ("Layla", "acknowledge"),
    ]
    assert "moves house" in typed("actions", "--limit", "3")
