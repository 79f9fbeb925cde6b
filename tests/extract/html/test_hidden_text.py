"""Text that stands hidden on a page: sent ahead of its place, shown by a component, or a copy of what is shown."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from extract.extractor import extract_article
from extract.page import Page
from storage.model.records import ArticleText

TITLE = "بلدية الروضة تبدأ توسعة الطريق الساحلي"
TEXT = (
    "أعلنت بلدية مدينة الروضة صباح اليوم بدء أعمال توسعة الطريق الساحلي الذي يربط الميناء القديم بالمنطقة الصناعية.",
    "وقال رئيس البلدية سامر الخطيب إن المشروع سيستغرق ثمانية عشر شهرا، وإن المرحلة الأولى تشمل ثلاثة جسور للمشاة.",
    "وأضاف الخطيب أن الحركة المرورية ستحول إلى الطرق البديلة خلال ساعات الليل، وأن الشرطة ستنظم السير فيها.",
    "ورحب أصحاب المتاجر بالمشروع، لكنهم طالبوا بتعويضات عن فترة الإغلاق وبضمانات مكتوبة قبل بدء الحفر.",
    "ومن المقرر أن يعقد المجلس البلدي جلسة استماع عامة يوم الأحد المقبل لمناقشة الخطة مع ممثلي الأهالي.",
)
FIRST, SECOND, THIRD, FOURTH, FIFTH = (f"<p>{line}</p>" for line in TEXT)
LIST = "<ul><li>إنشاء ثلاثة جسور علوية.</li><li>زراعة ألفي شجرة على الجانبين.</li></ul>"


def read(article: str, behind: str = "") -> ArticleText:
    page = (
        f'<html lang="ar" dir="rtl"><head><title>{TITLE} - صحيفة المرفأ</title></head><body>'
        f'<header><a href="/">الرئيسية</a><a href="/p">سياسة</a></header><main><h1>{TITLE}</h1>{article}</main>'
        f"<footer>جميع الحقوق محفوظة لصحيفة المرفأ</footer>{behind}</body></html>"
    )
    at = datetime(2026, 3, 1, tzinfo=UTC)
    found = extract_article(Page(body=page.encode(), url="https://marfa.example/n/1", captured_at=at))
    assert isinstance(found, ArticleText), found
    return found


def part(number: str, html: str, call: str = "") -> str:
    return f'<div hidden id="{number}">{html}</div>' + (f"<script>{call}</script>" if call else "")


@pytest.mark.parametrize("is_told", [True, False])
def test_parts_that_are_sent_later_stand_where_the_page_puts_them(is_told: bool) -> None:
    found = read(
        f'<article><template id="B:0"></template><section><template id="B:1"></template></section>{FIFTH}</article>',
        part("S:1", f'{THIRD}<div><template id="P:2"></template></div>', '$RC("B:1","S:1")' if is_told else "")
        + part("S:2", FOURTH, '$RS("S:2","P:2")' if is_told else "")
        + part("S:0", FIRST + SECOND, '$RC("B:0","S:0")' if is_told else ""),
    )
    assert tuple(found.body.splitlines()) == TEXT


def test_a_part_goes_where_the_script_says_and_not_where_its_number_says() -> None:
    found = read(
        f'<article>{FIRST}<template id="_R_B:0"></template>{FOURTH}<template id="_R_B:1"></template></article>',
        part("_R_S:1", SECOND + THIRD, '$RB=[];$RC("_R_B:0","_R_S:1")')
        + part("_R_S:0", FIFTH, '$RC("_R_B:1","_R_S:0")'),
    )
    assert tuple(found.body.splitlines()) == TEXT


def test_parts_that_lead_into_each_other_lose_no_text_and_end() -> None:
    found = read(
        f"<article>{FIRST}{SECOND}{THIRD}{FOURTH}{FIFTH}</article>",
        part("S:0", '<template id="B:0"></template>', '$RC("B:0","S:0")')
        + part("S:1", '<i>1</i><template id="B:2"></template>', '$RC("B:1","S:1")')
        + part("S:2", '<i>2</i><template id="B:1"></template>', '$RC("B:2","S:2")')
        + part("S:3", "<i>3</i>", '$RC("B:3","S:3")'),
    )
    assert tuple(found.body.splitlines()) == TEXT


def test_a_chain_of_parts_builds_no_tree_that_breaks_readers() -> None:
    """In a process of its own, because a tree that is too deep ends it."""
    deep = "<div>" * 150
    chain = "".join(
        f'<div hidden id="S:{n:x}">{deep}<template id="B:{n + 1:x}"></template>{"</div>" * 150}</div>'
        for n in range(100)
    )
    page = f'<html><body><template id="B:0"></template>{FIRST}{SECOND}{THIRD}{chain}</body></html>'
    code = (
        "import sys; from datetime import UTC, datetime\n"
        "from extract.extractor import extract_article; from extract.page import Page\n"
        "at = datetime(2026, 3, 1, tzinfo=UTC)\n"
        "page = Page(body=sys.stdin.buffer.read(), url='https://a.example/1', captured_at=at)\n"
        "print(type(extract_article(page)).__name__)"
    )
    run = subprocess.run([sys.executable, "-c", code], input=page.encode(), capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() in (b"ArticleText", b"Rejected")


def test_text_of_a_web_component_is_read() -> None:
    inside = (
        f'<article-text><template shadowrootmode="open">{FIRST}{SECOND}{THIRD}{FOURTH}{FIFTH}</template></article-text>'
    )
    assert tuple(read(inside).body.splitlines()) == TEXT


@pytest.mark.parametrize(
    ("tag", "names"), [("pre", 'class="raw-markdown" hidden'), ("div", 'class="print" style="display: none"')]
)
def test_a_hidden_copy_adds_nothing_and_takes_nothing_away(tag: str, names: str) -> None:
    """The copy is longer in running text than what is shown: there the list and the links are part of it."""
    shown = "".join(f'<p><a href="/t">{line[:24]}</a>{line[24:]}</p>' for line in TEXT)
    copy = "\n\n".join(f"[{line[:24]}](https://marfa.example/t){line[24:]}" for line in TEXT)
    found = read(
        f"<article>{shown}{LIST}</article>",
        f"<{tag} {names}># {TITLE}\n\n{copy}\n* إنشاء ثلاثة جسور علوية.\n* زراعة ألفي شجرة على الجانبين.\n</{tag}>",
    )
    assert tuple(found.body.splitlines()) == (*TEXT, "إنشاء ثلاثة جسور علوية.", "زراعة ألفي شجرة على الجانبين.")


def test_a_hidden_text_that_is_shown_nowhere_else_stays() -> None:
    found = read(f'<div style="display:none">{FIRST}{SECOND}{THIRD}{FOURTH}{FIFTH}</div>')
    assert tuple(found.body.splitlines()) == TEXT


def test_a_hidden_copy_in_one_line_takes_no_line_of_a_text_that_stands_twice() -> None:
    shown = "".join((FIRST, SECOND, THIRD, FOURTH, FIFTH))
    copy = f'<div style="display: none">{" ".join(TEXT)}</div>'
    found = read(f'<div class="desktop">{shown}</div><div class="mobile">{shown}</div>', copy)
    assert tuple(found.body.splitlines()) == TEXT


def test_a_notice_longer_than_the_lines_of_a_poem_is_not_the_text() -> None:
    verses = (
        "يا دار قومي على الشط البعيد",
        "سلام على أهلك الطيبين",
        "مررت بك اليوم بعد السنين",
        "فما عرفتني سوى الياسمين",
    )
    verses += ("وقفت أسائل عن أهلها", "فما رد غير صدى الساكنين", "وعدت أجر ورائي خطاي", "كأني غريب مع العائدين")
    notice = (
        "<div><p>يستخدم هذا الموقع ملفات تعريف الارتباط لضمان حصولك على أفضل تجربة تصفح، ويمكنك تعديل إعداداتك في أي "
        "وقت من متصفحك أو قراءة المزيد في صفحة سياسة الخصوصية.</p><button>أوافق</button></div>"
    )
    for article in (
        f"<article><p>{'<br>'.join(verses)}</p></article>",
        "".join(f"<div>{verse}</div>" for verse in verses),
    ):
        assert tuple(read(article, notice).body.splitlines()) == verses
        assert tuple(read(notice + article).body.splitlines()) == verses


@pytest.mark.parametrize("names", ["accordion-panel", "collapse", "faq-answer", "elementor-tab-content"])
def test_an_answer_that_a_heading_unfolds_is_text_and_so_is_the_heading(names: str) -> None:
    questions = ("متى يبدأ العمل في الطريق الساحلي؟", "هل تغلق المتاجر خلال الحفر؟", "ومن يمول المشروع؟")
    folded = "".join(
        f'<h3><button>{question}</button></h3><div class="{names}" style="display:none">{answer}</div>'
        for question, answer in zip(questions, (THIRD, FOURTH, FIFTH), strict=True)
    )
    lines = [line for pair in zip(questions, TEXT[2:], strict=True) for line in pair]
    assert read(f"<article>{FIRST}{SECOND}{folded}</article>").body.splitlines() == [*TEXT[:2], *lines]
