"""What readers and other stories say on an article's page, what the site asks of them, and what only looks so."""

from __future__ import annotations

import json

import pytest

from storage.model.records import ArticleText
from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, TITLE, WHOLE, article, lines, read

READERS = ("أبو سالم", "نورة", "Karim75", "سعاد من البلدة", "ابن الوادي")
SAID = (
    "والله كلام جميل لكن أين التنفيذ؟ سمعنا هذه الوعود منذ عشر سنوات ولم يتغير شيء في حينا، والإنارة معطلة",
    "تحياتي لكم، أتابعكم كل صباح مع القهوة، وأتمنى لو تنشرون المزيد عن أحوال الوادي وصعوبات الطريق الجبلي",
    "يبدو أن صاحب التعليق السابق لم يقرأ الموضوع جيدا، فالأرقام مذكورة بوضوح والجهة المسؤولة معروفة للجميع",
    "معلومة مفيدة لم أكن أعرفها، هل يمكن ذكر المصدر؟ أعد بحثا جامعيا في هذا الباب وأحتاج إلى الإحالة الدقيقة",
    "رأيي أن الحل بسيط: رقابة حقيقية تطبق على الكبير قبل الصغير، وإعلام ينقل الحقيقة كما هي بلا مجاملة لأحد",
)
BRIEF = f'<div class="x1">{PARAGRAPHS[0]}<p>وحفرت البئر لجنة من الأهالي.</p></div>'
BRIEF_LINES = [TEXT[0], "وحفرت البئر لجنة من الأهالي."]


def thread(entry: str, *, before: str = "") -> str:
    """Comments that are longer than the article above them."""
    said = "".join(
        entry.format(who=who, day=day, said=text)
        for day, (who, text) in enumerate([*zip(READERS, SAID, strict=True)] * 2, 10)
    )
    return f'{BRIEF}<div class="x2">{before}{said}</div>'


@pytest.mark.parametrize(
    "entry",
    [
        "<div><b>{who}</b> <small>{day}-01-2024</small><p>{said}</p></div>",
        '<div class="k"><b>{who}</b> <time>{day} سبتمبر 2025</time><p>{said}</p></div>',
        "<div class=c1><b>{who}</b><i>منذ {day} يوم</i><div>{said}</div></div>",
        "<table><tr><td><b>{who}</b> - {day}/3/2010</td></tr><tr><td>{said}</td></tr></table>",
        '<section class="c"><span>{who}</span><div>قبل {day} ساعات</div><div>{said}</div></section>',
    ],
)
def test_what_readers_say_below_a_brief_is_never_the_article(entry: str) -> None:
    assert lines(thread(entry)) == BRIEF_LINES
    assert lines(thread(entry, before="<h4>ما يقوله زوارنا</h4>")) == BRIEF_LINES


EXCERPTS = (
    "شهدت المدينة صباح اليوم حركة غير معتادة بعد الإعلان عن القرار، إذ توافد المئات على المكاتب للاستفسار.",
    "يرى متابعون أن النتيجة كانت متوقعة في ضوء الغيابات الكثيرة، لكن المدرب يعول على العودة في مباراة الإياب.",
    "أعلنت الشركة نتائجها للربع الثالث بارتفاع في الإيرادات فاق التوقعات، وعزت ذلك إلى التوسع في أسواق جديدة.",
    "كشفت الدراسة التي شملت ألفي مشارك أن المشي نصف ساعة كل يوم يحسن جودة النوم لدى من جاوزوا الستين.",
)


@pytest.mark.parametrize(
    "entry",
    [
        '<section class="u"><h2>{title}</h2><span>{n} أبريل 2024</span><p>{said}</p></section>',
        '<h3><a href="/n/{n}">{title}</a></h3><small>الأحد {n}-01-2024</small><p>{said}</p>',
        '<div class="mi"><a href="/n/{n}"><h3>{title}</h3></a><p>{said}</p><i>{n}/10/2022</i></div>',
    ],
)
def test_excerpts_of_other_stories_that_outweigh_a_brief_are_never_the_article(entry: str) -> None:
    others = "".join(
        entry.format(n=n, title=f"اتحاد الكرة يعلن مواعيد المباريات رقم {n}", said=said)
        for n, said in enumerate(EXCERPTS * 2, 11)
    )
    assert lines(f'{BRIEF}<div class="x2">{others}</div>') == BRIEF_LINES


