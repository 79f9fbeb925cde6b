"""Sales talk and notes amid the text, tags below their heading, boxes that are the text's, a story told in pictures."""

from __future__ import annotations

import pytest

from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, WHOLE, lines


@pytest.mark.parametrize(
    "box",
    [
        "<div><span>إعلان - تصفح أدناه لمتابعة المقال</span></div>",
        "<div>يستكمل المقال بعد الإعلان</div>",
        "<div><span>إشهار - Publicité</span></div>",
        "<p><span>محتوى ترويجي</span></p>",
        "<div><b>تسوقي الإطلالة: مصابيح أرضية بخصم 30%</b> <a href='/s'>اشتري الآن</a></div>",
        "<div><b>انضمي إلى أكثر من 200 ألف سيدة في نشرة ليلكية</b></div>",
        "<div>شككت في خبر؟ أرسله إلينا عبر واتساب لنتحقق منه</div>",
        "<p>للتواصل معنا وإرسال الأخبار عبر الواتساب: 00000000</p>",
    ],
)
def test_what_is_sold_or_asked_for_amid_the_text(box: str) -> None:
    assert lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>") == list(TEXT)


@pytest.mark.parametrize(
    "behind",
    [
        "<p>لقراءة مقالات سابقة للكاتب يرجى النقر على اسمه</p>",
        "<div>تنويه: المعلومات الواردة لا تعد توصية بالبيع أو الشراء</div>",
        "<p>قد نحصل على عمولة عند الشراء عبر الروابط في هذه الصفحة دون كلفة إضافية عليك</p>",
        '<div class="meta"><div>الكلمات المفتاحية</div>السدرة القرى آبار جوفية عطش أسمدة مدعمة الوادي</div>',
    ],
)
def test_notes_and_tags_behind_the_text(behind: str) -> None:
    assert lines(f"<div>{WHOLE}{behind}</div>") == list(TEXT)


@pytest.mark.parametrize(
    "sentence",
    [
        "وأعلن الوزير أن الشركات المحلية ستعرض منتجاتها في المعرض الذي يستكمل بعد الإعلان عن النتائج.",
        "وقال السمسار إنه كان يحصل على عمولة عند الشراء قبل أن تصل الشبكة إلى القرية البعيدة.",
        "أرسله إلينا عبر واتساب، قال الضابط للشاهد، وسنحفظ المقطع في ملف القضية حتى تنتهي المحكمة.",
    ],
)
def test_sentences_that_tell_of_the_same_stay(sentence: str) -> None:
    text = f"<div>{PARAGRAPHS[0]}<p>{sentence}</p>{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>"
    assert lines(text) == [TEXT[0], sentence, *TEXT[1:]]


@pytest.mark.parametrize(
    "last",
    [
        "والمواد الجديدة التي يجربها المعهد ليست بديلا عن الحجر، يقول البناء العجوز.",
        "المعلومات التي جمعها الفريق خلال عامين لا تعد دعوة إلى هدم البيوت القديمة.",
        "كنا نحصل على عمولة صغيرة عن كل عملية شراء، ثم جاءت الشبكة فصار المنتج يصل بلا وسيط.",
        "Agents of the port receive a commission for each purchase that the ferry companies make.",
        "يقول الخبراء لزبائنهم كل عام في هذا الموسم: اشتر الآن.",
    ],
)
def test_last_sentences_that_tell_of_the_same_stay(last: str) -> None:
    assert lines(f"<div>{WHOLE}<p>{last}</p></div>") == [*TEXT, last]


@pytest.mark.parametrize(
    "words",
    ["بیشتر بخوانید", "یہ بھی پڑھیں", "Baca juga", "Читайте также", "あわせて読みたい", "Czytaj też", "Leia também"],
)
def test_read_also_in_other_languages(words: str) -> None:
    offer = f"<p>{words}: <a href='/n/4'>قافلة طبية تصل إلى قرى الوادي بعد انقطاع طويل</a></p>"
    heading = f"<h4>{words}</h4><ul><li><a href='/n/5'>مدرسة القرية تفتح أبوابها من جديد</a></li></ul>"
    assert lines(f"<div>{PARAGRAPHS[0]}{offer}{PARAGRAPHS[1]}{heading}{PARAGRAPHS[2]}</div>") == list(TEXT)


def test_a_box_of_information_within_the_text_is_its_part() -> None:
    box = (
        "<aside class='infobox'><h4>كيف تعمل المضخة؟</h4><ul><li>تسحب الماء من عمق ثمانين مترا بطاقة الشمس.</li>"
        "<li>تملأ خزانا يكفي القرية يومين.</li></ul></aside>"
    )
    read = lines(f"<div>{PARAGRAPHS[0]}{PARAGRAPHS[1]}{box}{PARAGRAPHS[2]}</div>")
    assert "كيف تعمل المضخة؟" in read
    assert "تملأ خزانا يكفي القرية يومين." in read


_SEEN = (
    "تصل النساء إلى البئر قبل شروق الشمس كي يملأن الصفائح قبل أن يشتد الحر على الطريق الطويل.",
    "يقيس أبو سالم عمق الماء بحبل فيه عقد، ويكتب الرقم كل صباح على جدار الغرفة الصغيرة.",
    "في الظهيرة يجلس الأطفال في ظل الخزان الجديد، وينتظرون أن يأتي دور أمهاتهم عند الصنبور.",
    "يعود آخر الحمير إلى القرية عند الغروب، ويقول صاحبه وهو يعد الصفائح: «هذا ماء بيت المعلم».",
)


def _told_in_pictures(*, text: str) -> str:
    pictures = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption><span>{n}/4</span> {seen} <small>تصوير: كريم الحيان</small>"
        "</figcaption></figure>"
        for n, seen in enumerate(_SEEN, start=1)
    )
    return f"<div><p>قرية تشرب من بئر واحدة، ونساء يبدأن يومهن في الظلام.</p>{pictures}{text}</div>"


def test_a_story_is_told_in_the_sentences_below_its_pictures() -> None:
    assert lines(_told_in_pictures(text=""))[-4:] == list(_SEEN)


def test_sentences_below_the_pictures_of_a_text_are_captions() -> None:
    read = lines(_told_in_pictures(text=WHOLE + WHOLE.replace("القرية", "الواحة")))
    assert not set(_SEEN) & set(read)
    assert set(TEXT) <= set(read)


def test_a_text_may_stand_in_no_paragraphs() -> None:
    bare = "<br>".join([*TEXT, *(line.replace("القرية", "الواحة") for line in TEXT)])
    read = lines(_told_in_pictures(text=f"<div>{bare}</div>"))
    assert not set(_SEEN) & set(read)
    assert set(TEXT) <= set(read)
