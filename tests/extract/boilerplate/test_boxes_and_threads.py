"""Boxes that lead elsewhere, readers' comments below their heading, captions, what is said of who publishes."""

from __future__ import annotations

from datetime import date

import pytest

from storage.model.records import ArticleText
from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, TITLE, WHOLE, article, lines, read
from tests.extract.fields.test_other_scripts import LATIN
from tests.extract.fields.test_other_scripts import article as latin_article

OTHERS = "".join(f'<li><a href="/n/{n}">عنوان خبر آخر من أخبار المدينة رقم {n}</a></li>' for n in range(3))
ANSWERS = {
    "هل تكفي البئر القرية كلها؟": "نعم، حتى في أشد شهور الصيف كما تقول اللجنة التي تدير المضخة.",
    "متى تقفل المضخة كل يوم؟": "عند الغروب، وتفتح مع أذان الفجر في كل يوم من أيام السنة.",
}
UNFOLDING = (
    "<div><div class='t'><span>+</span><a class='q' tabindex='0'>{}</a></div><div class='c'><p>{}</p></div></div>"
)
SAID = "الله يعين أهل القرية على هذا الغلاء، والمسؤولون نائمون كعادتهم."


@pytest.mark.parametrize(
    "box",
    [
        # What is above links to other stories, whatever it says.
        f'<section class="x1"><h2>من ملف العطش</h2><ul>{OTHERS}</ul></section>',
        f'<div class="x1">من ملف: العطش<ul>{OTHERS}</ul></div>',
        # Not printed, so no part of the text.
        '<div class="inline-asset hidden-print"><h3>نتائج الجمعية</h3><div>أحد عشر صوتا بينهما.</div></div>',
        # In a picture's figure and no paragraph; an inline element that is called a caption.
        '<figure><img src="1.jpg"><div><div>طفلة تملأ جرة من البئر الجديدة قرب البيوت أمس.</div></div></figure>',
        '<div><img src="1.jpg"><span class="media-caption">طفلة تملأ جرة من البئر قرب بيوت القرية.</span></div>',
        # A row of buttons.
        "<p>فيسبوك إكس واتساب تليغرام نسخ الرابط</p>",
        "<p>ارسل لصديق طباعة</p>",
        "<p>نسخ الرابط تم النسخ</p>",
        "<p>Partager sur Facebook Imprimer</p>",
        # An offer with its button.
        '<div class="offer">مضخة الواحة 11 <a href="https://shop.example/p">اشترِ الآن</a> 1,099 درهم</div>',
    ],
)
def test_boxes_amid_the_text_that_are_none(box: str) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>") == list(TEXT)


@pytest.mark.parametrize(
    ("box", "kept"),
    [
        # A heading over a paragraph and a link is a part of the text.
        (
            f'<section><h2>من يملك المفتاح؟</h2><p>{SAID}</p><a href="/n/4">عنوان خبر آخر من المدينة</a></section>',
            ["من يملك المفتاح؟", SAID],
        ),
        # A photo essay sets its paragraphs in figures.
        (f'<figure><img src="1.jpg"><p>{SAID}</p></figure>', [SAID]),
        # Questions that unfold are links without an address.
        (
            f"<div class='accordion'>{''.join(UNFOLDING.format(*answer) for answer in ANSWERS.items())}</div>",
            [line for answer in ANSWERS.items() for line in (f"+{answer[0]}", answer[1])],
        ),
    ],
)
def test_boxes_amid_the_text_that_are_its_own(box: str, kept: list[str]) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>") == [*TEXT[:2], *kept, TEXT[2]]


@pytest.mark.parametrize("heading", ["<h3>التعليقات (2)</h3>", "<p>آراء القراء (2)</p>", "<h3>التعليقات</h3>"])
@pytest.mark.parametrize(
    "thread",
    [
        f"<p>أبو محمد</p><p>{SAID}</p><p>سلمى</p><p>شكرا على الخبر.</p>",
        f"<p>{SAID}</p><p>أبو محمد</p>",
        f"<p>1 - زائر</p><p>{SAID}</p>",
        f"<p>{SAID}</p><p>كلام جميل لكن أين التنفيذ على الأرض؟</p>",
    ],
)
def test_comments_of_whomever_below_their_heading_in_the_texts_own_element(heading: str, thread: str) -> None:
    assert lines(f"<div>{WHOLE}{heading}{thread}</div>") == list(TEXT)


def test_a_part_on_comments_amid_the_text_stays() -> None:
    part = f"<h3>آراء القراء</h3><p>{SAID}</p><h3>من يملك المفتاح؟</h3>"
    assert SAID in lines(f"<div>{PARAGRAPHS[0]}{part}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>")


def test_notes_stand_below_the_button_for_comments_too() -> None:
    note = "The lighthouse keepers kept a log of their own, which the council has never asked to see."
    foot = f'<p class="b"><a href="/c">Leave a comment</a></p><div class="footnote"><p>{note}</p></div>'
    text = "".join(f"<p>{line}</p>" for line in LATIN)
    assert note in latin_article(text=(f"{text}{foot}",)).body