@pytest.mark.parametrize(
    "entry",
    [
        "<div class=e><b>{day} مارس 2019</b><p>{said}</p></div>",
        '<div class="e"><time>14:{day}</time><h3>المضخة تعمل من جديد في القرية رقم {day}</h3><p>{said}</p></div>',
        "<div class=e><h3>ماذا قالت اللجنة في يومها رقم {day}؟</h3><p>{said}</p></div>",
    ],
)
def test_a_chronicle_a_live_report_and_questions_are_the_text(entry: str) -> None:
    entries = "".join(entry.format(day=day, said=said) for day, said in enumerate(EXCERPTS, 11))
    assert set(EXCERPTS) <= set(lines(f'<div class="x1">{PARAGRAPHS[0]}</div><div class="x2">{entries}</div>'))


@pytest.mark.parametrize(
    "box",
    [
        "<div class=b><h4>نشرة السدرة</h4><p>قصة واحدة كل خميس</p><form><input><button>اشترك</button></form></div>",
        "<div class=b><h4>قصة واحدة كل خميس</h4><input placeholder='بريدك'></div>",
        "<div class=b><p>حمّل تطبيق السدرة لتصلك الأخبار قبل الجميع</p></div>",
        "<div class=b><p>لقراءة السدرة بصيغة PDF حمّل تطبيقنا الجديد</p></div>",
        "<div class=b><h4>السدرة منظمة غير ربحية. ادعمونا</h4><p>الأفكار التي نطرحها قابلة للنقاش دوما.</p></div>",
        "<div class=b><strong>السدرة على واتساب</strong><p>احصل على تقاريرنا عبر قناتنا، اضغط للانضمام</p></div>",
        "<div class=b><p>تابع موقعنا على فيسبوك وتويتر وانستجرام</p></div>",
        "<div class=b><h3>يحتاج هذا المحتوى إلى موافقتك</h3><p>عرضه يعني قبول سياسة موقع آخر.</p></div>",
        "<div class=b><p>اشتراكك في نشرتنا يعني موافقتك على سياسة الخصوصية</p></div>",
        "<p>شاهد بالفيديو: لحظة خروج الماء من البئر الأولى</p>",
        '<div aria-hidden="true"><span>كانت نساء القرية يمشين ساعتين</span><i>شارك الاقتباس على فيسبوك</i></div>',
        "<div><span>الصفحة 1 من 3</span> <a href='#p2'>الصفحة التالية</a></div>",
    ],
)
def test_what_the_site_asks_of_its_readers_amid_the_text_goes(box: str) -> None:
    head = '<meta property="og:site_name" content="السدرة">'
    html = f"<div>{PARAGRAPHS[0]}{box}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>"
    assert article(html, head=head).body.splitlines() == list(TEXT)


def test_a_box_with_a_button_and_text_of_its_own_stays() -> None:
    folded = f"<div class=q>{PARAGRAPHS[1]}<p>وتعهدت البلدية بمد الأنابيب.</p><button>أكثر</button></div>"
    assert lines(f"<div>{PARAGRAPHS[0]}{folded}{PARAGRAPHS[2]}</div>") == [
        *TEXT[:2],
        "وتعهدت البلدية بمد الأنابيب.",
        TEXT[2],
    ]


def test_what_tabs_and_accordions_hide_is_text_and_the_headings_that_open_it_too() -> None:
    panes = "".join(
        f'<div role="tabpanel" {"hidden" if n else ""}><h3>السؤال رقم {n}</h3>{paragraph}</div>'
        for n, paragraph in enumerate(PARAGRAPHS)
    )
    told = [line for n, text in enumerate(TEXT) for line in (f"السؤال رقم {n}", text)]
    assert lines(f'<div class="x1"><p>عاد الخلاف على البئر إلى القرية، وهذه أسبابه.</p>{panes}</div>')[1:] == told
    opened = "".join(
        f'<div class="panel"><h4><a href="#{n}">السؤال رقم {n}</a></h4><div>{paragraph}</div></div>'
        for n, paragraph in enumerate(PARAGRAPHS)
    )
    assert lines(f'<div class="x1"><p>عاد الخلاف على البئر إلى القرية، وهذه أسبابه.</p>{opened}</div>')[1:] == told


def test_slides_that_wait_for_their_turn_are_text() -> None:
    slides = "".join(
        f'<div class="slick-slide" aria-hidden="{"false" if n == 0 else "true"}">{paragraph}</div>'
        for n, paragraph in enumerate(PARAGRAPHS)
    )
    assert lines(f"<div>{slides}</div>") == list(TEXT)


