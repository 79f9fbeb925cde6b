"""What of a series is not archived is told, also where nothing of a portal, a country or a time is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import warraq
from storage.errors import UsageError
from storage.settings import read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import records, run_id, run_row
from warraq.api.archive import Archive
from warraq.cli.main import main

DAYS = [f"2024-12-0{day}" for day in (1, 2, 3)]


def publish(portal: str, day: int, *, articles: int = 1) -> None:
    run = run_id(portal, day)
    rows = RecordRows(run, *records(run, articles)) if articles else RecordRows(run, [], [], run_row(run, []))
    open_tables(read_settings()).replace_run(run, rows)


@pytest.fixture
def archive(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Archive:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    publish("almasaa", 1)
    publish("almasaa", 3)
    return warraq.open_archive()


def told(series: Any, *names: str) -> list[tuple[object, ...]]:
    return [
        (str(row["period"]), *(row[name] for name in names), row["articles"], row["state"])
        for row in series.to_arrow().to_pylist()
    ]


@pytest.mark.parametrize("by", ["day", "month"])
def test_a_portal_of_which_nothing_is_archived_has_all_its_periods(archive: Archive, by: Any) -> None:
    bounds = {"since": "2024-12-01", "until": "2024-12-04"}
    periods = DAYS if by == "day" else ["2024-12-01"]
    for more in (bounds, {"since": "2024-12-01"}, {}):
        found = told(archive.series("خبر", by=by, portal="youm7", **more))
        assert found == [(period, None, "not archived") for period in periods]
    both = archive.series("almasaa", by=by, portal=["almasaa", "youm7"], group="portal", **bounds)
    assert [row[:2] for row in told(both, "portal")] == [
        (period, name) for period in periods for name in ("almasaa", "youm7")
    ]
    summed = archive.series("almasaa", by="day", portal=["almasaa", "youm7"], **bounds)
    assert told(summed, "days", "archived_days") == [
        (DAYS[0], 2, 1, 1, "partial"),
        (DAYS[1], 2, 0, None, "not archived"),
        (DAYS[2], 2, 1, 1, "partial"),
    ]


def test_a_country_of_which_nothing_is_archived_has_all_its_periods(archive: Archive) -> None:
    assert told(archive.series("خبر", by="day", country="SA")) == [(day, None, "not archived") for day in DAYS]
    grouped = archive.series("almasaa", country=["SA", "EG"], group="country")
    assert told(grouped, "country") == [
        ("2024-12-01", "EG", 2, "partial"),
        ("2024-12-01", "SA", None, "not archived"),
    ]
    portals = archive.series("خبر", country="SA", group="portal").to_arrow()["portal"].to_pylist()
    assert {"okaz", "spa"} <= set(portals)
    with pytest.raises(UsageError, match="almasaa: no portal of SA"):
        archive.series("خبر", country="SA", portal="almasaa")


def test_a_portal_whose_runs_found_no_article_has_its_country(archive: Archive) -> None:
    publish("okaz", 2, articles=0)
    with warraq.open_archive() as found:
        days = told(found.series("خبر", by="day", country="SA", group="country"), "country", "archived_days")
    assert days == [
        (DAYS[0], "SA", 0, None, "not archived"),
        (DAYS[1], "SA", 1, 0, "archived"),
        (DAYS[2], "SA", 0, None, "not archived"),
    ]


Ask = Callable[[Archive, dict[str, str]], object]
ASKED: dict[str, Ask] = {
    "api by day": lambda archive, bound: archive.series("خبر", by="day", **bound),  # type: ignore[arg-type]
    "api by year": lambda archive, bound: archive.series("خبر", by="year", portal="youm7", **bound),  # type: ignore[arg-type]
    "sql": lambda archive, bound: archive.sql(
        f"SELECT * FROM series('خبر', {', '.join(f'{name} := ?' for name in bound)})",
        list(bound.values()),
    ),
}


@pytest.mark.parametrize("how", ASKED)
def test_a_time_outside_the_archive_is_told_with_the_days_it_has(archive: Archive, how: str) -> None:
    for bound, said in (
        ({"since": "2030-01-01"}, "nothing is archived from 2030-01-01 on"),
        ({"until": "2020-01-01"}, "nothing is archived until 2019-12-31"),
    ):
        with pytest.raises(UsageError) as error:
            ASKED[how](archive, bound)
        assert error.value.message == said
        assert error.value.remedy.startswith("the archive has days from 2024-12-01 to 2024-12-03; ")


def test_a_time_outside_the_archive_with_both_ends_has_its_periods(archive: Archive) -> None:
    found = archive.series("خبر", by="year", since="2030-01-01", until="2032-01-01")
    assert told(found) == [(f"{year}-01-01", None, "not archived") for year in (2030, 2031)]
    with pytest.raises(UsageError, match="must be before the one it ends with"):
        archive.sql("SELECT * FROM series('خبر', since := '2025-01-01', until := '2024-01-01')")


def test_the_command_says_the_same(archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["series", "خبر", "--by", "day", *words])
        return ended.value.code, *capsys.readouterr()

    code, out, _ = said("--portal", "youm7", "--format", "csv")
    assert (code, out.splitlines()[1:]) == (0, [f"{day},خبر,,,,1,0,0,not archived" for day in DAYS])
    for bound in (("--from", "2030-01-01"), ("--to", "2020-01-01")):
        code, out, err = said(*bound)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "the archive has days from 2024-12-01 to 2024-12-03" in err


def test_an_archive_of_nothing_says_so(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    open_tables(read_settings())
    with warraq.open_archive() as archive:
        bounds = {"since": datetime(2024, 12, 1, tzinfo=UTC), "until": datetime(2024, 12, 2, tzinfo=UTC)}
        for more in ({}, bounds, {"portal": "youm7"}):
            with pytest.raises(UsageError, match="nothing is archived yet"):
                archive.series("خبر", by="day", **more)  # type: ignore[arg-type]
        assert told(archive.series("خبر", by="day", portal="youm7", **bounds)) == [(DAYS[0], None, "not archived")]


def test_sql_says_by_itself_what_is_no_period_and_no_word(archive: Archive) -> None:
    for bad, said in (
        ("'سد', per := 'mont'", "mont is no period"),
        ("'سد', per := 'hour', since := '2024-12-01', until := '2024-12-02'", "hour is no period"),
        ("'سد', per := NULL", "NULL is no period"),
        ("'؟'", "there is no word to look for in '؟'"),
        ("'؟', since := '2024-12-01', until := '2024-12-02'", "there is no word to look for in '؟'"),
    ):
        with pytest.raises(UsageError) as error:
            archive.sql(f"SELECT * FROM series({bad})")
        assert error.value.message == said
        assert error.value.remedy in ("per is day, week, month, quarter or year", "give a word or a phrase")
        with pytest.raises(UsageError) as again:
            archive.sql(f"SELECT period, state FROM series({bad}) WHERE portal = 'almasaa'")
        assert again.value.message == said
