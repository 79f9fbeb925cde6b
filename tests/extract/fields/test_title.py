"""Titles come without the site's name, whatever sign stands between."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.fields.site_names import strip_site_name
from extract.page import Page
from storage.model.records import ArticleText

NAMES = ("بوابة الميزان الإخبارية", "Al-Mizan", "mizan.example")
TITLE = "مجلس المدينة يقر خطة الحدائق - الدورة الثانية"


@pytest.mark.parametrize(
    "written",
    [
        f"{TITLE} | بوابة الميزان الإخبارية",
        f"{TITLE} - الميزان الإخباري",
        f"{TITLE} . الميزان الاخباري",
        f"{TITLE} :: Al-Mizan",
        f"{TITLE} – الميزان – أخبار",
        f"الميزان : {TITLE}",
        f"بوابة الميزان الإخبارية » {TITLE}",
        f"{TITLE} ",
    ],
)
def test_the_sites_name_goes_and_the_headlines_own_hyphen_stays(written: str) -> None:
    assert strip_site_name(written, NAMES) == TITLE


def test_a_headline_that_speaks_of_the_site_keeps_it() -> None:
    title = "رئيس تحرير الميزان يفتتح معرض الصحافة القديمة"
    assert strip_site_name(title, NAMES) == title


def test_a_name_alone_is_not_stripped_to_nothing() -> None:
    assert strip_site_name("بوابة الميزان الإخبارية", NAMES) == "بوابة الميزان الإخبارية"


@pytest.mark.parametrize(
    "title",
    [
        "«ملح البحر» يفتتح مهرجان السينما",
        "رحيل الشاعر سالم الحجري صاحب «نخيل لا ينحني»",
        "صحيفة «الجبل اليوم» تعود إلى الورق باشتراك سنوي",
    ],
)
def test_a_quotation_is_no_separator(title: str) -> None:
    assert strip_site_name(title, NAMES) == title
    assert strip_site_name(f"{title} » بوابة الميزان الإخبارية", NAMES) == title


STORY = "<p>" + "قال رئيس المجلس إن الخطة تمتد ثلاثة أعوام وتبدأ من ضفة النهر، ثم تصل إلى وسط المدينة. " * 3 + "</p>"


def title_of(head: str, body: str) -> str:
    page = f'<html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    record = extract_article(Page(page.encode(), datetime(2024, 12, 3, tzinfo=UTC), url="https://mizan.example/n/8"))
    assert isinstance(record, ArticleText)
    return record.title


def test_what_stands_behind_the_sign_after_another_stated_title_goes() -> None:
    bare = "مجلس المدينة يقر خطة الحدائق العامة"
    head = f'<meta property="og:title" content="{bare} - محليات | جريدة المرفأ"><meta name="headline" content="{bare}">'
    assert title_of(head, STORY * 2) == bare


def test_an_entry_of_a_menu_is_no_headline_for_being_part_of_the_stated_one() -> None:
    title = "دليل الحدائق العامة في المدينة وما يزرع فيها"
    menu = "<nav><ul><li>دليل الحدائق العامة</li><li>الأنهار</li></ul></nav>"
    assert title_of(f"<title>{title}</title>", menu + STORY * 2) == title


def test_a_heading_too_short_to_agree_says_where_the_stated_title_ends() -> None:
    head = "<title>أرصفة بلا مشاة | صحيفة الدانة</title>"
    assert title_of(head, f'<h2 class="ttl">أرصفة بلا مشاة</h2>{STORY}') == "أرصفة بلا مشاة"
    assert title_of(head, f"<h2>أرصفة بلا مشاة</h2>{STORY}") != "أرصفة بلا مشاة", "any heading of a box"


@pytest.mark.parametrize("names", ["page-banner", "kt-adv-heading8887", "hero banner bg-cover"])
def test_the_only_main_heading_may_stand_in_what_a_theme_calls_a_banner(names: str) -> None:
    head = "<title>أفضل حدائق المدينة لقضاء العطلة | صحيفة الدانة</title>"
    shown = "حدائق المدينة تستقبل زوارها في العطلة"
    assert title_of(head, f'<div class="{names}"><h1>{shown}</h1></div>{STORY * 2}') == shown


def test_a_rewritten_headline_that_others_are_told_twice_stays_what_they_are_told() -> None:
    told, shown = "بلدية الدانة تؤجل افتتاح السوق إلى الربيع", "الدانة تؤخر سوقها الجديد حتى الربيع"
    node = f'{{"@type": "NewsArticle", "headline": "{told}"}}'
    head = f'<meta property="og:title" content="{told}"><script type="application/ld+json">{node}</script>'
    assert title_of(head, f"<h1>{shown}</h1>{STORY * 2}") == told


def test_signs_that_were_escaped_twice_are_signs_in_title_and_text() -> None:
    title = "الوزير: &amp;quot;المرحلة الأولى&amp;quot; تبدأ غداً"
    quoted = "<p>إن &amp;amp;laquo;الخطة&amp;amp;raquo; كاملة&amp;nbsp;جداً،&amp;#8230; وهي &amp;lt;هنا&amp;gt;.</p>"
    page = f'<html><head><meta charset="utf-8"></head><body><h1>{title}</h1>{STORY * 2}{quoted}</body></html>'
    record = extract_article(Page(page.encode(), datetime(2024, 12, 3, tzinfo=UTC), url="https://mizan.example/n/8"))
    assert isinstance(record, ArticleText)
    assert record.title == 'الوزير: "المرحلة الأولى" تبدأ غداً'
    assert record.body.endswith("إن «الخطة» كاملة جداً،… وهي &lt;هنا&gt;.")


def test_a_section_before_a_kicker_makes_it_no_headline() -> None:
    menu = "<tr><td><a href='/1'>عام</a></td><td><a href='/2'>اقتصاد</a></td></tr>"
    lines = (
        "<tr><td><span class='kick'>عام / بحضور محافظ الإقليم وعدد من السفراء</span><br>"
        "<span class='storytitle'>وزير الري يدشن المرحلة الثانية من سد الوادي الأخضر</span></td></tr>"
    )
    table = f"<table>{menu}<tr><td>عام</td></tr>{lines}<tr><td class='storybody'>{STORY}</td></tr></table>"
    head = "<title>وكالة الأنباء الوطنية - ونا</title>"
    assert title_of(head, table) == "وزير الري يدشن المرحلة الثانية من سد الوادي الأخضر"


LATIN_STORY = "".join(
    f"<p>{line}</p>"
    for line in (
        "The harbour council voted on Sunday evening to rebuild the old lighthouse that a storm had brought down.",
        "Its chair said that the money would come from the town and from the ferry companies, which had promised it.",
        "Work is to begin in the spring, when the sea is calm enough for the barges that bring stone from the north.",
    )
)


def stated_twice(told: str, heading: str, title_element: str | None = None) -> str:
    node = f'{{"@type": "NewsArticle", "headline": "{told}"}}'
    head = (
        f"<title>{title_element or told} | Coast Post</title>"
        f'<meta property="og:title" content="{told}"><script type="application/ld+json">{node}</script>'
    )
    return title_of(head, f"<h1>{heading}</h1>{LATIN_STORY}")


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("He Is Saving the Coast's Last Lamps Before They Vanish", "The Man Who Archives Dark Lamps"),
        ("Brandenburg: Er rettet alte Laternen – und hat jetzt 83", "Der Mann, der alte Laternen sammelt"),
        ("Remove harbour canal walls: court", "Judges order removal of walls along harbour canal within eight weeks"),
    ],
)
def test_another_headline_for_search_engines_is_not_the_one_that_is_shown(told: str, shown: str) -> None:
    assert stated_twice(told, shown) == shown


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Kenia: Nairobi von unten und von oben", "Nairobi von unten und von oben"),  # its kicker
        (
            "Port Lindholm has failed its traders: here is what the city needs to do",
            "Lindholm has failed its traders: here is what the city needs to do",
        ),
    ],
)
def test_the_same_headline_with_its_kicker_or_reworded_is_what_others_are_told(told: str, shown: str) -> None:
    assert stated_twice(told, shown) == told


def test_section_and_writer_that_only_machines_are_told_are_no_part_of_the_headline() -> None:
    shown = "The land that cannot wait for the bus"
    assert stated_twice(f"Opinion - Maya Ferris: {shown}", shown, title_element=f"{shown} - Maya Ferris") == shown


def test_what_stands_before_an_element_that_is_called_the_headline_is_a_kicker() -> None:
    heading = '<span class="c-topic">Nordend</span> <span class="c-headline">Der Mann, der Laternen sammelt</span>'
    assert stated_twice("Nordend: Er rettet alte Lampen – schon 83", heading) == "Der Mann, der Laternen sammelt"
