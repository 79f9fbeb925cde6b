"""Other stories in the text's own element, with excerpts as long as its paragraphs; a second whole story below it."""

from __future__ import annotations

import pytest

from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, WHOLE, lines

STORY = "سوق السمك القديم يتحول إلى متحف"
OTHER = "بلدية الميناء تلغي مواقف السيارات"
TOLD = (
    "<p>يفتح المتحف أبوابه مطلع الربيع بعد ترميم دام ثلاث سنوات، وفيه أربعون قاربا وشباك نسجها آخر صياد في المرفأ. "
    "وقال مديره إن الدخول مجاني في السنة الأولى.</p>"
)
SAID = (
    "<p>صوت المجلس على إلغاء مواقف السيارات في الشارع الرئيسي وتحويله إلى ممشى، ورحب أصحاب المقاهي بالقرار فيما "
    "اعترض تجار الأدوات المنزلية.</p>"
)
FIRST, *REST = PARAGRAPHS
BY = '<div class="by"><span class="wr">سامي الغندور</span></div>'


def body(inside: str, *, above: str = "", below: str = "") -> list[str]:
    return lines(f'{above}<div class="t">{inside}</div>{below}')


@pytest.mark.parametrize(
    "offer",
    [
        f'<a class="in">(اقرأ أيضا: {STORY})</a>',
        f'<a href="/n/2">[شاهد أيضا: {STORY}]</a>',
        f"<b>(اقرأ أيضا: {STORY})</b>",
        f"(انظر أيضا: {STORY})",
        f'<span class="x">اقرأ أيضا: <a href="/n/2">{STORY}</a></span>',
        f'<strong>خبر متصل: <a href="/n/2">{STORY}</a></strong>',
        f'<em>(طالع: <a href="/n/2">{STORY}</a>)</em>',
        f'(للمزيد: <a href="/n/2">{STORY}</a>)',
        f'<a href="#">موضوع متصل: {STORY}</a>',
    ],
)
def test_offers_behind_the_last_sentence_of_a_paragraph(offer: str) -> None:
    assert body(f"<p>{TEXT[0]} {offer}</p>{''.join(REST)}") == list(TEXT)


@pytest.mark.parametrize(
    "ending",
    [
        "وقال المعلم لتلاميذه (اقرأ أيضا بصوت عال) ثم أغلق الباب على الصف كله ومضى إلى البئر.",
        "وعلقت اللجنة لافتة كتبت عليها (للمزيد: اسألوا أم خالد)، فضحك الناس وسألوها عن كل شيء.",
        'ونشر <a href="/n/3">مقال متعلق بالآبار</a> في العدد نفسه من دون أن يذكر القرية.',
    ],
)
def test_the_same_words_within_a_sentence_are_the_texts(ending: str) -> None:
    found = body(f"<p>{TEXT[0]} {ending}</p>{''.join(REST)}")
    assert len(found) == len(TEXT)
    assert found[0].endswith(ending[-20:])


@pytest.mark.parametrize(
    "box",
    [
        f"<div><span>موضوع متصل</span><h4>{STORY}</h4>{TOLD}</div>",
        f"<div><h3>خبر متصل</h3><h4>{STORY}</h4>{TOLD}<h4>{OTHER}</h4>{SAID}</div>",
        f"<div><span>مواضيع متصلة</span><ul><li><b>{STORY}</b>{TOLD}</li><li><b>{OTHER}</b>{SAID}</li></ul></div>",
        f"<section><h5>اقرأ أيضا</h5><div><h4>{STORY}</h4>{TOLD}</div><div><h4>{OTHER}</h4>{SAID}</div></section>",
        f"<div><p><b>موضوعات متصلة</b></p><p><b>{STORY}</b></p>{TOLD}<p><b>{OTHER}</b></p>{SAID}</div>",
        f'<div class="q"><h3><a href="/n/2">{STORY}</a></h3>{TOLD}</div>',
        f'<div class="q"><h3>{STORY}</h3>{TOLD}<a href="/n/2">اقرأ الخبر كاملا</a></div>',
        f'<div class="q"><h3>{STORY}</h3>{TOLD}<a href="/n/2">التفاصيل كاملة</a></div>',
        f'<div class="q"><h3>{STORY}</h3>{TOLD}<p><a href="/n/2">المزيد »</a></p></div>',
        f'<div class="q"><b>{STORY}</b>{TOLD}<a href="/n/2">شاهد الخبر كاملا</a></div>',
        f'<div class="q"><div><h3>{STORY}</h3>{TOLD}<a href="/n/2">للمزيد</a></div>'
        f'<div><h3>{OTHER}</h3>{SAID}<a href="/n/3">للمزيد</a></div></div>',
    ],
)
@pytest.mark.parametrize("place", ["above", "amid", "behind"])
def test_other_stories_with_their_excerpts_in_the_texts_own_element(box: str, place: str) -> None:
    inside = {"above": box + WHOLE, "amid": f"{FIRST}{box}{''.join(REST)}", "behind": WHOLE + box}
    assert body(inside[place]) == list(TEXT)


