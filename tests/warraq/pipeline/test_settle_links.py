"""Reckoning: every link ends once, a text is new once, and another round with the same pages changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from extract.page import Page
from spiders.portals.demo import PORTAL
from storage.errors import StageFailed
from storage.identity.ids import article_id
from storage.model.outcomes import Outcome, Rejection
from storage.model.records import ArticleText, LinkRecord, Rejected, WarcPlace
from storage.model.rights import stated_opt_out
from tests.fixtures.raw_runs import NOON, RUN, link
from warraq.pipeline.settling.settle_links import Reckoning, Settled
from warraq.pipeline.workers.page_job import PageJob, Rules

PORTAL_AT = PORTAL.at("http://127.0.0.1:18800/")
BASE = "http://127.0.0.1:18800"
OVER = NOON + timedelta(hours=2)  # when the last round was


class Known:
    """An archive that has these ids."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids

    def has_article(self, article_id: str) -> bool:
        return article_id in self.ids

    def has_edition(self, edition_id: str) -> bool:
        return edition_id in self.ids


def job(url: str, *, minute: int = 0, round_: int = 1) -> PageJob:
    at = NOON + timedelta(minutes=minute)
    place = WarcPlace(f"raw/r{round_:02d}", minute, 1, "00")
    record = replace(link(url, at=at), place=place)
    return PageJob(Page(b"", at, url=url), url, place, record)


def text(body: str = "متن الخبر", canonical: str | None = None) -> ArticleText:
    return ArticleText(title="عنوان", body=body, canonical_url=canonical)


def settle(
    told: list[tuple[PageJob, ArticleText | Rejected]], known: Known | None = None, others: tuple[LinkRecord, ...] = ()
) -> Settled:
    links = {each.link.link_id: each.link for each, _ in told}
    reckoning = Reckoning(RUN, Rules(PORTAL_AT), [[*links.values(), *others]], finished_at=OVER)
    for each, result in told:
        reckoning.add(each, result)
    return reckoning.settle(known or Known())


def test_a_first_text_is_new_and_a_changed_one_is_an_edition() -> None:
    first = settle([(job(f"{BASE}/a"), text())])
    assert first.outcomes == {"new": 1}
    (edition,) = first.editions
    assert edition.url == edition.text.canonical_url == f"{BASE}/a"
    changed = settle([(job(f"{BASE}/a"), text("غيره"))], Known(edition.article_id, edition.edition_id))
    assert (changed.outcomes, changed.articles_new, changed.new_editions) == ({"edition": 1}, 0, 1)
    assert changed.editions[0].article_id == edition.article_id


def test_a_text_the_archive_has_gives_no_row_but_a_fetch_that_names_it() -> None:
    (edition,) = settle([(job(f"{BASE}/a"), text())]).editions
    again = settle([(job(f"{BASE}/a", minute=9), text())], Known(edition.article_id, edition.edition_id))
    assert (again.editions, again.outcomes) == ([], {"unchanged": 1})
    assert (again.fetches[0].article_id, again.fetches[0].edition_id) == (edition.article_id, edition.edition_id)


def test_another_round_with_the_same_pages_gives_the_same_rows() -> None:
    pages = [job(f"{BASE}/{n}", minute=n) for n in range(4)]
    results = [text("أ"), text("ب"), Rejected(Rejection.LISTING, "links"), text("ج")]
    once = settle(list(zip(pages, results, strict=True)))
    later = [job(each.url, minute=60 + n, round_=2) for n, each in enumerate(pages)]
    rounds = [[each.link for each in pages], [each.link for each in later]]
    reckoning = Reckoning(RUN, Rules(PORTAL_AT), rounds, finished_at=OVER)
    for each, result in zip([*pages, *later], [*results, *results], strict=True):
        reckoning.add(each, result)
    assert reckoning.settle(Known()) == once


def test_a_clock_that_was_set_back_between_rounds_changes_nothing() -> None:
    page = job(f"{BASE}/a", minute=60)
    earlier = job(f"{BASE}/a", minute=0, round_=2)
    reckoning = Reckoning(RUN, Rules(PORTAL_AT), [[page.link], [earlier.link]], finished_at=OVER)
    for each in (page, earlier):
        reckoning.add(each, text())
    assert reckoning.settle(Known()) == settle([(page, text())])


def test_an_article_edited_between_rounds_has_both_texts_and_one_that_vanished_stays() -> None:
    before, after, gone = job(f"{BASE}/a"), job(f"{BASE}/a", minute=9, round_=2), job(f"{BASE}/b", minute=1)
    vanished = replace(gone.link, outcome=Outcome.GONE, http_status=404, place=None, captured_at=None)
    reckoning = Reckoning(RUN, Rules(PORTAL_AT), [[before.link, gone.link], [after.link, vanished]], finished_at=OVER)
    for each, body in ((before, "أ"), (gone, "ب"), (after, "ج")):
        reckoning.add(each, text(body))
    settled = reckoning.settle(Known())
    assert [edition.text.body for edition in settled.editions] == ["أ", "ب", "ج"]
    assert (settled.articles_new, settled.new_editions) == (2, 1)
    assert settled.outcomes == {"new": 2}
    assert settled.fetches[0].edition_id == settled.editions[2].edition_id
    assert settled.fetches[0].link.place == after.place
    assert settled.fetches[0].link.detail is None
    assert settled.fetches[1].link.detail == f"asked again at {OVER.isoformat()}: gone 404"


