"""`warraq crawl` from the sources to crawl.json, over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from storage.model.window import Window, parse_time
from tests.fixtures.crawl_child import child_environ, crawl, links_by_path, raw_run
from tests.fixtures.paths import ROOT
from warraq.demo.server.server import ServedSite

WINDOW = ("2024-12-01", "2024-12-03")
RUN = "demo/2024-12-01T00Z--2024-12-03T00Z"


def articles_of(served: ServedSite, window: tuple[str, str]) -> set[str]:
    """Paths of the articles published in a window."""
    asked = Window(parse_time(window[0]), parse_time(window[1]))
    cards = [served.site.card(number) for number in range(served.site.articles)]
    return {served.site.path(card).lstrip("/") for card in cards if card.published_at in asked}


def test_a_window_is_in_the_raw_archive_with_one_outcome_a_link(
    served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    ended = crawl("demo", *WINDOW, environ=crawl_environ | {"PYTHONPROFILEIMPORTTIME": "1"})
    assert ended.exit_code == 0, ended.stderr
    loaded = {line.rpartition("|")[2].strip() for line in ended.stderr.splitlines()}
    assert "scrapy.core.engine" in loaded
    assert not {"aiohttp", "tldextract", "pyarrow"} & loaded, "what no crawl asks for takes as long as its own parts"
    raw = raw_run(RUN, crawl_environ)
    links = raw.links()
    assert Counter(link.outcome for link in links) == Counter(ended.report["outcomes"])
    assert len({link.link_id for link in links}) == len(links) == ended.report["links"]
    captured = {path for path, link in links_by_path(raw).items() if link.outcome == "captured"}
    wanted = articles_of(served, WINDOW)
    assert len(wanted) > 30
    assert wanted <= captured
    pages = {capture.url.split("/", 3)[3]: capture for capture in raw.captures()}
    assert pages.keys() == captured
    assert all(capture.status == 200 and b"</html>" in capture.body for capture in pages.values())
    roles = Counter(entry.role for chunk in raw.chunks() for entry in raw.index(chunk))
    assert roles["robots"] >= 1
    assert roles["source"] >= 2
    agents = {hit.user_agent for hit in served.hits.all()}
    assert len(agents) == 1
    assert next(iter(agents)).startswith("Warraq/")


def test_a_second_crawl_asks_conditionally_and_keeps_what_was_said(
    served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    first = crawl("demo", *WINDOW, environ=crawl_environ)
    assert first.exit_code == 0, first.stderr
    served.hits.clear()
    edited = next(iter(sorted(articles_of(served, WINDOW))))
    served.faults.add(f"edited@/{edited}")
    second = crawl("demo", *WINDOW, environ=crawl_environ)
    assert second.exit_code == 0, second.stderr
    assert second.report["round"] == 2
    outcome_by_path = {path: link.outcome for path, link in links_by_path(raw_run(RUN, crawl_environ)).items()}
    captured = [path for path, outcome in outcome_by_path.items() if outcome == "captured"]
    asked = {hit.path.lstrip("/"): (hit.conditional, hit.status) for hit in served.hits.all()}
    assert captured == [edited], {path: asked.get(path) for path in captured}
    assert second.report["outcomes"]["unchanged"] == first.report["outcomes"]["captured"] - 1
    pages = [capture.url for capture in raw_run(RUN, crawl_environ).captures()]
    assert len(pages) == first.report["outcomes"]["captured"] + 1


@pytest.mark.parametrize("late", ["/news-sitemap.xml", "/sitemap.xml"])
def test_links_end_the_same_whichever_listing_answers_first(
    late: str, served: ServedSite, crawl_environ: dict[str, str]
) -> None:
    served.faults.add(f"slow:2@{late}")
    ended = crawl("demo", *WINDOW, environ=crawl_environ)
    assert ended.exit_code == 0, ended.stderr
    # The news sitemap tells the time of all articles; the sitemap of the third day lists them without.
    outcomes = {path: link.outcome for path, link in links_by_path(raw_run(RUN, crawl_environ)).items()}
    third_day = articles_of(served, ("2024-12-03", "2024-12-04"))
    assert {outcomes.get(path, "out_of_window") for path in third_day} == {"out_of_window"}
    assert {outcomes[path] for path in articles_of(served, WINDOW)} == {"captured"}


def test_every_chunk_passes_warcio_check(crawl_environ: dict[str, str]) -> None:
    crawl("demo", *WINDOW, environ=crawl_environ)
    chunks = sorted(Path(crawl_environ["WARRAQ_ARCHIVE"]).rglob("*.warc.gz"))
    assert chunks
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *map(str, chunks)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_scrapy_crawl_does_the_same(crawl_environ: dict[str, str]) -> None:
    root = ROOT
    words = ["crawl", "demo", "-a", f"from={WINDOW[0]}", "-a", f"to={WINDOW[1]}"]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=root,
        env=child_environ(crawl_environ),
        capture_output=True,
        text=True,
        check=False,
    )
    report = raw_run(RUN, crawl_environ).report()
    assert report is not None, done.stderr
    assert report.outcomes["captured"] > 30


def test_a_dry_run_counts_and_keeps_nothing(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    ended = crawl("demo", *WINDOW, "--dry-run", environ=crawl_environ)
    assert ended.exit_code == 0, ended.stderr
    assert ended.report["to_fetch"] >= len(articles_of(served, WINDOW))
    assert not any(hit.path.lstrip("/") in articles_of(served, WINDOW) for hit in served.hits.all())
    assert not [path for path in Path(crawl_environ["WARRAQ_ARCHIVE"]).rglob("*") if path.is_file()]


def test_progress_is_told_to_programs_as_json_lines(crawl_environ: dict[str, str]) -> None:
    ended = crawl("demo", *WINDOW, "--progress", "json", environ=crawl_environ)
    states = [json.loads(line) for line in ended.stderr.splitlines() if line.startswith("{")]
    assert states[-1]["phase"] == "done"
    assert states[-1]["ended"] == states[-1]["links"] == ended.report["links"]


def test_a_limit_of_requests_is_kept_and_told(served: ServedSite, crawl_environ: dict[str, str]) -> None:
    ended = crawl("demo", *WINDOW, "--max-requests", "20", environ=crawl_environ)
    assert ended.exit_code == 3, ended.stderr
    assert len(served.hits.all()) <= 20
    assert ended.report["outcomes"]["budget"] > 10
    assert any("limit of 20 requests" in problem for problem in ended.report["problems"])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("dmo", "2024-12-01", "2024-12-02"), 2, "did you mean demo"),
        (("demo", "2024-12-03", "2024-12-01"), 2, "reversed"),
        (("demo", "2094-12-03", "2094-12-04"), 2, "future"),
        (("almasaa", "2024-12-01", "2024-12-02"), 2, "WARRAQ_CONTACT"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(
    words: tuple[str, str, str], code: int, told: str, crawl_environ: dict[str, str]
) -> None:
    ended = crawl(*words, environ=crawl_environ)
    assert ended.exit_code == code
    assert told in ended.error["error"] + ended.error["remedy"]
    assert "Traceback" not in ended.stderr


def test_a_window_without_articles_fails_and_says_so(crawl_environ: dict[str, str]) -> None:
    ended = crawl("demo", "2023-01-01", "2023-01-02", environ=crawl_environ)
    assert ended.exit_code == 5, ended.stderr
    assert "no source listed a link of this window" in ended.error["error"]


def test_an_unreachable_store_is_to_be_tried_again(crawl_environ: dict[str, str], tmp_path: Path) -> None:
    # Port 9 of loopback: nobody listens.
    environ = {
        **crawl_environ,
        "WARRAQ_ARCHIVE": "s3://nowhere/x",
        "WARRAQ_CATALOG": f"sqlite:///{tmp_path}/catalog.db",
        "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
    }
    ended = crawl("demo", *WINDOW, environ=environ)
    assert ended.exit_code == 4, ended.stderr
    assert ended.error["remedy"]


@pytest.mark.s3
def test_an_archive_in_s3_is_written_the_same(
    served: ServedSite, s3_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {**s3_environ, "WARRAQ_DEMO_URL": served.base_url}
    ended = crawl("demo", *WINDOW, environ=environ)
    assert ended.exit_code == 0, ended.stderr
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    captured = {capture.url.split("/", 3)[3] for capture in raw_run(RUN, environ).captures()}
    assert articles_of(served, WINDOW) <= captured
