"""Days, writers and headlines in the markup of widespread themes and systems."""

from __future__ import annotations

import pytest

from tests.extract.fields.test_as_sites_name_it import TEXT, WHOLE, article

TITLE = "قرية السدرة تحفر بئرها الأولى بعد عقدين من الانتظار"
STORY = "حريق يلتهم سوقا شعبية في المدينة"


@pytest.mark.parametrize(
    ("above", "line"),
    [
        # Most of the line is links: writer, section, comments.
        (
            "",
            '<p class="post-meta"><a href="/author/w">كريم الحيان</a><span class="tie-date">5 ديسمبر، 2023</span>'
            '<a href="/c">تقارير</a><a href="#respond">اضف تعليق</a><span>733 زيارة</span></p>',
        ),
        ("", '<p class="entry-meta"><span class="entry-meta-date"><a href="/2023/12">5 ديسمبر، 2023</a></span></p>'),
        # Elements tell publication and change apart.
        (
            "",
            '<p><time class="updated" datetime="2023-12-09" itemprop="dateModified">ديسمبر 9, 2023</time>'
            '<time datetime="2023-12-05" itemprop="datePublished">ديسمبر 5, 2023</time></p>',
        ),
        # Another story above the headline says when it was written.
        (
            '<ul><li><a href="/n/8">حريق يلتهم سوقا شعبية</a>'
            '<span class="moduleItemDateCreated">كتب يوم الجمعة, 15 ديسمبر 2023 20:11</span></li></ul>'
            '<span class="itemDateCreated">الثلاثاء, 5 ديسمبر 2023 18:30</span>',
            "",
        ),
    ],
)
def test_the_day(above: str, line: str) -> None:
    record = article(f"<div>{above}<h2>{TITLE}</h2>{line}<div>{WHOLE}</div></div>", title=TITLE)
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2023-12-05"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('<span class="itemAuthor">كتبه <a rel="author" href="/a">ك. الحيان</a></span>', ("ك. الحيان",)),
        ('<span class="byline">M.A. Journalism</span>', ()),
        ('<span class="author">ك.ليلى</span>', ("ك.ليلى",)),
        ('<p class="infos">سمية.ق — الثلاثاء 5 ديسمبر 2023 (21:05)</p>', ("سمية.ق",)),
        ("<div><span>كريم الحيان وريتا سابا</span><span>5 ديسمبر 2023</span></div>", ("كريم الحيان", "ريتا سابا")),
        ("<div><span>كريم يفوز وريتا تعود</span><span>5 ديسمبر 2023</span></div>", ()),
        ('<span class="author">جبال وسهول - كريم الحيان</span>', ("كريم الحيان",)),
        ('<span class="author">ريتا سابا - كريم الحيان</span>', ("ريتا سابا", "كريم الحيان")),
        ("<p>قلم: كريم الحيان</p>", ("كريم الحيان",)),
        ("<p>قلم: رصاص في يد طفل</p>", ()),
        ('<span class="author">سمية.ق</span>', ("سمية.ق",)),
        # The share row between headline and writer is a row of links, and no other story.
        (
            '<div class="share"><a>مشاركة</a><a>تغريد</a><a>طباعة</a><a href="#c">إضافة تعليق</a></div>'
            '<span class="writeBy"> حلب - شمخة الطوقي </span>',
            ("شمخة الطوقي",),
        ),
        ('<p class="byline"><span>وقت القراءة: دقيقتان</span></p>', ()),
        ('<p class="byline"><strong>معلومات المقال</strong></p><p class="byline">كريم الحيان</p>', ("كريم الحيان",)),
        ('<span class="byline post-labels"><span>التسميات</span><a href="/label/x" rel="tag">بيئة</a></span>', ()),
    ],
)
def test_the_writer(line: str, names: tuple[str, ...]) -> None:
    assert article(f"<h1>{TITLE}</h1>{line}<div>{WHOLE}</div>", title=TITLE).authors == names