def test_lines_below_the_headline_that_the_page_calls_second_ones_are_text() -> None:
    points = "".join(f"<p>• {point}</p>" for point in ("بئر واحدة لأربع قرى بعيدة", "الأهالي دفعوا نصف كلفة المضخة"))
    below = f'<div>21 أغسطس 2022</div><div class="post-sub-titles">{points}</div><div class="t">{WHOLE}</div>'
    assert lines(below) == ["• بئر واحدة لأربع قرى بعيدة", "• الأهالي دفعوا نصف كلفة المضخة", *TEXT]
    alike = "".join(f'<h2 class="s">- {point}</h2>' for point in ("البئر عميقة والماء عذب", "المضخة تعمل بالشمس وحدها"))
    assert lines(f"{alike}<div>14 مايو 2025</div><div>{WHOLE}</div>")[:2] == [
        "- البئر عميقة والماء عذب",
        "- المضخة تعمل بالشمس وحدها",
    ]
    deck = "<p class='Article_deck__Hq0'>بئر واحدة لأربع قرى، لكن المضخة ما زالت في المخزن</p>"
    byline = "<div><a href='/author/8'>سلمى الخطاط</a></div><div>8 أبريل 2025 16:20</div>"
    assert lines(f"{deck}{byline}<div>{WHOLE}</div>")[0] == "بئر واحدة لأربع قرى، لكن المضخة ما زالت في المخزن"


def test_a_headline_of_two_lines_and_a_caption_behind_the_text_are_none_of_it() -> None:
    first, second = TITLE.split(" بعد ")
    caption = '<img src="/2.jpg"><p style="text-align:center"><em>فوانيس معلقة في سقف الورشة</em></p>'
    record = article(f"<div>{WHOLE}{caption}</div>")
    assert record.body.splitlines() == list(TEXT)
    html = f"<div><h1>{first}<br>بعد {second}</h1><div>{WHOLE}</div></div>"
    record = read(html)
    assert isinstance(record, ArticleText)
    assert record.title == TITLE
    assert record.body.splitlines() == list(TEXT)


def test_elements_that_a_page_builder_calls_the_foot_are_none_of_the_text() -> None:
    foot = (
        '<div data-elementor-type="footer"><p>منصة السدرة منظمة إعلامية غير ربحية تأسست عام 2019 في الوادي.</p></div>'
    )
    assert lines(f"<div><div>{WHOLE}</div>{foot}</div>") == list(TEXT)


def test_other_papers_that_a_review_of_the_press_links_are_its_text() -> None:
    papers = "".join(
        f'<div class="item"><h3><a href="https://paper{n}.example/{n}">نشرة الشمال {n}: طبيب القرية الأخير</a></h3>'
        f"<p>{said}</p></div>"
        for n, said in enumerate(EXCERPTS)
    )
    told = lines(f'<div class="details">{PARAGRAPHS[0]}<div class="list-group">{papers}</div></div>')
    assert set(EXCERPTS) <= set(told)
    assert "نشرة الشمال 2: طبيب القرية الأخير" in told
    own = papers.replace("https://paper", "/paper")
    assert set(EXCERPTS).isdisjoint(lines(f'<div class="details">{WHOLE}<div class="list-group">{own}</div></div>'))


@pytest.mark.parametrize("hour", ["منذ ساعتين", "08:12"])
def test_each_entry_of_a_live_report_is_text_with_its_heading_and_its_list(hour: str) -> None:
    listed = "<ul><li>تجنبوا الشوارع المنخفضة خلف السوق</li><li>لا تقفوا تحت اللوحات والأشجار</li></ul>"
    entries = "".join(
        f'<li class="post"><article class="stream-post"><header>{hour}<h3>نصائح للأهالي رقم {n}</h3></header>'
        f'<div class="post-body">{paragraph}{listed if n == 2 else ""}</div></article></li>'
        for n, paragraph in enumerate(PARAGRAPHS)
    )
    told = lines(f'<main><ol class="feed">{entries}</ol></main>')
    assert told[:5] == [TEXT[0], "نصائح للأهالي رقم 1", TEXT[1], "نصائح للأهالي رقم 2", TEXT[2]]
    assert told[-2:] == ["تجنبوا الشوارع المنخفضة خلف السوق", "لا تقفوا تحت اللوحات والأشجار"]


def test_parts_of_a_text_in_boxes_of_one_name_are_one_text() -> None:
    boxes = "".join(f'<div class="article__block"><div class="article__text">{line}</div></div>' for line in TEXT[:2])
    assert lines(f'<div class="article__body">{boxes}</div>') == list(TEXT[:2])


