"""What sites ask of readers in other languages, summaries by machines, links of headings, tables, other papers."""

from __future__ import annotations

import pytest

from extract.boilerplate.rule_matching import candidates
from extract.boilerplate.rules.pleas import PLEAS_RULES
from storage.identity.arabic_folding import text_norm
from tests.extract.boilerplate.test_as_sites_print_it import PARAGRAPHS, TEXT, WHOLE, lines
from tests.extract.fields.test_other_scripts import LATIN
from tests.extract.fields.test_other_scripts import article as latin_article

IDS = {rule.id for rule in PLEAS_RULES}


def between(box: str) -> list[str]:
    first, *rest = (f"<p>{line}</p>" for line in LATIN)
    return latin_article(text=(f"{first}{box}{''.join(rest)}",)).body.splitlines()


@pytest.mark.parametrize(
    "plea",
    [
        "Love the coast? Get the day’s headlines in your inbox at 7am with our free Briefing. Sign up here.",
        "Sign up for our weekly politics newsletter.",
        "Kein Thema verpassen: Unser Newsletter „Hafen kompakt“ kommt jeden Freitag kostenlos in Ihr Postfach.",
        "Inscrivez-vous à notre newsletter du matin.",
        "Suscríbete a nuestro boletín y no te pierdas nada.",
        "Iscriviti alla newsletter del porto.",
        "Elke zondag een stukje in je mailbox? Dat kan, en het kost niets. Meld je hieronder aan in je mailbox.",
        "Haftalık bültenimize abone olun.",
        "Sigue el canal de El Faro en WhatsApp y recibe las noticias en tu móvil",
        "Join our free WhatsApp channel for the latest from the harbour.",
        "If you enjoy these posts, the hosting is paid for by people on Ko-fi. You could be one.",
        "£20 buys a lamp and a pair of boots. Will you give today?",
        "Si te ha gustado, invítame a un café en el botón de la derecha.",
        "The Coast Briefing newsletter brings you the most important news of the sea. Sign up here.",
        "Our live coverage has ended. Read more about the storm and its path here.",
        "If you buy something from a Coast link, we may earn a commission. See our ethics statement.",
        "LINK PRESENTE: Gostou deste texto? Assinante pode liberar sete acessos gratuitos por dia.",
        "Was this article helpful?",
        "Heeft deze informatie u geholpen?",
    ],
)
def test_pleas_amid_a_text(plea: str) -> None:
    assert between(f"<p>{plea}</p>") == list(LATIN)


@pytest.mark.parametrize(
    "sentence",
    [
        "The code arrives in your inbox within a minute, and the council signs it with a key of its own each night.",
        "The chair of the council writes a newsletter to which half of the town has subscribed since the last storm.",
        "The band that played on the pier pays for its van on Patreon, where nine hundred people give what they can.",
        "He said that he would buy me a coffee if I told him which of the two harbours had lost its lighthouse first.",
        "People who love the harbour pay on Patreon for the men who paint its lamps twice in each year of storms.",
        "The police followed the gang on Telegram for months before its boats were stopped off the northern rocks.",
        "The live coverage of the storm had viewers in nine lands, and it ended when the mast of the station fell.",
        "Readers of the newsletter may buy a lamp, and whoever wants one can sign up at the harbour office on Sunday.",
        "An earlier version of this harbour stood a mile to the south, where the sand has long covered its walls.",
    ],
)
def test_sentences_that_tell_of_the_same_stay(sentence: str) -> None:
    assert between(f"<p>{sentence}</p>") == [LATIN[0], sentence, *LATIN[1:]]
    assert not IDS & {rule.id for rule in candidates(text_norm(sentence), None) if rule.id != "promo.corrected"}


def test_a_note_on_a_correction_behind_the_text() -> None:
    note = "<p>This article was amended at 2pm to correct the number of piers affected by the storm.</p>"
    assert latin_article(text=(*LATIN[:2], f"{LATIN[2]}</p>{note}<p>")).body.splitlines() == list(LATIN)


def test_notes_behind_a_text_on_whom_to_reach_and_where_it_was_first() -> None:
    notes = (
        "<p>Reach Nora Lindqvist at nora@coast.example or on X @noral.</p>"
        "<p>This article originally appeared on Coast Tribune: Harbour: how the lamp was won</p>"
        "<p><span>Our Standards: </span><a href='/t'>The Coast Trust Principles.</a><span>, opens new tab</span></p>"
    )
    assert latin_article(text=(*LATIN[:2], f"{LATIN[2]}</p>{notes}<p>")).body.splitlines() == list(LATIN)


def test_the_link_of_a_heading_to_itself_is_no_text() -> None:
    heading = '<h2 id="stone">Stone from the north<a class="anchor" href="#stone">#</a></h2>'
    assert "Stone from the north" in between(heading)


