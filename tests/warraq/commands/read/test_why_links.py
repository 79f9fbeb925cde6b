"""`warraq why` of links: rejected pages, redirects, what is lacking; and options that do not go with what is asked."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage.model.outcomes import Outcome
from storage.model.records import Role
from storage.objects.keys import raw_prefix
from storage.objects.open import open_store
from storage.raw.chunk_writer import ChunkWriter
from storage.raw.run import RawRun
from storage.settings import Settings
from tests.extract.expected import PAGES
from tests.fixtures.demo_runs import archive, pages, rows_of
from tests.fixtures.raw_runs import NOON, RUN, exchange, link, report_of, write_round
from tests.warraq.commands.read.test_why import SAVED, run, settings, told

__all__ = ["settings"]
BASE = "http://127.0.0.1:18800"
LISTING = f"{BASE}/listing"


@pytest.fixture
def rejected(settings: Settings, tmp_path: Path) -> str:
    """A run of an article and a page that is none; the address of the latter."""
    gallery = exchange(LISTING, (PAGES / "reject_gallery.html").read_bytes())
    write_round(open_store(settings), [*pages(1), gallery], spool=tmp_path)
    archive(settings)
    return LISTING


def test_a_rejected_page_is_explained_like_a_file(rejected: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, rejected)
    assert found["page"]["rejection"] == "gallery"
    assert found["page"]["kind"]["value"] is False
    assert found["page"]["body"]
    assert [ending["outcome"] for ending in found["link"]] == ["rejected:gallery"]
    assert list(told(capsys, rejected, "--kind")["page"]) == ["rejection", "detail", "kind"]
    _, out, _ = run(capsys, rejected)
    assert "not an article" in out
    assert "beside_text" in out


def test_a_link_without_a_page_has_nothing_to_choose_a_part_of(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = link(f"{BASE}/lost", outcome="timeout", at=None)
    write_round(open_store(settings), pages(1), spool=tmp_path, others=[lost])
    archive(settings)
    code, _, err = run(capsys, lost.url, "--title")
    assert code == 2
    assert "no page of http://127.0.0.1:18800/lost is archived: the link ended timeout" in err


@pytest.fixture
def redirected(settings: Settings, tmp_path: Path) -> tuple[str, str]:
    """A link that led over two hops, stated each from where it stands, to a page that another link had before."""
    (page,) = pages(1)
    listed, store = f"{BASE}/old/1", open_store(settings)
    raw = RawRun(store, RUN)
    round_, attempt = raw.next_position()
    writer = ChunkWriter(store, RUN, round_=round_, attempt=attempt, spool=tmp_path, max_bytes=1 << 30)
    other = link(f"{BASE}/other", outcome="http_4xx", at=None)
    writer.write(replace(page, status=404, captured_at=NOON - timedelta(seconds=30)), role=Role.OTHER, link=other)
    hops = [(listed, "../hop/a", 0), (f"{BASE}/hop/a", "b", 1), (f"{BASE}/hop/b", page.url, 2)]
    for url, target, second in hops:
        hop = exchange(url, b"", status=301, at=NOON + timedelta(seconds=second), Location=target)
        writer.write(hop, role=Role.OTHER, link=None)
    at = NOON + timedelta(seconds=3)
    own = replace(link(listed, at=at), http_status=200, final_url=page.url)
    own = replace(own, place=writer.write(replace(page, captured_at=at), role=Role.PAGE, link=own))
    chunks, links = tuple(writer.close()), [other, own]
    raw.finish(report_of(RUN, links, round=round_, attempt=attempt, chunks=chunks), links)
    archive(settings)
    return listed, page.url


def test_every_hop_of_a_redirect_is_told_in_its_order(
    redirected: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    listed, last = redirected
    found = told(capsys, listed)
    (ending,) = found["link"]
    assert [(answer["url"], answer["status"], answer["waited_seconds"]) for answer in ending["answers"]] == [
        (listed, 301, None),
        (f"{BASE}/hop/a", 301, 1.0),
        (f"{BASE}/hop/b", 301, 1.0),
        (last, 200, 1.0),
    ]
    assert found["page"]["kind"]["value"] is True
    assert list(told(capsys, listed, "--title")["page"]) == ["title"]


def test_the_link_is_found_by_where_it_led_and_by_the_article(
    redirected: tuple[str, str], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, last = redirected
    (row,) = rows_of(settings)["articles"]
    for wanted in (last, str(row["article_id"]), str(row["edition_id"])):
        assert [ending["url"] for ending in told(capsys, wanted)["link"]] == [listed]


def test_no_address_is_cut_in_a_pipe(redirected: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    listed, last = redirected
    _, out, _ = run(capsys, listed)
    assert "…" not in out
    assert f"{BASE}/hop/b → {last}" in out


def test_a_raw_archive_that_is_gone_is_told(
    rejected: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(Path(settings.archive) / raw_prefix(RUN))
    found = told(capsys, rejected)
    assert found["link"][0]["missing"] == f"the raw archive of {RUN} is not here"
    assert found["page"] == {"missing": f"the raw archive of {RUN} is not here"}
    _, out, _ = run(capsys, rejected)
    assert "its page cannot be explained" in out
    code, _, err = run(capsys, rejected, "--kind")
    assert (code, "is not here" in err) == (5, True)


@pytest.mark.parametrize(
    "words",
    [
        ("{url}", "--url", "http://a.example/1"),
        ("{url}", "--captured-at", "2024-12-25"),
        (str(RUN), "--portal", "demo"),
        (str(RUN), "--date"),
        ("demo", "2024-12-25", "--body"),
        ("demo", "--portal", "demo"),
    ],
)
def test_options_that_mean_nothing_here_are_refused(
    rejected: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *(word.replace("{url}", rejected) for word in words))
    assert code == 2
    assert "only for a" in err


def test_a_misspelt_file_is_called_missing(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    for name, said in (("nosuch.html", "no such file"), ("nosuch", "no portal is named"), ("/", "is a folder")):
        code, _, err = run(capsys, name)
        assert code == 2
        assert said in err
    assert run(capsys, SAVED, "--kind")[0] == 0


def test_an_archive_that_is_not_there_ends_with_one_code(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (("http://a.example/1",), ("0" * 32,), (str(RUN),), ("demo",), ("demo", "2024-12-25")):
        code, _, err = run(capsys, *words)
        assert (code, "nothing is archived" in err) == (5, True)


def test_a_portal_alone_tells_its_latest_day(rejected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "demo")["day"]["day"] == "2024-12-25"
    _, out, _ = run(capsys, "demo", "2024-12-24")
    assert "warraq archive demo --from 2024-12-24 --to 2024-12-25" in out


def test_a_link_that_ended_at_another_link_tells_that_page(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (page,) = pages(1)
    twin = replace(link(f"{BASE}/twin", outcome=Outcome.HTTP_3XX, at=None), http_status=301, final_url=page.url)
    write_round(open_store(settings), [page], spool=tmp_path, others=[twin])
    archive(settings)
    found = told(capsys, twin.url)
    assert found["page"]["kind"]["value"] is True
    assert found["link"][0]["missing"] == "none of its answers is kept in the run's raw archive"
