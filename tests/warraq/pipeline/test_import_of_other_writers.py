"""`warraq import`: files as other programs write them, byte by byte; what is not taken is named and counted."""

from __future__ import annotations

import gzip
import itertools
import json
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import assume, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from spiders.registry import find_portal
from storage.errors import ExitCode, UsageError
from storage.objects.open import open_store
from storage.raw.foreign_http import http_answer, unchunked
from storage.raw.foreign_warc import read_foreign
from storage.raw.run import RawRun
from storage.settings import Settings
from tests.fixtures.demo_runs import SITE
from tests.fixtures.raw_runs import RUN
from warraq.cli.main import command_line
from warraq.pipeline.importing.files import import_files
from warraq.pipeline.importing.report import ImportReport

HTML = "Content-Type: text/html; charset=utf-8"
PAGES = [SITE.page(number).body for number in range(12)]


def url(number: int) -> str:
    return SITE.base_url + SITE.path(SITE.card(number))


def answer(body: bytes, *headers: str, status: str = "HTTP/1.1 200 OK", eol: str = "\r\n") -> bytes:
    return eol.join([status, *(headers or (HTML,)), "", ""]).encode() + body


def record(
    uri: str, block: bytes, *more: str, kind: str = "response", eol: str = "\r\n", head: str = "WARC/1.0"
) -> bytes:
    lines = [head, f"WARC-Type: {kind}", f"WARC-Target-URI: {uri}", f"Content-Length: {len(block)}"]
    lines.append(f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, uri + kind)}>")
    if not any(line.startswith("WARC-Date") for line in more):
        lines.append("WARC-Date: 2024-12-25T10:00:00Z")
    return eol.join([*lines, *more, "", ""]).encode() + block + (eol * 2).encode()


STARTS = [b"", b"WARC/1.0\r\n", b"WARC/1.0\n", b"HTTP/1.1 200 OK\r\n"]


def chunks(body: bytes, *, extension: str = "", eol: str = "\r\n", size: int = 900) -> bytes:
    end = eol.encode()
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s%s%s%s" % (len(p), extension.encode(), end, p, end) for p in parts) + b"0" + end * 2


def bring(settings: Settings, *files: Path) -> ImportReport:
    return import_files(files, find_portal("demo", settings), open_store(settings), spool=settings.cache)


def bodies(settings: Settings) -> dict[str, bytes]:
    return {capture.url: capture.body for capture in RawRun(open_store(settings), RUN).captures()}


