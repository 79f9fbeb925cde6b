"""SQL over the archive: views, Arabic macros, and no more read than is needed."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from storage.errors import ObjectMissing, UsageError
from storage.identity.arabic_folding import FOLD_RULES, text_norm
from storage.model.records import Edition
from storage.model.window import RunId
from storage.read.query import answer, connect, sql_errors
from storage.schema import data_dictionary
from storage.schema.columns import ARTICLES, FETCHES, RUNS
from storage.schema.view_columns import VIEW_COLUMNS
from storage.settings import Settings
from storage.tables.archive_tables import ArchiveTables, open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.on_disk import ON_DISK
from tests.fixtures.rows import edition, fetch, records, run_id, run_row


def publish_editions(tables: ArchiveTables, run: RunId, editions: list[Edition]) -> None:
    fetches = [fetch(row) for row in editions]
    tables.replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))


def told(row: Edition, *, title: str, body: str, at: datetime | None = None, simhash: int | None = None) -> Edition:
    text = replace(row.text, title=title, body=body, published_at=at or row.text.published_at, text_simhash=simhash)
    return replace(row, text=text)


@pytest.fixture
def tables(settings: Settings) -> ArchiveTables:
    return open_tables(settings)


def test_articles_are_the_latest_edition_of_each(tables: ArchiveTables, settings: Settings) -> None:
    first, second = run_id(day=25), run_id(day=26)
    publish_editions(tables, first, [edition(first, number) for number in range(3)])
    changed = replace(edition(second, 1, text="changed"), article_id=edition(first, 1).article_id)
    publish_editions(tables, second, [changed])
    con = connect(settings)
    assert con.execute("SELECT count(*) FROM editions").fetchall() == [(4,)]
    latest = dict(con.execute("SELECT article_id, edition_id FROM articles").fetchall())
    assert len(latest) == 3
    assert latest[changed.article_id] == changed.edition_id


@ON_DISK
def test_an_edition_captured_by_two_windows_shows_once(tables: ArchiveTables, settings: Settings) -> None:
    day, overlapping = run_id(day=25), run_id(day=25, hours=12)
    publish_editions(tables, day, [edition(day, 1)])
    publish_editions(tables, overlapping, [edition(overlapping, 1)])
    assert connect(settings).execute("SELECT count(*) FROM articles").fetchall() == [(1,)]


def test_as_of_shows_the_archive_as_it_was(tables: ArchiveTables, settings: Settings) -> None:
    first, second = run_id(day=25), run_id(day=26)
    old = edition(first, 1)
    new = replace(edition(second, 1, text="changed"), article_id=old.article_id)
    publish_editions(tables, first, [old])
    publish_editions(tables, second, [new])
    con = connect(settings)
    for instant, expected in (("2024-12-25", []), ("2024-12-26", [old.edition_id]), ("2024-12-27", [new.edition_id])):
        rows = con.execute("SELECT edition_id FROM as_of(?)", [instant]).fetchall()
        assert [row[0] for row in rows] == expected, instant


@ON_DISK
def test_coverage_is_told_by_portal_and_day(tables: ArchiveTables, settings: Settings) -> None:
    for hours, day in ((24, 1), (12, 2)):
        run = run_id(day=day, hours=hours)
        editions, fetches, row = records(run, 2, lost=1)
        tables.replace_run(
            run, RecordRows(run, editions, fetches, replace(row, verdict="degraded" if day == 2 else "ok"))
        )
    rows = (
        connect(settings)
        .execute("SELECT day::VARCHAR, hours, verdict, links, articles_new FROM coverage ORDER BY day")
        .fetchall()
    )
    assert rows == [("2024-12-01", 24.0, "ok", 3, 2), ("2024-12-02", 12.0, "degraded", 3, 2)]


def test_a_query_for_a_day_opens_only_files_that_may_hold_it(local_settings: Settings) -> None:
    tables = open_tables(local_settings)
    for month in (10, 11, 12):
        run = run_id(day=5, month=month)
        publish_editions(tables, run, [edition(run, number) for number in range(3)])
    for name in ("articles",):
        for path in tables.files(name):
            if "month=2024-12" not in path:
                Path(path).unlink()
    con = connect(local_settings)
    day = "published_at >= '2024-12-05' AND published_at < '2024-12-06'"
    assert con.execute(f"SELECT count(body) FROM editions WHERE {day}").fetchall() == [(3,)]
    with pytest.raises(duckdb.Error):
        con.execute("SELECT count(body) FROM editions").fetchall()


@ON_DISK
def test_rows_without_a_date_are_not_lost_to_pruning(tables: ArchiveTables, settings: Settings) -> None:
    run = run_id()
    dated, undated = edition(run, 1), edition(run, 2)
    undated = replace(undated, text=replace(undated.text, published_at=None))
    publish_editions(tables, run, [dated, undated])
    con = connect(settings)
    assert con.execute("SELECT edition_id FROM editions WHERE published_at IS NULL").fetchall() == [
        (undated.edition_id,)
    ]
    assert con.execute("SELECT count(*) FROM editions WHERE portal = 'almasaa'").fetchall() == [(2,)]


@ON_DISK
def test_nested_columns_reach_sql(tables: ArchiveTables, settings: Settings) -> None:
    run = run_id()
    publish_editions(tables, run, [edition(run, 1)])
    con = connect(settings)
    assert con.execute("SELECT tags[1], removed_blocks[1].text FROM editions").fetchall() == [
        ("اقتصاد", "أخبار متعلقة")
    ]
    assert con.execute("SELECT outcomes['new'] FROM runs").fetchall() == [(1,)]


@ON_DISK
def test_phrases_are_found_however_they_are_spelled(tables: ArchiveTables, settings: Settings) -> None:
    run = run_id()
    publish_editions(
        tables,
        run,
        [
            told(edition(run, 1), title="افتتاح مَدْرَسَةٍ جديدة في القاهِرة", body="النص"),
            told(edition(run, 2), title="عنوان", body="أُعلن عن المدرســـة الجديده"),
            told(edition(run, 3), title="لا شيء", body="آخر"),
        ],
    )
    con = connect(settings)
    count = "SELECT count(*) FROM articles WHERE ar_contains(title || ' ' || body, ?)"
    assert con.execute(count, ["مدرسه"]).fetchall() == [(2,)]
    assert con.execute(count, ["القاهرة"]).fetchall() == [(1,)]
    assert con.execute("SELECT sum(articles) FROM day_series('المدرسة')").fetchall() == [(2,)]
    assert con.execute("SELECT title FROM first_report('مدرسة')").fetchone() == ("افتتاح مَدْرَسَةٍ جديدة في القاهِرة",)


@ON_DISK
def test_folding_in_sql_agrees_with_the_archives_own(tables: ArchiveTables, settings: Settings) -> None:
    publish_editions(tables, run_id(), [edition(run_id(), 1)])
    con = connect(settings)
    samples = [rule.before for rule in FOLD_RULES if rule.name != "compatibility"]
    letters = [chr(code) for code in range(0x600, 0x700) if chr(code).isalpha() or chr(code).isdigit()]
    samples += [f"ك{letter}ب" for letter in letters]
    samples += [chr(code) for code in (*range(0xFE80, 0xFEFD), 0xFDF2)]
    samples += ["قال الوزير: «نعم»، ثم انصرف.", "BBC عربي — 5%", "١٢/٠٣/٢٠٢٤", "  ", ""]
    for sample in samples:
        found = con.execute("SELECT ar_fold(?)", [sample]).fetchall()[0][0]
        assert found == text_norm(sample), f"{sample!r} ({[hex(ord(letter)) for letter in sample]})"


@ON_DISK
def test_wire_copies_are_grouped_with_the_first_of_them(tables: ArchiveTables, settings: Settings) -> None:
    at = datetime(2024, 12, 25, 6, tzinfo=UTC)
    wire = " ".join(edition(run_id(), number).text.body for number in range(3))
    # The second has a tenth more, in which signatures of texts so short differ by more than they may.
    texts = {"raya": wire, "almasaa": f"{wire} {wire[:90]}", "youm7": edition(run_id(), 9).text.body}
    for number, (portal, body) in enumerate(texts.items()):
        run = run_id(portal)
        row = told(edition(run, 1), title=portal, body=body, at=at + timedelta(hours=number))
        publish_editions(tables, run, [row])
    rows = connect(settings).execute("SELECT copies, first_portal, portal FROM wire_copies()").fetchall()
    assert rows == [(2, "raya", "raya"), (2, "raya", "almasaa")]


def test_sql_cannot_touch_files_unless_told_to(tables: ArchiveTables, settings: Settings, tmp_path: Path) -> None:
    publish_editions(tables, run_id(), [edition(run_id(), 1)])
    target = tmp_path / "out.csv"
    for statement in (
        f"COPY articles TO '{target}'",
        f"SELECT * FROM read_csv('{target}')",
        "SET enable_external_access=true",
    ):
        with pytest.raises(UsageError), sql_errors():
            connect(settings).execute(statement)
    assert not target.exists()
    connect(settings, outside_files=True).execute(f"COPY (SELECT 1) TO '{target}'")
    assert target.exists()
    with pytest.raises(UsageError), sql_errors():
        connect(settings).execute("DELETE FROM editions")


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT nothing FROM articles", "nothing"),
        ("SELECT * FROM artikles", "Did you mean"),
        ("SELECT CAST(title AS INTEGER) FROM articles", "Conversion"),
    ],
)
@ON_DISK
def test_a_mistake_in_sql_is_one_line(tables: ArchiveTables, settings: Settings, sql: str, says: str) -> None:
    publish_editions(tables, run_id(), [edition(run_id(), 1)])
    with pytest.raises(UsageError, match=says) as caught, sql_errors():
        connect(settings).execute(sql).fetchall()
    assert "\n" not in caught.value.message


def test_an_empty_archive_is_said_to_be_empty(settings: Settings) -> None:
    with pytest.raises(ObjectMissing, match="nothing is archived"):
        connect(settings)


@ON_DISK
def test_tables_without_rows_answer_with_none(tables: ArchiveTables, settings: Settings) -> None:
    assert tables.load()
    assert connect(settings).execute("SELECT count(*) FROM articles").fetchall() == [(0,)]


SIGNS = ["؟", "#", "🇵🇸", "ـ", "", "«»", "%", "\u200f"]


@pytest.mark.parametrize("word", ["false", "true"])
@ON_DISK
def test_a_phrase_without_a_word_is_in_no_text(settings: Settings, word: str) -> None:
    publish_editions(
        open_tables(settings), run_id(), [told(edition(run_id(), 1), title="هل يكفي هذا؟", body="نعم، 5% # ـ")]
    )
    con = connect(settings)
    held = f"SELECT count(*) FROM articles WHERE ar_contains(body, ?, word := {word})"
    for phrase in SIGNS:
        assert con.execute(held, [phrase]).fetchall() == [(0,)], phrase


@pytest.mark.parametrize("function", ["day_series", "first_report", "series"])
def test_what_is_no_phrase_is_refused_where_one_is_counted(local_settings: Settings, function: str) -> None:
    publish_editions(open_tables(local_settings), run_id(), [edition(run_id(), 1)])
    con = connect(local_settings)
    for phrase in (*SIGNS, None, "سد -جسد", "سد*", "سد AND جسد"):
        with pytest.raises(UsageError, match=r"no word to look for|is for searches") as refused:
            list(answer(con, f"FROM {function}(?)", [phrase]).batches)
        assert refused.value.remedy, phrase


def test_a_word_is_found_in_its_forms_and_not_inside_another(local_settings: Settings) -> None:
    open_tables(local_settings)
    con = connect(local_settings)
    for text, phrase, expected in (
        ("فتحت مراكز الاقتراع للانتخابات", "انتخابات", True),
        ("قالوا وانتخاباتنا حرّة", "إنتخابات", True),
        ("في المستشفيات", "مستشفيات", True),
        ("جسد المريض", "سد", False),
        ("عن سدّ النهضة الإثيوبي", "السد النهضة", True),
        ("سد جديد باسم النهضة", "سد النهضة", False),
        (None, "سد", None),
        ("كل يوم", None, False),
    ):
        found = con.execute("SELECT ar_contains(?::VARCHAR, ?::VARCHAR, word := true)", [text, phrase]).fetchall()
        assert found == [(expected,)], (text, phrase)


@ON_DISK
def test_two_statements_are_refused_and_a_text_without_its_quotes_is_told(settings: Settings) -> None:
    publish_editions(open_tables(settings), run_id(), [edition(run_id(), 1)])
    con = connect(settings)
    with pytest.raises(UsageError, match="2 statements"):
        answer(con, "SELECT 1; SELECT 2")
    assert [batch.num_rows for batch in answer(con, "SELECT 1;").batches] == [1]
    for sql in ('SELECT * FROM articles WHERE portal = "almasaa"', "SELECT * FROM articles WHERE portal = almasaa"):
        with pytest.raises(UsageError) as caught:
            answer(con, sql)
        assert "single quotes: 'almasaa'" in caught.value.remedy


@ON_DISK
def test_columns_are_described_as_in_the_data_dictionary(tables: ArchiveTables, settings: Settings) -> None:
    publish_editions(tables, run_id(), [edition(run_id(), 1)])
    with connect(settings) as connection:
        told = connection.execute("SELECT table_name, column_name, comment FROM duckdb_columns()").fetchall()
        columns = {name for name, *_ in connection.execute("DESCRIBE articles").fetchall()}
    comments = {(table, column): comment for table, column, comment in told}
    assert columns == {column.name for column in ARTICLES.columns}
    for table, spec in (("articles", ARTICLES), ("editions", ARTICLES), ("fetches", FETCHES), ("runs", RUNS)):
        for column in spec.columns:
            said = "" if column.nullable else "; never null"
            assert comments[table, column.name].startswith(f"{column.en}{said} · {column.ar}")
    for view, (_, own) in VIEW_COLUMNS.items():
        assert set(own) <= {column for table, column in comments if table == view}, view
        assert all(comment for (table, _), comment in comments.items() if table == view), view


@ON_DISK
def test_comments_and_the_data_dictionary_agree_on_what_is_never_null_which_describe_cannot_tell(
    tables: ArchiveTables, settings: Settings
) -> None:
    publish_editions(tables, run_id(), [edition(run_id(), 1)])
    page = data_dictionary.render()
    with connect(settings) as connection:
        for sql_name, table in (
            ("articles", "articles"),
            ("editions", "articles"),
            ("fetches", "fetches"),
            ("runs", "runs"),
        ):
            section = page.partition(f"## news.{table}\n")[2].partition("\n## ")[0]
            rows = re.findall(r"^\| `(\w+)` \| .*? \| (yes|no) \|", section, re.MULTILINE)
            asked = "SELECT column_name, contains(comment, 'never null') FROM duckdb_columns() WHERE table_name = ?"
            never_null = {name for name, is_never in connection.execute(asked, [sql_name]).fetchall() if is_never}
            assert never_null == {name for name, null in rows if null == "no"}
            described = connection.execute(f"DESCRIBE {sql_name}").fetchall()
            assert {null for _, _, null, *_ in described} == {"YES"}, "say less in the dictionary, and here"
            nulls = ", ".join(f"count(*) - count({name})" for name in never_null)
            assert set(connection.execute(f"SELECT {nulls} FROM {sql_name}").fetchone()) <= {0}


@ON_DISK
def test_errors_name_all_that_can_be_asked(tables: ArchiveTables, settings: Settings) -> None:
    publish_editions(tables, run_id(), [edition(run_id(), 1)])
    con = connect(settings)
    with pytest.raises(UsageError) as caught:
        answer(con, "SELECT * FROM article")
    named = caught.value.remedy.partition("tables: ")[2].partition(";")[0].split(", ")
    shown = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall()}
    shown |= {name for (name,) in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    assert sorted(named) == sorted(shown)
    assert {"opt_outs", "archived_days"} <= set(named)


def test_a_count_that_is_stopped_is_an_interruption_and_no_defect() -> None:
    with duckdb.connect() as connection, pytest.raises(KeyboardInterrupt), sql_errors():
        threading.Timer(0.2, connection.interrupt).start()
        connection.execute("SELECT count(*) FROM range(1_000_000_000_000) AS many(n) WHERE n % 7 = 3").fetchall()