@pytest.mark.parametrize(
    "behind",
    [
        "<div><h4>عن الشاعر</h4><p>ولد في القرية عام 1974، وصدرت له ثلاث مجموعات منها «أقفال الماء».</p></div>",
        "<div>قيّم النص: ☆☆☆☆☆ (14 صوتاً)</div>",
        "<p>م.خ , ع.ع.أ</p><p>ص.و.أ 1715 جمت 11/01/2026</p>",
        '<div class="membership-inline"><h5>هل تريدون قصصا كهذه؟</h5><p>خمسة دولارات في الشهر تكفي.</p></div>',
        "<b>من نفس الكاتب</b><br>- <a href='/n/2'>حين قرأت الجريدة بالمقلوب</a> <font size=1>10/3/2009</font><br>"
        "<b>تعليقات القراء</b> (3) <a href='/r'>لقراءة شروط النشر انقر هنا</a><br>GMT 7:51:12 2009 الثلاثاء 17 مارس<br>"
        "<b>1. العنوان: سلمت</b><br>الاسم: سناء / البلدة<br>يسلم قلمك يا أستاذ، وعندي قاموس مثله ورثته أمي.",
        "<p>يسعدنا أن تتابعنا على إكس وثريدز</p>",
    ],
)
def test_what_stands_behind_the_text_goes(behind: str) -> None:
    assert lines(f"<div>{WHOLE}{behind}</div>") == list(TEXT)


def test_the_words_of_a_film_beside_the_text_are_none_of_it_and_the_words_of_a_programme_are_the_text() -> None:
    spoken = f'<details class="transcript"><summary>إظهار النص</summary><p>{SAID[0]}.</p></details>'
    assert lines(f"<div><div>{spoken}</div>{WHOLE}</div>") == list(TEXT)
    assert lines(f'<div><div class="transcript">{WHOLE}</div></div>') == list(TEXT)


def test_questions_that_a_button_unfolds_are_headings_of_the_text() -> None:
    cards = "".join(
        f'<div><div><button data-toggle="collapse">هل السؤال رقم {n} صعب؟</button></div><div>{text}</div></div>'
        for n, text in enumerate(TEXT)
    )
    told = lines(f"<div>{PARAGRAPHS[0].replace('القرية', 'البلدة')}{cards}</div>")
    assert [line for line in told if line.startswith("هل")] == [f"هل السؤال رقم {n} صعب؟" for n in range(3)]


ALSO = "تعليق رحلات الصيد في الساحل الغربي"


@pytest.mark.parametrize(
    "offer",
    [
        f' <strong><a href="/1">اقرأ أيضا: {ALSO}</a></strong>',
        f' اقرأ أيضاً: <a href="/1">{ALSO}</a>',
        f' <b>إقرأ أيضًا:</b> <a href="/1">{ALSO}</a>',
        f' (<a href="/1">طالع أيضا: {ALSO}</a>)',
        f' [شاهد أيضا: <a href="/1">{ALSO}</a>].',
    ],
)
def test_a_story_that_is_offered_behind_a_sentence_goes_and_the_paragraph_stays(offer: str) -> None:
    first, second, third = (paragraph.removesuffix("</p>") for paragraph in PARAGRAPHS)
    assert lines(f"<div>{first}{offer}</p>{second}</p>{third}</p></div>") == list(TEXT)
    # What follows it in the paragraph is text again.
    again = "وقالت اللجنة إن العمل مستمر في القرية."
    assert lines(f"<div>{first}{offer} {again}</p>{second}</p></div>") == [TEXT[0], again, TEXT[1]]


def test_what_somebody_is_told_to_read_amid_a_sentence_is_text() -> None:
    told = '<p>قال المعلم لتلاميذه: اقرأ أيضا <a href="/1">كتاب الأرض</a> كي تعرف ما جرى في القرية قبل الحرب.</p>'
    said = "قال المعلم لتلاميذه: اقرأ أيضا كتاب الأرض كي تعرف ما جرى في القرية قبل الحرب."
    assert lines(f"<div>{PARAGRAPHS[0]}{told}{PARAGRAPHS[1]}</div>") == [TEXT[0], said, TEXT[1]]


