"""`warraq why`, as people and programs call it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from storage.errors import StageFailed
from storage.model.outcomes import Outcome
from storage.model.records import Role
from storage.objects.open import open_store
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.settings import Settings, read_settings
from tests.extract.expected import PAGES
from tests.fixtures.demo_runs import archive, pages, rows_of
from tests.fixtures.raw_runs import NOON, RUN, exchange, link, report_of, write_round
from warraq.cli.main import main


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["why", *words])
    out, err = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code, out, _ = run(capsys, *words, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


SAVED = str(PAGES / "wordpress_newspaper.html")


def test_a_saved_page_tells_all_its_decisions_or_one(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(capsys, SAVED)["page"]
    assert list(page) == ["kind", "title", "date", "author", "body"]
    assert page["date"]["value"] == "2024-12-11T02:21:00+00:00"
    assert page["date"]["evidence"][0] == {
        "name": "meta:article:published_time",
        "weight": 0.9,
        "where": "2024-12-11T04:21:00+02:00 → 2024-12-11T02:21:00Z",
    }
    assert {line["rule"] for line in page["body"]} >= {None, "class.advert", "class.related"}
    assert list(told(capsys, SAVED, "--title", "--date")["page"]) == ["title", "date"]


def test_people_get_tables_with_the_evidence(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, SAVED)
    assert code == 0
    for words in ("date: 2024-12-11T02:21:00+00:00, confidence 0.9", "+0.90", "class.advert", "منى العباسي"):
        assert words in out


def test_a_page_that_is_no_article_says_what_decided(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    page = told(capsys, str(PAGES / "reject_gallery.html"))["page"]
    assert (page["rejection"], page["kind"]["value"]) == ("gallery", False)
    assert page["kind"]["evidence"][0]["weight"] is None
    code, out, _ = run(capsys, str(PAGES / "reject_gallery.html"), "--kind")
    assert code == 0
    assert "decides" in out


@pytest.fixture
def archived(settings: Settings, tmp_path: Path) -> str:
    """A run of two articles and a link that failed; the address of the first article."""
    found = pages(1, 2)
    lost = replace(link("http://127.0.0.1:18800/lost", outcome="timeout", at=None), detail="no answer in 60 s")
    write_round(open_store(settings), found, spool=tmp_path, others=[lost])
    archive(settings)
    return found[0].url


def test_an_archived_address_tells_its_page_and_its_link(archived: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, archived)
    assert found["page"]["kind"]["value"] is True
    (ending,) = found["link"]
    assert (ending["run_id"], ending["outcome"]) == (str(RUN), "new")
    assert [(answer["status"], answer["url"]) for answer in ending["answers"]] == [(200, archived)]
    assert "link" not in told(capsys, archived, "--body")


def test_a_date_that_only_a_listing_gave_is_explained_by_the_listing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (page,) = pages(1)
    undated = exchange("http://127.0.0.1:18800/undated", _without_dates(page.body))
    write_round(open_store(settings), [undated], spool=tmp_path, listed_at=NOON - timedelta(hours=3))
    archive(settings)
    (row,) = rows_of(settings)["articles"]
    date = told(capsys, undated.url)["page"]["date"]
    assert row["published_at"] == NOON - timedelta(hours=3)
    assert date["value"] == "2024-12-25T09:00:00+00:00"
    assert [witness["name"] for witness in date["evidence"]] == ["listing:listed_at"]


def _without_dates(body: bytes) -> bytes:
    """The headline and the text of a demo page, and nothing else of it."""
    tree = html.document_fromstring(body.decode())
    (title,) = tree.xpath("//h1")
    words = [node.text_content() for node in tree.xpath("//p") if len(node.text_content()) > 80]
    said = "".join(f"<p>{escape(line)}</p>" for line in words)
    return f"<html><h1>{escape(title.text_content())}</h1><article>{said}</article></html>".encode()


def test_a_link_that_gave_no_article_tells_how_it_ended(archived: str, capsys: pytest.CaptureFixture[str]) -> None:
    (ending,) = told(capsys, "http://127.0.0.1:18800/lost")["link"]
    assert (ending["outcome"], ending["detail"], ending["answers"]) == ("timeout", "no answer in 60 s", [])
    code, out, _ = run(capsys, "http://127.0.0.1:18800/lost")
    assert code == 0
    assert "ended timeout" in out


def test_the_hops_of_a_link_and_the_waits_between_are_told(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, last = "http://127.0.0.1:18800/old/1", "http://127.0.0.1:18800/moved/1"
    store = open_store(settings)
    raw = RawRun(store, RUN)
    round_, attempt = raw.next_position()
    writer = ChunkWriter(store, RUN, round_=round_, attempt=attempt, spool=tmp_path, max_bytes=1 << 30)
    writer.write(exchange(first, b"", status=302, Location="/moved/1"), role=Role.OTHER, link=None)
    record = replace(link(first), outcome=Outcome.GONE, http_status=410, final_url=last)
    gone = exchange(last, b"gone", status=410, at=NOON + timedelta(seconds=7))
    writer.write(gone, role=Role.OTHER, link=record)
    (page,) = pages(1)
    shown = link(page.url, at=page.captured_at)
    shown = replace(shown, place=writer.write(page, role=Role.PAGE, link=shown), http_status=200)
    chunks = tuple(writer.close())
    links = [record, shown]
    raw.finish(report_of(RUN, links, round=round_, attempt=attempt, chunks=chunks), links)
    archive(settings)
    (ending,) = told(capsys, first)["link"]
    assert (ending["outcome"], ending["final_url"]) == ("gone", last)
    assert [
        (answer["status"], answer["url"], answer["leads_to"], answer["waited_seconds"]) for answer in ending["answers"]
    ] == [(302, first, "/moved/1", None), (410, last, None, 7.0)]
    code, out, _ = run(capsys, first)
    assert code == 0
    assert "after 7.0 s, status 410" in out
    assert "ended gone" in out


def test_a_run_tells_the_figures_of_its_audit(archived: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, str(RUN))
    assert found["run"]["run_id"] == str(RUN)
    measures = {measure["name"]: measure for measure in found["measures"]}
    assert measures["links that failed"]["basis"].startswith("1 of 3")
    code, out, _ = run(capsys, str(RUN))
    assert code == 0
    assert "links that failed" in out
    code, _, err = run(capsys, "demo/2020-01-01T00Z--2020-01-02T00Z")
    assert code == 2
    assert "is not in the archive" in err


def test_a_run_that_was_refused_tells_why(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = [replace(link(f"http://127.0.0.1:18800/lost/{n}", outcome="http_5xx", at=None)) for n in range(12)]
    write_round(open_store(settings), [], spool=tmp_path, others=lost)
    with pytest.raises(StageFailed):
        archive(settings)
    found = told(capsys, str(RUN))
    assert found["run"]["verdict"] == "failed"
    measures = {measure["name"]: measure for measure in found["measures"]}
    assert measures["links that failed"]["is_bad"] is True


def test_a_portals_day_tells_its_way_to_articles(archived: str, capsys: pytest.CaptureFixture[str]) -> None:
    day = told(capsys, "demo", "2024-12-25")["day"]
    assert (day["portal"], day["day"], day["runs"]) == ("demo", "2024-12-25", [str(RUN)])
    assert {step["name"]: step["count"] for step in day["steps"]}["links listed"] == 3
    code, out, _ = run(capsys, "demo", "2024-12-24")
    assert code == 0
    assert "no run covers this day" in out
    code, _, err = run(capsys, "demo", "yesterday")
    assert code == 2
    assert "2024-12-25" in err


def test_what_is_nowhere_is_a_mistake_and_no_traceback(archived: str, capsys: pytest.CaptureFixture[str]) -> None:
    for wanted in ("http://127.0.0.1:18800/never", "0" * 32, "no-such-file.html"):
        code, _, err = run(capsys, wanted)
        assert code == 2
        assert err.count("\n") == 1
