"""Extract and publish on raw runs of the demo portal: the same rows each time, damage told, nothing half visible."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from storage.errors import DamagedObject, ObjectMissing, StageFailed
from storage.model.outcomes import Rejection, rejected
from storage.model.record_json import record_from_json, sealed_json
from storage.model.records import Run, Verdict
from storage.model.window import RunId, Window
from storage.objects.keys import crawl_key, links_key, raw_prefix, raw_register_key, refused_root, staging_prefix
from storage.objects.local import LocalStore
from storage.objects.open import open_store
from storage.raw.run import RawRun, read_capture
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.compaction import MAX_SMALL_FILES
from storage.tables.staging import RecordRows, StagedRun
from tests.fixtures.demo_runs import NEXT_DAY, SITE, archive, pages, rows_of
from tests.fixtures.raw_runs import RUN, exchange, link, write_round
from tests.fixtures.rows import records
from warraq.monitoring.verify import VerifyScope, verify_archive
from warraq.pipeline.extract import ExtractProgress, extract_run
from warraq.pipeline.publish import publish_run


def test_a_run_becomes_rows_that_lead_to_their_bytes(settings: Settings) -> None:
    store = open_store(settings)
    write_round(store, pages(*range(12)), spool=settings.cache, others=[link("http://127.0.0.1/x", outcome="gone")])
    seen: list[ExtractProgress] = []
    report = extract_run(RUN, settings, progress=seen.append)
    assert seen[-1] == ExtractProgress(12, 12)
    assert rows_of(settings)["articles"] == [], "staged rows are visible"
    run = publish_run(RUN, settings)
    rows = rows_of(settings)
    assert (len(rows["articles"]), len(rows["fetches"]), len(rows["runs"])) == (12, 13, 1)
    assert run.outcomes == {"new": 12, "gone": 1}
    assert run == replace(report.run, verdict=Verdict.OK, articles_known=0)
    for row, truth in ((row, SITE.story(_number(str(row["url"])))) for row in rows["articles"]):
        assert row["title"] == truth.title
        place = next(each.place for each in RawRun(store, RUN).links() if each.url == row["url"])
        assert place and place.offset == row["warc_offset"]
        assert SITE.page(_number(str(row["url"]))).body == read_capture(store, place).body


def test_the_same_run_twice_gives_the_same_rows(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(*range(8)), spool=local_settings.cache)
    archive(local_settings)
    once = rows_of(local_settings)
    archive(local_settings)
    assert rows_of(local_settings) == once
    write_round(store, pages(*range(8), minute=60), spool=local_settings.cache)
    archive(local_settings)
    again = rows_of(local_settings)
    assert again["articles"] == once["articles"]
    assert again["fetches"] == once["fetches"]
    assert again["runs"][0]["rounds"] == 2


def test_another_run_knows_what_the_first_one_archived(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1, 2), spool=local_settings.cache)
    archive(local_settings)
    edited = pages(1, edition=1, minute=1500)
    write_round(store, [*pages(0, minute=1500), *edited, *pages(3)], spool=local_settings.cache, run=NEXT_DAY)
    archive(local_settings, NEXT_DAY)
    run = next(row for row in rows_of(local_settings)["runs"] if row["run_id"] == str(NEXT_DAY))
    assert dict(run["outcomes"]) == {"new": 1, "edition": 1, "unchanged": 1}
    assert (run["articles_new"], run["editions"]) == (1, 1)


def test_a_run_that_lost_articles_refuses_and_leaves_the_archive_as_it_was(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1, 2), spool=local_settings.cache)
    archive(local_settings)
    before = rows_of(local_settings)
    nothing = [link(f"http://127.0.0.1/{n}", outcome="http_5xx") for n in range(4)]
    write_round(store, [], spool=local_settings.cache, run=NEXT_DAY, others=nothing)
    extract_run(NEXT_DAY, local_settings)
    with pytest.raises(StageFailed, match=r"not published: crawl: none of 4 links.*http_5xx 4"):
        publish_run(NEXT_DAY, local_settings)
    assert rows_of(local_settings) == before
    (refused,) = (info.key for info in store.list(refused_root()))
    assert "http_5xx 4" in record_from_json(Run, store.get(refused), where=refused).findings[-1]
    write_round(store, pages(3), spool=local_settings.cache, run=NEXT_DAY, others=nothing)
    archive(local_settings, NEXT_DAY)
    assert not list(store.list(refused_root())), "what was published since is refused no more"


def test_the_raw_archive_of_a_refused_run_is_missed_even_if_the_register_goes_with_it(local_settings: Settings) -> None:
    store = open_store(local_settings)
    nothing = [link(f"http://127.0.0.1/{n}", outcome="http_5xx") for n in range(4)]
    write_round(store, [], spool=local_settings.cache, run=NEXT_DAY, others=nothing)
    extract_run(NEXT_DAY, local_settings)
    for _ in range(2):
        with pytest.raises(StageFailed, match="not published"):
            publish_run(NEXT_DAY, local_settings)
    for prefix in (raw_prefix(NEXT_DAY), staging_prefix(NEXT_DAY)):
        for info in list(store.list(prefix)):
            store.delete(info.key)
    store.delete(raw_register_key(NEXT_DAY))
    found = [line for month in verify_archive(local_settings, VerifyScope(), workers=1) for line in month.problems]
    assert found == [f"{NEXT_DAY}: entry 2 of the log knows its raw archive, which is gone"]


def test_a_window_counts_the_same_whether_others_archived_part_of_it(local_settings: Settings) -> None:
    store = open_store(local_settings)
    morning = RunId.parse("demo/2024-12-25T06Z--2024-12-25T12Z")
    for run, numbers in ((morning, (0, 1)), (RUN, (0, 1, 2)), (NEXT_DAY, (2, 3))):
        write_round(store, pages(*numbers), spool=local_settings.cache, run=run)
        archive(local_settings, run)
    counts = {
        str(row["run_id"]): (row["articles_new"], row["articles_known"]) for row in rows_of(local_settings)["runs"]
    }
    assert counts == {str(morning): (2, 0), str(RUN): (1, 2), str(NEXT_DAY): (1, 0)}


def test_a_damaged_record_is_told_and_the_run_is_marked(local_settings: Settings) -> None:
    store = open_store(local_settings)
    report = write_round(store, pages(*range(5)), spool=local_settings.cache)
    chunk = report.chunks[0]
    hurt = RawRun(store, RUN).index(chunk)[2].place
    data = bytearray(store.get(chunk.key))
    data[hurt.offset + 99] ^= 1
    store.put(chunk.key, bytes(data))
    archive(local_settings)
    (run,) = rows_of(local_settings)["runs"]
    assert run["verdict"] == Verdict.DEGRADED
    assert dict(run["outcomes"]) == {"new": 4, rejected(Rejection.DAMAGED): 1}
    assert f"{chunk.key} at byte {hurt.offset}" in run["findings"][0]


def test_a_truncated_chunk_costs_the_pages_after_the_cut_and_says_so(local_settings: Settings) -> None:
    store = open_store(local_settings)
    report = write_round(store, pages(*range(5)), spool=local_settings.cache)
    chunk = report.chunks[0]
    cut = RawRun(store, RUN).index(chunk)[3].place.offset
    store.put(chunk.key, store.get(chunk.key)[: cut + 20])
    run = extract_run(RUN, local_settings).run
    assert run.outcomes == {"new": 3, rejected(Rejection.DAMAGED): 2}
    assert "2 captured pages cannot be read" in run.findings[0]


def test_hostile_pages_are_rejected_and_the_others_archived(local_settings: Settings) -> None:
    deep = b"<html><body>" + b"<div>" * 200_000 + b"x"
    junk = [
        exchange("http://127.0.0.1/deep", deep),
        exchange("http://127.0.0.1/binary", bytes(range(256)) * 500, Content_Type="image/jpeg"),
        exchange("http://127.0.0.1/cut", b"\x1f\x8b\x08\x00abc", Content_Encoding="gzip"),
        exchange("http://127.0.0.1/nothing", b""),
    ]
    write_round(open_store(local_settings), [*junk, *pages(*range(6))], spool=local_settings.cache)
    outcomes = extract_run(RUN, local_settings).run.outcomes
    assert outcomes.pop("new") == 6
    assert sum(outcomes.values()) == len(junk)
    assert all(name.startswith("rejected:") for name in outcomes), outcomes


def test_an_unfinished_crawl_is_not_extracted(local_settings: Settings) -> None:
    with pytest.raises(StageFailed, match="no finished crawl"):
        extract_run(RUN, local_settings)


def test_what_was_not_extracted_is_not_published(local_settings: Settings) -> None:
    store = open_store(local_settings)
    with pytest.raises(ObjectMissing, match="no complete staged rows"):
        publish_run(RUN, local_settings)
    write_round(store, pages(0, 1), spool=local_settings.cache)
    extract_run(RUN, local_settings)
    write_round(store, pages(2, minute=60), spool=local_settings.cache)
    with pytest.raises(StageFailed, match="crawled again after its rows were staged"):
        publish_run(RUN, local_settings)
    assert rows_of(local_settings)["articles"] == []


def test_outcomes_that_do_not_add_up_stop_the_stage(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1), spool=local_settings.cache)
    fields = json.loads(store.get(crawl_key(RUN)))
    fields.pop("sha256")
    store.put(crawl_key(RUN), sealed_json({**fields, "outcomes": {"captured": 3}}))
    with pytest.raises(StageFailed, match="do not add up"):
        extract_run(RUN, local_settings)
    assert not StagedRun(store, RUN).exists()


def test_a_changed_report_or_link_list_is_found(local_settings: Settings) -> None:
    store = LocalStore(Path(local_settings.archive))
    write_round(store, pages(0, 1), spool=local_settings.cache)
    for key in (crawl_key(RUN), links_key(RUN, round_=1)):
        data = store.get(key)
        store.put(key, data[:-9] + bytes([data[-9] ^ 1]) + data[-8:])
        with pytest.raises(DamagedObject, match=key.rpartition("/")[2]):
            extract_run(RUN, local_settings)
        store.put(key, data)


def test_any_number_of_workers_gives_the_same_rows(local_settings: Settings) -> None:
    store = open_store(local_settings)
    write_round(store, pages(*range(20)), spool=local_settings.cache)
    found: list[pa.Table] = []
    for workers in (1, 3):
        extract_run(RUN, local_settings, workers=workers)
        found.append(StagedRun(store, RUN).fetch(local_settings.cache).columns("articles"))
    assert found[0].equals(found[1])


def _number(url: str) -> int:
    return next(n for n in range(SITE.articles) if url.endswith(SITE.path(SITE.card(n))))


def test_publishing_imports_neither_the_extractor_nor_a_crawler() -> None:
    slow = ("trafilatura", "lxml", "scrapy", "duckdb", "boto3")
    code = f"import sys, warraq.pipeline.publish; print([name for name in {slow} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.parametrize("articles", [1, 0])
def test_what_a_window_costs_does_not_grow_with_those_before(local_settings: Settings, articles: int) -> None:
    tables = open_tables(local_settings)
    for number in range(MAX_SMALL_FILES + 1):
        start = RUN.window.start - timedelta(hours=number + 1)
        run = RunId("demo", Window(start, start + timedelta(hours=1)))
        tables.replace_run(run, RecordRows(run, *records(run, articles)))
    before = {name: tables.scan(name).num_rows for name in ("articles", "fetches", "runs")}
    write_round(open_store(local_settings), pages(0, 1), spool=local_settings.cache)
    archive(local_settings)
    for name, rows in before.items():
        assert len(tables.files(name)) == 1, name
        assert tables.scan(name).num_rows == rows + {"runs": 1}.get(name, 2)