def test_the_fetch_of_a_text_that_came_back_tells_when_it_did() -> None:
    shown = [(job(f"{BASE}/a", minute=minute), text(body)) for minute, body in enumerate("أبأأ")]
    settled = settle(shown)
    assert [edition.text.body for edition in settled.editions] == ["أ", "ب"]
    (fetch,) = settled.fetches
    assert (fetch.outcome, fetch.edition_id) == ("new", settled.editions[0].edition_id)
    assert (fetch.link.place, fetch.link.captured_at) == (shown[2][0].place, shown[2][0].link.captured_at)


def test_what_a_later_round_found_in_the_place_of_a_text_is_told_unless_it_may_be_trouble_of_that_hour() -> None:
    page = job(f"{BASE}/a")
    page = replace(page, link=replace(page.link, detail="opt-out: meta robots noai"))
    wall = job(f"{BASE}/a", minute=9, round_=2)
    reckoning = Reckoning(RUN, Rules(PORTAL_AT), [[page.link], [wall.link]], finished_at=OVER)
    reckoning.add(page, text())
    reckoning.add(wall, Rejected(Rejection.PAYWALL, "a form"))
    (fetch,) = reckoning.settle(Known()).fetches
    assert (fetch.outcome, fetch.link.place) == ("new", page.place)
    at = wall.link.captured_at
    assert at is not None
    assert fetch.link.detail == f"opt-out: meta robots noai; asked again at {at.isoformat()}: rejected:paywall"
    assert stated_opt_out(fetch.link.detail) == "meta robots noai"
    for outcome in (Outcome.HTTP_5XX, Outcome.TIMEOUT, Outcome.ROBOTS, Outcome.UNCHANGED):
        later = replace(page.link, outcome=outcome, place=None)
        reckoning = Reckoning(RUN, Rules(PORTAL_AT), [[page.link], [later]], finished_at=OVER)
        reckoning.add(page, text())
        assert reckoning.settle(Known()).fetches[0].link.detail == page.link.detail, outcome


def test_two_links_to_one_article_make_one_article() -> None:
    amp = job(f"{BASE}/amp/a", minute=1)
    settled = settle([(job(f"{BASE}/a"), text()), (amp, text(canonical=f"{BASE}/a?utm_source=x"))])
    assert len(settled.editions) == 1
    assert settled.outcomes == {"new": 1, "unchanged": 1}


def test_a_canonical_address_on_another_site_or_of_the_front_page_is_not_believed() -> None:
    for stated in ("https://elsewhere.example/a", f"{BASE}/", "javascript:x"):
        settled = settle([(job(f"{BASE}/a"), text("أ", stated)), (job(f"{BASE}/b", minute=1), text("ب", stated))])
        assert [edition.text.canonical_url for edition in settled.editions] == [f"{BASE}/a", f"{BASE}/b"], stated


def test_links_that_gave_no_page_keep_their_outcome_and_rejections_their_reason() -> None:
    others = (link(f"{BASE}/x", outcome="gone"), link(f"{BASE}/y", outcome="skipped_seen"))
    settled = settle([(job(f"{BASE}/a"), Rejected(Rejection.VIDEO, "a player"))], others=others)
    assert settled.outcomes == {"rejected:video": 1, "gone": 1, "skipped_seen": 1}
    assert settled.fetches[0].link.detail == "a player"


def test_a_captured_link_without_a_capture_does_not_pass() -> None:
    with pytest.raises(StageFailed, match="do not add up"):
        settle([], others=(link(f"{BASE}/x"),))


def test_an_address_that_stories_of_different_headlines_state_is_the_identity_of_none() -> None:
    shared = f"{BASE}/n/template-2024"
    told = [
        (job(f"{BASE}/n/{n}"), replace(text(body=f"متن {n}", canonical=shared), title=title))
        for n, title in ((1, "البلدية تفتح الحديقة"), (2, "الميناء يستقبل السفن"), (3, "المدرسة تكرم طلابها"))
    ]
    settled = settle(told)
    assert settled.outcomes == {"new": 3}
    assert [edition.text.canonical_url for edition in settled.editions] == [f"{BASE}/n/{n}" for n in (1, 2, 3)]
    assert all(edition.text.flags == ("canonical_shared",) for edition in settled.editions)
    assert {fetch.article_id for fetch in settled.fetches} == {edition.article_id for edition in settled.editions}
    assert len(settled.findings) == 1
    assert (
        f"3 stories of different headlines share 1 stated canonical addresses, for example {shared}"
        in (settled.findings[0])
    )


