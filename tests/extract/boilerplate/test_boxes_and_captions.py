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
