"""Edits: each change with its kind, in order, and articles that were taken away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.model.asked_again import asked_again
from storage.read.edits import ARABIC, Edit, text_changes
from storage.read.query import connect
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, lost_fetch, run_id, run_row

TITLE = "افتتاح جسر جديد"
BODY = (
    "افتتح الوزير سامي الخطيب صباح اليوم جسرا جديدا فوق النهر بحضور عدد من المسؤولين.\n"
    "وقال الوزير: «لن نرفع الأسعار هذا العام» في كلمة أمام الحضور.\n"
    "وبلغت تكلفة المشروع 12 مليون دينار بحسب البيان الذي صدر عن الوزارة مساء أمس."
)
STEPS = [
    ("headline", lambda title, body: ("افتتاح جسر قديم", body), "جديد", "قديم"),
    ("number", lambda title, body: (title, body.replace("12 مليون", "15 مليون")), "12", "15"),
    ("spelling", lambda title, body: (title, body.replace("المشروع", "المشرزع")), "المشروع", "المشرزع"),
    ("name", lambda title, body: (title, body.replace("سامي الخطيب", "نبيل حداد")), "سامي", "حداد"),
    ("quotation", lambda title, body: (title, body.replace("لن نرفع الأسعار", "قد نراجع الأسعار")), "نرفع", "نراجع"),
    ("wording", lambda title, body: (title, body.replace("صباح اليوم", "قبل قليل")), "صباح", "قليل"),
    ("paragraph added", lambda title, body: (title, f"{body}\nويخدم الجسر سبع قرى على الضفتين."), "", "سبع"),
    ("paragraph removed", lambda title, body: (title, body.rpartition("\n")[0]), "تكلفة", ""),
]


@pytest.mark.parametrize(("kind", "edit", "removed", "added"), STEPS, ids=[step[0] for step in STEPS])
def test_each_change_has_its_kind(kind: str, edit, removed: str, added: str) -> None:  # type: ignore[no-untyped-def]
    (change,) = text_changes(TITLE, BODY, *edit(TITLE, BODY))
    assert change.kind == kind
    assert removed in change.removed
    assert added in change.added
    assert change.words >= 1


def test_removed_paragraphs_are_numbered_in_the_older_text() -> None:
    others = "\n".join(f"كلمة{n} لا علاقة{n} لها{n} بما{n} سبق{n}" for n in range(2))
    found = [(change.kind, change.paragraph) for change in text_changes(TITLE, BODY, TITLE, others)]
    assert [number for kind, number in found if kind == "paragraph removed"] == [1, 2, 3]
    assert [number for kind, number in found if kind == "paragraph added"] == [1, 2]


SENTENCE = "وقال الوزير أمس إن {} في المدينة كما جاء في البيان الأخير"
# What says something else, with its kind.
MEANT = [
    ("الرئيس حسن روحاني", "الرئيس حسين روحاني", "name"),
    ("الوزير أحمد الخطيب", "الوزير حامد الخطيب", "name"),
    ("محمود الخطيب", "محمد الخطيب", "name"),
    ("التقى بمحمد الخطيب", "التقى بمحمود الخطيب", "name"),
    ("عبد الحكيم الخطيب", "عبد الحليم الخطيب", "name"),
    ("وائل الخطيب", "باسم الخطيب", "name"),
    ("الحرارة -5 درجات", "الحرارة 5 درجات", "number"),
    ("الحرارة (−٥) درجات", "الحرارة (٥) درجات", "number"),
    ("بيع 1,500 طن", "بيع 1.500 طن", "number"),
    ("بيع ١٬٥٠٠ طن", "بيع ١٫٥٠٠ طن", "number"),
    ("بنسبة 1.5%", "بنسبة 15%", "number"),
    ("بنسبة 5%", "بنسبة 5", "number"),
    ("بيع ثلث الإنتاج", "بيع ثلاث الإنتاج", "number"),
    ("بيع مليون طن", "بيع مليار طن", "number"),
    ("يعود في يونيو المقبل", "يعود في يوليو المقبل", "number"),
    ("الجواب «نعم» بلا شرط", "الجواب نعم بلا شرط", "quotation"),
    ("الجواب نعم بلا شرط", 'الجواب "نعم بلا" شرط', "quotation"),
    ("الجواب ل“نعم” بلا شرط", "الجواب لنعم بلا شرط", "quotation"),
    ("قوله «لن 'نرفع' الأسعار»", "قوله «لن نرفع الأسعار»", "quotation"),
]
# What says the same: one change of spelling, or none at all.
SPELLED = [
    ("إسرائيل أكدت", "اسرائيل اكدت", None),
    ("المدرسة الكبرى", "المدرسه الكبري", None),
    ("مُحَمَّد الخطيب", "محمد الخطيب", None),
    ("بيع ٥ أطنان", "بيع 5 أطنان", None),
    ("بيع ٣٫٥٪ منها", "بيع 3.5% منها", None),
    ("بيع 1,500 طن", "بيع ١٬٥٠٠ طن", None),
    ("في 25.12.2024 عاد", "في 25/12/2024 عاد", None),
    ("عاد 10:30 صباحا", "عاد 10.30 صباحا", None),
    ("بين 2020 -2024 عاد", "بين 2020 2024 عاد", None),
    ("الجواب «نعم» بلا شرط", 'الجواب "نعم" بلا شرط', None),
    ("كوفيد-19 عاد", "كوفيد 19 عاد", None),
    ("بيع 1,500 طن", "بيع 1500 طن", "spelling"),
    ("المسؤولون عادوا", "المسئولون عادوا", "spelling"),
    ("المشروع الكبير", "المشرزع الكبير", "spelling"),
    ("الحكومة الجديدة", "الحكوومة الجديدة", "spelling"),
    ("الحكومة الجديدة", "الحكموة الجديدة", "spelling"),
    ("إسماعيل الخطيب", "إسماعل الخطيب", "spelling"),
    ("داود الخطيب", "داوود الخطيب", "spelling"),
    ("سارة الخطيب", "سارا الخطيب", "spelling"),
    ("عبدالله الخطيب", "عبد الله الخطيب", "spelling"),
    ("عشرون رجلا", "عشرين رجلا", "spelling"),
]


@pytest.mark.parametrize(("before", "after", "kind"), MEANT + SPELLED)
def test_what_means_something_else_is_no_spelling_and_what_is_only_written_otherwise_is_no_more(
    before: str, after: str, kind: str | None
) -> None:
    for old, new in ((before, after), (after, before)):
        found = text_changes(TITLE, SENTENCE.format(old), TITLE, SENTENCE.format(new))
        assert [change.kind for change in found] == [kind] * (kind is not None)


def test_a_quotation_that_loses_its_marks_is_one_change_and_what_was_changed_in_it_another() -> None:
    before = "وقال الوزير: «لن نرفع الأسعار هذا العام في 12 مدينة كبرى» في كلمة أمام الحضور"
    after = before.translate(str.maketrans("", "", "«»"))
    (change,) = text_changes(TITLE, before, TITLE, after)
    assert (change.kind, change.words) == ("quotation", 9)
    assert change.removed == "«لن نرفع الأسعار هذا العام في 12 مدينة كبرى»"
    found = text_changes(TITLE, before, TITLE, after.replace("12", "15"))
    assert [change.kind for change in found] == ["quotation", "number", "quotation"]


def test_a_headline_that_loses_its_marks_or_a_sign_is_changed() -> None:
    for before, after in (("الجواب «نعم»", "الجواب نعم"), ("الحرارة -5 اليوم", "الحرارة 5 اليوم")):
        (change,) = text_changes(before, BODY, after, BODY)
        assert (change.kind, change.words) == ("headline", 2)


def test_marks_without_their_other_half_enclose_nothing() -> None:
    before = "وقال: «لن نرفع الأسعار هذا العام\n«ولن نخفضها» كما قال"
    assert text_changes(TITLE, before, TITLE, before.replace("«لن", "لن")) == []


def test_spelling_that_folding_removes_is_no_change() -> None:
    assert text_changes(TITLE, BODY, "إفتتاح جسر جديد", BODY.replace("أمس", "امس")) == []


def test_many_changes_are_bounded_and_counted() -> None:
    before = "\n".join(f"فقرة رقم {n} عن موضوع ما" for n in range(400))
    found = text_changes("", before, "", "نص آخر تماما")
    assert found[-1].kind == "more"
    assert found[-1].words > 0
    assert len(found) == 201


def test_the_view_tells_changes_in_order_and_articles_that_were_removed(local_settings: Settings) -> None:
    run = run_id()
    first = edition(run, 1)
    first = replace(first, text=replace(first.text, title=TITLE, body=BODY))
    rows = [first]
    for number, (_, edit, _, _) in enumerate(STEPS[:3], start=1):
        title, body = edit(rows[-1].text.title, rows[-1].text.body)
        text = replace(first.text, title=title, body=body)
        at = first.captured_at + timedelta(hours=number)
        rows.append(replace(first, edition_id=f"{number:032x}", text=text, captured_at=at))
    other = edition(run, 2)
    fetches = [fetch(rows[-1]), fetch(other)]
    open_tables(local_settings).replace_run(run, RecordRows(run, [*rows, other], fetches, run_row(run, fetches)))
    later = run_id(day=26)
    lost = lost_fetch(later, 1)
    lost = replace(lost, link=replace(lost.link, url=other.url, http_status=410))
    open_tables(local_settings).replace_run(later, RecordRows(later, [], [lost], run_row(later, [lost])))
    found = connect(local_settings).execute("SELECT * FROM edits ORDER BY seen_at").to_arrow_table().to_pylist()
    assert [row["kind"] for row in found] == ["headline", "number", "spelling", "article removed"]
    assert [row["minutes_after"] for row in found[:3]] == [60, 120, 180]
    assert found[0]["edition_before"] == first.edition_id
    assert found[1]["edition_before"] == found[0]["edition_after"]
    assert (found[1]["removed"], found[1]["added"], found[1]["paragraph"], found[1]["words"]) == ("12", "15", 3, 1)
    assert found[3]["url"] == other.url
    assert set(ARABIC) == set(Edit)
    assert [row["is_live_page"] for row in found] == [False] * 4


def test_a_text_that_came_back_is_a_change_at_its_address_and_another_addresss_text_is_none(
    local_settings: Settings,
) -> None:
    tables, run = open_tables(local_settings), run_id()
    first = edition(run, 1)
    first = replace(first, text=replace(first.text, title=TITLE, body=BODY))
    changed = replace(first, edition_id="c" * 32, captured_at=first.captured_at + timedelta(hours=1))
    changed = replace(changed, text=replace(first.text, body=BODY.replace("12 مليون", "15 مليون")))
    # Another address of the same article, whose text is another one all the time.
    mobile = replace(changed, edition_id="d" * 32, url=f"{first.url}/amp")
    mobile = replace(mobile, captured_at=first.captured_at + timedelta(minutes=30))
    mobile = replace(mobile, text=replace(first.text, body=BODY.replace("12 مليون", "13 مليون")))
    fetches = [fetch(first), fetch(changed, outcome="edition"), fetch(mobile, outcome="edition")]
    tables.replace_run(run, RecordRows(run, [first, changed, mobile], fetches, run_row(run, fetches)))
    for day in (26, 27):
        later = run_id(day=day)
        again = [
            replace(
                fetch(row, outcome="unchanged"),
                run_id=str(later),
                window_start=later.window.start,
                window_end=later.window.end,
                link=replace(fetch(row).link, captured_at=later.window.start + timedelta(minutes=minute)),
            )
            for minute, row in enumerate((first, mobile))
        ]
        tables.replace_run(later, RecordRows(later, [], again, run_row(later, again)))
    edits = connect(local_settings).execute(
        "SELECT edition_before, edition_after, removed, added, seen_at FROM edits ORDER BY seen_at"
    )
    found = edits.fetchall()
    assert [row[2:4] for row in found] == [("12", "13"), ("13", "15"), ("15", "12")]
    assert found[-1][:2] == (changed.edition_id, first.edition_id)
    assert found[-1][4] == run_id(day=26).window.start


# What a later run found at the address of an article that it asked for again.
ASKED_AGAIN = {
    "removed": ("gone", {"http_status": 410}),
    "withheld": ("http_4xx", {"http_status": 451}),
    "redirected": ("rejected:front_page", {"http_status": 200, "final_url": "https://a.example/"}),
    "hidden": ("rejected:paywall", {"http_status": 200}),
    "an error": ("http_5xx", {"http_status": 503}),
    "a robot refused": ("blocked", {"http_status": 403}),
    "removed and back": ("gone", {"http_status": 404}),
}


def test_what_is_gone_is_told_with_how_and_what_came_back_or_only_failed_is_not(local_settings: Settings) -> None:
    tables, run, later, last = open_tables(local_settings), run_id(), run_id(day=26), run_id(day=27)
    rows = [edition(run, number) for number in range(len(ASKED_AGAIN))]
    fetches = [fetch(row) for row in rows]
    tables.replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    asked = []
    for number, (row, (outcome, link)) in enumerate(zip(rows, ASKED_AGAIN.values(), strict=True)):
        lost = lost_fetch(later, number)
        asked.append(replace(lost, outcome=outcome, link=replace(lost.link, url=row.url, **link)))
    tables.replace_run(later, RecordRows(later, [], asked, run_row(later, asked)))
    back = fetch(rows[-1])
    at = last.window.start + timedelta(hours=1)
    back = replace(
        back,
        outcome="unchanged",
        run_id=str(last),
        window_start=last.window.start,
        window_end=last.window.end,
        link=replace(back.link, captured_at=at),
    )
    tables.replace_run(last, RecordRows(last, [], [back], run_row(last, [back])))
    found = connect(local_settings).execute("SELECT url, how FROM gone").fetchall()
    assert dict(found) == {row.url: how for row, how in zip(rows[:4], ASKED_AGAIN, strict=False)}
    edits = connect(local_settings).execute("SELECT kind, minutes_after FROM edits").fetchall()
    assert {kind for kind, _ in edits} == {f"article {how}" for how in list(ASKED_AGAIN)[:4]}
    assert all(minutes > 0 for _, minutes in edits)


def test_what_a_window_that_was_archived_once_more_found_gone_is_told_of_its_one_fetch(
    local_settings: Settings,
) -> None:
    tables, run = open_tables(local_settings), run_id()
    rows = [edition(run, number) for number in range(4)]
    fetches = [fetch(row) for row in rows]
    address = "https://a.example/"
    later = fetches[0].link.captured_at + timedelta(hours=3)
    told = [
        asked_again(replace(fetches[0].link, captured_at=later, http_status=410), "gone", by=later),
        asked_again(replace(fetches[1].link, captured_at=None, http_status=451), "legal_block", by=later),
        "opt-out: meta robots noai; "
        + asked_again(replace(fetches[2].link, captured_at=later, final_url=address), "rejected:front_page", by=later),
        None,
    ]
    fetches = [
        replace(each, link=replace(each.link, detail=detail)) for each, detail in zip(fetches, told, strict=True)
    ]
    tables.replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    connection = connect(local_settings)
    found = connection.execute("SELECT url, how, http_status, gone_at FROM gone ORDER BY url").fetchall()
    expected = [("removed", 410), ("withheld", 451), ("redirected", 200)]
    assert found == [(row.url, *how, later) for row, how in zip(rows, expected, strict=False)]
    assert connection.execute("SELECT statement FROM opt_outs").fetchall() == [("meta robots noai",)]


def test_words_of_a_page_that_look_like_it_do_not_disturb_what_is_told_of_others(local_settings: Settings) -> None:
    tables, run = open_tables(local_settings), run_id()
    rows = [edition(run, number) for number in range(2)]
    said = "opt-out: meta tdm-reservation; asked again at noon: gone"
    fetches = [fetch(row) for row in rows]
    fetches = [replace(each, link=replace(each.link, detail=said)) for each in fetches]
    lost = replace(lost_fetch(run, 5), outcome="rejected:front_page")
    fetches.append(replace(lost, link=replace(lost.link, detail="the site's page: «asked again at noon: gone»")))
    tables.replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    assert connect(local_settings).execute("SELECT url FROM gone").fetchall() == []
