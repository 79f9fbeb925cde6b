"""A run and an article as a person looks at them, and the person's word, which stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from storage.errors import UsageError
from storage.model.record_json import record_from_json
from storage.objects.keys import action_key, actions_root, verdicts_prefix
from storage.objects.open import open_store
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import archive, pages
from tests.fixtures.raw_runs import NOON, RUN, exchange, write_round
from warraq.alerts.action_log import Action, actions, note_action, of_airflow, who
from warraq.lookup.run_pages import captured_page, outcome_of, run_in_full
from warraq.lookup.verdicts import give_verdict, verdicts
from warraq.monitoring.page.article_in_full import article_in_full

# A list of headlines, longer than any article of the demo portal: no article, and worth a look.
LIST = (
    "<html lang=ar><head><title>أخبار</title><link rel=preconnect href=//elsewhere.example></head><body><ul>"
    + "".join(f"<li><a href=/story/{number}>عنوان خبر رقم {number} في القائمة</a>" for number in range(400))
    + "</ul><script>alert(1)</script></body></html>"
).encode()


@pytest.fixture
def archived(local_settings: Settings) -> Settings:
    store = open_store(local_settings)
    listed = exchange("http://127.0.0.1:18800/section", LIST, at=NOON + timedelta(minutes=1))
    write_round(store, [*pages(0, 1, 2), listed], spool=local_settings.cache)
    archive(local_settings)
    return local_settings


def test_a_run_shows_its_rejected_page_and_asks_for_eyes(archived: Settings) -> None:
    found = run_in_full(archived, RUN)
    assert dict(found["outcomes"])["new"] == 3
    assert found["rejected_count"] == 1
    (lost,) = found["rejected"]
    assert lost["outcome"].startswith("rejected:")
    assert lost["url"].endswith("/section")
    captured = captured_page(archived, RUN, lost["link_id"])
    assert "عنوان خبر رقم 7 " in captured["html"]
    assert captured["status"] == 200
    assert json.dumps(found)


def test_a_persons_word_stays_with_name_and_date_whatever_is_judged_later(archived: Settings) -> None:
    store = open_store(archived)
    link = run_in_full(archived, RUN)["rejected"][0]["link_id"]
    first = give_verdict(store, RUN, link, "accept", note="it is an article", by="Layla", outcome="rejected:listing")
    archive(archived)  # extracted and judged again
    second = give_verdict(store, RUN, link, "reject", note="", by="Omar")
    assert verdicts(store, "demo") == {link: [first, second]}
    shown = run_in_full(archived, RUN)["rejected"][0]["verdicts"]
    assert [(one["who"], one["word"], one["note"]) for one in shown] == [
        ("Layla", "accept", "it is an article"),
        ("Omar", "reject", ""),
    ]
    assert len(list(store.list(verdicts_prefix("demo")))) == 2


def test_what_is_not_there_is_said(archived: Settings) -> None:
    with pytest.raises(UsageError, match="no link"):
        outcome_of(archived, RUN, "0" * 32)
    with pytest.raises(UsageError, match="is no link"):
        give_verdict(open_store(archived), RUN, "../../x", "accept", note="", by="Layla")
    with pytest.raises(UsageError, match="not in the archive"):
        run_in_full(archived, type(RUN).parse("demo/2020-12-25T00Z--2020-12-26T00Z"))


def test_an_article_shows_text_editions_and_what_was_removed(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0), spool=local_settings.cache)
    archive(local_settings)
    write_round(store, pages(0, edition=1, minute=9), spool=local_settings.cache)
    archive(local_settings)
    ids = open_tables(local_settings).scan("articles", columns=("edition_id",))["edition_id"].to_pylist()
    found = article_in_full(local_settings, ids[0])
    assert len(found["editions"]) == 2
    assert any(change["kind"] != "same" for change in next(iter(found["changes"][0]["fields"].values())))
    assert found["paragraphs"][0]
    assert {one["field"] for one in found["decisions"]} >= {"kind", "title", "date"}
    assert all(one["rule"] for one in found["removed"])
    assert dict(found["facts"])["payload_sha256"]
    assert json.dumps(found)


def test_actions_are_kept_in_order_and_never_overwritten(local_settings: Settings) -> None:
    store = open_store(local_settings)
    for number in range(3):
        note_action(store, "silence", f"portal{number % 2}", by="Layla", detail=f"number {number}\nof three")
    assert [one.detail for one in actions(store)] == ["number 2 of three", "number 1 of three", "number 0 of three"]
    assert [one.subject for one in actions(store, subject="portal1")] == ["portal1"]
    keys = [info.key for info in store.list(actions_root())]
    assert action_key(record_from_json(Action, store.get(keys[0]), where="x").at, "0")[:40] == keys[0][:40]
    with pytest.raises(UsageError, match="is no name"):
        who("a\nb")


def test_what_people_did_in_airflow_is_told_in_the_same_words() -> None:
    at = "2026-11-25T10:00:00+00:00"
    events = [
        {"when": at, "event": "patch_dag", "dag_id": "archive_demo", "owner": "admin", "extra": '{"is_paused": true}'},
        {"when": at, "event": "patch_dag", "dag_id": "archive_demo", "owner": "admin", "extra": '{"is_paused": false}'},
        {"when": at, "event": "create_backfill", "dag_id": None, "owner": "x", "extra": '{"dag_id": "archive_demo"}'},
        {"when": at, "event": "running", "dag_id": "archive_demo", "owner": "airflow", "extra": None},
    ]
    assert [(one.what, one.subject) for one in of_airflow(events)] == [
        ("pause", "demo"),
        ("unpause", "demo"),
        ("backfill", "demo"),
    ]
    assert of_airflow(events, subject="almasaa") == []
