"""Headlines where the stated title is the site's, is cut, and boxes of other stories stand above the article."""

from __future__ import annotations

import pytest

from storage.model.records import ArticleText
from tests.extract.fields.test_as_sites_name_it import TEXT, WHOLE, article, read

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
SITE = "صوت الوادي"
MENU = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in ("سياسة", "رياضة", "ثقافة", "اقتصاد", "صحة"))
CARDS = "".join(
    f"<div><h1>حكاية بائع الجرائد الأخير في الحي {n}</h1><span>يفتح كشكه منذ {n} عاما في الرابعة فجرا، ولم يعد يبيع"
    " سوى نسخ قليلة.</span></div>"
    for n in (61, 62, 63)
)
BOX = (
    '<dl><dt><a href="/n/8">لجنة أهلية ترمم بئرا عمرها قرنان</a></dt><dd>تبرع الأهالي بأكثر من نصف الكلفة وتولى'
    " متطوعون نقل الحجارة.</dd></dl>"
)


@pytest.mark.parametrize(
    ("body", "title", "head"),
    [
        # The only line that is called a title, below the main headings of other stories.
        (
            f'<h1>{SITE}</h1><ul>{MENU}</ul>{CARDS}<div><p class="tit">{TITLE}</p><p>محرر، 30-11-2025</p>{WHOLE}</div>',
            f"{SITE} - الرئيسية",
            "",
        ),
        # Section and headline in elements of their own.
        (
            f'<ul>{MENU}</ul><h1>{SITE}</h1><div><div><span class="sec">مجتمع &laquo; </span><span class="hl">'
            f"{TITLE}</span></div>{WHOLE}</div>",
            SITE,
            "",
        ),
        (
            f'<h1><span class="s">غدامس /</span> <span class="name-title">{TITLE}</span></h1>{WHOLE}',
            f"{SITE} | غدامس",
            "",
        ),
        # Of several headings the one right above its day.
        (
            f"<h1>{SITE} وأهله</h1><ul>{MENU}</ul><div><div><h2>مواعيد الحافلات: الأحد العاشرة</h2></div><div><h2>"
            f"{TITLE}</h2></div><div><p>1 كانون الثاني 2026</p></div><div>{WHOLE}</div></div>",
            f"{SITE} | الرسائل",
            "",
        ),
        # The title element is the site's long name, which is the first line above the menu.
        (
            f"<div>النقابة المستقلة لعمال الموانئ</div><ul>{MENU}</ul><p>{TEXT[0]}</p><div>"
            f"<center><b>{TITLE}</b></center><center>العيون في: 27 غشت 2025</center>{WHOLE}</div>",
            "النقابة المستقلة لعمال الموانئ",
            "",
        ),
        (
            f'<h1>{SITE}</h1><ul>{MENU}</ul><h3 class="entry-title">{TITLE}</h3>{WHOLE}',
            f"{SITE}: {TITLE}",
            f'<meta property="og:title" content="{SITE}">',
        ),
        # A stated title that was cut, with site and section before it.
        (
            f'<div class="a">{TITLE}</div><div>{WHOLE}</div>',
            f"{SITE} - مجتمع - {TITLE.removesuffix(' من الانتظار')}",
            "",
        ),
        (
            f'{BOX}<div class="a">{TITLE}</div><div>{WHOLE}</div>',
            f"{SITE} | قرية السدرة تحفر بئرها ... من الانتظار",
            "",
        ),
    ],
)
def test_the_headline_below_boxes_and_names_of_the_site(body: str, title: str, head: str) -> None:
    record = article(body, title=title, head=head)
    assert record.title == TITLE
    assert "العيون في" not in body or str(record.published_at).startswith("2025-08-27")


@pytest.mark.parametrize(
    ("body", "title", "headline"),
    [
        # Links to networks below a short headline are no menu.
        (f"<div><h1>تصويب</h1><p>اعتذار من أسرة التحرير إلى القراء</p>{WHOLE}</div>", "تصويب", "تصويب"),
        # A part of the text, whose heading is called so.
        (
            f'<h1>{TITLE}: ما بعد البئر</h1>{WHOLE}<div class="block-heading"><h2>جدار بين الشجرة</h2></div>{WHOLE}',
            "بئر السدرة",
            f"{TITLE}: ما بعد البئر",
        ),
        # A place with a colon is part of the headline.
        (
            f'<h1><span class="s">سرت:</span> <span class="name-title">{TITLE}</span></h1>{WHOLE}',
            SITE,
            f"سرت: {TITLE}",
        ),
    ],
)
def test_what_is_no_headline_of_a_page_stays_out(body: str, title: str, headline: str) -> None:
    assert article(body, title=title).title == headline


def test_the_only_story_that_microdata_describe_is_the_pages_own_where_its_title_is_the_section() -> None:
    boxes = BOX + BOX.replace("لجنة أهلية", "مجلس القرية") + BOX.replace("لجنة أهلية", "رابطة النساء")
    story = (
        f'<div itemscope itemtype="https://schema.org/Article"><h4>حوارات</h4><h2 itemprop="headline">{TITLE}</h2>'
        f'<div itemprop="articleBody">{WHOLE}</div></div>'
    )
    record = read(f"<div>{boxes}</div>{story}", title=f"حوارات - {SITE}")
    assert isinstance(record, ArticleText)
    assert record.title == TITLE
    assert record.body.startswith(TEXT[0])


def test_a_hijri_day_right_above_the_headline_dates_it_where_it_is_called_the_day() -> None:
    line = '<h2 class="date-header"><span>12 رمضان 1447 هـ</span></h2>'
    story = f'<div class="post"><h3 class="post-title entry-title">{TITLE}</h3><div>{WHOLE}</div></div>'
    page = f"<h1>{SITE}</h1><ul>{MENU}</ul><div>{{}}{story}</div>"
    record = article(page.format(line), title=f"{SITE}: {TITLE}")
    assert str(record.published_at).startswith("2026-03-01")
    assert article(page.format("<p>12 رمضان 1447 هـ</p>"), title=f"{SITE}: {TITLE}").published_at is None


def test_the_sites_name_behind_the_only_heading_is_no_part_of_the_title() -> None:
    lines = "<br>".join(" ".join(TEXT) for _ in range(2))
    body = f"<div>بوابة {SITE}</div><div class='t'><h2>{TITLE} . {SITE}</h2></div><div class='d'>{lines}</div>"
    assert article(body, title=f"بوابة {SITE}").title == TITLE