@pytest.mark.parametrize(
    "offer",
    [
        f'<strong>اقرأ أيضاً:</strong> <a href="/k">{STORY}</a>',
        f'اقرأ المزيد: <a href="/k">{STORY}</a>',
        f'<a class="inline-related" href="/k">{STORY}</a>',
    ],
)
def test_a_paragraph_that_begins_with_another_story_is_text_from_its_end_on(offer: str) -> None:
    body = f"<h1>{TITLE}</h1><div><p>{TEXT[0]}</p><p>{offer} {TEXT[1]}</p><p>{TEXT[2]}</p></div>"
    assert article(body, title=TITLE).body.splitlines() == list(TEXT)


def test_a_link_within_a_sentence_is_text() -> None:
    linked = TEXT[1].replace("لجنة من خمس نساء", '<a href="/k">لجنة من خمس نساء</a>')
    body = f"<h1>{TITLE}</h1><div><p>{TEXT[0]}</p><p>{linked}</p><p>{TEXT[2]}</p></div>"
    assert article(body, title=TITLE).body.splitlines() == list(TEXT)


@pytest.mark.parametrize("names", ["bet-box", "td-a-rec td-a-rec-id-content_inline"])
def test_advertisements_amid_the_text_go(names: str) -> None:
    box = f'<div class="{names}"><span>إعلان</span><p>توقع النتيجة القادمة واربح قميص فريقك المفضل اليوم.</p></div>'
    body = f"<h1>{TITLE}</h1><div><p>{TEXT[0]}</p>{box}<p>{TEXT[1]}</p><p>{TEXT[2]}</p></div>"
    assert article(body, title=TITLE).body.splitlines() == list(TEXT)


def test_the_line_that_is_called_a_title_where_the_site_states_its_name_and_what_it_offers() -> None:
    head = '<meta property="og:title" content="بوابة السدرة">'
    body = f'<div><div class="nv-title">{TITLE}</div><div>{WHOLE}</div></div>'
    assert article(body, title="بوابة السدرة - كل ما يخص أهل السدرة", head=head).title == TITLE


def test_the_heading_that_is_called_a_title_below_the_ministrys_name_and_the_menu() -> None:
    menu = "".join(f'<li><a href="/{n}">قسم رقم {n}</a></li>' for n in range(9))
    body = f'<h1>وزارة الري والثروة المائية</h1><ul>{menu}</ul><div><h2 class="news-title">{TITLE}</h2>{WHOLE}</div>'
    assert article(body, title="الصفحات - تفاصيل الخبر").title == TITLE


OTHER = "وزير الري يستقبل سفير هولندا"
ANOTHER_STORY = f"""<meta property="og:title" content="{OTHER}"><script type="application/ld+json">{{"@context":
"https://schema.org", "@type": "NewsArticle", "headline": "{OTHER}", "datePublished": "2024-12-01T17:00:00+02:00",
"author": {{"@type": "Person", "name": "سامي الغندور"}}}}</script>"""


def test_a_story_that_head_and_json_ld_state_and_title_and_heading_do_not_is_another() -> None:
    days = "<p>آخر تحديث: الإثنين 02-12-2024 08:10 | نشر: الخميس 28-11-2024 14:22</p><p>كتب: كريم الحيان</p>"
    record = article(f"<h1>{TITLE}</h1>{days}<div>{WHOLE}</div>", title=f"{TITLE} | السدرة", head=ANOTHER_STORY)
    assert record.title == TITLE
    assert record.authors == ("كريم الحيان",)
    assert record.published_at is not None
    assert record.published_at.date().isoformat() == "2024-11-28"
    same = ANOTHER_STORY.replace(OTHER, "السدرة: بئر أولى بعد عشرين عاما")  # in other words, of the same story
    assert article(f"<h1>{TITLE}</h1><div>{WHOLE}</div>", title=TITLE, head=same).authors == ("سامي الغندور",)


def test_a_caption_that_names_the_channel_is_no_headline_and_neither_is_the_name_above_the_menu() -> None:
    head = '<meta property="og:title" content="تلفزيون السدرة الوطني">'
    caption = "<div><img src='/1.jpg'><p class='cap'>مراسل تلفزيون السدرة الوطني عند البئر الأولى</p></div>"
    assert (
        article(f"<h1>{TITLE}</h1>{caption}<div>{WHOLE}</div>", title="تلفزيون السدرة الوطني", head=head).title == TITLE
    )
    said = (
        f"<h1>السدرة اليوم</h1><h1 class='headline'>في مديح البطء</h1><div>{WHOLE}</div><p>السدرة اليوم © 1989-2025</p>"
    )
    assert article(said, title="مقالات - السدرة اليوم").title == "في مديح البطء"


