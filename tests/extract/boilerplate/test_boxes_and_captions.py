"""Captions below pictures and films, invitations amid the text, hidden headings, what announcements begin with."""

from __future__ import annotations

import pytest

from storage.model.records import ArticleText
from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, TITLE, WHOLE, article, lines, read


@pytest.mark.parametrize(
    "box",
    [
        # The caption below the picture, in an old page's table.
        '<table><tr><td><img src="1.jpg"></td></tr><tr><td>من اجتماع الأهالي قرب البئر (تصوير: وليد)</td></tr></table>',
        # Below a film: a question too, and right in the text.
        '<div class="embed"><iframe src="/v"></iframe><p>فيديوغراف: كيف تصل إلى البئر؟</p></div>',
        "<amp-youtube data-videoid='m'></amp-youtube><p>شاهد لحظة خروج الماء من البئر</p>",
        # Who wrote what is shown from a network.
        "<p>— مرصد السدرة (@sidra_obs) Feb 17</p>",
        # Invitations.
        "<x-teaser><p>اشترك بدولار واحد شهرياً واقرأ بلا إعلانات</p></x-teaser>",
        '<div class="don"><h4>ادعم صحافة حرة</h4><p>كل تبرع يصنع فرقا.</p><a href="/don">تبرع الآن</a></div>',
        # For those who listen.
        '<h2 class="hiddenHeadline">مقطع جديد</h2>',
    ],
)
def test_what_stands_amid_the_text_and_is_none(box: str) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>") == list(TEXT)


@pytest.mark.parametrize(
    "behind",
    [
        "<p>شارك برأيك: هل مرت قريتك بتجربة مشابهة؟ اكتب لنا في التعليقات</p>",
        "<p>ويقدم موقع السدرة تغطية مستمرة على مدار الساعة لأخبار القرى، ولمتابعة قناتنا على تليجرام اضغط هنا</p>",
        '<p>ونقدم لكم من خلال موقع "<a href="/">السدرة</a>"، تغطية ورصدًا مستمرًّا على مدار الـ 24 ساعة لـ أسعار الذهب، '
        "أسعار اللحوم، أسعار الدولار، أخبار الرياضة، أخبار القرى، ويقوم فريقنا بمتابعة حصرية لجميع البطولات.</p>",
        "<p>المعلومات الواردة هنا لا تغني عن استشارة الطبيب.</p>",
        "<div>راجع الإجابة فريق طبي</div>",
        "<p>أخبار أخرى في هذا القسم</p><ul><li><a href='/n/3'>الوزير يفتتح المعرض السنوي في المدينة</a></li></ul>",
        '<div class="boxKomentarze"><h3>3</h3><b>سالم</b><p>خبر يفرح القلب، ننتظر مثله في قريتنا هذا العام.</p></div>',
    ],
)
def test_what_stands_behind_the_text_and_is_none(behind: str) -> None:
    assert lines(f"<div>{WHOLE}{behind}</div>") == list(TEXT)


@pytest.mark.parametrize(
    "last",
    [
        "وقالت الطبيبة إن المعلومات التي على الشبكة لا تغني عن استشارة الطبيب",
        "شاركت النجمة صورتها مع أهالي القرية وطلبت رأيهم في التعليقات",
        "اشترك الأهالي في صندوق القرية ودفع كل منهم خمسين درهما حتى جمعوا ثمن ثلاث مقالات علمية",
    ],
)
def test_sentences_that_tell_of_the_same_are_the_texts(last: str) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}<p>{last}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == [TEXT[0], last, *TEXT[1:]]
    assert lines(f"<div>{WHOLE}<p>{last}.</p></div>") == [*TEXT, f"{last}."]


def test_a_persons_account_in_a_list_of_the_text_stays() -> None:
    items = "".join(f"<li>{name} (@{name}) مخرج</li>" for name in ("سامي", "هند"))
    assert "سامي (@سامي) مخرج" in lines(f"<div>{WHOLE}<p>ومن الحاضرين:</p><ul>{items}</ul>{PARAGRAPHS[0]}</div>")


def test_a_lead_beside_a_picture_is_no_caption() -> None:
    lead = "أكثر من ستمئة أسرة في الوادي تشرب من بئر واحدة: لجنة من نساء القرية تحرس المضخة ليل نهار بلا أجر"
    text = f'<div><img src="1.jpg"><div>{WHOLE}</div></div>'
    record = read(f'<div class="story"><h1>{TITLE}</h1><div class="story__summary">{lead}</div>{text}</div>')
    assert isinstance(record, ArticleText)
    assert record.body.splitlines() == [lead, *TEXT]


def test_a_heading_whose_class_speaks_of_a_menu_is_the_texts() -> None:
    heading = '<h2 class="anchorWithStickyNavbar_LWe7">من يملك المفتاح؟</h2>'
    assert lines(f"<div>{PARAGRAPHS[0]}{heading}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == [
        TEXT[0],
        "من يملك المفتاح؟",
        *TEXT[1:],
    ]


