"""Numeric ids: the range of a window is found by dates of probed pages, whatever the gaps."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from spiders.portal.definition import Feed, NumericIds
from spiders.sources.ids.id_search import CLOSE_ENOUGH
from spiders.sources.ids.numeric_ids import MARGIN, newest_id
from storage.model.window import Window
from tests.fixtures.site_walk import MARCH_FIFTH, NOW, ROOT, TODAY, Answer, portal, walk

FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
TEXT = "قال مدير المشروع إن الأعمال تسير وفق الجدول المعلن، وإن المرحلة الثانية تبدأ بعد شهر من الآن. " * 4


class NumberedSite:
    """A portal with articles under /<id>/, `a_day` numbers a day, of which a share are gaps."""

    def __init__(
        self, *, a_day: int, gaps: float, shuffled_minutes: int = 0, first: int = 1, jump_by: int = 0, seed: int = 7
    ) -> None:
        chance = random.Random(seed)
        self.dates: dict[int, datetime] = {}
        total = (NOW - FIRST_DAY).days * a_day
        for count in range(total):
            number = first + count + (jump_by if count > total // 2 else 0)
            if chance.random() >= gaps or count == total - 1:
                shift = timedelta(minutes=chance.randint(-shuffled_minutes, shuffled_minutes))
                self.dates[number] = FIRST_DAY + timedelta(days=1) * (count / a_day) + shift
        self.newest = number

    def __call__(self, url: str) -> Answer:
        if url == ROOT:
            recent = sorted(self.dates)[-30:]
            return "".join(f'<a href="/{n}/">عنوان خبر من أخبار اليوم رقم {n}</a>' for n in recent)
        number = int(url.removeprefix(ROOT).strip("/"))
        if number not in self.dates:
            return 404
        day = self.dates[number].isoformat()
        return (
            f'<html><head><meta charset="utf-8"><meta property="article:published_time" content="{day}">'
            f"<title>خبر {number}</title></head><body><article><h1>خبر مهم رقم {number} من المدينة</h1>"
            f"<p>{TEXT}</p><p>{TEXT}{number}</p></article></body></html>"
        )

    def published(self, window: Window) -> set[str]:
        return {f"{ROOT}{number}/" for number, day in self.dates.items() if day in window}


@pytest.mark.parametrize("gaps", [0.0, 0.5, 0.8])
def test_the_window_is_found_among_gaps_without_walking_far(gaps: float) -> None:
    site = NumberedSite(a_day=150, gaps=gaps)
    found = walk(portal(NumericIds("/{id}/")), site, MARCH_FIFTH)
    wanted = site.published(MARCH_FIFTH)
    assert wanted <= set(found.urls), "articles of the window were missed"
    assert len(found.links) <= 150 + 2 * (MARGIN + CLOSE_ENOUGH)
    assert len(found.asked) <= 100, "too many probes"
    assert found.problems == []
    assert all(link.is_guess for link in found.links if link.url not in found.asked)


def test_ids_out_of_order_by_some_minutes_are_caught_by_the_margin() -> None:
    site = NumberedSite(a_day=200, gaps=0.3, shuffled_minutes=90)
    found = walk(portal(NumericIds("/{id}/")), site, MARCH_FIFTH)
    assert site.published(MARCH_FIFTH) <= set(found.urls)


@pytest.mark.parametrize("gaps", [0.0, 0.5])
def test_empty_numbers_below_the_first_article_are_not_searched(gaps: float) -> None:
    site = NumberedSite(a_day=2, gaps=gaps, first=577_000)
    month = Window(datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC))
    found = walk(portal(NumericIds("/{id}/")), site, month)
    assert site.published(month) <= set(found.urls)
    assert len(found.links) <= 62 + 2 * (MARGIN + CLOSE_ENOUGH)
    assert len(found.asked) <= 80


@pytest.mark.parametrize(
    "day", [MARCH_FIFTH, Window(datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC))]
)
def test_a_jump_of_the_numbers_hides_neither_side(day: Window) -> None:
    site = NumberedSite(a_day=150, gaps=0.3, jump_by=600_000)
    found = walk(portal(NumericIds("/{id}/")), site, day)
    assert site.published(day) <= set(found.urls)
    assert len(found.links) <= 150 + 2 * (MARGIN + CLOSE_ENOUGH)
    assert found.problems == []


def test_a_page_that_tells_a_wrong_date_does_not_mislead() -> None:
    site = NumberedSite(a_day=150, gaps=0.0)
    honest = walk(portal(NumericIds("/{id}/")), site, MARCH_FIFTH)
    probed = [int(url.removeprefix(ROOT).strip("/")) for url in honest.asked[1:]]
    for liar in (probed[3], probed[len(probed) // 2]):
        truth = site.dates[liar]
        site.dates[liar] = NOW
        found = walk(portal(NumericIds("/{id}/")), site, MARCH_FIFTH)
        site.dates[liar] = truth
        assert site.published(MARCH_FIFTH) - {f"{ROOT}{liar}/"} <= set(found.urls)
        assert len(found.links) <= 150 + 2 * (MARGIN + CLOSE_ENOUGH)


def test_a_window_that_reaches_the_present_ends_at_the_newest_id() -> None:
    site = NumberedSite(a_day=100, gaps=0.2)
    window = Window(NOW - timedelta(days=2), NOW)
    found = walk(portal(NumericIds("/{id}/")), site, window)
    assert site.published(window) <= set(found.urls)
    assert max(int(url.removeprefix(ROOT).strip("/")) for url in found.urls) <= site.newest


def test_a_window_before_the_first_article_costs_little() -> None:
    site = NumberedSite(a_day=100, gaps=0.2)
    window = Window(datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 1, 2, tzinfo=UTC))
    found = walk(portal(NumericIds("/{id}/")), site, window)
    assert len(found.links) <= CLOSE_ENOUGH + 2 * MARGIN
    assert found.problems == ["numeric_ids /{id}/: no page older than 2023-01-01 was found"]


def test_pages_without_dates_end_in_a_problem_and_not_in_a_walk() -> None:
    site = NumberedSite(a_day=20, gaps=0.0)
    found = walk(
        portal(NumericIds("/{id}/")), lambda url: site(url) if url == ROOT else "<html>بلا تاريخ</html>", MARCH_FIFTH
    )
    assert found.links == []
    assert "tells its date" in found.problems[0]


def test_a_portal_that_stops_answering_ends_the_search() -> None:
    site = NumberedSite(a_day=20, gaps=0.0)
    found = walk(portal(NumericIds("/{id}/")), lambda url: site(url) if url == ROOT else 503, MARCH_FIFTH)
    assert found.links == []
    assert "without an answer" in found.problems[0]
    assert len(found.asked) < 20


def test_the_newest_id_is_no_telephone_number() -> None:
    page = "".join(f'<a href="/news/{n}">خبر</a>' for n in (577170, 577176, 201001234567)).encode()
    assert newest_id(page, ROOT, NumericIds("/news/{id}"), portal()) == 577176
    assert newest_id(b'<a href="/about">x</a>', ROOT, NumericIds("/news/{id}"), portal()) is None


def test_the_present_is_left_to_cheaper_sources_where_there_are_any() -> None:
    found = walk(portal(NumericIds("/{id}/"), Feed("/feed")), {}, TODAY)
    assert found.asked == [f"{ROOT}feed"]