CHUNKED, PACKED = "Transfer-Encoding: chunked", "Content-Encoding: gzip"
WRITERS = {
    "chunked in the header, plain in the body": record(url(0), answer(PAGES[0], HTML, CHUNKED)),
    "packed in the header, plain in the body": record(url(0), answer(PAGES[0], HTML, PACKED)),
    "both, and a length of the wire": record(url(0), answer(PAGES[0], HTML, CHUNKED, PACKED, "Content-Length: 9")),
    "brotli in the header, plain": record(url(0), answer(PAGES[0], HTML, "Content-Encoding: br")),
    "unchunked, and still packed": record(url(0), answer(gzip.compress(PAGES[0]), HTML, CHUNKED, PACKED)),
    "chunked": record(url(0), answer(chunks(PAGES[0]), HTML, CHUNKED)),
    "chunked and packed": record(url(0), answer(chunks(gzip.compress(PAGES[0])), HTML, CHUNKED, PACKED)),
    "chunk extensions": record(url(0), answer(chunks(PAGES[0], extension=" ;name=value"), HTML, CHUNKED)),
    "chunks with bare newlines": record(url(0), answer(chunks(PAGES[0], eol="\n"), HTML, CHUNKED)),
    "cut before the last chunk": record(url(0), answer(chunks(PAGES[0])[:-5], HTML, CHUNKED)),
    "bare newlines in HTTP": record(url(0), answer(PAGES[0], HTML, "X-A: b", eol="\n")),
    "bare newlines in WARC": record(url(0), answer(PAGES[0]), eol="\n"),
    "no type of content": record(url(0), answer(PAGES[0], "Server: x")),
    "an unknown type": record(url(0), answer(PAGES[0], "Content-Type: unknown/unknown")),
    "folded and broken header lines": record(url(0), answer(PAGES[0], HTML, "X-A: b", " c", "no colon here")),
    "another protocol's first line": record(url(0), answer(PAGES[0], status="HTTP/2 200")),
    "angle brackets": record(f"<{url(0)}>", answer(PAGES[0])),
    "an older version": record(url(0), answer(PAGES[0]), head="WARC/0.18"),
    "a date in digits": record(url(0), answer(PAGES[0]), "WARC-Date: 20241225100000"),
    "a date with an offset": record(url(0), answer(PAGES[0]), "WARC-Date: 2024-12-25T12:00:00+02:00"),
    "names of headers in small letters": record(url(0), answer(PAGES[0])).replace(b"WARC-T", b"warc-t"),
    "a default port and a dot": record(url(0).replace("http://", "HTTP://"), answer(PAGES[0])),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_page_comes_in_however_it_was_written(
    writer: str, pack: type[bytes], local_settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(pack(WRITERS[writer]))
    report = bring(local_settings, path)
    assert (report.captures, report.damaged) == ({RUN: 1}, [])
    (body,) = bodies(local_settings).values()
    assert body == PAGES[0]


def arc(*entries: tuple[str, bytes], date: str = "20241225100000") -> list[bytes]:
    text = b"1 0 Harvest\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20241225000000 text/plain %d\n%s\n" % (len(text), text)]
    for uri, block in entries:
        parts.append(f"{uri} 192.0.2.7 {date} text/html {len(block)}\n".encode() + block + b"\n")
    return parts


@pytest.mark.parametrize("is_packed", [False, True])
def test_an_arc_file_is_read(is_packed: bool, local_settings: Settings, tmp_path: Path) -> None:
    entries = [(url(n), answer(PAGES[n])) for n in range(3)] + [("dns:almasaa.example", b"192.0.2.7")]
    parts = arc(*entries, (url(4), answer(chunks(PAGES[4]), HTML, CHUNKED)), (url(5), b"no answer"))
    path = tmp_path / ("a.arc.gz" if is_packed else "a.arc")
    path.write_bytes(b"".join(map(gzip.compress, parts)) if is_packed else b"".join(parts))
    report = bring(local_settings, path)
    assert report.captures == {RUN: 4}
    assert report.passed_over == {"not_http": 1, "other_kind": 1}
    assert bodies(local_settings)[url(4)] == PAGES[4]
    assert report.damaged == [f"{path}: record 7 ({url(5)}): no HTTP answer"]


def segments(number: int, *cuts: int, total: int | None = None) -> list[bytes]:
    """One answer in several records, as writers with a limit of size do."""
    block = answer(PAGES[number])
    edges = [0, *cuts, len(block)]
    parts = [block[start:end] for start, end in itertools.pairwise(edges)]
    first = record(url(number), parts[0], "WARC-Segment-Number: 1")
    origin = next(line for line in first.decode("latin-1").splitlines() if line.startswith("WARC-Record-ID")).split()[1]
    rest = []
    for place, part in enumerate(parts[1:], start=2):
        facts = [f"WARC-Segment-Number: {place}", f"WARC-Segment-Origin-ID: {origin}"]
        if place == len(parts):
            facts.append(f"WARC-Segment-Total-Length: {total or len(block)}")
        rest.append(record(url(number), part, *facts, kind="continuation"))
    return [first, *rest]


def test_a_record_in_segments_is_whole_again_also_over_files(local_settings: Settings, tmp_path: Path) -> None:
    first, second = tmp_path / "1.warc", tmp_path / "2.warc"
    here, there = segments(0, 50, 400), segments(1, 90)
    first.write_bytes(b"".join([*here[:2], there[0], here[2]]))
    second.write_bytes(there[1])
    report = bring(local_settings, first, second)
    assert (report.captures, dict(report.passed_over)) == ({RUN: 2}, {})
    assert bodies(local_settings) == {url(0): PAGES[0], url(1): PAGES[1]}


@pytest.mark.parametrize(
    "records",
    [
        segments(3, 60)[:1],
        segments(3, 60)[1:],
        [segments(3, 60, 90)[0], segments(3, 60, 90)[2]],
        segments(3, 60, total=999_999),
    ],
    ids=["no end", "no beginning", "a gap", "another length"],
)
def test_segments_that_are_missing_are_a_loss(records: list[bytes], local_settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record(url(0), answer(PAGES[0])) + b"".join(records))
    report = bring(local_settings, path)
    assert report.captures == {RUN: 1}
    assert report.passed_over == {"incomplete": 1}
    assert url(3) in report.damaged[0]


def run_import(settings: Settings, path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("WARRAQ_ARCHIVE", settings.archive)
    monkeypatch.setenv("WARRAQ_CACHE", str(settings.cache))
    arguments = ["import", str(path), "--portal", "demo", "--raw-only", "--json"]
    return CliRunner().invoke(command_line, arguments, standalone_mode=False)


def test_what_is_lost_is_named_by_record_and_makes_the_import_degraded(
    local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.warc"
    lost = [
        record(url(1), b"not an answer"),
        record(url(2), answer(PAGES[2]), "WARC-Date: 1970-01-01T00:00:00Z"),
        record(url(3), answer(PAGES[3]), f"WARC-Block-Digest: sha1:{'A' * 32}"),
        record("", answer(PAGES[4])),
    ]
    beside = [
        record("http://elsewhere.example/a", b"not an answer"),
        record(url(6), "نص بلا وسوم".encode(), "Content-Type: text/plain", kind="conversion"),
        record(url(7), PAGES[7], "Content-Type: text/html", kind="resource"),
        record(url(8), b"GET / HTTP/1.1\r\n\r\n", kind="request"),
    ]
    path.write_bytes(b"".join([record(url(0), answer(PAGES[0])), *lost, *beside]))
    result = run_import(local_settings, path, monkeypatch)
    told = json.loads(result.stdout)
    assert result.return_value == ExitCode.DEGRADED, result.output
    assert told["passed_over"] == {
        "damaged": 1,
        "no_date": 1,
        "no_url": 1,
        "not_http": 2,
        "other_kind": 2,
        "request": 1,
    }
    assert [line.rpartition(": ")[2] for line in told["damaged"]] == [
        "no HTTP answer",
        "no date, or one that cannot be (1970-01-01T00:00:00Z)",
        "cannot be read (it does not fit its digest)",
        "names no address",
    ]
    assert [line.rpartition(": ")[2] for line in told["no_answers"]] == [
        "no answer of a server (a conversion)",
        "no answer of a server (a resource)",
    ]
    assert "record 2 at byte" in told["damaged"][0]


def test_what_is_merely_not_a_page_degrades_nothing(
    local_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.warc"
    conversion = record(url(6), "نص".encode(), kind="conversion")
    path.write_bytes(record(url(0), answer(PAGES[0])) + record("dns:x.example", b"1.2.3.4") + conversion)
    assert run_import(local_settings, path, monkeypatch).return_value == ExitCode.DONE


def test_pages_that_a_doubtful_parameter_names_stay_apart(local_settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    named = [record(f"{SITE.base_url}/s.php?ref={n}", answer(PAGES[n])) for n in range(3)]
    again = [record(f"{url(5)}?src={word}", answer(PAGES[5])) for word in ("home", "side")]
    path.write_bytes(b"".join(map(gzip.compress, [*named, *again])))
    report = bring(local_settings, path)
    assert report.captures == {RUN: 5}
    raw = RawRun(open_store(local_settings), RUN)
    assert len(raw.links()) == 4, "three stories, and one under two addresses"
    crawl = raw.report()
    assert crawl is not None
    assert crawl.told_apart_by == ("ref",)


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@examples(max_examples=150)
@given(st.lists(st.binary(min_size=1, max_size=90), min_size=2, max_size=6), st.sampled_from(["", ";name=value", " "]))
def test_what_was_sent_in_chunks_comes_back_whole_and_what_is_missing_is_told(
    end: str, parts: list[bytes], extension: str
) -> None:
    line = f"{extension}{end}".encode()
    sent = b"".join(b"%x%s%s%s" % (len(chunk), line, chunk, end.encode()) for chunk in parts)
    whole = b"".join(parts)
    assume(b"</html" not in whole.lower() and not whole.startswith(b"\x1f\x8b"))  # those show their end themselves
    assert unchunked(sent + b"0" + line + end.encode()) == (whole, False)
    assert unchunked(sent + b"0") == (whole, False), "the last line lacks its end"
    body, is_cut = unchunked(sent)
    assert (body, is_cut) == (whole, True), "the last chunk is missing"
    last = len(parts[-1]) // 2
    if len(parts[-1]) > 1:
        body, is_cut = unchunked(sent[: len(sent) - len(parts[-1]) - len(end) + last])
        assert (body, is_cut) == (whole[: len(whole) - len(parts[-1]) + last], True)


@pytest.mark.parametrize(
    "plain",
    [b"<html><p>text</p>", b"2024\nis the year", b"0\nis a number", b"abc", b"", b"5\r\nfive letters\r\n", b"f" * 99],
)
def test_a_body_without_chunks_is_left_as_it_is(plain: bytes) -> None:
    assert unchunked(plain) == (plain, False)


def test_a_length_beyond_the_file_hides_no_other_record(local_settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "in.warc"
    long = record(url(0), answer(PAGES[0])).replace(b"Content-Length: ", b"Content-Length: 9", 1)
    path.write_bytes(long + record(url(1), b"<svg>", kind="screenshot") + record(url(2), answer(PAGES[2])))
    report = bring(local_settings, path)
    assert list(bodies(local_settings).values()) == [PAGES[2]]
    assert ["it is cut" in line for line in report.damaged] == [True]
    assert ["a screenshot" in line for line in report.named] == [True]


def test_a_page_that_is_taken_without_its_end_is_named(local_settings: Settings, tmp_path: Path) -> None:
    half = chunks(PAGES[1])[:-900]
    path = tmp_path / "in.warc"
    path.write_bytes(
        record(url(0), answer(PAGES[0], HTML), "WARC-Truncated: length")
        + record(url(1), answer(half, HTML, CHUNKED))
        + record(url(2), answer(PAGES[2], HTML))
    )
    report = bring(local_settings, path)
    assert report.captures == {RUN: 3}
    assert report.cut == 2
    assert [line.rpartition("(")[2] for line in report.damaged] == ["truncated: length)", "truncated: unspecified)"]


@examples(max_examples=300)
@given(
    st.binary(max_size=600), st.sampled_from([b"", b"WARC/1.0\r\n", b"WARC/1.0\n", b"HTTP/1.1 200 OK\r\n", b"5\r\n"])
)
def test_no_bytes_raise_what_a_caller_does_not_expect(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes, start: bytes
) -> None:
    http_answer(start + rest)
    unchunked(start + rest)
    path = tmp_path_factory.getbasetemp() / "arbitrary.warc"
    for data in (start + rest, gzip.compress(start + rest), b"filedesc://" + rest):
        path.write_bytes(data)
        try:
            list(read_foreign(path))
        except UsageError as error:
            assert "not a WARC" in error.message
