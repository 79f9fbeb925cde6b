"""`warraq.open_archive`: selections, states, samples, and what is archived of a period."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from duckdb.sqltypes import VARCHAR

import warraq
from storage.errors import ObjectMissing, UsageError
from storage.identity.arabic_folding import text_norm
from storage.model.records import Edition
from storage.read.release.making import make_release
from storage.read.release.releases import Month
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import WORDS, edition, fetch, records, run_id, run_row
from warraq.api.connections import Connections
from warraq.api.search_index import keep_index
from warraq.api.series.series import By, series_of
from warraq.cli.main import main


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def publish(
    settings: Settings, portal: str, day: int, *, hours: int = 24, articles: int = 2, verdict: str = "ok"
) -> None:
    run = run_id(portal, day, hours=hours)
    editions, fetches, row = records(run, articles)
    open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, replace(row, verdict=verdict)))


def publish_texts(
    settings: Settings, portal: str, day: int, texts: list[tuple[str, str]], **more: object
) -> list[Edition]:
    run = run_id(portal, day)
    rows = []
    for number, (title, body) in enumerate(texts):
        row = edition(run, number)
        rows.append(replace(row, text=replace(row.text, title=title, body=body, **more)))  # type: ignore[arg-type]
    fetches = [fetch(row) for row in rows]
    open_tables(settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    return rows


def test_importing_warraq_imports_nothing_else() -> None:
    code = "import sys; import warraq; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {name.split(".")[0] for name in done.stdout.split()} & {
        "pyarrow",
        "duckdb",
        "pyiceberg",
        "storage",
        "click",
    }


def test_filters_say_which_articles(settings: Settings) -> None:
    publish(settings, "almasaa", 25)
    publish(settings, "raya", 26)
    publish_texts(
        settings, "hudhud", 27, [("عن الانتخابات", "نص"), ("جسد", "المريض")], agency="وكالة رويترز", language="fa"
    )
    with warraq.open_archive() as archive:
        assert archive.articles().count() == 6
        assert archive.articles(portal=["almasaa", "raya"]).count() == 4
        assert archive.articles(country="EG").count() == 6
        assert archive.articles(since=date(2024, 12, 26), until=datetime(2024, 12, 27, tzinfo=UTC)).count() == 2
        assert archive.articles(text="إنتخابات").count() == 1
        assert archive.articles(text="سد").count() == 0
        assert archive.articles(text="سد", word=False).count() == 1
        assert archive.articles(agency="رويتر").count() == 2
        assert archive.articles(language="fa", portal="hudhud").to_arrow().num_rows == 2
        assert archive.articles(columns=["title"]).to_arrow().column_names == ["title"]
        for wrong in (
            {"portal": "x' OR true"},
            {"country": "egypt"},
            {"columns": ["titel"]},
            {"text": "؟"},
            {"since": "x"},
        ):
            with pytest.raises(UsageError):
                archive.articles(**wrong)  # type: ignore[arg-type]
        with pytest.raises(UsageError):
            archive.articles(since="2024-12-26", until="2024-12-25")


def test_batches_may_be_read_while_others_are_asked(settings: Settings) -> None:
    publish(settings, "almasaa", 25, articles=5)
    with warraq.open_archive() as archive:
        seen = 0
        for batch in archive.articles().batches(batch_rows=2048):
            seen += batch.num_rows
            assert archive.articles().count() == 5
            assert sum(other.num_rows for other in archive.articles().batches()) == 5
        assert seen == 5


def test_a_sample_is_the_same_for_the_same_seed(settings: Settings) -> None:
    publish(settings, "almasaa", 25, articles=30)
    with warraq.open_archive() as archive:
        one, again, other = (
            archive.articles().sample(10, seed=seed).to_arrow()["article_id"].to_pylist() for seed in (1, 1, 2)
        )
    assert one == again
    assert len(set(one)) == 10
    assert set(one) != set(other)


def test_a_period_without_archive_is_no_silence(settings: Settings) -> None:
    publish(settings, "almasaa", 1)
    publish(settings, "almasaa", 2, hours=12)
    publish(settings, "almasaa", 3, verdict="degraded")
    publish(settings, "almasaa", 6)
    with warraq.open_archive() as archive:
        rows = archive.series("لا وجود لها", by="day").to_arrow().to_pylist()
        months = archive.series(["المدينة", "almasaa"], by="month", group="portal").to_arrow().to_pylist()
        bounded = archive.series("almasaa", by="day", since="2024-11-29", until="2024-12-02").to_arrow().to_pylist()
    assert [(row["period"].day, row["articles"], row["total"], row["state"]) for row in rows] == [
        (1, 0, 2, "archived"),
        (2, 0, 2, "partial"),
        (3, 0, 2, "partial"),
        (4, None, None, "not archived"),
        (5, None, None, "not archived"),
        (6, 0, 2, "archived"),
    ]
    (word, name) = sorted(months, key=lambda row: row["term"] == "almasaa")
    assert (name["portal"], name["articles"], name["total"], name["share"]) == ("almasaa", 8, 8, 1.0)
    assert (name["days"], name["archived_days"], name["partial_days"], name["state"]) == (31, 2, 2, "partial")
    assert word["articles"] <= 8
    assert [row["state"] for row in bounded] == ["not archived", "not archived", "archived"]
    assert [row["articles"] for row in bounded] == [None, None, 2]


def test_periods_between_articles_and_the_run_that_brought_them_are_told(settings: Settings) -> None:
    run = run_id("almasaa", 20)
    old = edition(run, 1)
    text = replace(old.text, published_at=datetime(2024, 9, 3, tzinfo=UTC))
    rows = [replace(old, text=text)]
    fetches = [fetch(row) for row in rows]
    open_tables(settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    with warraq.open_archive() as archive:
        found = archive.series("المدينة", by="month").to_arrow().to_pylist()
        said = archive.sql("SELECT period, days, state FROM series('المدينة') ORDER BY period").to_pylist()
        for bad in ("hour", "decade"):
            with pytest.raises(UsageError, match="is no period"):
                archive.sql("SELECT * FROM series('المدينة', per := ?)", [bad])
    states = [(row["period"].month, row["days"], row["state"]) for row in found]
    assert [row["total"] for row in found] == [1, None, None, 0]
    assert states == [
        (9, 30, "not archived"),
        (10, 31, "not archived"),
        (11, 30, "not archived"),
        (12, 31, "partial"),
    ]
    assert [(row["period"].month, row["days"], row["state"]) for row in said] == states


def test_a_period_is_archived_where_all_its_days_are(settings: Settings) -> None:
    publish(settings, "almasaa", 2, hours=24 * 8)  # a whole week and a day, of a month and a year
    with warraq.open_archive() as archive:
        for by, days in (("week", [(7, "archived"), (7, "partial")]), ("month", [(31, "partial")])):
            told = archive.series("المدينة", by=by).to_arrow().to_pylist()  # type: ignore[arg-type]
            assert [(row["days"], row["state"]) for row in told] == days
            said = archive.sql("SELECT days, state FROM series('المدينة', per := ?) ORDER BY period", [by]).to_pylist()
            assert [(row["days"], row["state"]) for row in said] == days
        year = archive.sql("SELECT days, archived_days, state FROM series('المدينة', per := 'year')").to_pylist()
    assert year == [{"days": 366, "archived_days": 8, "state": "partial"}]


def test_windows_that_overlap_cover_a_day_once(settings: Settings) -> None:
    publish(settings, "almasaa", 1, hours=12)
    publish(settings, "almasaa", 1, hours=18)
    publish(settings, "raya", 1, hours=48)
    with warraq.open_archive() as archive:
        days = archive.sql(
            "SELECT portal, day::VARCHAR AS day, hours, state FROM archived_days ORDER BY ALL"
        ).to_pylist()
    assert [tuple(row.values()) for row in days] == [
        ("almasaa", "2024-12-01", 18.0, "partial"),
        ("raya", "2024-12-01", 24.0, "archived"),
        ("raya", "2024-12-02", 24.0, "archived"),
    ]


@pytest.mark.parametrize("name", ["series.png", "series.svg"])
def test_a_series_is_drawn_the_same_every_time(settings: Settings, tmp_path: Path, name: str) -> None:
    publish(settings, "almasaa", 1)
    publish(settings, "almasaa", 5)
    with warraq.open_archive() as archive:
        series = archive.series("المدينة", by="day")
        first = series.plot(tmp_path / name, title="المدينة").read_bytes()
        again = series.plot(tmp_path / name, title="المدينة").read_bytes()
        with pytest.raises(UsageError):
            series.plot(tmp_path / "x.pdf")
    assert first == again
    assert first[:4] in (b"\x89PNG", b"<?xm")


def test_before_the_first_commit_there_is_no_state(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    open_tables(settings)
    with warraq.open_archive() as archive, pytest.raises(UsageError, match="nothing is archived yet"):
        archive.cite()
    with pytest.raises(UsageError, match="nothing is archived yet"):
        warraq.open_archive(as_of="2024-12-01")
    publish(settings, "almasaa", 25)
    with pytest.raises(UsageError, match="nothing was archived by 2024-12-01T00:00:00") as ended:
        warraq.open_archive(as_of="2024-12-01")
    first = ended.value.remedy.removeprefix("the first state is of ")
    assert warraq.open_archive(as_of=first).articles().count() == 2
    for words in (["query", "SELECT 1"], ["query", "FROM articles", "--format", "csv"]):
        with pytest.raises(SystemExit) as left:
            main([*words, "--as-of", "2024-12-01"])
        out, err = capsys.readouterr()
        assert (left.value.code, out, err.count("\n")) == (2, "", 1)
        assert first in err


def test_the_state_of_a_time_does_not_change_with_what_is_published_later(settings: Settings) -> None:
    publish(settings, "almasaa", 25)
    time.sleep(0.01)
    between = datetime.now(UTC)
    time.sleep(0.01)
    publish(settings, "almasaa", 20, articles=3)  # a backfill: captured earlier, published later
    assert warraq.open_archive().articles().count() == 5
    assert warraq.open_archive(as_of=between).articles().count() == 2
    with pytest.raises(UsageError):
        warraq.open_archive(as_of=between, release="2024-12")


def test_a_release_is_read_by_its_name_and_cited_by_its_digest(settings: Settings, tmp_path: Path) -> None:
    publish(settings, "almasaa", 25)
    now = datetime(2025, 1, 2, tzinfo=UTC)
    make_release(
        open_tables(settings), Month.parse("2024-12", now=now), now=now, code_version="1", spill=tmp_path / "spill"
    )
    publish(settings, "almasaa", 26)
    publish(settings, "raya", 25)
    with warraq.open_archive(release="2024-12") as released:
        assert released.articles().count() == 2
        for asked in ("SELECT count(*) FROM fetches", "SELECT url FROM fetches WHERE outcome = 'new'"):
            with pytest.raises(UsageError, match="release 2024-12 holds no fetches"):
                released.sql(asked)
        assert "outcome" in released.sql("DESCRIBE fetches")["column_name"].to_pylist()
        found = released.search("almasaa", limit=1)
        assert (found.how.startswith("scan"), found.total, len(found.hits)) == (True, 2, 1)
        assert [hit.portal for hit in released.search("almasaa", sort="oldest").hits] == ["almasaa"] * 2
        assert "sha256:" in str(released.cite())
        assert "release 2024-12" in released.cite().bibtex()
    with warraq.open_archive() as live:
        assert "make a release" in str(live.cite())
    with pytest.raises(UsageError, match="2023-01"):
        warraq.open_archive(release="2023-01")


def test_an_article_is_found_by_its_address(settings: Settings) -> None:
    publish(settings, "almasaa", 25)
    with warraq.open_archive() as archive:
        row = archive.articles().to_arrow().to_pylist()[0]
        article = archive.article(row["url"] + "?utm_source=x")
        assert (article.article_id, article.title) == (row["article_id"], row["title"])
        assert article.editions().num_rows == 1
        with pytest.raises(UsageError):
            archive.article("0" * 32)


def test_an_archive_named_by_its_place_has_its_own_catalog(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings, "almasaa", 25)
    monkeypatch.setenv("WARRAQ_ARCHIVE", "s3://elsewhere/prefix")
    monkeypatch.setenv("WARRAQ_CATALOG", "postgresql+psycopg2://nobody@127.0.0.1:1/none")
    assert warraq.open_archive(settings.archive).articles().count() == 2
    with pytest.raises(ObjectMissing):
        warraq.open_archive(settings.archive + "-not")


def test_a_period_of_which_only_other_runs_brought_articles_is_not_archived_and_has_no_share(
    local_settings: Settings,
) -> None:
    run = run_id(day=25)
    row = edition(run, 1)
    early = replace(row, text=replace(row.text, published_at=run.window.start - timedelta(hours=1)))
    fetches = [fetch(early)]
    open_tables(local_settings).replace_run(run, RecordRows(run, [early], fetches, run_row(run, fetches)))
    with warraq.open_archive(local_settings.archive) as archive:
        rows = archive.series("almasaa", by="day").to_arrow().to_pylist()
        told = archive.sql("SELECT period, total, share, state FROM series('almasaa', per := 'day')").to_pylist()
        month = archive.series("almasaa").to_arrow().to_pylist()
    expected = [(24, 1, None, "not archived"), (25, 0, None, "archived")]
    for found in (rows, told):
        assert [(row["period"].day, row["total"], row["share"], row["state"]) for row in found] == expected
    assert [(row["articles"], row["share"], row["state"]) for row in month] == [(1, 1.0, "partial")]


def test_a_slip_in_a_name_or_number_is_no_empty_answer(settings: Settings, tmp_path: Path) -> None:
    publish(settings, "goneportal", 25)  # no definition of it is left
    with warraq.open_archive() as archive:
        assert archive.articles(portal=["goneportal", "youm7"]).count() == 2
        assert archive.coverage(portal="youm7").num_rows == 0
        articles = archive.articles()
        for slip in (
            lambda: archive.articles(portal="yuom7"),
            lambda: archive.articles(country="ZZ"),
            lambda: archive.editions(portal="yuom7"),
            lambda: archive.search("المدينة", portal="yuom7"),
            lambda: archive.search("المدينة", limit=2**63),
            lambda: archive.search("المدينة", offset=2**63),
            lambda: archive.series("المدينة", portal="yuom7"),
            lambda: archive.series("المدينة", country="ZZ"),
            lambda: archive.coverage(portal="yuom7"),
            lambda: archive.edits(portal="yuom7"),
            lambda: archive.gone(since="2025-01-02", until="2025-01-01"),
            lambda: archive.first_report("المدينة", limit=-1),
            lambda: archive.articles(text="س " * 2_000),
            lambda: articles.sample(10**30),
            lambda: articles.sample(3, seed=1).sample(5, seed=2),
            lambda: articles.to_dataset(tmp_path / "a", shares={"../a": 1.0}),
            lambda: articles.to_dataset(tmp_path / "a", shares={}),
            lambda: articles.to_dataset(tmp_path / "a", shard_rows=0),
        ):
            with pytest.raises(UsageError):
                slip()
    assert not (tmp_path / "a").exists()


def test_a_language_or_agency_that_is_none_is_told_with_those_there_are(settings: Settings) -> None:
    publish_texts(settings, "almasaa", 25, [("خبر", "نص")], agency="رويترز", language="tlh")
    with warraq.open_archive() as archive:
        for known in ({"language": "tlh"}, {"language": "TLH"}, {"agency": "رويتر"}, {"agency": "رُويترز"}):
            assert archive.articles(**known).count() == 1  # type: ignore[arg-type]
        # Those that a page may be told to have are known also where nothing has them.
        for none in ({"language": "fa"}, {"language": "zgh"}, {"agency": "كونا"}, {"agency": "ا ف ب"}):
            assert archive.articles(**none).count() == 0  # type: ignore[arg-type]
        for odd, said, told in (
            ({"language": "arabic"}, "'arabic' is no language's code", "the archive has tlh"),
            ({"language": "xx"}, "'xx' is no language's code", "the archive has tlh"),
            ({"agency": "Reuters"}, "no agency is named 'Reuters'", "did you mean رويترز? the archive has رويترز"),
            ({"agency": "رويترس"}, "no agency is named 'رويترس'", "did you mean رويترز? the archive has رويترز"),
            ({"agency": "لا أحد"}, "no agency is named 'لا أحد'", "the archive has رويترز"),
        ):
            for asked in (archive.articles, archive.editions):
                with pytest.raises(UsageError) as error:
                    asked(**odd)
                assert (error.value.message, error.value.remedy) == (said, told)


def test_a_plot_takes_terms_as_they_are_and_may_be_of_nothing(settings: Settings, tmp_path: Path) -> None:
    publish(settings, "almasaa", 25)
    with warraq.open_archive() as archive:
        terms = ["5$ \\foo$", "المدينة", "المدينة"]
        series = archive.series(terms)
        assert series.to_arrow()["term"].to_pylist() == ["5$ \\foo$", "المدينة"]
        series.plot(tmp_path / "a.svg", title=" · ".join(terms))
        archive.series("المدينة", portal="youm7").plot(tmp_path / "b.svg")


def test_the_command_says_the_same(settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(settings, "almasaa", 1)
    publish(settings, "almasaa", 3)
    picture = tmp_path / "x.svg"
    with pytest.raises(SystemExit) as ended:
        main(["series", "almasaa", "--by", "day", "--format", "csv", "--plot", str(picture)])
    assert ended.value.code == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("period,term,articles,total,share")
    assert out[2] == "2024-12-02,almasaa,,,,1,0,0,not archived"
    assert picture.exists()
    for words in (
        ["series"],
        ["series", "؟"],
        ["series", "x", "--plot", str(tmp_path / "x.pdf")],
        ["series", "x", "--plot", str(tmp_path / "no" / "x.svg")],
        ["export", "--columns", "", "--output", str(tmp_path / "x.csv")],
        ["series", "x", "--from", "y"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_licences_that_pages_state_are_selected_by_and_counted_in_every_export(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    by = "https://creativecommons.org/licenses/by/4.0/"
    publish_texts(settings, "almasaa", 25, [("سوق", "نص أول"), ("نهر", "نص ثان")], licence=by)
    publish_texts(settings, "almasaa", 26, [("جسر", "نص ثالث")], licence="رخصة الصحيفة")
    publish(settings, "raya", 26)
    with warraq.open_archive() as archive:
        assert archive.articles().licences() == {by: 2, "رخصة الصحيفة": 1}
        assert archive.articles().sample(5).licences() == {by: 2, "رخصة الصحيفة": 1}
        assert archive.articles(licence="CreativeCommons.org/licenses/by/").count() == 2
        assert archive.articles(licence="رخصة").licences() == {"رخصة الصحيفة": 1}
        folder = archive.articles(columns=["title"]).to_dataset(tmp_path / "c")
    card, croissant = ((folder / name).read_text(encoding="utf-8") for name in ("README.md", "croissant.json"))
    told = f"articles of each: {by} (2); رخصة الصحيفة (1)."
    assert told in card
    assert told in json.loads(croissant)["license"]
    with pytest.raises(SystemExit):
        main(["export", "--output", str(tmp_path / "a.jsonl"), "--licence", "creativecommons"])
    out, err = capsys.readouterr()
    assert f"licence: {by}: 2 articles" in err
    assert "2 articles" in out
    assert {json.loads(line)["licence"] for line in (tmp_path / "a.jsonl").read_text().splitlines()} == {by}


def test_articles_that_reserve_mining_are_left_out_and_counted(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = run_id()
    editions = [edition(run, number) for number in range(5)]
    said = [
        "opt-out: meta tdm-reservation 1",
        "robots.txt refuses GPTBot",
        "ai.txt: Disallow: /",
        None,
        "HTTP 200, late",
    ]
    fetches = [fetch(row) for row in editions]
    fetches = [replace(row, link=replace(row.link, detail=detail)) for row, detail in zip(fetches, said, strict=True)]
    open_tables(settings).replace_run(run, RecordRows(run, editions, fetches, run_row(run, fetches)))
    with warraq.open_archive() as archive:
        assert archive.articles().count() == 2
        assert archive.articles().left_out() == 3
        assert archive.articles(exclude_opt_out=False).count() == 5
        stated = archive.sql("SELECT statement FROM opt_outs ORDER BY statement")["statement"].to_pylist()
        assert stated == ["ai.txt: Disallow: /", "meta tdm-reservation 1", "robots.txt refuses GPTBot"]
        card = (archive.articles().to_dataset(tmp_path / "c") / "README.md").read_text(encoding="utf-8")
        assert "Left out: 3 articles" in card
        assert archive.search("almasaa").total == 5
    with pytest.raises(SystemExit):
        main(["export", "--output", str(tmp_path / "a.csv")])
    out, err = capsys.readouterr()
    assert "left out: 3 articles" in err
    assert "2 articles" in out
    with pytest.raises(SystemExit):
        main(["export", "--output", str(tmp_path / "a.parquet")])
    told = {name.decode(): text.decode() for name, text in pq.read_schema(tmp_path / "a.parquet").metadata.items()}
    assert told["left_out"].startswith("3 articles")
    assert told["citation"].startswith("Warraq")
    with pytest.raises(SystemExit):
        main(["export", "--output", str(tmp_path / "a.jsonl")])
    for name in ("a.csv", "a.jsonl"):  # whose form can say nothing of itself
        beside = json.loads((tmp_path / f"{name}-metadata.json").read_text(encoding="utf-8"))
        assert beside["url"] == name
        assert beside["rdfs:comment"] == f"Left out: {told['left_out']}"
        assert (beside["dc:rights"], beside["dc:bibliographicCitation"]) == (told["rights"], told["citation"])
        columns = {one["name"]: one["datatype"] for one in beside["tableSchema"]["columns"]}
        assert list(columns) == pq.read_schema(tmp_path / "a.parquet").names
        assert (columns["title"], columns["captured_at"], columns["tags"]) == ("string", "datetime", "json")


def test_sql_asks_and_changes_nothing_for_who_asks_next(settings: Settings) -> None:
    publish(settings, "almasaa", 25)
    publish(settings, "raya", 26)
    with warraq.open_archive() as archive:
        for statement in (
            "DROP VIEW articles",
            "CREATE OR REPLACE VIEW articles AS SELECT 1",
            "CREATE TEMP TABLE articles AS SELECT 1",
            "SET TimeZone = 'Asia/Amman'",
            "BEGIN",
        ):
            with pytest.raises(UsageError, match="is no question"):
                archive.sql(statement)
        assert archive.articles().count() == 4
        assert archive.sql("EXPLAIN SELECT 1").num_rows
        pivoted = archive.sql("PIVOT (SELECT portal, language FROM articles) ON portal USING count(*)")
        assert pivoted.to_pylist() == [{"language": "ar", "almasaa": 2, "raya": 2}]
        with pytest.raises(UsageError, match="2 statements"):
            archive.sql("SELECT 1; PIVOT (SELECT portal FROM articles) ON portal USING count(*)")


@pytest.mark.parametrize("by", ["day", "month", "quarter", "year"])
def test_a_series_is_the_same_with_and_without_the_search_index(settings: Settings, by: By) -> None:
    texts = [
        ("عن الانتخابات", "نص"),
        ("خبر", "وانتخاباتنا قريبة"),
        ("جسد", "المريض"),
        ("عن", "الانتخابات"),
        ("سد", "النهضة"),
        ("سد", "سد النهضة"),
    ]
    for portal, month in (("almasaa", 10), ("almasaa", 12), ("raya", 12)):
        run = run_id(portal, 25, month=month)
        rows = [edition(run, number) for number in range(len(texts))]
        rows = [
            replace(row, text=replace(row.text, title=title, body=f"{body} {number} {portal} {month}"))
            for number, (row, (title, body)) in enumerate(zip(rows, texts, strict=True))
        ]
        undated = replace(rows[0].text, published_at=None, body="انتخابات بلا تاريخ")
        rows.append(replace(rows[0], article_id="f" * 32, edition_id="f" * 32, text=undated))
        fetches = [fetch(row) for row in rows]
        open_tables(settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))

    def told() -> list[list[dict[str, object]]]:
        with warraq.open_archive() as archive:
            asked = (
                archive.series(
                    ["انتخابات", "سد النهضة", "انتخابات", "جبل"], by=by, group=group, since=since, until=until
                )
                for group, since, until in (
                    ("portal", None, None),
                    ("country", "2024-12-25T00:02", "2024-12-25T00:04"),
                    (None, "2024-09-01", None),
                )
            )
            return [series.to_arrow().to_pylist() for series in asked]

    scanned = told()
    assert {row["state"] for rows in scanned for row in rows} >= {"not archived"} if by == "day" else True
    assert sum(row["articles"] or 0 for row in scanned[0]) > 0
    with warraq.open_archive() as archive:
        keep_index(archive.connections)
    assert told() == scanned


class FoldsCounted(Connections):
    """Whose SQL folds in Python, and says how often."""

    folded = 0

    def fresh(self, **options: bool) -> duckdb.DuckDBPyConnection:
        connection = super().fresh(**options)
        connection.create_function("counted_fold", self._fold, [VARCHAR], VARCHAR)
        connection.execute("CREATE OR REPLACE MACRO ar_fold(t) AS counted_fold(t)")
        return connection

    def _fold(self, text: str) -> str:
        self.folded += 1
        return text_norm(text)


@pytest.mark.parametrize("by", ["day", "month"])
def test_texts_are_read_and_folded_once_for_all_terms(settings: Settings, by: By) -> None:
    publish(settings, "almasaa", 25, articles=20)
    publish(settings, "raya", 26, articles=20)
    with warraq.open_archive() as archive:
        one = archive.series(WORDS[0], by=by).to_arrow().to_pylist()
    counting = FoldsCounted(settings, open_tables(settings, create=False).load())
    several = series_of(counting, WORDS, by=by).to_arrow().to_pylist()
    assert counting.folded == 40
    assert [row for row in several if row["term"] == WORDS[0]] == one
    assert {row["term"] for row in several if row["articles"]} == set(WORDS)


def test_articles_come_in_order_in_steps_of_their_days_too(settings: Settings) -> None:
    for day in range(1, 8):
        publish(settings, "almasaa", day, articles=5)
        publish(settings, "raya", day, articles=4)
    publish_texts(settings, "hudhud", 3, [("بلا تاريخ", "نص"), ("ومثله", "نص آخر")], published_at=None)
    with warraq.open_archive() as archive:
        for articles in (archive.articles(), archive.editions(), archive.articles(since="2024-12-02", portal="raya")):
            whole = articles.to_arrow().to_pylist()
            assert [row for batch in articles.batches(batch_rows=1) for row in batch.to_pylist()] == whole
            assert len(whole) == articles.count() > 20
            dates = [row["published_at"] for row in whole if row["published_at"]]
            assert dates == sorted(dates)
        assert archive.articles().to_arrow()["published_at"].to_pylist()[-2:] == [None, None]


def test_reading_where_nothing_is_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WARRAQ_ARCHIVE", "WARRAQ_CATALOG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "empty").mkdir()
    for place in ("no", "no/archive", "empty"):
        with pytest.raises(ObjectMissing, match="nothing is archived"):
            warraq.open_archive(tmp_path / place)
    assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")] == ["empty"]