def test_what_an_announcement_of_a_death_begins_with_is_its_text() -> None:
    begins = ["انتقل إلى رحمة الله تعالى", "الحاج مصطفى عبد الجليل الراوي", "أبو غسان"]
    assert lines(f"<div>{'<br>'.join(begins)}<br>{'<br>'.join(TEXT)}</div>") == [*begins, *TEXT]


def test_a_title_that_was_cut_for_networks_is_the_shown_one() -> None:
    cut = TITLE.rsplit(" ", 2)[0]
    head = (
        f'<meta property="og:title" content="{cut}"><script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "{cut}"}}</script>'
    )
    assert article(f"<div>{WHOLE}</div>", head=head).title == TITLE


BOXES = (
    "<section class=zz><h4>الصحافة المستقلة تحتاج إليك</h4><p>هذه القصة لم يموّلها حزب ولا شركة، موّلها 1100 عضو.</p>"
    "<a href=/m>انضم من 3 آلاف دينار شهريا</a></section>",
    "<div><h4>نحن بحاجة إليك</h4><p>لا نتلقى أموالا من الحكومات ولا من المعلنين، ونعتمد على قرائنا وحدهم.</p>"
    "<p><a href=/m>ادعمنا</a></p></div>",
    "<div><p>Our reporting is paid for by 1,100 members, and by nobody else.</p><a href=/m>Become a member</a></div>",
    "<div><p>نحن غرفة أخبار صغيرة لا تملكها حكومة ولا شركة، ونعتمد على من يقرأ ما نكتب كي نصل إلى قرى لا يصلها أحد."
    "</p><a href=/m>كن شريكا</a></div>",
    "<div><p>«عامل البئر» بطبعتها الثانية</p><p>12 دينارا</p><a href=/s>أضف إلى السلة - 5.500 ر.ع</a></div>",
    "<p>الرواية متوفرة الآن في متجر نبأ السدرة</p>",
    "<p>اقتن نسختك من متجرنا الإلكتروني</p>",
)


@pytest.mark.parametrize("box", BOXES)
def test_boxes_that_ask_to_join_to_give_or_to_buy_are_no_text(box: str) -> None:
    head = '<meta property="og:site_name" content="نبأ السدرة">'
    text = f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>"
    assert article(text, head=head).body.splitlines() == list(TEXT)


@pytest.mark.parametrize(
    "box",
    [
        # Another story's link below, a paragraph of the text's own, what was for sale in a shop of the story.
        "<div><p>قالت رئيسة الجمعية إن 1100 عضو مولوا البئر وحدهم.</p><p><a href=/n/4>تفاصيل المشروع</a></p></div>",
        "<p>قالت رئيسة الجمعية إن 1100 عضو مولوا البئر وحدهم. <a href=/m>انضم إليهم</a> إن شئت.</p>",
        "<p>وكانت الخرائط متوفرة في متجر القرية القديم.</p>",
        "<div><h2>عام من الحفر</h2><p>وفي العام الثاني بلغ الحفر أربعين مترا، وتناوب على المضخة رجال القرية حتى "
        "خرج الماء في صباح ممطر.</p><p><a href=/w>اشترك في قناتنا</a></p></div>",
    ],
)
def test_who_paid_for_what_and_what_was_for_sale_stay(box: str) -> None:
    assert len(lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>")) > len(TEXT)


def test_each_of_many_that_ask_is_an_entry() -> None:
    entry = "<div class=e><h3>جمعية {0}</h3><p>{1}</p><a href=/{0}>تبرع</a></div>"
    told = "تحفر جمعية {} بئرا في كل عام وتعلم الناس صيانتها."
    entries = "".join(entry.format(name, told.format(name)) for name in ("النهر", "الجبل", "السهل"))
    assert told.format("الجبل") in lines(f"<div>{WHOLE}{entries}</div>")


@pytest.mark.parametrize("names", ["cap", "photo-cap", "foto-text", "bildunterschrift", "pie-de-foto"])
def test_a_caption_set_as_a_paragraph_goes_by_its_name(names: str) -> None:
    said = "نساء السدرة عند البئر الأولى، آب 2024"
    text = f"<div>{PARAGRAPHS[0]}<p class='{names}'>{said}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>"
    assert lines(text) == list(TEXT)


@pytest.mark.parametrize("names", ["drop-cap", "has-drop-cap", "media-text", "text"])
def test_a_paragraph_whose_name_resembles_a_captions_stays(names: str) -> None:
    said = "نساء السدرة عند البئر الأولى، آب 2024"
    text = f"<div>{PARAGRAPHS[0]}<p class='{names}'>{said}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>"
    assert said in lines(text)


def test_captions_that_are_the_text_stay() -> None:
    said = "نساء السدرة عند البئر الأولى، آب 2024"
    shown = "<hr>".join(f"<p class=cap>{line}</p>" for line in (TEXT[0], said, *TEXT[1:]))
    assert said in lines(f"<div>{shown}</div>")