def test_a_comment_in_a_table_below_its_heading_is_not_chosen_again() -> None:
    text = "<br><br>".join((*TEXT[:2], "ولم تُسجل إصابات، بحسب المصدر."))
    said = (
        "<tr><td bgcolor=#eee><b>تعليقات القراء</b></td></tr><tr><td><table class=cmt><tr><td><b>مواطن جرشي</b></td>"
        "<td>21/09/2024 10:02 م</td></tr><tr><td colspan=2>لماذا لا تذكرون اسم المعمل حتى نعرف ماذا أكلنا؟</td></tr>"
        "</table></td></tr>"
    )
    table = f"<table><tr><td><b>{TITLE}</b></td></tr><tr><td align=justify><span>{text}</span></td></tr>{said}</table>"
    assert not any("المعمل" in line for line in lines(table))


def test_an_invitation_and_its_button_amid_the_text_go() -> None:
    box = "<div class=k><h4>حكايات السدرة</h4><p>كيف نعيش، كل أربعاء معكم في البيت</p><a href='/s'>سجل</a></div>"
    assert lines(f"<div>{PARAGRAPHS[0]}{box}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == list(TEXT)
    controls = (
        "<h3>قصص قريبة</h3><p>خبر السدرة كل جمعة.</p><label>بريدك</label><button>سجل</button><p>بياناتك عندنا.</p>"
    )
    assert lines(f"<div>{PARAGRAPHS[0]}<div>{controls}</div>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == list(TEXT)


def test_last_lines_on_the_writer_whom_the_page_states_go() -> None:
    article_of = {"@type": "NewsArticle", "headline": TITLE, "author": {"@type": "Person", "name": "سلمى الخطاط"}}
    stated = f'<script type="application/ld+json">{json.dumps(article_of)}</script>'
    note = "<p>سلمى الخطاط تكتب في السدرة كل خميس عن القرى ومياهها.</p>"
    html = f"<div>{WHOLE}{note}</div>"
    assert article(html, head=stated).body.splitlines() == list(TEXT)
    asked = "<p>سلمى الخطاط: وماذا عن القرى التي لم تصلها المياه بعد؟</p>"
    assert len(article(f"<div>{WHOLE}{asked}</div>", head=stated).body.splitlines()) == len(TEXT) + 1
    # Of somebody else it is text.
    assert len(article(html.replace("سلمى الخطاط", "هند الغريب"), head=stated).body.splitlines()) == len(TEXT) + 1


@pytest.mark.parametrize("begins", ["السيد مدير صحة السدرة المحترم", "معالي الوزيرة الموقرة", "سعادة المدير حفظه الله"])
def test_a_letter_begins_with_whom_it_is_written_to(begins: str) -> None:
    letter = "<br><br>".join((f"{begins}<br>تحية طيبة", *TEXT))
    assert lines(f"<div>{letter}</div>")[0] == begins


@pytest.mark.parametrize(
    "behind",
    [
        "<h3>شروط إرسال السؤال</h3><p>يستقبل المركز مئة سؤال كل يوم بعد منتصف الليل، ويرجى البحث قبل إرسال السؤال.</p>",
        "<h3>ضوابط التعليق</h3><p>نحن نرحب بكل رأي ما دام صاحبه يحترم من يخالفه ويكتب بلغة يفهمها الناس كلهم.</p>",
        "<p>نعتذر عن عدم استقبال الأسئلة اليوم لاكتمال العدد المقرر</p>",
        "<p>عفوا، تم إيقاف استقبال الأسئلة حاليا</p>",
        "<p>شروط النشر: عدم الإساءة للكاتب أو للأشخاص أو للمقدسات أو مهاجمة الأديان</p>",
    ],
)
def test_on_what_terms_readers_may_ask_or_write_is_no_text(behind: str) -> None:
    assert lines(f"<div><div>{WHOLE}</div><div class=zz>{behind}</div></div>") == list(TEXT)


@pytest.mark.parametrize(
    "last",
    [
        "<h3>شروط القبول</h3><p>ألا يزيد عمر المتقدم على ثلاثين عاما، وأن يعرف كيف تدار المضخة وتصان.</p>",
        "<h3>قواعد تعليق الدراسة</h3><p>تعلق الدراسة إذا انقطع الماء عن المدرسة يومين، ثم تعوض أيام الخميس.</p>",
        "<p>نعتذر عن عدم استقبال الأسئلة اليوم، قال المفتي، ثم أغلق الباب.</p>",
        "<p>ودعا البيان إلى عدم الإساءة للأشخاص أو مهاجمة الأديان.</p>",
    ],
)
def test_other_terms_and_who_told_of_such_stay(last: str) -> None:
    assert len(lines(f"<div>{WHOLE}{last}</div>")) > len(TEXT)