@pytest.mark.parametrize(
    ("heading", "note"),
    [
        ("About Gull Ferries", "Gull Ferries carries two million people a year between eleven harbours of the coast."),
        ("Sobre a Atlântida", "O Grupo Atlântida transforma cortiça em 23 países e tem 3900 colaboradores."),
        (
            "Über die Hafen AG",
            "Die Hafen AG betreibt elf Anlegestellen und beschäftigt neunhundert Menschen im Norden.",
        ),
    ],
)
def test_what_a_release_says_of_who_publishes_it(heading: str, note: str) -> None:
    foot = f"<h4>{heading}</h4><p>{note}</p><p>This release contains forward-looking statements that involve risks.</p>"
    text = "".join(f"<p>{line}</p>" for line in LATIN)
    assert latin_article(text=(f"{text}{foot}",)).body.splitlines() == list(LATIN)


def test_what_a_release_says_of_who_publishes_it_in_arabic() -> None:
    note = "تأسست شركة السدرة للمياه عام 1998، وتدير أحد عشر بئرا في ثلاث محافظات."
    assert lines(f"<div>{WHOLE}<h4>نبذة عن شركة السدرة</h4><p>{note}</p></div>") == list(TEXT)
    # A part of any text may begin so, and speaks of something else.
    assert SAID in lines(f"<div>{WHOLE}<h4>عن شركة السدرة</h4><p>{SAID}</p></div>")


@pytest.mark.parametrize(
    "line",
    [
        "The Coast Wire contributed to this report.",
        "Nora Lindqvist reported from Pelham Neck, and Per Dahl from the capital.",
        "If you spot an error, please let us know at desk@gullcoast.example.",
        "From as little as £2 a month you can keep this paper open to everyone.",
        "Our Standards: The Coast Wire Trust Principles.",
    ],
)
def test_notes_of_papers_in_english(line: str) -> None:
    text = "".join(f"<p>{sentence}</p>" for sentence in (*LATIN, line))
    assert latin_article(text=(text,)).body.splitlines() == list(LATIN)


@pytest.mark.parametrize(
    "sentence",
    [
        "He reported from Aden for nine years, and contributed to this paper until the week in which he died there.",
        "The auditors who found an error in the till wrote to the mayor, and the mayor wrote a letter to the bank.",
        "The fund gives grants for local journalism, and the paper of the town has lived on one of them since 2019.",
        "Anyone can buy now and pay after the holidays, the shop had written on its door, and the queue was long.",
    ],
)
def test_sentences_that_tell_of_the_same_stay(sentence: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in (*LATIN, sentence))
    assert latin_article(text=(text,)).body.splitlines() == [*LATIN, sentence]


@pytest.mark.parametrize("tag", ["aside", "div", "section", "li"])
@pytest.mark.parametrize(
    "inside",
    [
        '<time datetime="2019-03-03T10:00:00Z">3 مارس 2019</time>',
        "<span>3 مارس 2019</span>",
        "<p>كتبت: ليلى النجار</p>",
    ],
)
def test_day_and_writer_of_another_story_above_the_text_are_not_ours(tag: str, inside: str) -> None:
    box = f'<{tag}><h3><a href="/z">نهائي الكأس ينتهي بفوز فريق الميناء</a></h3>{inside}</{tag}>'
    record = article(f"<div>{box}</div><div>{WHOLE}</div>")
    assert (record.published_at, record.authors) == (None, ())


def test_a_day_that_is_a_link_is_the_articles_own() -> None:
    meta = '<div class="meta"><a href="/n/71">نشر يوم الأربعاء في 3 يونيو سنة 2026 مساء</a></div>'
    published = article(f"{meta}<div>{WHOLE}</div>").published_at
    assert published is not None
    assert published.date() == date(2026, 6, 3)


def test_an_hour_of_its_own_makes_the_day_the_publications() -> None:
    meta = "<div><span>الأحد 29 آذار 2026</span><span>بدأت التغطية 08:30</span><span>آخر تحديث 14:52</span></div>"
    published = article(f"{meta}<div>{WHOLE}</div>").published_at
    assert published is not None
    assert published.isoformat()[:16] == "2026-03-29T08:30"


@pytest.mark.parametrize("last", ["/العُمانية /ن ص/", "/قنا/ ع م /"])
def test_hands_between_strokes_behind_the_text(last: str) -> None:
    assert lines(f'<div class="article-body">{WHOLE}<p>{last}</p></div>') == list(TEXT)


def test_a_storys_number_stands_beside_its_day() -> None:
    assert lines(f"<div><div>30/04/2026 12:36 م رقم الخبر: 402217</div>{WHOLE}</div>") == list(TEXT)


def test_a_title_that_says_what_the_site_is_leaves_the_line_that_is_called_one() -> None:
    record = read(f'<p class="titre">{TITLE}</p><div>{WHOLE}</div>', title="السدرة - موقع إخباري مستقل")
    assert isinstance(record, ArticleText)
    assert record.title == TITLE


def test_a_hidden_main_heading_of_the_site_behind_the_headline_in_the_title_is_no_headline() -> None:
    name = "المركز الإعلامي - الهيئة العامة للمياه"
    body = (
        f'<h1 class="hide-accessible">{name}</h1><div><p><a href="/m">رجوع</a> <span>{TITLE}</span></p>'
        f"<div>{WHOLE}</div></div>"
    )
    record = read(body, title=f"{TITLE} - {name}")
    assert isinstance(record, ArticleText)
    assert record.title == TITLE
