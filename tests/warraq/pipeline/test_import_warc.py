"""`warraq import`: foreign files become captures of their own days, once, whatever is wrong with them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.registry import find_portal
from storage.errors import ExitCode, StageFailed, UsageError
from storage.model.records import Exchange, Role
from storage.objects.keys import crawl_key
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.read.query import connect
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from tests.fixtures.demo_runs import NEXT_DAY, SITE, archive, pages, rows_of
from tests.fixtures.raw_runs import RUN, write_round
from warraq.cli.main import command_line
from warraq.monitoring.doctor_checks import Status, run_checks
from warraq.pipeline.extract import extract_run
from warraq.pipeline.importing.files import import_files
from warraq.pipeline.importing.report import ImportReport
from warraq.pipeline.importing.site_statements import SiteStatements
from warraq.pipeline.publish import publish_run
from warraq.pipeline.staleness import unfinished_runs

# warcio leaves the temporary file of each record to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
HTML = (("Content-Type", "text/html; charset=utf-8"),)


def url_of(number: int) -> str:
    return SITE.base_url + SITE.path(SITE.card(number))


def body_of(number: int) -> bytes:
    return SITE.page(number).body


class Foreign:
    """A WARC file as another program writes it."""

    def __init__(self, *, is_gzip: bool = True) -> None:
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=is_gzip)

    def add(
        self,
        url: str,
        body: bytes,
        *,
        date: str = "2024-12-25T10:00:00Z",
        status: str = "200 OK",
        headers: tuple[tuple[str, str], ...] = HTML,
    ) -> None:
        head = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        facts = {"WARC-Date": date}
        self.writer.write_record(
            self.writer.create_warc_record(
                url, "response", payload=io.BytesIO(body), http_headers=head, warc_headers_dict=facts
            )
        )

    def revisit(self, url: str) -> None:
        """Says that a later capture was the same as the one of 25 December."""
        self.writer.write_record(
            self.writer.create_revisit_record(
                url,
                digest="sha1:B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A",
                refers_to_uri=url,
                refers_to_date="2024-12-25T10:00:00Z",
                warc_headers_dict={"WARC-Date": "2024-12-26T10:00:00Z"},
            )
        )

    def save(self, path: Path) -> Path:
        path.write_bytes(self.out.getvalue())
        return path


def bring(settings: Settings, *paths: Path) -> ImportReport:
    return import_files(paths, find_portal("demo", settings), open_store(settings), spool=settings.cache)


def test_pages_come_in_under_their_own_days_with_their_own_dates(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    foreign.add(url_of(1), gzip.compress(body_of(1)), headers=(*HTML, ("Content-Encoding", "gzip")))
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body_of(2)), body_of(2))
    foreign.add(url_of(2), chunked, date="2024-12-26T23:59:59Z", headers=(*HTML, ("Transfer-Encoding", "chunked")))
    report = bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    assert report.captures == {RUN: 2, NEXT_DAY: 1}
    store = open_store(local_settings)
    captures = [*RawRun(store, RUN).captures(), *RawRun(store, NEXT_DAY).captures()]
    assert [(capture.url, capture.body) for capture in captures] == [(url_of(n), body_of(n)) for n in range(3)]
    assert captures[0].captured_at == datetime(2024, 12, 25, 10, tzinfo=UTC)
    assert RawRun(store, RUN).links()[0].source_url == "a.warc.gz"


def test_what_is_no_page_of_the_portal_is_passed_over_by_reason(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    foreign.add("https://elsewhere.example/a", body_of(1))
    foreign.add(url_of(2), b"", status="404 Not Found")
    foreign.add(url_of(3), b"\x89PNG", headers=(("Content-Type", "image/png"),))
    foreign.add(url_of(4), body_of(4), date="1970-01-01T00:00:00Z")
    foreign.add(url_of(5), body_of(5), date="2999-01-01T00:00:00Z")
    report = bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    assert report.captures == {RUN: 1}
    assert report.passed_over == {"other_site": 1, "not_status_200": 1, "not_html": 1, "no_date": 2}


def test_importing_again_brings_nothing_twice(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    for number in range(3):
        foreign.add(url_of(number), body_of(number))
    path = foreign.save(tmp_path / "a.warc.gz")
    bring(local_settings, path)
    report = RawRun(open_store(local_settings), RUN).report()
    again = bring(local_settings, path)
    assert (again.captures, again.passed_over) == ({}, {"known": 3})
    assert RawRun(open_store(local_settings), RUN).report() == report


def test_an_import_beside_a_crawl_is_another_round(local_settings: Settings, tmp_path: Path) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1), spool=local_settings.cache)
    foreign = Foreign()
    foreign.add(url_of(2), body_of(2))
    bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    raw = RawRun(store, RUN)
    report = raw.report()
    assert report and report.round == 2
    assert len(list(raw.captures())) == 3


def test_a_day_of_imported_pages_is_partial_and_a_crawled_one_stays_whole(
    local_settings: Settings, tmp_path: Path
) -> None:
    store = open_store(local_settings)
    write_round(store, pages(0, 1), spool=local_settings.cache)
    foreign = Foreign()
    foreign.add(url_of(2), body_of(2))
    foreign.add(url_of(3), body_of(3), date="2024-12-26T10:00:00Z")
    bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    for run in (RUN, NEXT_DAY):
        archive(local_settings, run)
    with connect(local_settings) as connection:
        days = connection.execute("SELECT day::VARCHAR, hours, state FROM archived_days ORDER BY day").fetchall()
        series = connection.execute("FROM series('لاشيء', per := 'day', since := '2024-12-25')").fetchall()
    assert days == [("2024-12-25", 24.0, "archived"), ("2024-12-26", 0.0, "partial")]
    assert [row[-1] for row in series] == ["archived", "partial"]


def test_an_unfinished_crawl_of_the_day_is_not_finished_by_an_import(local_settings: Settings, tmp_path: Path) -> None:
    from storage.raw.chunk_writer import ChunkWriter
    from tests.fixtures.raw_runs import link

    store = open_store(local_settings)
    (page,) = pages(0)
    writer = ChunkWriter(store, RUN, round_=1, attempt=1, spool=local_settings.cache)
    writer.write(page, role=Role.PAGE, link=link(page.url))
    writer.close()
    foreign = Foreign()
    foreign.add(url_of(2), body_of(2))
    with pytest.raises(StageFailed, match="has not finished"):
        bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))


def test_a_wacz_is_read_through(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr("archive/data.warc.gz", foreign.out.getvalue())
        package.writestr("pages/pages.jsonl", "{}")
        package.writestr("../escape.warc.gz", b"x")
    assert bring(local_settings, tmp_path / "a.wacz").captures == {RUN: 1}


@pytest.mark.parametrize("layout", ["crawl-2024/archive/data.warc.gz", "data.WARC.GZ"])
def test_a_wacz_with_a_folder_around_or_none_is_read_too(local_settings: Settings, tmp_path: Path, layout: str) -> None:
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr(layout, foreign.out.getvalue())
    assert bring(local_settings, tmp_path / "a.wacz").captures == {RUN: 1}


def test_a_package_of_packages_is_refused_with_what_to_do(local_settings: Settings, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr("one.wacz", b"")
    with pytest.raises(UsageError, match="a package of packages"):
        bring(local_settings, tmp_path / "a.wacz")


@pytest.mark.parametrize("is_gzip", [True, False])
def test_one_damaged_record_is_named_and_costs_no_other(
    local_settings: Settings, tmp_path: Path, is_gzip: bool
) -> None:
    foreign = Foreign(is_gzip=is_gzip)
    begins = []
    for number in range(6):
        begins.append(foreign.out.tell())
        foreign.add(url_of(number), body_of(number))
    for at in (begins[3], begins[3] + 14, (begins[3] + begins[4]) // 2):  # its mark, its head, its body
        data = bytearray(foreign.out.getvalue())
        data[at] ^= 0xFF
        (tmp_path / "a.warc").write_bytes(bytes(data))
        archive = replace(local_settings, archive=f"{local_settings.archive}-{at}", catalog=None)
        report = bring(archive, tmp_path / "a.warc")
        assert report.captures == {RUN: 5}
        assert sum(report.passed_over.values()) + len(report.damaged) >= 1
        assert all("a.warc: record 4" in line for line in report.damaged)
        assert is_gzip <= len(report.damaged) <= 1


def test_a_file_that_is_cut_off_gives_what_it_has_and_says_so(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    for number in range(6):
        foreign.add(url_of(number), body_of(number))
    (tmp_path / "a.warc.gz").write_bytes(foreign.out.getvalue()[:-300])
    report = bring(local_settings, tmp_path / "a.warc.gz")
    assert report.captures == {RUN: 5}
    assert "a.warc.gz: record 6" in report.damaged[0]


def test_revisits_are_counted_apart_from_those_whose_page_is_missing(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    foreign.revisit(url_of(0))
    foreign.add(url_of(0), body_of(0))
    foreign.revisit(url_of(1))
    foreign.revisit("https://elsewhere.example/a")
    report = bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    assert report.passed_over == {"revisit": 1, "revisit_of_absent_page": 1, "other_site": 1}


@pytest.mark.parametrize("content", [b"not a WARC", b"", b"PK\x05\x06" + bytes(18), b"\x1f\x8b" + bytes(50)])
def test_a_file_that_is_no_warc_is_refused_before_anything_is_written(
    local_settings: Settings, tmp_path: Path, content: bytes
) -> None:
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    (tmp_path / "bad").write_bytes(content)
    try:
        report = bring(local_settings, foreign.save(tmp_path / "good.warc.gz"), tmp_path / "bad")
    except UsageError as error:
        assert "bad" in error.message
        assert RawRun(open_store(local_settings), RUN).report() is None
    else:
        assert content == b"", "an empty file holds no record and is no mistake"
        assert report.captures == {RUN: 1}


def test_the_command_publishes_what_it_imported(
    local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(local_settings.cache))
    foreign = Foreign()
    for number in range(4):
        foreign.add(url_of(number), body_of(number))
    path = foreign.save(tmp_path / "a.warc.gz")
    result = CliRunner().invoke(
        command_line, ["import", str(path), "--portal", "demo", "--json"], standalone_mode=False
    )
    assert result.return_value == ExitCode.DONE, result.output
    told = json.loads(result.stdout)
    assert told["runs"][str(RUN)]["verdict"] == "ok"
    rows = rows_of(local_settings)
    assert len(rows["articles"]) == 4
    assert {row["captured_at"] for row in rows["articles"]} == {datetime(2024, 12, 25, 10, tzinfo=UTC)}
    assert {row["source"] for row in rows["fetches"]} == {"import"}


def test_an_import_killed_before_it_published_is_finished_by_the_same_command(
    local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("archive", "cache"):
        monkeypatch.setenv(f"WARRAQ_{name.upper()}", str(getattr(local_settings, name)))
    foreign = Foreign()
    for number in range(4):
        foreign.add(url_of(number), body_of(number), date=f"2024-12-2{5 + number % 2}T10:00:00Z")
    path = foreign.save(tmp_path / "a.warc.gz")
    bring(local_settings, path)  # the raw archive is written, then the process dies
    waiting = list(unfinished_runs(open_store(local_settings), {}))
    assert [(one.run, one.pages) for one in waiting] == [(RUN, 2), (NEXT_DAY, 2)]
    (told,) = [check for check in run_checks(local_settings, {}) if check.name == "runs are finished"]
    assert told.status == Status.WARN
    assert str(RUN) in told.detail
    assert f"warraq publish {RUN}" in told.remedy

    archive(local_settings, RUN)  # and again between the two days
    result = CliRunner().invoke(
        command_line, ["import", str(path), "--portal", "demo", "--json"], standalone_mode=False
    )
    assert result.return_value == ExitCode.DONE, result.output
    said = json.loads(result.stdout)
    assert (said["captures"], said["passed_over"]) == ({}, {"known": 4})
    assert list(said["runs"]) == [str(NEXT_DAY)]
    assert len(rows_of(local_settings)["articles"]) == 4
    again = CliRunner().invoke(command_line, ["import", str(path), "--portal", "demo", "--json"], standalone_mode=False)
    assert json.loads(again.stdout)["runs"] == {}


def test_an_import_killed_in_its_raw_archive_is_named_and_finished(
    local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("archive", "cache"):
        monkeypatch.setenv(f"WARRAQ_{name.upper()}", str(getattr(local_settings, name)))
    foreign = Foreign()
    foreign.add(url_of(0), body_of(0))
    path = foreign.save(tmp_path / "a.warc.gz")
    bring(local_settings, path)
    store = open_store(local_settings)
    store.delete(crawl_key(RUN))  # as if it had died after its chunk
    (waiting,) = unfinished_runs(store, {})
    assert (waiting.pages, waiting.why) == (1, "its crawl has not finished")
    result = CliRunner().invoke(command_line, ["import", str(path), "--portal", "demo"], standalone_mode=False)
    assert result.return_value == ExitCode.DONE, result.output
    assert len(rows_of(local_settings)["articles"]) == 1
    assert list(unfinished_runs(store, {row.run_id: row for row in open_tables(local_settings).history("demo")})) == []


def test_files_without_a_page_of_the_portal_are_an_error(
    local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", local_settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(local_settings.cache))
    foreign = Foreign()
    foreign.add("https://elsewhere.example/a", body_of(1))
    path = foreign.save(tmp_path / "a.warc.gz")
    with pytest.raises(StageFailed, match="no page of demo in 1 files"):
        CliRunner().invoke(
            command_line, ["import", str(path), "--portal", "demo"], standalone_mode=False, catch_exceptions=False
        )


def test_what_a_page_says_against_mining_is_kept_as_a_crawl_keeps_it(local_settings: Settings, tmp_path: Path) -> None:
    foreign = Foreign()
    reserved = body_of(0).replace(b"<head>", b'<head><meta name="tdm-reservation" content="1">', 1)
    assert reserved != body_of(0)
    foreign.add(url_of(0), reserved)
    foreign.add(url_of(1), body_of(1), headers=(*HTML, ("TDM-Reservation", "1")))
    packed = (*HTML, ("Content-Encoding", "gzip"))
    foreign.add(
        url_of(2),
        gzip.compress(reserved.replace(b"tdm-reservation", b"robots").replace(b'"1"', b'"noai"')),
        headers=packed,
    )
    foreign.add(url_of(3), body_of(3))
    bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    details = [link.detail for link in RawRun(open_store(local_settings), RUN).links()]
    assert details == ["meta tdm-reservation 1", "header tdm-reservation: 1", "meta robots noai", None]
    extract_run(RUN, local_settings)
    publish_run(RUN, local_settings)
    told = connect(local_settings).execute("SELECT opt_out FROM articles ORDER BY url").fetchall()
    assert sorted(filter(None, (statement for (statement,) in told))) == sorted(filter(None, details))


def test_a_licence_of_any_link_header_is_kept_from_import_and_crawl_alike(
    local_settings: Settings, tmp_path: Path
) -> None:
    by = "https://creativecommons.org/licenses/by/4.0/"
    sent = (("Link", "</style.css>; rel=preload"), ("Link", f"<{by}>; rel=license"))
    (page,) = pages(0)
    page = replace(page, response_headers=(*page.response_headers, *sent))
    write_round(open_store(local_settings), [page], spool=local_settings.cache)
    foreign = Foreign()
    foreign.add(url_of(1), body_of(1), headers=(*HTML, *sent))
    foreign.add(url_of(2), body_of(2))
    bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    archive(local_settings)
    told = connect(local_settings).execute("SELECT url, licence FROM articles ORDER BY 1").fetchall()
    assert dict(told) == {url_of(0): by, url_of(1): by, url_of(2): None}


def test_what_the_site_said_against_mining_when_it_was_captured_is_kept_with_its_pages(
    local_settings: Settings, tmp_path: Path
) -> None:
    foreign, plain = Foreign(), (("Content-Type", "text/plain"),)
    # The files may come after the pages that they speak of.
    for number in range(4):
        foreign.add(url_of(number), body_of(number))
    rules = [{"location": SITE.path(SITE.card(1)), "tdm-reservation": 1}, {"location": "/", "tdm-reservation": 0}]
    foreign.add(f"{SITE.base_url}/.well-known/tdmrep.json", json.dumps(rules).encode(), headers=plain)
    foreign.add(f"{SITE.base_url}/ai.txt", b"User-Agent: Bot\nDisallow: /", headers=plain)
    foreign.add(f"{SITE.base_url}/robots.txt", b"<html>", status="404 Not Found")
    report = bring(local_settings, foreign.save(tmp_path / "a.warc.gz"))
    assert (report.site_files, dict(report.passed_over)) == (3, {})
    links = {link.url: link.detail for link in RawRun(open_store(local_settings), RUN).links()}
    assert [links[url_of(number)] for number in range(4)] == [None, f"tdmrep.json: {rules[0]['location']}", None, None]


def test_a_robots_txt_of_an_import_counts_from_its_capture_on(local_settings: Settings) -> None:
    site = SiteStatements(find_portal("demo", local_settings))
    page = url_of(0)
    for hour, status, body in [(6, 200, b"User-agent: GPTBot\nDisallow: /\n"), (12, 503, b""), (18, 404, b"")]:
        at = datetime(2024, 12, 25, hour, tzinfo=UTC)
        site.note(
            Exchange(f"{SITE.base_url}/robots.txt", at, at, status, "", "", (), (("Content-Type", "text/plain"),), body)
        )
    told = [site.of(page, datetime(2024, 12, 25, hour, tzinfo=UTC)) for hour in (0, 7, 13, 20)]
    assert told == ["robots.txt refuses GPTBot"] * 3 + [None]


def test_what_each_host_and_path_says_to_miners_is_noted_with_its_pages(local_settings: Settings) -> None:
    site = SiteStatements(find_portal("demo", local_settings))
    at = datetime(2024, 12, 25, tzinfo=UTC)
    for host, text in (("a.example", "User-agent: CCBot\nDisallow: /news/"), ("b.example", "User-agent: *\nAllow: /")):
        site.note(Exchange(f"https://{host}/robots.txt", at, at, 200, "", "", (), (), text.encode()))
    told = [site.of(url, at) for url in ("https://a.example/news/1", "http://www.a.example/news/1")]
    assert told == ["robots.txt refuses CCBot"] * 2
    assert site.of("https://a.example/sport/1", at) is None
    assert site.of("https://b.example/news/1", at) is None, "the rules of another host"
