"""The page "Archive": what it shows, and that nothing of the web gets into it as markup."""

from __future__ import annotations

from typing import Any

from warraq.monitoring.coverage_page import archive_page


def day(number: int, status: str = "archived") -> dict[str, Any]:
    return {
        "portal": "demo",
        "day": f"2024-12-{number:02d}",
        "status": status,
        "covered_hours": 24.0,
        "articles": 7,
        "expected_articles": None,
        "runs": 1,
    }


def test_a_day_is_a_block_that_is_legible_without_colours() -> None:
    html = archive_page([day(1), day(2, "missing")], [], titles={"demo": "بوابة الميزان"})
    assert "2024-12-02: missing, 7 articles" in html
    assert ">m</span>" in html
    assert "archived 1, missing 1" in html
    assert "بوابة الميزان" in html


def test_a_day_stands_below_its_number_in_a_month_that_is_not_whole() -> None:
    html = archive_page([day(21)], [], titles={})
    line = html[html.index("2024-12</span>") :]
    assert line[: line.index("2024-12-21")].count("<span class='d'></span>") == 20


def test_findings_cannot_become_markup() -> None:
    sick = {
        "portal": "demo",
        "health": "degraded",
        "last_window_end": None,
        "quiet_hours": 2.4,
        "silent_after_hours": 36.0,
        "findings": ["<script>alert(1)</script>", "' onmouseover='x"],
    }
    html = archive_page([], [sick], titles={})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "' onmouseover" not in html
    assert "<td class='r'>2</td>" in html


def test_a_problem_is_told_in_the_place_of_the_numbers() -> None:
    assert "nothing is archived yet" in archive_page([], [], titles={}, problem="nothing is archived yet")


def test_an_archive_without_a_recent_run_says_so() -> None:
    assert "Nothing was archived in the last two months" in archive_page([], [], titles={})
    assert "Nothing was archived" not in archive_page([day(1)], [], titles={})
