"""The simulation of many portals: sums that can be checked by hand, and a document that is current."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.simulate.figures import FIGURES, Figure, benchmark_cell, read_figures, write_figures
from bench.simulate.model import BUSY, Load, Site, most_portals, parts, simulate
from bench.simulate.run import DOCUMENT, MARKER, main, tables

ROOT = Path(__file__).resolve().parents[2]
LOAD, SITE = Load(portals=100, years=3), Site()


@pytest.fixture(scope="module")
def figures() -> dict[str, Figure]:
    return read_figures(ROOT / FIGURES)


def test_the_document_holds_what_the_command_prints(figures: dict[str, Figure]) -> None:
    printed = "\n".join(tables(figures, Load(), Site()))
    document = (ROOT / DOCUMENT).read_text(encoding="utf-8")
    held = document.partition(f"<!-- {MARKER} -->\n")[2].partition(f"\n<!-- /{MARKER} -->")[0]
    assert held == printed, "run `make simulate` and commit docs/explain/scaling.md"


def test_every_figure_has_a_unit_and_a_source(figures: dict[str, Figure]) -> None:
    assert all(figure.value > 0 or figure.name.endswith("a_layer") for figure in figures.values())
    assert all(figure.unit and figure.source for figure in figures.values())


def test_a_year_is_its_figures_times_its_load() -> None:
    ones = {name: Figure(name, 1.0, "", "") for name in read_figures(ROOT / FIGURES)}
    load = Load(portals=1, years=2, articles_a_day=1, revisits=0, windows_a_day=1, links_a_page=1)
    first, second = simulate(ones, load, replace(SITE, store_seconds_a_commit=0, store_seconds_a_run_more=0))
    assert first.commits == 365
    assert first.requests == 730  # a page a day, and a listing for each window
    assert first.crawl_cores * 86_400 == pytest.approx(2)  # crawling and extracting it
    assert (first.raw_bytes, second.raw_bytes) == (365, 730)
    assert (first.known_seconds, second.known_seconds) == (182.5 + 24, 547.5 + 24)  # 24 small files of each table
    assert first.live_files == 11 * 3 + 24 * 3
    assert first.compaction_cores * 86_400 == pytest.approx(3)  # a file of each table a day
    assert first.commit_seconds == pytest.approx(2 + 1 / 2 / 4096 + (11 * 3 + 24 * 3 / 2) / 512)


def test_what_grows_with_windows_does_not_grow_with_articles(figures: dict[str, Figure]) -> None:
    usual = simulate(figures, LOAD, SITE)[-1]
    more_articles = simulate(figures, replace(LOAD, articles_a_day=2 * LOAD.articles_a_day), SITE)[-1]
    more_windows = simulate(figures, replace(LOAD, windows_a_day=2 * LOAD.windows_a_day), SITE)[-1]
    assert more_articles.commits == usual.commits
    assert more_windows.commits * more_windows.runs_a_commit == 2 * usual.commits * usual.runs_a_commit
    assert more_articles.raw_bytes == pytest.approx(2 * usual.raw_bytes)
    assert more_windows.raw_bytes == usual.raw_bytes
    assert more_windows.airflow_cores == pytest.approx(2 * usual.airflow_cores)


def test_as_many_runs_go_in_one_commit_as_keep_it_from_being_full(figures: dict[str, Figure]) -> None:
    few, many = (simulate(figures, replace(LOAD, portals=portals), SITE)[0] for portals in (100, 20_000))
    assert few.runs_a_commit == 1 < many.runs_a_commit
    busy = many.commits * many.commit_seconds / (365 * 86_400)
    assert many.commit_share < busy <= BUSY


def test_the_fullest_part_comes_first_and_as_many_portals_fit_as_fill_none(figures: dict[str, Figure]) -> None:
    found = parts(simulate(figures, LOAD, SITE), LOAD, SITE)
    assert [part.last for part in found] == sorted((part.last for part in found), reverse=True)
    fit = most_portals(figures, LOAD, SITE)
    for portals, is_full in ((fit, False), (fit + 1, True)):
        tried = replace(LOAD, portals=portals)
        assert any(part.last > BUSY for part in parts(simulate(figures, tried, SITE), tried, SITE)) is is_full


def test_other_loads_are_printed_and_never_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    before = (ROOT / DOCUMENT).read_bytes()
    assert main(["--portals", "7", "--years", "2"]) == 0
    assert "7 portals" in capsys.readouterr().out
    assert (ROOT / DOCUMENT).read_bytes() == before


def test_figures_survive_writing_and_benchmarks_are_read_from_their_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "scaling.json"
    write_figures([Figure("a", 0.0012345, "s", "here")], path)
    assert read_figures(path) == {"a": Figure("a", 0.00123, "s", "here")}
    monkeypatch.chdir(ROOT)
    assert benchmark_cell("crawl.md", "warraq, raw archive written", "ms CPU a page") > 0
    with pytest.raises(ValueError, match="no row"):
        benchmark_cell("crawl.md", "nobody", "ms CPU a page")
