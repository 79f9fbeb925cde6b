"""Days beside a story that are no publication, and a publication that stands beside another day or below the text."""

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText
from tests.extract.dates.test_resolve import CAPTURED, FOOTER, PROSE, TITLE, json_ld, meta, page, resolve


@pytest.mark.parametrize(
    "line",
    [
        "<p>آخر موعد للتقديم: 18 ديسمبر 2024</p>",
        "<div><b>موعد الجلسة</b> <span>18 ديسمبر 2024</span></div>",
        "<table><tr><td>تاريخ الوفاة</td><td>18 ديسمبر 2024</td></tr></table>",
        "<dl><dt>موعد الحفل</dt><dd>الأربعاء 18 ديسمبر 2024</dd></dl>",
        '<p>عضو منذ <time datetime="2020-11-10">10/11/2020</time></p>',
        '<p>آخر زيارة: <time datetime="2024-12-24T10:00:00Z">منذ يوم</time></p>',
    ],
)
def test_a_day_of_something_else_below_the_headline_is_no_date(line):
    dates = resolve(page(line))
    assert dates.published is None
    assert dates.flags == ("date_missing",)


def test_a_machine_readable_day_of_a_change_is_the_change():
    dates = resolve(page('<p>تاريخ التحديث: <time datetime="2024-12-18">18/12/2024</time></p>'))
    assert dates.published is None
    assert dates.modified.instant.day == 18


@pytest.mark.parametrize("line", ["<p>عاجل</p><p>18 ديسمبر 2024</p>", "<h3>موعد مع الماء</h3><p>18 ديسمبر 2024</p>"])
def test_a_line_above_that_is_no_label_takes_nothing(line):
    assert resolve(page(line)).published.instant.day == 18


@pytest.mark.parametrize(
    "other", ["الأربعاء 25 ديسمبر 2024", "10 ديسمبر 2024", '<time datetime="2024-12-25">اليوم</time>']
)
@pytest.mark.parametrize("label", ["نشر في:", "تاريخ النشر:", "التاريخ:"])
def test_a_labelled_day_counts_before_one_that_nothing_labels(other, label):
    stated = f"<div>{label} 18 ديسمبر 2024</div>"
    for lines in (f"<div>{other}</div>{stated}", f"{stated}<div>{other}</div>"):
        dates = resolve(page(lines))
        assert dates.published.instant.day == 18
        assert dates.flags == ()


def test_a_labelled_day_does_not_outweigh_one_that_machines_read_too():
    lines = "<p>18 ديسمبر 2024</p><p>نشر في: 2 ديسمبر 2024</p>"
    dates = resolve(page(lines), head=meta("article:published_time", "2024-12-18"))
    assert dates.published is None or dates.published.instant.day == 18
    assert "dates_disagree" in dates.flags


def story(foot, *, behind=""):
    return f'<div class="list"><div class="post"><h1>{TITLE}</h1><div>{PROSE}</div>{foot}</div>{behind}</div>{FOOTER}'


@pytest.mark.parametrize(
    "foot",
    [
        '<div class="post-footer">في <a href="/x"><abbr class="published" title="2024-12-18T09:00Z">9 ص</abbr></a>',
        '<div class="post-footer">بواسطة سامي <span>في <time class="published" datetime="2024-12-18T09:00Z">9:00',
        '<div class="post-footer"><span class="post-timestamp">18 ديسمبر 2024</span></div>',
        "<footer>نشر بواسطة سامي الغندور بتاريخ 18 ديسمبر 2024</footer>",
        '<footer><time class="published" datetime="2024-12-18">18 ديسمبر</time></footer>',
        "<p>18 ديسمبر 2024</p>",
    ],
)
def test_a_day_in_the_storys_own_foot_counts(foot):
    assert resolve(story(foot)).published.instant.day == 18


@pytest.mark.parametrize(
    ("foot", "behind"),
    [
        ("", '<h2>خبر</h2><footer><time class="published" datetime="2024-12-18">18 ديسمبر</time></footer>'),
        ("", '<div><p>18 ديسمبر 2024</p><a href="/7">حريق يلتهم سوقا شعبية في المدينة</a></div>'),
        ("", '<a href="/7">حريق يلتهم سوقا شعبية في المدينة</a><div class="post-footer">نشر في 18 ديسمبر 2024</div>'),
        ("<footer>18 ديسمبر 2024</footer>", ""),
    ],
)
def test_a_day_of_the_next_story_or_of_the_site_does_not(foot, behind):
    assert resolve(story(foot, behind=behind)).published is None


def extracted(body, *, head="", title=TITLE):
    html = f"<html lang='ar'><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"
    found = extract_article(Page(html.encode(), CAPTURED))
    assert isinstance(found, ArticleText)
    return found


@pytest.mark.parametrize(
    "dateline",
    ["رام الله 18-12-2024 وفا-", "القاهرة في 18 ديسمبر 2024 / أ ش أ /", "بغداد 18 كانون الأول 2024 (واع) –"],
)
def test_an_agencys_dateline_dates_a_page_that_nothing_else_does(dateline):
    text = PROSE.replace("<p>", f"<p>{dateline} ", 1)
    found = extracted(text)
    assert found.published_at.day == 18
    assert found.published_confidence <= 0.4
    dated = extracted(f"<p>نشر في 20 ديسمبر 2024</p>{text}")
    assert dated.published_at.day == 20
    assert "dates_disagree" not in dated.flags


@pytest.mark.parametrize(
    "start", ["باريس 13 نوفمبر 2015 - ليلة لن تنسى.", "في 13 نوفمبر 2015 قالت رويترز:", "كان ذلك في 13 نوفمبر 2015."]
)
def test_a_day_with_which_a_story_begins_is_none(start):
    assert extracted(PROSE.replace("<p>", f"<p>{start} ", 1)).published_at is None


@pytest.mark.parametrize(
    "line", ["يوم أمس, 10:30 AM", "يوم أمس الساعة 10:30 صباحا", "الثلاثاء الرابع والعشرين من ديسمبر 2024"]
)
def test_yesterday_and_a_day_in_words(line):
    assert resolve(page(f'<p class="date">{line}</p>')).published.instant.day == 24


def test_a_month_with_its_ordinal_is_no_day_in_words():
    assert resolve(page("<p>18 تشرين الثاني / نوفمبر 2024</p>")).published.instant.month == 11


def test_month_and_day_that_metadata_swap_are_put_right_by_the_month_that_readers_see():
    dates = resolve(page("<p>الخميس 5 ديسمبر 2024</p>"), head=json_ld(datePublished="2024-05-12T10:00:00"))
    assert (dates.published.instant.month, dates.published.instant.day) == (12, 5)
    assert "day_month_swapped" in dates.published.flags
    in_figures = resolve(page("<p>05/12/2024</p>"), head=json_ld(datePublished="2024-05-12T10:00:00"))
    assert "day_month_swapped" not in in_figures.flags  # figures may stand in either order


@pytest.mark.parametrize("path", ["/haber/bridge-opens-2024-12-18/5512", "/n/جسر-جديد-2024-12-18.html"])
def test_a_day_behind_the_words_of_an_address_dates_a_page_that_nothing_else_does(path):
    dates = resolve(page(), url=f"https://mizan.example{path}")
    assert dates.published.instant.day == 18
    stated = resolve(page("<p>نشر في 20 ديسمبر 2024</p>"), url=f"https://mizan.example{path}")
    assert (stated.published.instant.day, stated.flags) == (20, ())


def test_figures_behind_a_number_in_an_address_are_no_day():
    assert resolve(page(), url="https://mizan.example/n/call-971-2024-12-18").published is None