@pytest.mark.parametrize(
    ("byline", "writers"),
    [
        ("<span class=writeBy>كتبت سلمى الخطاط - تصوير سامي الغندور</span>", ("سلمى الخطاط",)),
        ("<span class=author><a href='/author/x'>السدرة نيوز - سلمى الخطاط</a></span>", ("سلمى الخطاط",)),
        (
            "<p>10 سبتمبر 2025 12:34 <i class='fa fa-pencil'></i> خ. بوعمامة <i class='fa fa-eye'></i> 318 قراءة</p>",
            ("خ. بوعمامة",),
        ),
        ("<p><i class='fa fa-user'></i> سلمى الخطاط <i class='fa fa-eye'></i> 318</p>", ("سلمى الخطاط",)),
        (
            "<div><img src='/av.png'><span>سلمى الخطاط</span> <span>بيشة</span></div><p>17 مارس 2025 3:41</p>",
            ("سلمى الخطاط",),
        ),
        (
            "<div class=writer><img src='/w.png'><p>قهوة الصباح</p></div><div><b>بقلم - سلمى الخطاط:</b></div>",
            ("سلمى الخطاط",),
        ),
        ("<p><i class='fa fa-user'></i> تسجيل الدخول</p>", ()),
    ],
)
def test_the_writer_and_nobody_beside(byline: str, writers: tuple[str, ...]) -> None:
    head = '<meta property="og:site_name" content="السدرة نيوز - جريدة إلكترونية">'
    record = article(f"<h1>{TITLE}</h1>{byline}<div>{WHOLE}</div>", title=f"قهوة الصباح.. {TITLE}", head=head)
    assert record.authors == writers


def test_a_name_in_an_element_of_its_own_behind_a_text_of_lines_signs_it() -> None:
    text = "<br><br>".join(f"<span>{line}</span>" for line in TEXT)
    html = f'<h1>{TITLE}</h1><div>{text}<br><br><div style="text-align:left"><b>سلمى الخطاط</b></div></div>'
    assert article(html, title=TITLE).authors == ("سلمى الخطاط",)


def test_the_day_in_an_element_named_after_tags_and_date_is_the_articles() -> None:
    html = f'<h1>{TITLE}</h1><div class="article-tags-date"><span>22 أكتوبر 2024 - 16:05</span></div><div>{WHOLE}</div>'
    published = article(html, title=TITLE).published_at
    assert published is not None
    assert published.date().isoformat() == "2024-10-22"


def test_who_reviewed_a_text_and_what_is_said_of_its_writer_are_no_writers() -> None:
    said = "<div class=meta><span>فريق السدرة</span><span class=review>راجعته طبيا: د. سلمى الخطاط</span></div>"
    assert article(f"<h1>{TITLE}</h1>{said}<div>{WHOLE}</div>", title=TITLE).authors == ()
    said = "الكاتب شاعر وموظف سابق في البريد، له ثلاثة دواوين."
    bio = f"<div class=auth><a class=an>كريم الحيان</a><p class=bio>{said}</p></div>"
    assert article(f"{bio}<h1>{TITLE}</h1><div>{WHOLE}</div>", title=TITLE).authors == ("كريم الحيان",)


@pytest.mark.parametrize(
    ("said", "writers"),
    [
        ("ريشة وتعليق: بدر الحيان", ("بدر الحيان",)),
        ("زاوية حرة: سلمى الخطاط", ("سلمى الخطاط",)),
        ("تصوير ومونتاج: سامي الغريب", ()),
    ],
)
def test_what_a_line_calls_somebody_is_no_name(said: str, writers: tuple[str, ...]) -> None:
    line = f"<div class=meta><span class=single__writer>{said}</span><span>٧ أغسطس ٢٠٢٤</span></div>"
    assert article(f"<h1>{TITLE}</h1>{line}<div>{WHOLE}</div>", title=TITLE).authors == writers
