"""WACZ: the pages of a selection, found by their index, with digests that hold."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

import warraq
from storage.identity.ids import article_id
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.raw_runs import RUN, exchange, write_round
from tests.fixtures.rows import edition, fetch, run_row
from warraq.api.export.wacz import surt
from warraq.cli.main import main

URLS = ["http://127.0.0.1:18800/news/1", "http://127.0.0.1:18800/news/2?b=2&a=1"]


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """An archive with two pages, of which one tells of a quake."""
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    found = read_settings()
    store = open_store(found)
    bodies = [f"<html><h1>صفحة {n}</h1></html>".encode() for n in range(2)]
    report = write_round(store, [exchange(url, body) for url, body in zip(URLS, bodies, strict=True)], spool=tmp_path)
    entries = RawRun(store, RUN).index(report.chunks[0])
    rows = []
    for number, (url, entry) in enumerate(zip(URLS, entries, strict=True)):
        row = edition(RUN, number)
        text = replace(row.text, title=f"خبر {number}", body="زلزال" if number else "نهر")
        place = replace(entry.place, key=report.chunks[0].key)
        rows.append(replace(row, url=url, article_id=article_id("demo", url), place=place, text=text))
    fetches = [fetch(row) for row in rows]
    open_tables(found).replace_run(RUN, RecordRows(RUN, rows, fetches, run_row(RUN, fetches)))
    return found


def test_pages_are_in_it_under_their_addresses(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    with warraq.open_archive() as archive:
        assert archive.articles().to_wacz(path) == 2
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
        assert all(info.compress_type == zipfile.ZIP_STORED for info in packed.infolist())
        for info in packed.infolist():
            # ReplayWeb.page takes it that a file's own header is as long as the directory's entry of it.
            (length,) = struct.unpack_from("<H", path.read_bytes(), info.header_offset + 28)
            assert length == len(info.extra), info.filename
        package = json.loads(packed.read("datapackage.json"))
        assert datetime.fromisoformat(package["created"]).tzinfo is not None
        for resource in package["resources"]:
            content = packed.read(resource["path"])
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert resource["bytes"] == len(content)
        digest = json.loads(packed.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{hashlib.sha256(packed.read('datapackage.json')).hexdigest()}"
        pages = [json.loads(line) for line in packed.read("pages/pages.jsonl").splitlines()]
        warc = packed.read("archive/data.warc.gz")
        index = packed.read("indexes/index.cdx").decode().splitlines()
    assert package["wacz_version"] == "1.1.1"
    assert {"archive/data.warc.gz", "indexes/index.cdx", "pages/pages.jsonl"} <= set(names)
    assert [page.get("url") for page in pages] == [None, *URLS]
    assert [page["text"] for page in pages[1:]] == ["نهر", "زلزال"]
    assert pages[0]["hasText"]
    assert [line.split(" ")[0] for line in index] == sorted(surt(url) for url in URLS)
    for line in index:
        facts = json.loads(line.split(" ", 2)[2])
        start = int(facts["offset"])
        record = next(iter(ArchiveIterator(BytesIO(warc[start : start + int(facts["length"])]), parse_http=True)))
        assert record.headers["WARC-Target-URI"] == facts["url"]
        assert record.http_headers.status_code == int(facts["status"]) == 200
        assert "صفحة".encode() in record.reader.read()


def test_the_command_packs_the_pages_of_a_selection_alike_every_time(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.wacz", "b.wacz"):
        with pytest.raises(SystemExit) as ended:
            main(["export", "--output", str(tmp_path / name), "--text", "الزلزال"])
        assert ended.value.code == 0
        assert "1 articles" in capsys.readouterr().out
    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.com/A/b/?z=1&a=2", "com,example)/a/b?a=2&z=1"),
        ("http://example.com", "com,example)/"),
        ("https://example.com:443/x", "com,example)/x"),
        ("http://127.0.0.1:8080/x", "1,0,0,127:8080)/x"),
        ("http://[::1]/x", "::1)/x"),
        ("https://www2.example.com/a//b/../c?A=1&a=0&b", "com,example)/a/c?a=0&a=1&b"),
        ("https://user@example.com/x?", "com,example)/x"),
        ("https://موقع.example/خبر", "example,xn--4gbrim)/%d8%ae%d8%a8%d8%b1"),
    ],
)
def test_keys_begin_with_the_host_from_the_back(url: str, key: str) -> None:
    assert surt(url) == key


def test_an_article_gives_its_page_its_record_and_its_evidence(settings: Settings) -> None:
    with warraq.open_archive() as archive:
        article = archive.article(URLS[0])
        assert article.page_html() == "<html><h1>صفحة 0</h1></html>".encode()
        assert article.warc_record().startswith(b"WARC/1.1\r\n")
        explained = article.why()
        # Today's rules see a page without a text, and say so.
        assert explained.kind.value is False
        assert explained.kind.evidence
