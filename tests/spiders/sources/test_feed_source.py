"""Feeds: what is read from good, broken and hostile ones."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extract.profile import DateQuirk
from spiders.portal.definition import Feed
from tests.fixtures.site_walk import ROOT, portal, walk

FEED = f"{ROOT}feed"
HEAD = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار</title>'


def item(url: str, date_text: str = "", title: str = "افتتاح مكتبة عامة جديدة في المدينة") -> str:
    return f"<item><title>{title}</title><link>{url}</link><pubDate>{date_text}</pubDate></item>"


def rss(*items: str) -> str:
    return HEAD + "".join(items) + "</channel></rss>"


def test_an_rss_entry_gives_address_title_and_instant() -> None:
    found = walk(portal(Feed("/feed")), {FEED: rss(item(f"{ROOT}1", "Sat, 21 Nov 2026 10:00:00 +0200"))})
    (link,) = found.links
    assert (link.url, link.title, link.source) == (f"{ROOT}1", "افتتاح مكتبة عامة جديدة في المدينة", "feed")
    assert link.listed_at == datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert found.problems == []


def test_an_atom_entry_keeps_publication_and_change_apart() -> None:
    atom = f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>خبر</title><link href="{ROOT}2"/>
    <published>2026-11-21T10:00:00Z</published><updated>2026-11-21T12:30:00Z</updated></entry></feed>"""
    (link,) = walk(portal(Feed("/feed")), {FEED: atom}).links
    assert link.listed_at == datetime(2026, 11, 21, 10, tzinfo=UTC)
    assert link.lastmod == datetime(2026, 11, 21, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        HEAD + item(f"{ROOT}1", title="أسعار الذهب & العملات <b>اليوم") + item(f"{ROOT}2"),
        HEAD + item(f"{ROOT}1") + item(f"{ROOT}2") + "<item><title>خبر لم يكت",
        "\n\n  " + rss(item(f"{ROOT}1", title="نص &nbsp; فيه &laquo;أقواس&raquo;"), item(f"{ROOT}2")),
        "تحذير من الخادم\n" + rss(item(f"{ROOT}1"), item(f"{ROOT}2")),
    ],
    ids=["bare ampersand and open tag", "cut off", "blank lines and HTML entities", "text before the declaration"],
)
def test_broken_feeds_still_give_their_links(broken: str) -> None:
    assert {f"{ROOT}1", f"{ROOT}2"} <= set(walk(portal(Feed("/feed")), {FEED: broken}).urls)


def test_a_windows_1256_feed_is_read_in_its_encoding() -> None:
    text = rss(item(f"{ROOT}1")).replace('encoding="utf-8"', 'encoding="windows-1256"')
    (link,) = walk(portal(Feed("/feed")), {FEED: text.encode("cp1256")}).links
    assert link.title == "افتتاح مكتبة عامة جديدة في المدينة"


def test_a_gzipped_feed_is_read() -> None:
    assert walk(portal(Feed("/feed")), {FEED: gzip.compress(rss(item(f"{ROOT}1")).encode())}).urls == [f"{ROOT}1"]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("السبت، 21 نوفمبر 2026 09:23 م", datetime(2026, 11, 21, 19, 23, tzinfo=UTC)),
        ("٢١ تشرين الثاني/نوفمبر ٢٠٢٦ - ٠٩:٢٣", datetime(2026, 11, 21, 7, 23, tzinfo=UTC)),
        ("21 نونبر 2026 12:05 ص", datetime(2026, 11, 20, 22, 5, tzinfo=UTC)),
        ("2026-11-21 10:00:00", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("2026-11-21T10:00:00.123+03:00", datetime(2026, 11, 21, 7, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00 GMT", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 10:00:00", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("منذ ثلاث ساعات", None),
        ("31/31/2026", None),
        ("9" * 5000, None),
    ],
)
def test_dates_of_feeds_are_read_in_arabic_too_and_local_where_no_zone_is_given(
    text: str, instant: datetime | None
) -> None:
    (link,) = walk(portal(Feed("/feed")), {FEED: rss(item(f"{ROOT}1", text))}).links
    assert link.listed_at == instant


def test_a_date_without_time_stays_a_day() -> None:
    (link,) = walk(portal(Feed("/feed")), {FEED: rss(item(f"{ROOT}1", "21 نوفمبر 2026"))}).links
    assert (link.listed_at, link.listed_day) == (None, date(2026, 11, 21))


def test_a_quirk_reads_a_zone_that_lies_as_local_time() -> None:
    asked = portal(Feed("/feed"), date_quirks=(DateQuirk("feed:pubDate", "local", "Z is Cairo time"),))
    (link,) = walk(asked, {FEED: rss(item(f"{ROOT}1", "2026-11-21T10:00:00Z"))}).links
    assert link.listed_at == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_entities_are_refused_before_they_are_expanded() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + rss(item(f"{ROOT}1", title="&b;"))
    found = walk(portal(Feed("/feed")), {FEED: bomb})
    assert found.links == []
    assert "entities" in found.problems[0]


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(rss(item(f"{ROOT}secret")))
    assert walk(portal(Feed("/feed")), {FEED: str(secret)}).links == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (500, "status 500"),
        ("<html><body>صفحة</body></html>", "is html"),
        (rss(), "no entries"),
        (gzip.compress(rss(item(f"{ROOT}1")).encode())[:-12], "cut off"),
        (b"", "no entries"),
    ],
)
def test_a_feed_that_lists_nothing_is_a_problem(content: bytes | str | int, complaint: str) -> None:
    found = walk(portal(Feed("/feed")), {FEED: content})
    assert complaint in found.problems[0]


def test_entries_without_a_web_address_are_told() -> None:
    found = walk(portal(Feed("/feed")), {FEED: rss(item("javascript:alert(1)"), item("/relative/3"), item(""))})
    assert found.urls == [f"{ROOT}relative/3"]
    assert "2 entries without an address" in found.problems[0]
