"""Whole pages: which witness is believed, what is stored as the change, and when there is no date at all."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from extract.body.region import mark_structure
from extract.dates import date_witnesses, portal_zone, resolve_dates
from extract.dates.of_page import date_fields
from extract.dates.records import DateWitness
from extract.extractor import extract_article
from extract.html.blocks import read_blocks
from extract.html.metadata import read_metadata
from extract.html.parsing import parse_html
from extract.page import Page
from extract.profile import DateQuirk
from storage.model.records import ArticleText

CAPTURED = datetime(2024, 12, 25, 9, 30, tzinfo=UTC)
CAIRO = ZoneInfo("Africa/Cairo")
TITLE = "وزارة الري تعلن خطة جديدة لتطوير الترع في الصعيد"
PROSE = "<p>أعلنت وزارة الري أن خطة تطوير الترع تبدأ الشهر المقبل وتشمل عشرين قرية في ثلاث محافظات بالصعيد.</p>" * 3
RELATED = """<div class="related"><h3>اقرأ أيضا</h3>
<div><a href="/1">خبر آخر عن الزراعة في البلاد</a><span>3 يناير 2023</span></div></div>"""
FOOTER = "<footer>© 2026 جميع الحقوق محفوظة</footer>"


def resolve(html, *, head="", url=None, zone=CAIRO, quirks=(), captured_at=CAPTURED, listed_at=None):
    root = parse_html(f"<html><head>{head}</head><body>{html}</body></html>")
    metadata, blocks = read_metadata(root), read_blocks(root)
    mark_structure(blocks, root)
    prose = [block.order for block in blocks if block.text in PROSE]
    witnesses = date_witnesses(
        url=url,
        meta=metadata.meta,
        article=metadata.article,
        nodes=metadata.page_nodes,
        blocks=blocks,
        headline=next(block for block in blocks if block.text == TITLE),
        body_start=prose[0],
        body_end=prose[-1],
        listed_at=listed_at,
    )
    return resolve_dates(witnesses, captured_at=captured_at, zone=zone, quirks=quirks)


def page(line="", *, above="", below=""):
    return f"<main>{above}<h1>{TITLE}</h1>{line}<article>{PROSE}</article>{below}</main>{RELATED}{FOOTER}"


def meta(name, content):
    return f'<meta property="{name}" content="{content}">'


def json_ld(**fields):
    text = ",".join(f'"{key}": "{value}"' for key, value in fields.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}", {text}}}</script>'


def published(*args, **kwargs):
    found = resolve(*args, **kwargs).published
    return found and (found.instant.strftime("%Y-%m-%dT%H:%M"), found.source)


def test_json_ld_and_the_line_under_the_headline_agree():
    found = resolve(
        page("<div class='date'>الثلاثاء 24 ديسمبر 2024 - 05:10 م</div>"),
        head=json_ld(datePublished="2024-12-24T17:10:44+02:00", dateModified="2024-12-24T18:00:00+02:00"),
    )
    assert found.published.instant == datetime(2024, 12, 24, 15, 10, 44, tzinfo=UTC)
    assert (found.published.source, found.published.precision, found.flags) == ("json_ld", "second", ())
    assert found.published.confidence >= 0.95
    assert found.modified.instant == datetime(2024, 12, 24, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "<div>الثلاثاء 24 ديسمبر 2024 - 05:10 م</div>",
        "<div><span>كتب: سعيد محمود</span> | <time>24 كانون الأول/ديسمبر 2024 05:10 مساءً</time></div>",
        "<div>تاريخ النشر</div><div>2024/12/24</div><div>17:10</div>",
        "<ul><li>منى فؤاد</li><li>الثلاثاء، ٢٤ ديسمبر ٢٠٢٤ ٠٥:١٠ م</li><li>1520 مشاهدة</li></ul>",
        "<a href='/2024/12'>24-12-2024 | 17:10</a>",
        "<div>تحديث: 25 ديسمبر 2024 08:00 ص</div><div>نشر: 24 ديسمبر 2024 05:10 م</div>",
        "<time datetime='2024-12-24T15:10:00Z'>منذ 18 ساعة</time>",
        "<abbr class='published' title='2024-12-24T17:10:00+02:00'>5:10 م</abbr>",
        "<span class='post-date updated'>24 ديسمبر 2024 - 05:10 م</span>",
        "<time class='entry-date published updated' datetime='2024-12-24T17:10:00+02:00'>24 ديسمبر</time>",
        "<div><span itemprop='datePublished' content='2024-12-24T17:10:00+02:00'>أمس</span></div>",
    ],
)
def test_a_visible_line_is_enough(line):
    found = resolve(page(line)).published
    assert found is not None
    assert found.instant == datetime(2024, 12, 24, 15, 10, tzinfo=UTC)


def test_a_page_clock_a_related_box_and_a_copyright_year_are_no_dates():
    clock = "<header><div class='top-date'>القاهرة: الأربعاء، 25 ديسمبر 2024 11:20 ص</div></header>"
    hijri_clock = "<div class='bar'><span>24 جمادى الآخرة 1446هـ - 25 ديسمبر 2024م</span></div>"
    assert published(clock + page()) is None
    assert published(hijri_clock + page()) is None
    assert resolve(clock + page()).flags == ("date_missing",)
    assert published(clock + page("<p>12 ديسمبر 2024</p>")) == ("2024-12-12T00:00", "visible_text")


def test_dates_in_prose_and_in_links_to_other_stories_are_no_dates():
    assert published(page("<p>وكان الوزير قد أعلن في 3 مارس 2021 أن الخطة ستنتهي قبل نهاية العام الجاري</p>")) is None
    assert published(page("<div><a href='/x'>وفيات محافظة إربد ليوم 3 مارس 2021</a></div>")) is None
    assert published(page("<h2>نتائج انتخابات المجالس المحلية 3 مارس 2021</h2>")) is None


def test_a_date_above_the_headline_counts_where_it_belongs_to_the_story():
    dated = "<div class='post'><h2 class='date-header'>الجمعة، 20 ديسمبر 2024</h2>"
    assert published(f"{dated}<h3>{TITLE}</h3><div>{PROSE}</div></div>") == ("2024-12-20T00:00", "visible_text")
    both = "<div class='x'>الأربعاء 25 ديسمبر 2024 02:51 مـ 24 جمادى الآخرة 1446 هـ</div>"
    assert published(page(above=both)) is None
    bar = "<div class='news_nav'><span>تاريخ النشر: 20 ديسمبر 2024</span></div>"
    assert published(page(above=bar)) == ("2024-12-20T00:00", "visible_text")
    menu = "".join(f"<li><a href='/{n}'>قسم رقم {n}</a></li>" for n in range(6))
    assert published(page(above=f"<div>25 ديسمبر 2024</div><ul>{menu}</ul>")) is None
    assert published(page(above="<div>نشر: 20 ديسمبر 2024</div>")) == ("2024-12-20T00:00", "visible_text")


def test_captions_and_newspaper_issues_are_no_dates():
    assert published(page("<figure><figcaption>أرشيفية 3 مارس 2021</figcaption></figure>")) is None
    assert published(page(below="<div class='date'>جريدة المدينة بتاريخ 2024/12/24</div>")) is None


def test_a_page_clock_does_not_lend_its_time_to_another_day():
    head = json_ld(datePublished="2024-12-24")
    assert published(page("<p>25 ديسمبر 2024 - 11:10 ص</p>"), head=head) == ("2024-12-24T00:00", "json_ld")


def test_dates_of_the_stories_below_are_none_of_this_one():
    cards = "<div class='cards'><a href='/1'>خبر</a> <time datetime='2024-12-20T16:13:00+02:00'>20 ديسمبر</time></div>"
    assert published(page(below=cards)) is None
    assert published(page("<p>20 ديسمبر 2024</p>", below=cards)) == ("2024-12-20T00:00", "visible_text")
    assert published(page(below="<p>نشر في: 20 ديسمبر 2024</p>" + cards)) == ("2024-12-20T00:00", "visible_text")


def test_a_line_may_say_publication_and_change():
    line = "<p><time class='published' datetime='2024-12-24T17:10:00+02:00'>الثلاثاء</time> "
    found = resolve(page(line + "<time class='updated' datetime='2024-12-25T08:00:00+02:00'>الأربعاء</time></p>"))
    assert found.published.instant == datetime(2024, 12, 24, 15, 10, tzinfo=UTC)
    assert found.modified.instant == datetime(2024, 12, 25, 6, tzinfo=UTC)


def test_only_an_update_is_no_publication():
    found = resolve(page("<div>الأربعاء، 25 كانون الأول/ديسمبر 2024، آخر تحديث 08:00 (GMT)</div>"))
    assert found.published is None
    assert found.modified.instant == datetime(2024, 12, 25, 8, tzinfo=UTC)


def test_the_address_helps_when_the_page_only_says_its_update():
    line = "<div>الأربعاء، 25 كانون الأول/ديسمبر 2024، آخر تحديث 08:00 (GMT)</div>"
    for url in ("https://news.example/2024/world/12/3/story/index.html", "https://news.example/2024/12/03/story"):
        found = resolve(page(line), url=url)
        assert (found.published.instant, found.published.source) == (datetime(2024, 12, 3, tzinfo=UTC), "url")
        assert found.published.precision == "day"


def test_digits_in_an_address_alone_are_no_date():
    assert published(page(), url="https://news.example/news/20241203") is None
    assert published(page(), url="https://news.example/news/120241203") is None


def test_a_z_that_is_local_time_is_corrected_by_the_portals_quirk():
    head = meta("article:published_time", "2024-12-24T17:10:44Z")
    quirk = DateQuirk("meta:article:published_time", "local", "the Z is Cairo time")
    assert published(page(), head=head) == ("2024-12-24T17:10", "meta")
    assert published(page(), head=head, quirks=(quirk,)) == ("2024-12-24T15:10", "meta")


def test_a_z_that_is_local_time_shows_by_the_clock_that_readers_see():
    head = meta("article:published_time", "2024-12-24T17:10:44Z")
    found = resolve(page("<p>24 ديسمبر 2024 - 05:10 م</p>"), head=head)
    assert found.published.instant == datetime(2024, 12, 24, 15, 10, 44, tzinfo=UTC)
    assert found.flags == ("zone_disputed",)


def test_a_z_that_is_local_time_shows_by_lying_in_the_future():
    head = meta("article:published_time", "2024-12-25T11:05:00Z")
    assert published(page(), head=head) == ("2024-12-25T09:05", "meta")


def test_a_true_z_stays():
    head = meta("article:published_time", "2024-12-24T15:10:44Z")
    found = resolve(page("<p>24 ديسمبر 2024 - 05:10 م</p>"), head=head)
    assert (found.published.instant.hour, found.flags) == (15, ())


def test_a_constant_date_is_ignored_by_quirk():
    quirk = DateQuirk("meta:date", "ignore", "the same on every page")
    head = meta("date", "2010-11-10")
    assert published(page("<p>12 ديسمبر 2024</p>"), head=head, quirks=(quirk,)) == ("2024-12-12T00:00", "visible_text")
    assert published(page(), head=head, quirks=(quirk,)) is None


def test_witnesses_more_than_a_day_apart_lower_the_confidence():
    agreeing = resolve(page("<p>20 ديسمبر 2024</p>"), head=json_ld(datePublished="2024-12-20T10:00:00+02:00"))
    apart = resolve(page("<p>12 ديسمبر 2024</p>"), head=json_ld(datePublished="2024-12-20T10:00:00+02:00"))
    assert agreeing.flags == ()
    assert apart.flags == ("dates_disagree",)
    assert apart.published.confidence < agreeing.published.confidence - 0.3


def test_an_exact_time_is_taken_over_a_day():
    head = json_ld(datePublished="2024-12-20")
    assert published(page("<p>20 ديسمبر 2024 - 05:10 م</p>"), head=head) == ("2024-12-20T15:10", "visible_text")


def test_no_zone_at_all_is_read_as_utc_and_marked():
    found = resolve(page("<p>20 ديسمبر 2024 - 05:10 م</p>"), zone=None)
    assert (found.published.instant.hour, found.flags) == (17, ("zone_assumed",))


def test_a_date_after_the_capture_is_none():
    assert published(page("<p>28 ديسمبر 2024</p>")) is None
    assert published(page(), head=json_ld(datePublished="2025-12-20T10:00:00Z")) is None


def test_a_relative_form_is_read_where_nothing_else_says_a_day():
    assert published(page("<p>منذ 12 دقيقة</p>")) == ("2024-12-25T09:18", "visible_text")
    head = json_ld(datePublished="2024-12-20T10:00:00+02:00")
    assert published(page("<p>منذ 12 دقيقة</p>"), head=head) == ("2024-12-20T08:00", "json_ld")


def test_what_the_feed_said_is_a_witness():
    listed = datetime(2024, 12, 24, 15, 10, tzinfo=UTC)
    assert published(page(), listed_at=listed) == ("2024-12-24T15:10", "listing")


def test_microdata_of_several_stories_is_not_believed():
    head = '<meta itemprop="datePublished" content="2024-12-01"><meta itemprop="datePublished" content="2024-11-01">'
    assert published(page(), head=head) is None


def test_persian_and_arabic_meta_are_read():
    assert published(page(), head=meta("article:published_time", "۱۴۰۳/۱۰/۰۴ - ۱۸:۵۹")) == ("2024-12-24T16:59", "meta")
    arabic = meta("article:published_time", "الثلاثاء، 24 ديسمبر 2024 - 12:09 م")
    assert published(page(), head=arabic) == ("2024-12-24T10:09", "meta")


def test_a_change_before_the_publication_is_none():
    head = json_ld(datePublished="2024-12-20T10:00:00Z", dateModified="2024-12-20T09:00:00Z")
    assert resolve(page(), head=head).modified is None


def test_the_country_gives_the_zone_where_the_definition_has_none():
    assert portal_zone(None, "EG") == CAIRO
    assert portal_zone("Asia/Riyadh", "EG") == ZoneInfo("Asia/Riyadh")
    assert portal_zone(None, "XX") is None
    assert portal_zone("Nowhere/None", None) is None


def test_the_order_of_witnesses_does_not_matter_for_equal_evidence():
    one = DateWitness("json_ld", "datePublished", "2024-12-20T10:00:00Z", weight=0.95)
    other = DateWitness("visible_text", "near_headline", "20 ديسمبر 2024", weight=0.85)
    first = resolve_dates([one, other], captured_at=CAPTURED, zone=CAIRO)
    assert resolve_dates([other, one], captured_at=CAPTURED, zone=CAIRO) == first


@pytest.mark.parametrize(("other_day", "expected"), [("24 ديسمبر 2024", "2024-12-25T09:18"), ("3 يناير 2021", None)])
def test_a_relative_form_on_a_page_that_was_saved_long_ago_is_no_date(other_day, expected):
    cards = f"<div class='more-news'><a href='/1'>خبر آخر عن الزراعة في البلاد</a> <span>{other_day}</span></div>"
    html = f"<html><body>{page('<p>منذ 12 دقيقة</p>', below=cards)}</body></html>".replace(RELATED, "")
    found = extract_article(Page(html.encode(), CAPTURED))
    assert isinstance(found, ArticleText)
    assert (found.published_at and found.published_at.strftime("%Y-%m-%dT%H:%M")) == expected


@pytest.mark.parametrize(
    ("head", "raw", "reason"),
    [
        (meta("article:published_time", "2031-05-05T10:00:00Z"), "2031-05-05T10:00:00Z", "date_in_future"),
        (meta("article:published_time", "1970-01-01T00:00:00Z"), "1970-01-01T00:00:00Z", "date_too_early"),
        (meta("article:published_time", "0001-01-01"), "0001-01-01", "date_too_early"),
        (meta("article:published_time", "سنة كبيسة"), "سنة كبيسة", "date_unreadable"),
        (meta("article:published_time", "2024-11-20T25:00:00"), "2024-11-20T25:00:00", "date_unreadable"),
        (meta("article:published_time", "2024-11-20T10:00:00+99:00"), "2024-11-20T10:00:00+99:00", "date_unreadable"),
        (meta("article:published_time", "2024-11-20T10:61:00"), "2024-11-20T10:61:00", "date_unreadable"),
        (json_ld(datePublished="7/10/2024 9:14:00 PM"), "7/10/2024 9:14:00 PM", "date_unreadable"),
    ],
)
def test_a_stated_date_that_is_refused_leaves_its_text_and_the_reason(head, raw, reason):
    found = resolve(page(), head=head)
    assert (found.published, found.flags) == (None, tuple(sorted((reason, "date_missing"))))
    assert (date_fields(found)["published_at"], date_fields(found)["published_raw"]) == (None, raw)


@pytest.mark.parametrize(
    "line",
    [
        "تاريخ النشر: 15/15/2024",
        "تاريخ النشر: غير محدد",
        "نشر في: --",
        "آخر تحديث: 30 فبراير",
        "31 فبراير 2024",
        "ديسمبر 2024",
        "الأحد 32 ديسمبر 2024",
        "2024-02-31",
    ],
)
def test_a_line_that_is_no_date_leaves_its_text_where_a_label_or_a_month_says_that_it_was_to_be_one(line):
    found = resolve(page(f"<p>{line}</p>"))
    assert (found.flags, date_fields(found)["published_raw"]) == (("date_missing", "date_unreadable"), line)


def test_a_date_in_its_own_element_is_read_among_many_other_words():
    line = "<div><span>{}</span> <span>10 ديسمبر 2024</span></div>"
    found = resolve(page(line.format("موفد الميناء إلى القرى الجنوبية في الوادي هدى الكيلاني وسامي الغندور")))
    assert found.published.instant.date().isoformat() == "2024-12-10"
    assert resolve(page("<div>قال الوزير يوم 10 ديسمبر 2024 إن القناة تفتح قبل نهاية العام</div>")).published is None


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("2031-05-05T10:00:00Z", "date_in_future"),
        ("1970-01-01T00:00:00Z", "date_too_early"),
        ("garbage", "date_unreadable"),
        ("2024-12-20T25:00:00", "date_unreadable"),
    ],
)
def test_a_refused_date_beside_a_weaker_witness_leaves_its_text_and_the_reason(raw, reason):
    html = f"<html><head>{meta('article:published_time', raw)}</head><body>{page()}</body></html>"
    found = extract_article(Page(html.encode(), CAPTURED, url="https://news.example/2024/12/20/7"))
    assert isinstance(found, ArticleText)
    assert (found.published_source, found.published_confidence) == ("url", 0.6)
    assert found.published_raw == raw
    assert [flag for flag in found.flags if flag.startswith("date")] == [reason]


def test_a_refused_date_beside_one_that_readers_see_leaves_the_reason():
    found = resolve(page("<p>20 ديسمبر 2024</p>"), head=meta("article:published_time", "1970-01-01T00:00:00Z"))
    assert found.flags == ("date_too_early",)
    assert date_fields(found)["published_raw"] == "20 ديسمبر 2024"


def test_a_refused_date_beside_a_stronger_witness_says_nothing():
    head = json_ld(datePublished="2024-12-20T10:00:00+02:00") + meta("article:published_time", "1970-01-01T00:00:00Z")
    found = resolve(page(), head=head)
    assert (found.flags, found.refused) == ((), ())


def test_a_witness_that_a_portal_ignores_is_none_that_was_refused():
    stated = DateWitness("meta", "article:published_time", "2024-12-20T10:00:00Z", weight=0.9)
    quirk = DateQuirk(stated.name, "ignore", "the day of the template")
    found = resolve_dates([stated], captured_at=CAPTURED, zone=CAIRO, quirks=[quirk])
    assert (found.published, found.flags) == (None, ("date_missing",))


def test_what_readers_and_machines_say_with_equal_right_is_no_date():
    line = '<div class="date">نشر في 12 ديسمبر 2024</div>'
    found = resolve(page(line), head=meta("article:published_time", "2024-11-20T10:00:00+02:00"))
    assert (found.published, found.flags) == (None, ("date_missing", "dates_disagree"))
    assert date_fields(found)["published_raw"] is not None


def test_the_moment_of_the_last_saving_is_no_publication_where_readers_see_an_earlier_day():
    line = '<div class="date">12 ديسمبر 2024</div>'
    saved = "2024-12-24T17:10:44+02:00"
    assert published(page(line), head=json_ld(datePublished=saved, dateModified=saved)) == (
        "2024-12-12T00:00",
        "visible_text",
    )
    found = resolve(page(), head=json_ld(datePublished=saved, dateModified=saved)).published
    assert found is not None
    assert found.source == "json_ld"


@pytest.mark.parametrize("names", ["share-bar", "post-tags", "sidebar-info"])
def test_a_date_alone_in_a_bar_below_the_headline_counts(names):
    assert published(page(f'<div class="{names}"><span>20 ديسمبر 2024</span></div>')) == (
        "2024-12-20T00:00",
        "visible_text",
    )
    assert published(page(f'<div class="{names}"><p>افتتاح المعرض الكبير 20 ديسمبر 2024</p></div>')) is None