def test_a_table_half_of_which_is_text_is_text() -> None:
    said = (("Design", "Handsome and easy to use blind", "4.5/5"), ("Lamp", "Best in class for fog", "4.5/5"))
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in said)
    table = f"<h2>Scorecard</h2><table><tr><th>Category</th><th>Comments</th><th>Score</th></tr>{rows}</table>"
    assert [line for line in between(table) if "|" in line] == [
        "Category | Comments | Score",
        *(" | ".join(row) for row in said),
    ]


@pytest.mark.parametrize(
    "box",
    [
        "<div><b>خلاصة بالذكاء الاصطناعي</b> <span>بئر واحدة وثلاثون امرأة وموسم نجا من العطش.</span></div>",
        "<p>حاورتها: إيمان العياري</p>",
    ],
)
def test_lines_before_the_text(box: str) -> None:
    assert lines(f"<div>{box}{WHOLE}</div>") == list(TEXT)


def test_others_behind_the_text_and_what_is_asked_for_in_the_vernacular() -> None:
    others = "<b>وفيات أخرى</b><ul><li><a href='/n/4'>وفاة مؤسس مكتبة الجبل</a></li></ul>"
    assert lines(f"<div>{WHOLE}</div>{others}") == list(TEXT)
    also = "<p>اقرا حتى هادي <a href='/n/9'>سائقو السدرة يرفضون تسعيرة المطار الجديدة</a></p>"
    assert lines(f"<div>{PARAGRAPHS[0]}{also}{PARAGRAPHS[1]}{PARAGRAPHS[2]}</div>") == list(TEXT)


def test_headings_of_a_review_of_the_press_lead_to_the_papers_and_stay() -> None:
    names = ("صحيفة «الميدان»", "جريدة «الثوابت»")
    first, second = (f'<h3><a href="https://paper{len(name)}.test/">{name}</a></h3>' for name in names)
    found = lines(f"<div>{PARAGRAPHS[0]}{first}{PARAGRAPHS[1]}{second}{PARAGRAPHS[2]}</div>")
    assert found == [TEXT[0], names[0], TEXT[1], names[1], TEXT[2]]


NOTES = (
    "حُدّثت هذه المادة في 13 آذار لإضافة رابط الحاسبة",
    "تم تحديث هذا الخبر الساعة 14:20 بإضافة رد الوزارة",
    "عُدّل هذا التقرير في 5 مايو بعد ورود رد الشركة",
    "جرى تصحيح هذا المقال لتوضيح أن الرقم يخص عام 2023",
    "تصحيح: ذكرت نسخة سابقة من هذا المقال أن عدد القرى تسع، والصحيح سبع.",
    "تحديث: أضيف إلى هذه المادة رد البلدية.",
    "نُشرت هذه المادة أول مرة في 3 آذار 2025 وحُدّثت في 13 آذار",
    "ملاحظة المحرر: أضيف رد البلدية إلى هذه المادة بعد نشرها.",
)
ELSEWHERE = (
    "Cet article a été mis à jour le 13 mars pour ajouter la réponse de la mairie.",
    "Dieser Artikel wurde am 13. März aktualisiert.",
    "Este artículo fue actualizado el 13 de marzo para añadir la respuesta.",
    "This story has been updated.",
    "Update, March 13: this article has been updated with a comment of the town.",
    "Correction: A previous version of this article misstated the name of the mayor.",
    "Dit artikel is op 13 maart bijgewerkt.",
)


@pytest.mark.parametrize("note", NOTES)
def test_what_was_changed_in_a_text_is_said_below_or_above_it(note: str) -> None:
    assert lines(f"<div>{WHOLE}<p><em>{note}</em></p></div>") == list(TEXT)
    assert lines(f"<div><p>{note}</p>{WHOLE}</div>") == list(TEXT)


@pytest.mark.parametrize("note", ELSEWHERE)
def test_what_was_changed_in_texts_of_other_languages(note: str) -> None:
    whole = "".join(f"<p>{line}</p>" for line in LATIN)
    assert latin_article(text=(f"{whole}<p>{note}</p>",)).body.splitlines() == list(LATIN)


@pytest.mark.parametrize(
    "sentence",
    [
        "حدثت هذه القصة في قرية صغيرة قبل عشرين عاما، ثم نسيها الناس.",
        "حدّثت الوزارة هذه المادة من القانون في 13 آذار، وهي التي تخص الآبار.",
        "تحديث 13 آذار: أعلنت البلدية أن الطريق إلى البئر سيفتح غدا.",
        "أضيفت هذه البئر إلى خريطة الوزارة في العام نفسه.",
    ],
)
def test_what_was_changed_elsewhere_is_the_last_sentence(sentence: str) -> None:
    assert lines(f"<div>{WHOLE}<p>{sentence}</p></div>") == [*TEXT, sentence]
