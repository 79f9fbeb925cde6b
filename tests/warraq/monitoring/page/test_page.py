"""The page "Archive": worst first, in both languages, and nothing of the web gets into it as markup."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import Any

import pytest

from storage.model.meanings import FLAGS, outcome_meanings
from warraq.monitoring.coverage import DayStatus
from warraq.monitoring.health import Health
from warraq.monitoring.overview import funnel
from warraq.monitoring.page.render import (
    ASSETS,
    FOLDER,
    Viewer,
    article_page,
    capture_page,
    fleet_page,
    inert,
    live_part,
    moment,
    portal_page,
    run_page,
    scatter,
    spark,
)
from warraq.monitoring.page.words import GLYPHS, LETTERS, SEVERITY, WORDS, words_of

ENGLISH, ARABIC = Viewer("en", "../"), Viewer("ar", "../")


CRAWL = {
    "run_id": "demo/2026-11-25T21Z--2026-11-25T22Z",
    "phase": "pages",
    "requests_a_minute": 30.0,
    "queue": 12,
    "requests": 40,
    "waiting_seconds": 90.0,
    "is_quiet": False,
}


def row(portal: str, health: str = "well", **known: Any) -> dict[str, Any]:
    sick = health not in ("well", "retired")
    return {
        "portal": portal,
        "health": health,
        "since": "2026-11-20T10Z" if sick else None,
        "cause": "dns" if sick else None,
        "meaning": "its name cannot be resolved" if sick else "",
        "meaning_ar": "تعذّر العثور على اسم الموقع" if sick else "",
        "detail": "",
        "advice": "see whether the site moved" if sick else "",
        "advice_ar": "تحقق هل انتقل الموقع" if sick else "",
        "command": f"warraq check {portal}" if sick else "",
        "last_window_end": "2026-11-25T22Z",
        "quiet_hours": 2.4,
        "silent_after_hours": 36.0,
        "articles_lately": 20,
        "expected_lately": 24.0,
        "findings": [],
        "title_ar": "بوابة الميزان",
        "title_en": "Al-Mizan",
        "country": "EG",
        "schedule": "17 * * * *",
        "spark": [3, 4, 5],
        "fields": {"title": 1.0, "body": 1.0, "date": 0.98, "author": 0.5},
        **known,
    }


def day(number: int, status: str = "archived") -> dict[str, Any]:
    return {"day": f"2026-11-{number:02d}", "status": status, "articles": 7, "expected_articles": 8.2}


def in_full(**known: Any) -> dict[str, Any]:
    empty = {"days": [], "shifts": [], "funnel": [], "runs": [], "refused": [], "made_at": "2026-11-25T22Z"}
    return {**row("demo"), **empty, **known}


def test_what_needs_attention_comes_first_and_the_worst_of_it_at_the_head() -> None:
    html = fleet_page({"portals": [row("aaa"), row("bbb", "late"), row("ccc", "dead")]}, ENGLISH)
    attention, fleet = html.split('id="fleet"')
    assert re.findall(r'data-portal="(\w+)"', attention) == ["ccc", "bbb"]
    assert "its name cannot be resolved" in attention
    assert 'data-copy="warraq check ccc"' in attention
    assert "built-in method" not in html
    assert [name for name in ("ccc", "bbb", "aaa") if f'data-value="{name}"' in fleet] == ["ccc", "bbb", "aaa"]


def test_the_head_counts_how_many_are_in_which_state() -> None:
    html = fleet_page({"portals": [row("aaa"), row("bbb", "late"), row("ccc", "dead"), row("ddd", "late")]}, ENGLISH)
    glance = re.sub(r"<[^>]+>", "", html[html.index('id="glance">') + 12 : html.index("</p>", html.index("glance"))])
    assert glance == "✝ 1 dead · ◷ 2 late · ✓ 1 well"


@pytest.mark.parametrize(
    ("spelled", "shown"),
    [("2026-11-23T11Z", "2026-11-23 11:00"), ("2026-11-23T11:05Z", "2026-11-23 11:05"), ("2026-11-23", "2026-11-23")],
)
def test_a_time_is_read_by_people_and_keeps_its_order_within_arabic(spelled: str, shown: str) -> None:
    assert moment(spelled) == f"\u2066{shown}\u2069"
    assert moment(None) == moment("") == ""


def test_the_letters_of_the_days_are_of_the_language() -> None:
    html = portal_page(in_full(days=[day(21), day(22, "missing")]), ARABIC)
    assert re.findall(r'class="d \w+" data-day[^>]*>([^<]*)<', html) == ["م", "غ"]
    for place in (0, 1):
        used = [both[place] for both in LETTERS.values() if both[place]]
        assert len(set(used)) == len(used)


def test_all_well_is_said_in_one_line() -> None:
    assert "All portals are well." in fleet_page({"portals": [row("aaa"), row("bbb", "retired")]}, ENGLISH)


def test_arabic_stands_from_right_to_left_with_every_word_of_it() -> None:
    html = fleet_page({"portals": [row("ccc", "dead")]}, ARABIC)
    assert '<html lang="ar" dir="rtl">' in html
    assert "تعذّر العثور على اسم الموقع" in html
    assert "يحتاج إلى انتباه" in html
    assert "تحقق هل انتقل الموقع" in html
    for english in ("Needs attention", "What to do", "Open incidents", "see whether"):
        assert english not in html


@pytest.mark.parametrize("viewer", [ENGLISH, ARABIC])
def test_nothing_from_the_web_becomes_markup(viewer: Viewer) -> None:
    evil = "<script>alert(1)</script>\"' onmouseover='x"
    known = {
        "detail": evil,
        "title_ar": evil,
        "title_en": evil,
        "command": evil,
        "advice": evil,
        "advice_ar": evil,
        "detail_ar": evil,
        "country": evil,
    }
    fleet = {
        "portals": [row("demo", "silent", **known)],
        "incidents": [{"subject": "demo", "cause": evil, "detail": evil, "since": "x", "acknowledged_by": evil}],
        "silences": [{"subject": "demo", "until": "x", "reason": evil}],
        "actions": [{"at": "x", "who": evil, "what": evil, "subject": "demo", "detail": evil}],
        "crawls": [{**CRAWL, "errors": {evil: 3}}],
    }
    lists = {name: fleet[name] for name in ("incidents", "silences", "actions", "crawls")}
    run = {"window_start": "a", "window_end": "b", "verdict": "ok", "new": 1, "known": None, "rejected": 0, "links": 1}
    runs = [{**run, "run_id": "demo/a--b", "requests": 1, "findings": [evil]}]
    said = [{"word": "accept", "who": evil, "at": "x", "note": evil}]
    page = {
        "url": evil,
        "link_id": "a" * 32,
        "outcome": evil,
        "detail": evil,
        "bytes": 1,
        "seconds": 1.0,
        "why": [evil],
    }
    page |= {"title": evil, "article_id": "b" * 32, "edition_id": "c" * 32, "verdicts": said}
    of_run = {
        **run,
        "portal": "demo",
        "run_id": "demo/a--b",
        "findings": [evil],
        "requests": 1,
        "bytes": 1,
        "seconds": 1,
    }
    of_run |= {"outcomes": [(evil, 1)], "slowest": [page], "rejected": [page], "rejected_count": 2, "eyes": [page]}
    change = {"kind": "added", "text": evil}
    article = dict.fromkeys(("title", "url", "portal", "run_id", "why_not"), evil)
    article |= {"article_id": "b" * 32, "edition_id": "c" * 32, "link_id": "a" * 32, "paragraphs": [evil]}
    article |= {"flags": [evil], "editions": [], "changes": [{"captured_at": "x", "fields": {"body": [change]}}]}
    article |= {"removed": [{"rule": evil, "text": evil, "tag": evil}], "facts": [[evil, evil]], "verdicts": said}
    article |= {"decisions": [{"field": evil, "evidence": [{"name": evil, "weight": "", "where": evil}]}]}
    captured = {"url": evil, "status": 200, "captured_at": "x", "record": evil, "headers": [[evil, evil]]}
    captured |= {"is_cut": True, "verdicts": said}
    viewer = replace(viewer, may_trigger=frozenset({"archive_demo"}))
    shown = [
        fleet_page(fleet, viewer, problem=evil),
        portal_page(in_full(**known, runs=runs), viewer, problem=evil, plan={"lines": [evil], "windows": 0}),
        portal_page(in_full(**lists), viewer),
        run_page(of_run, viewer, portal="demo"),
        article_page(article, viewer, portal="demo"),
        capture_page(captured, viewer, run_id="demo/a--b", link_id="a" * 32),
        live_part(fleet, "ar"),
    ]
    for html in shown:
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html
        assert "' onmouseover='x" not in html
        assert not re.search(r'(?:src|href)="(?:https?:|//|/)', html), (
            "a link that leaves the sub-path, or this machine"
        )


def test_a_captured_page_has_nothing_that_is_fetched_ahead() -> None:
    html = '<HEAD><link rel="preconnect" href=//x><BASE href="//x">\n<title>t</title><linkage>'
    assert inert(html) == "<HEAD>\n<title>t</title><linkage>"


def test_who_may_only_look_gets_no_form_and_who_may_act_gets_all_of_them() -> None:
    portal = in_full(
        days=[day(1)], incidents=[{"cause": "silent", "since": "x", "detail": "", "acknowledged_by": None}]
    )
    looks, acts = (
        portal_page(portal, viewer) for viewer in (ENGLISH, Viewer("en", "../../", frozenset({"archive_demo"})))
    )
    assert 'class="act' not in looks
    assert "may look only" in looks
    assert re.findall(r'name="what" value="(\w+)"', acts) == ["acknowledge", "silence"]


def test_the_crawl_under_way_is_shown_with_rate_queue_wait_and_errors() -> None:
    html = live_part({"crawls": [{**CRAWL, "errors": {"timeout": 3}}]}, "en")
    for shown in ("30 requests a minute", "Queue 12", "Waits as asked 90 s", "3 no whole answer in time"):
        assert shown in html


def test_a_day_stands_below_its_number_with_letter_and_words() -> None:
    html = portal_page(in_full(days=[day(21), day(22, "missing"), day(23, "due")]), ENGLISH)
    cells = re.findall(r"<td[^>]*>", html[html.index("2026-11</th>") :])
    assert 'data-day="2026-11-21"' in cells[20]
    assert 'title="2026-11-22: missing, 7 articles (usual 8)">M</td>' in html
    assert 'class="d due"' in html


def test_who_may_not_trigger_gets_no_button_and_a_paused_dag_says_so() -> None:
    plan = {"lines": ["3 windows"], "windows": 3, "from_date": "a", "to_date": "b"}
    may = frozenset({"archive_demo"})
    assert 'id="start"' not in portal_page(in_full(days=[day(1)]), ENGLISH, plan=plan)
    assert 'id="start"' in portal_page(in_full(days=[day(1)]), Viewer("en", "../../", may), plan=plan)
    paused = portal_page(in_full(days=[day(1)]), Viewer("en", "../../", may, may), plan=plan)
    assert 'id="start"' not in paused
    assert "is paused" in paused


def test_a_problem_stands_above_the_last_reading() -> None:
    html = fleet_page({"portals": [row("aaa")]}, ENGLISH, problem="it did not answer within 30 s")
    assert html.index("it did not answer") < html.index("All portals are well.")


def test_the_funnel_names_each_loss_and_adds_up() -> None:
    steps = funnel({"new": 5, "unchanged": 2, "rejected:gallery": 3, "http_4xx": 4, "robots": 1, "skipped_seen": 10})
    assert [step["count"] for step in steps] == [25, 14, 10, 7, 5]
    for upper, lower in itertools.pairwise(steps):
        assert upper["count"] - sum(number for _, number in upper["lost"]) == lower["count"]


def test_every_state_has_words_in_both_languages_and_a_sign_without_colour() -> None:
    states = {str(health) for health in Health}
    assert states == set(GLYPHS) == set(SEVERITY)
    assert {str(status) for status in DayStatus} == set(LETTERS)
    assert states | set(LETTERS) <= WORDS.keys()
    assert len(set(GLYPHS.values())) == len(GLYPHS)
    assert words_of("ar").keys() == words_of("en").keys()
    for english, arabic in [*WORDS.values(), *outcome_meanings().values(), *FLAGS.values()]:
        assert re.search(r"[ء-ي]", arabic), f"{english} has no Arabic"


def test_drawings_bear_any_numbers() -> None:
    assert (spark([]), spark([3])) == ("", "")
    assert len(spark([0, 0, 0]).split()) == 3
    assert scatter([{"portal": "a", "asked": 10, "won": 4}, {"portal": "b"}])[0]["portal"] == "a"


def test_the_assets_are_there_and_ask_nobody_outside() -> None:
    for name in ASSETS:
        text = (FOLDER / "assets" / name).read_text(encoding="utf-8")
        assert "http:" not in text
        assert "https:" not in text