def test_parts_of_the_text_with_a_heading_each_are_no_excerpts() -> None:
    parts = f"<div><h3>{STORY}</h3>{TOLD}</div><div><h3>{OTHER}</h3>{SAID}</div>"
    assert body(f"{FIRST}{parts}{''.join(REST)}")[1::2][:2] == [STORY, OTHER]
    topic = f'<div><h3><a href="#p">{STORY}</a></h3>{TOLD}</div>'
    assert len(body(topic + WHOLE)) >= len(TEXT) + 1


@pytest.mark.parametrize("heading", ["الأكثر مشاهدة في أعمال", "اقرأ أيضا", "قد يهمك", "مواضيع مشابهة", "أحدث الأخبار"])
def test_boxes_without_links_below_a_heading_of_other_stories_are_longer_than_the_text(heading: str) -> None:
    titles = (STORY, OTHER, "قطار الضواحي يتوقف ثلاثة أيام", "المحكمة تؤيد تغريم شركة الاتصالات")
    cards = "".join(
        f'<x-card class="k"><x-title>{title}</x-title><x-text>{n} {TOLD[3:-4]}</x-text></x-card>'
        for n, title in enumerate(titles)
    )
    text = "".join(f'<div class="k">{line}</div>' for line in TEXT[:2])
    prices = '<div class="k">وجاءت الأسعار أمس:</div><div class="r"><div>برحي</div> <div>1.250 دينار</div></div>'
    page = (
        f'<section>{text}{prices}<div class="k">{TEXT[2]}</div></section><section><h3>{heading}</h3>{cards}</section>'
    )
    assert lines(page) == [*TEXT[:2], "وجاءت الأسعار أمس:", "برحي", "1.250 دينار", TEXT[2]]


@pytest.mark.parametrize(
    "story",
    [
        f'<hr><h2>{STORY}</h2><span class="wr">ندى الحوراني</span>{TOLD}{SAID}',
        f"<hr><h2>{STORY}</h2><p>بقلم: ندى الحوراني</p>{TOLD}{SAID}",
        f'<hr/><div><h2>{STORY}</h2><div class="by">ندى الحوراني</div>{TOLD}{SAID}</div>',
        f'<h1>{STORY}</h1><span class="wr">ندى الحوراني</span>{TOLD}{SAID}',
        f"<p>***</p><h2>{STORY}</h2><p>بقلم: ندى الحوراني</p>{TOLD}{SAID}",
        f'<div class="sep"></div><h2>{STORY}</h2><p class="wr">ندى الحوراني</p>{TOLD}{SAID}',
    ],
)
def test_a_second_story_with_its_writer_behind_a_rule_is_not_the_pages(story: str) -> None:
    assert body(WHOLE + story, above=BY) == list(TEXT)


def test_parts_behind_a_rule_and_entries_with_their_reporters_are_the_storys() -> None:
    part = f"<hr><h2>{STORY}</h2>{TOLD}{SAID}"
    assert body(WHOLE + part, above=BY)[3] == STORY
    entries = "".join(
        f'<hr><h2>{title}</h2><span class="wr">ندى الحوراني</span><p>{n} {SAID[3:]}'
        for n, title in enumerate((STORY, OTHER, "قطار الضواحي يتوقف ثلاثة أيام"))
    )
    assert {STORY, OTHER} <= set(body(WHOLE + entries, above=BY))