def test_the_story_that_is_at_the_shared_address_keeps_it() -> None:
    at = f"{BASE}/n/1"
    told = [
        (job(at), replace(text(), title="البلدية تفتح الحديقة")),
        (job(f"{BASE}/n/2"), replace(text(body="متن آخر", canonical=at), title="الميناء يستقبل السفن")),
    ]
    settled = settle(told)
    assert settled.outcomes == {"new": 2}
    assert [edition.text.canonical_url for edition in settled.editions] == [at, f"{BASE}/n/2"]


SHARED = f"{BASE}/n/template-2024"


ARCHIVED = "فتحت البلدية الحديقة صباح اليوم. وحضر الافتتاح سكان الحي.\nوقال رئيسها إن العمل دام عاما."


@pytest.mark.parametrize(
    ("path", "title", "body", "at"),
    [
        ("/n/2", "الميناء يستقبل السفن", ARCHIVED, f"{BASE}/n/2"),  # another story
        ("/n/2", "البلدية تفتح الميناء", "متن آخر", f"{BASE}/n/2"),  # another story whose headline has the same pattern
        ("/n/2", "البلدية تفتح الميناء", "فتحت البلدية الميناء مساء أمس. وحضر الافتتاح سكان الحي.", f"{BASE}/n/2"),
        ("/amp/1", "البلدية تؤجل فتح الحديقة", f"تحديث\n{ARCHIVED} ثم أجل.", SHARED),  # a headline that was rewritten
        ("/amp/1", "البلدية تؤجل فتح الحديقة", ARCHIVED[:57], SHARED),
        ("/amp/1", "عاجل: البلدية تفتح الحديقة", "متن آخر", SHARED),  # the headline, with a word more
        ("/n/1", "الميناء يستقبل السفن", "متن آخر", SHARED),  # the page that the archive has
    ],
)
def test_an_address_that_another_run_knows_another_story_by_is_no_identity(
    path: str, title: str, body: str, at: str
) -> None:
    known = article_id(PORTAL.name, SHARED)
    reckoning = Reckoning(RUN, Rules(PORTAL_AT), [[]], finished_at=OVER)
    reckoning.add(job(f"{BASE}{path}"), replace(text(body=body, canonical=SHARED), title=title))
    settled = reckoning.settle(
        Known(known), lambda asked: [(each, f"{BASE}/n/1", "البلدية تفتح الحديقة", ARCHIVED) for each in asked]
    )
    (edition,) = settled.editions
    assert edition.text.canonical_url == at
    assert edition.text.flags == (() if at == SHARED else ("canonical_shared",))
    assert settled.outcomes == ({"edition": 1} if at == SHARED else {"new": 1})
    assert bool(settled.findings) == (at != SHARED)


def test_a_story_that_the_archive_knows_by_its_own_address_keeps_it() -> None:
    """A day after its neighbours, alone in its run."""
    known = Known(article_id(PORTAL.name, f"{BASE}/n/2"))
    settled = settle([(job(f"{BASE}/n/2"), text(canonical=SHARED))], known)
    assert [edition.text.canonical_url for edition in settled.editions] == [f"{BASE}/n/2"]
    assert settled.outcomes == {"edition": 1}


def test_two_addresses_of_one_story_are_one_article() -> None:
    canonical = f"{BASE}/n/1-park"
    told = [
        (job(f"{BASE}/n/1"), replace(text(canonical=canonical), title="البلدية تفتح الحديقة")),
        (job(f"{BASE}/p/1"), replace(text(canonical=canonical), title="البلدية تفتح الحديقة")),
        (job(f"{BASE}/q/1"), replace(text(canonical=canonical), title="عاجل: البلدية تفتح الحديقة")),
    ]
    settled = settle(told)
    assert len({edition.article_id for edition in settled.editions}) == 1
    assert settled.findings == ()


def test_one_short_text_under_many_addresses_is_no_article() -> None:
    """A site that answers 200 for what it does not have; a story under four addresses, or a long one, stays."""
    missing = [(job(f"{BASE}/m{n}", minute=n), text("عذرا لا توجد مادة بهذا العنوان")) for n in range(5)]
    carried = [(job(f"{BASE}/s{n}/1", minute=10 + n), text("خبر قصير في أقسام عدة")) for n in range(4)]
    long = replace(text("كلمة " * 400), word_count=400)
    settled = settle([*missing, *carried, *((job(f"{BASE}/l{n}", minute=20 + n), long) for n in range(6))])
    assert settled.outcomes == {"new": 10, "rejected:soft_404": 5}
    rejected = [fetch for fetch in settled.fetches if fetch.outcome == "rejected:soft_404"]
    assert {fetch.link.detail for fetch in rejected} == {"the same text stands under 5 addresses"}
    assert {fetch.article_id for fetch in rejected} == {None}
