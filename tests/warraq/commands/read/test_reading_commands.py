"""`warraq query`, `warraq files` and `warraq show`, as people and programs call them."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

import warraq
from storage.identity.ids import article_id
from storage.identity.urls import canonical_url
from storage.model.records import Edition
from storage.model.window import RunId
from storage.objects.open import open_store
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.raw_runs import RUN, exchange, write_round
from tests.fixtures.rows import edition, fetch, run_id, run_row
from warraq.cli.article_view import marked
from warraq.cli.main import main
from warraq.cli.terminal_text import END, ISOLATE
from warraq.lookup.edition_diff import changes

URL = canonical_url("http://127.0.0.1:18800/أخبار/1?b=2&a=1")


def publish(settings: Settings, run: RunId, editions: list[Edition]) -> None:
    fetches = [fetch(row) for row in editions]
    open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


@pytest.fixture
def page(settings: Settings, tmp_path: Path) -> bytes:
    """An article with two editions whose page is in the raw archive; and three articles of another portal."""
    body = "<html><h1>عنوان</h1></html>".encode()
    store = open_store(settings)
    report = write_round(store, [exchange(URL, body)], spool=tmp_path)
    from storage.raw.run import RawRun

    place = RawRun(store, RUN).index(report.chunks[0])[0].place
    place = replace(place, key=report.chunks[0].key)
    story = article_id("demo", URL)
    old, new = edition(RUN, 1), edition(RUN, 1, captured_minutes=90, text="x")
    old = replace(
        old,
        article_id=story,
        url=URL,
        place=place,
        text=replace(old.text, title="عنوان", body="واحد اثنان ثلاثة\nأربعة"),
    )
    new = replace(new, article_id=story, url=URL, place=place, text=replace(old.text, body="واحد عشرة ثلاثة\nأربعة"))
    publish(settings, RUN, [old, new])
    other = run_id("almasaa")
    publish(settings, other, [edition(other, number) for number in range(3)])
    return body


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    out, err = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, out, err


SQL = "SELECT portal, tags, published_at, count(*) OVER () AS n FROM articles WHERE portal = 'almasaa' ORDER BY url"


def test_more_columns_than_a_terminal_holds_are_shown_below_each_other(
    page: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "query", "SELECT * FROM articles WHERE portal = 'almasaa'", "--format", "table")
    assert code == 0
    lines = [line.split() for line in out.splitlines() if line.startswith("portal ")]
    assert lines == [["portal", "almasaa"]] * 3
    assert "3 rows" in out


def test_a_spreadsheet_sees_utf8_and_no_formula(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "query", "SELECT 'عنوان' AS a, '=1+1' AS b, -1 AS c, '-5' AS d", "--spreadsheet")
    assert (code, out) == (0, "\ufeffa,b,c,d\r\nعنوان,'=1+1,-1,'-5\r\n")
    code, _, err = run(capsys, "query", "SELECT 1", "--spreadsheet", "--format", "json")
    assert code == 2
    assert "--spreadsheet is about CSV, not json" in err


def test_a_wrong_column_is_answered_with_the_right_one(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "query", "SELECT titel FROM articles")
    assert (code, err.count("\n")) == (2, 1)
    assert '"title"' in err
    assert "DESCRIBE articles" in err
    assert run(capsys, "query", "DESCRIBE articles")[0] == 0


def test_whoever_asks_in_sql_is_told_what_a_column_is(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    asked = "SELECT comment FROM duckdb_columns() WHERE table_name = 'articles' AND column_name = 'title'"
    ((by_command,),) = (row.values() for row in json.loads(run(capsys, "query", asked, "--json")[1]))
    with warraq.open_archive() as archive:
        ((by_python,),) = (row.values() for row in archive.sql(asked).to_pylist())
    assert by_command == by_python
    assert " · " in by_command


def test_query_answers_as_csv_in_a_pipe(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "query", SQL)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 3
    assert rows[1] == {
        "portal": "almasaa",
        "tags": '["اقتصاد", "نقل"]',
        "published_at": "2024-12-25T00:01:00+00:00",
        "n": "3",
    }


def test_query_answers_as_json_table_and_parquet(
    page: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert [row["tags"] for row in json.loads(run(capsys, "query", SQL, "--json")[1])] == [["اقتصاد", "نقل"]] * 3
    assert json.loads(run(capsys, "query", "SELECT 1 WHERE false", "--json")[1]) == []
    table = run(capsys, "query", SQL, "--format", "table")[1]
    assert "almasaa" in table
    assert "3 rows" in table
    target = tmp_path / "answer.parquet"
    assert run(capsys, "query", SQL, "--output", str(target))[0] == 0
    assert pq.read_table(target)["n"].to_pylist() == [3, 3, 3]


def test_a_query_that_fails_leaves_no_file_and_one_line(
    page: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "answer.csv"
    failing = "SELECT CASE WHEN i > 40000 THEN CAST('x' || i AS INTEGER) ELSE i END FROM range(50000) AS t(i)"
    code, out, err = run(capsys, "query", failing, "--output", str(target))
    assert code == 2
    assert "Could not convert string 'x" in err
    assert err.count("\n") == 1
    assert out == ""
    assert list(tmp_path.glob("*answer*")) == []
    assert run(capsys, "query", "SELECT 1", "--output", str(tmp_path / "no" / "a.csv"))[0] == 2
    assert run(capsys, "query", "  ")[0] == 2
    assert run(capsys, "query", "SELECT 1", "--format", "parquet")[0] == 2


def test_sql_that_begins_with_a_comment_is_no_option(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "query", "-- how many?\nSELECT 7 AS n", "--json")
    assert code == 0
    assert json.loads(out) == [{"n": 7}]


def test_a_word_that_must_not_be_there_is_no_option(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    for words, hits in ((["واحد", "-اثنان"], 1), (["واحد", "-عشرة"], 0), (['-"واحد عشرة"', "واحد"], 0)):
        code, out, _ = run(capsys, "search", *words, "--json")
        assert code == 0, words
        assert len(json.loads(out)["hits"]) == hits, words


def test_query_reads_sql_from_standard_input(
    page: bytes, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT count(*) AS n FROM editions"))
    assert run(capsys, "query", "-")[1].split() == ["n", "5"]


def test_files_are_listed_by_selection(page: bytes, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    lines = run(capsys, "files")[1].splitlines()
    assert len(lines) == 2
    assert sum(pq.read_metadata(line).num_rows for line in lines) == 5
    (one,) = json.loads(run(capsys, "files", "--portal", "demo", "--table", "runs", "--json")[1])
    assert one["rows"] == 1
    assert one["bytes"] == Path(one["uri"]).stat().st_size
    assert run(capsys, "files", "--from", "2025-01-01")[1] == ""
    code, _, err = run(capsys, "files", "--from", "2025-01-02", "--to", "2025-01-01")
    assert (code, err.count("\n")) == (2, 1)
    assert run(capsys, "files", "--portal", "x' or true")[0] == 2


@pytest.mark.parametrize(
    "spelling",
    [
        URL,
        URL.replace("http", "HTTP"),
        "http://127.0.0.1:18800/أخبار/1?a=1&b=2",
        "http://127.0.0.1:18800/%d8%a3خبار/1?b=2&a=1&utm_source=x#top",
    ],
)
def test_an_article_is_found_by_any_spelling_of_its_address(
    page: bytes, capsys: pytest.CaptureFixture[str], spelling: str
) -> None:
    code, out, err = run(capsys, "show", spelling, "--json")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    assert shown["article_id"] == article_id("demo", URL)
    assert len(shown["editions"]) == 2
    assert "عشرة" in shown["text"]["body"]


def test_two_answers_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "show", URL, "--raw", "--html")
    assert (code, out) == (2, "")
    assert "--raw and --html are two answers" in err


def test_an_article_is_shown_with_where_it_came_from(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "show", article_id("demo", URL))
    assert "واحد عشرة ثلاثة\nأربعة" in out
    assert "raw/portal=demo/" in out
    assert "json_ld" in out


def test_an_edition_is_shown_by_its_own_id(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    first = json.loads(run(capsys, "show", URL, "--editions", "--json")[1])["editions"][0]
    assert "اثنان" in first["text"]["body"]
    assert "اثنان" in run(capsys, "show", first["edition_id"])[1]


def test_differences_are_told_word_by_word_each_in_its_own_direction(
    page: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    out = run(capsys, "show", URL, "--diff")[1]
    assert f"[-{ISOLATE}اثنان{END}-]" in out
    assert f"{{+{ISOLATE}عشرة{END}+}}" in out
    (step,) = json.loads(run(capsys, "show", URL, "--diff", "--json")[1])["diff"]
    assert [change["kind"] for change in step["changes"]["body"]] == ["same", "removed", "added", "same"]
    assert "title" not in step["changes"]


def test_the_page_and_its_record_come_out_byte_for_byte(page: bytes, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for option, expected in (("--html", page), ("--raw", b"WARC/1.1\r\n")):
        with pytest.raises(SystemExit):
            main(["show", URL, option])
        out = capfdbinary.readouterr().out
        assert out.startswith(expected)
        assert out.endswith(page) or option == "--raw"


@pytest.mark.parametrize("wanted", ["nonsense", "http://127.0.0.1/none", "0" * 32])
def test_what_is_not_there_is_one_line(page: bytes, capsys: pytest.CaptureFixture[str], wanted: str) -> None:
    code, out, err = run(capsys, "show", wanted)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert wanted in err


def test_control_characters_from_the_web_do_not_reach_the_terminal(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    row = edition(RUN, 1)
    publish(settings, RUN, [replace(row, text=replace(row.text, title="a\x1b[2J\u202eb", body="x\x1b]0;y\x07\nz"))])
    shown = (
        run(capsys, "show", row.article_id)[1]
        + run(capsys, "query", "SELECT title FROM articles", "--format", "table")[1]
    )
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "\x07" not in shown


def test_columns_of_one_name_keep_their_values(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    query = "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a"
    assert run(capsys, "query", query, "--format", "csv")[1].split() == ["a,a_2,a_1,a_3", "1,2,3,4"]
    assert json.loads(run(capsys, "query", query, "--json")[1]) == [{"a": 1, "a_2": 2, "a_1": 3, "a_3": 4}]


def test_csv_on_a_terminal_is_clean_and_in_a_pipe_as_it_is(
    local_settings: Settings, local_environ: dict[str, str]
) -> None:
    publish(local_settings, RUN, [edition(RUN, 1)])
    words = [
        sys.executable,
        "-m",
        "warraq",
        "query",
        "SELECT 'x' || chr(27) || chr(155) || 'y' AS t",
        "--format",
        "csv",
    ]
    environ = {**os.environ, **local_environ}
    piped = subprocess.run(words, env=environ, capture_output=True, check=True).stdout
    assert piped.decode() == "t\r\nx\x1b\x9by\r\n"
    ours, theirs = pty.openpty()
    subprocess.run(words, env=environ, stdout=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 1000).decode()
    os.close(ours)
    assert shown.split() == ["t", "xy"]


def test_changes_rebuild_both_texts() -> None:
    before, after = "قال الوزير إن 5 مدارس\nافتتحت اليوم", "قال الوزير إن 7 مدارس جديدة\nافتتحت اليوم"
    found = changes(before, after)

    def told(kind: str) -> str:
        return " ".join(" ".join(change.text for change in found if change.kind in ("same", kind)).split())

    assert told("removed") == " ".join(before.split())
    assert told("added") == " ".join(after.split())


def test_a_change_of_several_lines_is_isolated_line_by_line() -> None:
    told = marked(changes("واحد\nاثنان", "واحد ثلاثة\nأربعة\nاثنان"), signs=True).plain
    assert told.splitlines()[0] == f"واحد {{+{ISOLATE}ثلاثة{END}+}}"
    assert f"{{+{ISOLATE}أربعة{END}+}}" in told
    assert not any(line.count(ISOLATE) != line.count(END) for line in told.splitlines())
    assert not any(line.startswith(" ") for line in told.splitlines())


@pytest.mark.parametrize("name", ["x.xlsx", "x.txt", "x", "x.csv.gz"])
def test_a_name_that_says_no_known_form_is_refused(
    page: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    code, _, err = run(capsys, "query", "SELECT 1", "--output", str(tmp_path / name))
    assert (code, err.count("\n")) == (2, 1)
    assert not (tmp_path / name).exists()
    code = run(capsys, "query", "SELECT 1 AS a", "--format", "csv", "--output", str(tmp_path / name))[0]
    if name.endswith((".xlsx", ".gz")):  # programs would open it as one
        assert code == 2
    else:
        assert code == 0
        assert (tmp_path / name).read_text() == "a\n1\n"


def test_arrow_and_json_lines_are_written_under_their_names(
    page: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in ("a.arrow", "a.feather", "a.ndjson", "a.jsonl"):
        assert run(capsys, "query", SQL, "--output", str(tmp_path / name))[0] == 0
    assert pyarrow.feather.read_table(tmp_path / "a.feather")["n"].to_pylist() == [3, 3, 3]
    assert pyarrow.ipc.open_file(tmp_path / "a.arrow").read_all().num_rows == 3
    for name in ("a.ndjson", "a.jsonl"):
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["portal"] for line in lines] == ["almasaa"] * 3


def test_a_spreadsheet_reads_times_and_is_told_of_cells_that_are_too_long(
    page: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(
        capsys,
        "query",
        "SELECT TIMESTAMPTZ '2024-12-25 00:01:00+00' AS at, repeat('خ', 32768) AS body",
        "--spreadsheet",
    )
    at, body = next(iter(list(csv.reader(io.StringIO(out)))[1:]))
    assert (code, at, len(body)) == (0, "2024-12-25 00:01:00", 32767)
    assert body.endswith("خ…")
    assert "1 in body" in err
    assert run(capsys, "query", "SELECT repeat('خ', 32767) AS body", "--spreadsheet")[2] == ""


def cpu_seconds(pid: int) -> float:
    """What a process and those below it have used."""
    process = psutil.Process(pid)
    return sum(one.cpu_times().user for one in (process, *process.children(recursive=True)))


def test_ctrl_c_ends_a_query_with_one_line(page: bytes, local_environ: dict[str, str]) -> None:
    slow = "SELECT sum(sin(a.range) * b.range) FROM range(10000000) a, range(1000000) b"
    words = [str(Path(sys.executable).with_name("warraq")), "query", slow]
    with subprocess.Popen(words, env={**os.environ, **local_environ}, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        deadline = time.monotonic() + 60
        # It computes when the process below that answers the query has used more than what starting takes.
        while cpu_seconds(child.pid) < 4 and time.monotonic() < deadline:
            time.sleep(0.1)
        child.send_signal(signal.SIGINT)
        told = child.stderr.read()
        assert (child.wait(), told.count("\n")) == (130, 1), told
        assert "interrupted" in told


def test_a_query_asks_a_state_of_the_past_if_told_to(page: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    count = "SELECT count(*) AS n FROM editions"
    now = datetime.now(UTC).isoformat()
    assert run(capsys, "query", count, "--as-of", now)[1].split() == ["n", "5"]
    code, out, err = run(capsys, "query", count, "--as-of", "2020-01-01")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "nothing was archived by 2020-01-01" in err
    code, _, err = run(capsys, "query", count, "--release", "2020-01")
    assert (code, err.count("\n")) == (2, 1)
    assert "no release is named" in err
    first = "SELECT count(*) AS n FROM first_report('المدينة', portal := 'almasaa', since := '2024-12-25', most := 2)"
    assert run(capsys, "query", first)[1].split() == ["n", "2"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["query", "SELECT 1 AS a", "--format", "csv", "--output", "x.parquet"],
        ["query", "SELECT 1 AS a", "--json", "--output", "x.xlsx"],
        ["query", "SELECT 1 AS a", "--json", "--format", "csv"],
        ["search", "زلزال", "--json", "--output", "x.xlsx"],
        ["series", "زلزال", "--json", "--format", "csv"],
        ["export", "--format", "csv", "--output", "x.wacz"],
    ],
)
def test_a_form_is_not_written_under_the_name_of_another(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, *arguments)
    assert code == 2, err
    assert "x." in err or "--json and --format csv" in err
    assert not list(tmp_path.iterdir())


WRITERS = {
    ".csv": ["query", "SELECT 1 AS a", "--output"],
    ".json": ["search", "زلزال", "--output"],
    ".arrow": ["series", "زلزال", "--output"],
    ".png": ["series", "زلزال", "--plot"],
    ".html": ["report", "--month", "2024-12", "--output"],
    ".wacz": ["export", "--output"],
    ".parquet": ["export", "--format", "parquet", "--output"],
}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("name", ["", "{}", "here/{}", "{}".upper(), "no/x{}", "here{}"])
def test_where_nothing_can_be_written_is_told_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / f"here{suffix}").mkdir()
    code, _, err = run(capsys, *WRITERS[suffix], name.format(suffix))
    assert (code, err.count("\n")) == (2, 1)
    assert any(why in err for why in ("an extension without a name", "is no name of", "is no folder", "is no file"))
    assert {path.name for path in tmp_path.rglob("*")} == {"here", f"here{suffix}"}


def test_a_folder_of_something_else_is_refused_before_anything_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARRAQ_ARCHIVE", str(tmp_path / "no-archive"))
    (tmp_path / "notes.txt").write_text("mine")
    code, _, err = run(capsys, "export", "--output", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)
    assert "holds something else" in err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_search_a_series_and_an_export_are_written_for_spreadsheets_too(
    page: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for words in (("search", "المدينة"), ("series", "المدينة"), ("export", "--columns", "title")):
        output = tmp_path / f"{words[0]}.csv"
        code, _, _ = run(capsys, *words, "--spreadsheet", "--output", str(output))
        assert code == 0
        assert output.read_bytes().startswith(b"\xef\xbb\xbf")
        code, _, err = run(capsys, *words, "--output", str(tmp_path / "x.xlsx"))
        assert (code, "for Excel: --spreadsheet" in err) == (2, True)
        code, _, err = run(capsys, *words, "--spreadsheet", "--output", str(tmp_path / "x.jsonl"))
        assert (code, "--spreadsheet is about CSV, not jsonl" in err) == (2, True)


@pytest.mark.parametrize("command", ["search", "series", "export", "report"])
def test_what_opens_an_archive_reads_past_states_and_releases(
    page: bytes, capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    more = {"report": ["--month", "2024-12", "-o", str(tmp_path / "x.html")], "export": ["-o", "-", "--format", "csv"]}
    words = [command, *more.get(command, ["المدينة"])]
    code, _, err = run(capsys, *words, "--as-of", "2020-01-01")
    assert (code, "nothing was archived by 2020-01-01" in err) == (2, True)
    code, _, err = run(capsys, *words, "--release", "2024-12")
    assert (code, "warraq release 2024-12" in err) == (2, True)
    run(capsys, "release", "2024-12")
    assert run(capsys, *words, "--release", "2024-12")[0] == 0
