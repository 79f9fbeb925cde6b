"""Search: the list of words, and queries with right answers, by the index, by a scan and in SQL."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import warraq
from storage.errors import UsageError
from storage.settings import Settings, read_settings
from storage.tables.archive_tables import open_tables
from storage.tables.staging import RecordRows
from tests.fixtures.rows import edition, fetch, run_id, run_row
from tests.storage.search.test_word_forms import word_queries
from warraq.api.archive import Archive
from warraq.api.connections import Connections
from warraq.api.search import Found, Hit
from warraq.api.search_index import IndexState, index_path, keep_index, open_index
from warraq.cli.main import main

# By number: headline, text.
TEXTS = {
    1: ("مصر تعلن ملء سد النهضة", "قالت القاهرة إن ملء السدّ تم. وفي السياق نفسه: انخفض منسوب النيل."),
    2: ("إثيوبيا: سد النهضة لن يضر أحدا", "أكدت أديس أبابا أن لسد النهضة فوائد، وأن مصر تعلم ذلك."),
    3: ("افتتاح معرض الكتاب", "يضم المعرض مليون كتاب، ومن بينها كتب عن النهضة العربية وسدّ الفجوة."),
    4: ("زلزال يضرب المغرب", "بلغت قوة الزلزال 6,8 درجات، بحسب وكالة رويترز (AFP)."),
    5: ("المغرب يعيد البناء", "بعد عام على الزلزال تعيد الحكومة بناء المدارس؛ والانتخابات مؤجلة."),
    6: ("الانتخابات الرئاسية في موعدها", "تبدأ الانتخابات غدًا. الناخبون: ١٢ مليونا."),
    7: ("وانتخاباتنا حرة", "تصريح للرئيس"),
    8: ("جسد واحد", "حملة للتبرع بالدم في المستشفيات"),
    9: ("قال الوزير", "لا سدود جديدة قبل 2030، والنهر يجري."),
    10: ("سوق", "ارتفع سعر الدولار 5% أمام الجنيه\nسد النهضة خارج النقاش"),
}
# What is asked, and the texts that are right.
QUERIES = {
    "انتخابات": {5, 6, 7},
    "مستشفيات": {8},
    "سد": {1, 2, 3, 9, 10},
    '"سد النهضة"': {1, 2, 10},
    "«سدّ النهضه»": {1, 2, 10},
    "سد النهضة": {1, 2, 3, 10},
    "النهضة سد": {1, 2, 3, 10},
    '"النهضة سد"': set(),
    '"سد النهضة" مصر': {1, 2},
    "سد -مصر": {3, 9, 10},
    "سد NOT مصر": {3, 9, 10},
    "سد NOT (مصر OR كتاب)": {9, 10},
    "سد -(مصر OR كتاب)": {9, 10},
    "title:(زلزال OR سد)": {1, 2, 4},
    "عنوان:(سد -body:تعلم)": {1},
    "زلزال AND المغرب": {4, 5},
    "زلزال OR انتخابات": {4, 5, 6, 7},
    "زلزال انتخابات": {5},
    "(زلزال OR انتخابات) -المغرب": {6, 7},
    "title:زلزال": {4},
    "body:زلزال": {4, 5},
    "عنوان:مصر": {1},
    'title:"سد النهضة"': {1, 2},
    "انتخاب*": {5, 6, 7},
    "ناخب*": {6},
    '"سد النه*"': {1, 2, 10},
    '"النه* لن"': {2},
    "عنوان: مصر": {1},
    "مصر و سد": {1, 2},
    "و": set(),
    # A plural of another stem, by one noun and the other.
    "كتب": {3},
    "نهر OR أنهار": {9},
    "مدرسة": {5},
    '"بناء مدرسة"': {5},
    "=مدرسة": set(),
    "=سد": {1, 2, 10},
    "=السد": {1},
    "مليون": {3, 6},
    "AFP": {4},
    "afp": {4},
    "12": {6},
    "١٢": {6},
    "2030": {9},
    "5%": {10},
    "٥٪": {10},
    '"في السياق نفسه"': {1},
    '"ملء السد تم"': {1},
    '"الدولار 5% امام الجنيه سد النهضة"': {10},
    '"العربية وسد الفجوة"': {3},
    "لايوجدشيءكهذا": set(),
    "سد OR لايوجدشيءكهذا": {1, 2, 3, 9, 10},
    "سد لايوجدشيءكهذا": set(),
    '"مصر تعلن ملء سد النهضة"': {1},
    # A phrase does not begin in the headline and end in the text.
    '"سد النهضة قالت القاهرة"': set(),
}
NO_WORD = [
    "؟",
    "",
    "«»",
    "-سد",
    "NOT سد",
    "🇵🇸",
    "( )",
    "سد )",
    "* -",
    "سد*ة",
    "*سد",
    "portal:almasaa سد",
    "titel:سد",
    "foo:(سد)",
    "title:-سد",
    "body:title:سد",
    "title:NOT سد",
    "سد AND OR جسد",
    "سد OR AND جسد",
    "سد NOT OR جسد",
    "سد NOT",
    "(سد NOT) نهر",
]
# What is asked, and how it is understood: written so, it is understood alike.
UNDERSTOOD = {
    "سد or نهر": "سد AND or AND نهر (or is a word here, OR the operator)",
    "زلزال أو هزة": "زلزال AND او AND هزه (او is a word here, OR the operator)",
    '-(مصر OR "كتاب قديم") سدّ*': 'NOT (مصر OR "كتاب قديم") AND سد*',
    "(سد": "سد",
    "مصر title:-سد": "مصر AND NOT title:سد",
    'مصر title:-"سد النهضة"': 'مصر AND NOT title:"سد النهضه"',
    "مصر عنوان: -(سد OR نهر)": "مصر AND NOT (title:سد OR title:نهر)",
    "الساعة 12:-5": 'الساعه AND "12 5"',
    "سد OR": "سد",
    "‹سد النهضة": '"سد النهضه"',
    'العنوان : ="سد النهضة"': 'title:="سد النهضه"',
    "الساعة 12:30": 'الساعه AND "12 30"',
    "https://a.example/b": '"https a example b"',
    "السيسي:مصر": '"السيسي مصر"',
}


@pytest.fixture
def settings(local_environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in local_environ.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def publish(settings: Settings, texts: dict[int, tuple[str, str]], *, day: int = 25, portal: str = "almasaa") -> None:
    run = run_id(portal, day)
    rows = []
    for number, (title, body) in texts.items():
        row = edition(run, number, text=body)
        rows.append(replace(row, text=replace(row.text, title=title, body=body)))
    fetches = [fetch(row) for row in rows]
    open_tables(settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))


def index(settings: Settings) -> Connections:
    return Connections(settings, open_tables(settings).load())


def numbers(archive: Archive, query: str, **more: bool) -> set[int]:
    return numbers_of(archive.search(query, limit=100, **more))  # type: ignore[arg-type]


def numbers_of(found: Found) -> set[int]:
    by_title = {title: number for number, (title, _) in TEXTS.items()}
    assert found.total == len(found.hits)
    return {by_title[hit.title] for hit in found.hits}


def test_queries_are_answered_right_by_index_and_scan(settings: Settings) -> None:
    publish(settings, TEXTS)
    keep_index(index(settings))
    wrong = {}
    with warraq.open_archive() as archive:
        for query, right in QUERIES.items():
            for scan in (False, True):
                found = archive.search(query, limit=100, scan=scan)
                assert found.how == ("scan, as asked for" if scan else "index")
                if (got := numbers_of(found)) != right:
                    wrong[query, scan] = (got, right)
    assert wrong == {}


def test_each_word_of_the_list_is_found_alike_by_index_scan_and_sql(settings: Settings) -> None:
    spellings = sorted({word for _, right, other in word_queries() for word in right | other})
    publish(settings, {number: (f"خبر {number}", f"جاء {word} هنا") for number, word in enumerate(spellings)})
    keep_index(index(settings))
    with warraq.open_archive() as archive:
        for place, (typed, right, _) in enumerate(word_queries()):
            found = archive.search(typed, limit=100)
            got = {hit.snippet.split("**")[1] for hit in found.hits}
            slips = len(got ^ right)
            assert slips <= 1, (typed, got ^ right)
            if place % 10 == 0:
                assert archive.search(typed, scan=True).total == found.total, typed
                assert archive.articles(text=typed).count() == found.total, typed


@pytest.mark.parametrize("query", NO_WORD)
def test_a_search_without_a_wanted_word_is_refused(settings: Settings, query: str) -> None:
    publish(settings, TEXTS)
    with warraq.open_archive() as archive, pytest.raises(UsageError):
        archive.search(query)


def test_it_says_how_a_search_was_understood(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(settings, TEXTS)
    with warraq.open_archive() as archive:
        told = {typed: archive.search(typed, limit=0, scan=True).understood for typed in UNDERSTOOD}
        assert told == UNDERSTOOD
        for understood in (words.partition(" (او")[0].partition(" (or")[0] for words in told.values()):
            assert archive.search(understood, limit=0, scan=True).understood.startswith(understood)
    with pytest.raises(SystemExit):
        main(["search", "سد", "or", "نهر"])
    assert "0 of 0 articles for سد AND or AND نهر (or is a word here" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["سد OR نهر", "سد -مصر", "انتخاب*", "=سد", "title:سد", "؟"])
def test_where_a_phrase_is_wanted_the_signs_of_a_search_are_refused(settings: Settings, text: str) -> None:
    publish(settings, TEXTS)
    with warraq.open_archive() as archive:
        for asked in (archive.first_report, archive.series, lambda term: archive.articles(text=term)):
            with pytest.raises(UsageError):
                asked(text)
        assert archive.articles(text="السيسي -أمس- ومصر: 5-6 «سد» (رويترز)").count() == 0


def test_bytes_that_are_no_text_are_told_in_one_line(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(settings, TEXTS)
    for words in (["query", "SELECT '\udcff'"], ["export", "--agency", "\udcff", "--output", "-"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert (ended.value.code, capsys.readouterr().err.count("\n")) == (2, 1), words


def test_the_best_comes_first_and_the_passage_is_marked(settings: Settings) -> None:
    publish(settings, TEXTS)
    keep_index(index(settings))
    with warraq.open_archive() as archive:
        hits = archive.search("انتخابات").hits
        # What says it in the headline stands before what says it in the text only.
        assert hits[-1].title == TEXTS[5][0]
        assert "تبدأ **الانتخابات** غدًا" in next(hit.snippet for hit in hits if hit.title == TEXTS[6][0])
        assert archive.search("سد", sort="oldest").hits[0].title == TEXTS[1][0]
        assert archive.search("سد", sort="newest").hits[0].title == TEXTS[10][0]
        assert archive.search("سد", limit=1, offset=1).hits[0].title != archive.search("سد", limit=1).hits[0].title


@pytest.mark.parametrize("how", [[], ["--scan"], ["--sort", "newest"]])
def test_more_than_there_is_may_be_asked_for(settings: Settings, how: list[str]) -> None:
    publish(settings, TEXTS)
    keep_index(index(settings))
    # By itself: where the index makes room for so many, the process ends.
    for words, places in (
        (["--limit", "2147483647"], 5),
        (["--offset", "2000000000"], 0),
        (["--limit", "2147483647", "--offset", "3"], 2),
        (["--limit", "2147483647", "--offset", "2147483647"], 0),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "warraq", "search", "سد", "--json", *words, *how], capture_output=True, check=True
        )
        told = json.loads(ended.stdout)
        assert (told["total"], len(told["hits"])) == (5, places)
    with warraq.open_archive() as archive:
        assert len(archive.search("سد", limit=2**31 - 1).hits) == 5
        assert archive.search("سد", offset=2**31 - 1).hits == ()


def test_filters_and_counts_by_portal_and_month(settings: Settings) -> None:
    publish(settings, TEXTS)
    publish(settings, TEXTS, day=2, portal="raya")
    keep_index(index(settings))
    with warraq.open_archive() as archive:
        for scan in (False, True):
            assert archive.search("سد", portal="raya", scan=scan).total == 5
            assert archive.search("سد", since="2024-12-25", scan=scan).total == 5
            assert archive.search("سد", until="2024-12-25", country="EG", scan=scan).total == 5
            assert archive.search("سد", country="MA", scan=scan).total == 0
            counts = archive.search("سد", scan=scan).counts("portal,month").to_pylist()
            assert [(row["portal"], str(row["month"]), row["articles"]) for row in counts] == [
                ("almasaa", "2024-12-01", 5),
                ("raya", "2024-12-01", 5),
            ]


def test_without_an_index_it_scans_and_says_so(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(settings, TEXTS)
    with pytest.raises(SystemExit) as ended:
        main(["search", "سد"])
    out, err = capsys.readouterr()
    assert ended.value.code == 0
    assert "scan, because there is no index yet" in err
    assert "**سد** النهضة" in out
    assert "5 of 5 articles" in out
    with pytest.raises(SystemExit):
        main(["search", "سد", "--json", "--limit", "2"])
    told = json.loads(capsys.readouterr().out)
    assert (told["total"], len(told["hits"])) == (5, 2)


def test_the_index_follows_the_archive(settings: Settings) -> None:
    publish(settings, TEXTS)
    assert keep_index(index(settings)).is_new
    publish(settings, {1: ("خبر آخر", "بلا شيء")}, day=26)
    # The same article with another text, captured later.
    run = run_id("almasaa", 27)
    old = edition(run_id("almasaa", 25), 1, text=TEXTS[1][1])
    new = replace(edition(run, 1), article_id=old.article_id)
    new = replace(new, text=replace(new.text, title="عنوان جديد", body="صار الخبر عن الجسر"))
    fetches = [fetch(new)]
    open_tables(settings).replace_run(run, RecordRows(run, [new], fetches, run_row(run, fetches)))
    with warraq.open_archive() as archive:
        found = archive.search("سد النهضة")
        assert (found.how, found.total) == ("index", 3)
        assert archive.search("جسر").total == 1
    held = open_index(index(settings))
    assert held is not None
    assert held.count == 11
    publish(settings, {1: ("واحد", "وحيد")}, day=25)
    assert keep_index(index(settings)) == IndexState(articles=2, added=0, is_new=False)
    with warraq.open_archive() as archive:
        assert archive.search("سد النهضة").total == 0


def test_what_is_shown_is_what_the_archive_holds_now(settings: Settings) -> None:
    publish(settings, TEXTS)
    keep_index(index(settings))
    run = run_id("almasaa", 25)
    rows = [edition(run, number, text=body) for number, (_, body) in TEXTS.items()]
    # The same edition, which an extractor of another version writes with other signs.
    titles = [f"«{title}» & &#33; ١" for title, _ in TEXTS.values()]
    texts = [replace(row.text, title=title) for row, title in zip(rows, titles, strict=True)]
    rows = [replace(row, text=text, extractor_version="2") for row, text in zip(rows, texts, strict=True)]
    fetches = [fetch(row) for row in rows]
    open_tables(settings).replace_run(run, RecordRows(run, rows, fetches, run_row(run, fetches)))
    with warraq.open_archive() as archive:
        found, scanned = archive.search("سد OR جسد"), archive.search("سد OR جسد", scan=True)
        assert (found.how, found.total) == ("index", 6)
        assert {hit.title for hit in found.hits} < set(titles)

        def shown(hits: tuple[Hit, ...]) -> list[Hit]:
            return sorted((replace(hit, score=0.0) for hit in hits), key=lambda hit: hit.article_id)

        assert shown(found.hits) == shown(scanned.hits)
    # Counting waits until it is asked, and may come when the archive is closed.
    assert found.counts("portal").to_pylist() == [{"portal": "almasaa", "articles": 6}]


def some_query(chance: random.Random, words: list[str]) -> str:
    """Of words in their forms: phrases, beginnings, spellings, fields, and what is not wanted."""

    def phrase() -> str:
        some = chance.choices(words, k=chance.choice((1, 2, 2, 2, 3, 4)))
        said = " ".join([*some[:-1], some[-1][:3] + "*" if chance.random() < 0.15 else some[-1]])
        field, exact = chance.choice(("", "", "title:", "body:")), chance.choice(("", "", "", "="))
        return f'{field}{exact}"{said}"'

    parts = [phrase() for _ in range(chance.choice((1, 1, 2, 3)))]
    others = [chance.choice(("", "", "-", "OR ")) + part for part in parts[1:]]
    return " ".join([parts[0], *others])


def test_phrases_of_frequent_and_rare_words_are_found_alike_by_index_and_scan(settings: Settings) -> None:
    chance = random.Random(7)
    often = ["رئيس", "الوزراء", "ورئيس", "وزير", "مجلس", "الأمم", "المتحدة", "في"]
    rarely = [f"{word}{ending}" for word in ("سدود", "كتاب", "لرئيس", "قمح") for ending in ("", "ها", "نا", "هم")]

    def text(length: int) -> str:
        return " ".join(chance.choices(often + rarely, [8] * len(often) + [1] * len(rarely), k=length))

    texts = {number: (f"{number}ع {text(5)}", f"{text(14)}. {text(14)}") for number in range(60)}
    publish(settings, dict(list(texts.items())[:40]))
    keep_index(index(settings))
    publish(settings, dict(list(texts.items())[40:50]), day=26)  # added to an index that is there
    publish(settings, dict(list(texts.items())[2:30]))  # and some taken out
    assert not keep_index(index(settings)).is_new
    held = open_index(index(settings))
    assert held is not None
    assert {"رييس", "الوزراء"} < held.frequent["body"]
    assert held.searcher.doc_freq("body_pairs", "رييس_الوزراء")
    found = 0
    with warraq.open_archive() as archive:
        for query in [some_query(chance, often + rarely) for _ in range(60)]:
            by_index, by_scan = (archive.search(query, limit=100, scan=scan) for scan in (False, True))
            assert (by_index.how, by_index.total) == ("index", by_scan.total), query
            assert {hit.article_id for hit in by_index.hits} == {hit.article_id for hit in by_scan.hits}, query
            found += 0 < by_index.total < 38
    assert found > 20


def test_an_index_that_grew_much_is_written_anew(settings: Settings) -> None:
    publish(settings, {1: TEXTS[1]})
    assert keep_index(index(settings)).is_new
    publish(settings, {number: (f"خبر {number}", "قال رئيس الوزراء") for number in range(12)}, day=26)
    assert not keep_index(index(settings)).is_new
    publish(settings, {1: TEXTS[2]}, day=27)
    assert keep_index(index(settings)) == IndexState(articles=14, added=14, is_new=True)


@pytest.mark.parametrize("damage", [b"no index", b""])
@pytest.mark.parametrize("name", ["meta.json", "facts.json", "*.term", "*.store", "*.dictionary"])
def test_a_damaged_index_is_not_believed(settings: Settings, damage: bytes, name: str) -> None:
    publish(settings, TEXTS)
    keep_index(index(settings))
    for path in index_path(settings).glob(name):
        path.write_bytes(damage)
    with warraq.open_archive() as archive:
        assert numbers(archive, "سد") == {1, 2, 3, 9, 10}
    with warraq.open_archive() as archive:
        assert archive.search("سد").how == "index"


def test_a_state_of_the_past_is_scanned(settings: Settings) -> None:
    publish(settings, TEXTS)
    keep_index(index(settings))
    with warraq.open_archive(as_of=datetime.now(UTC)) as archive:
        found = archive.search("سد")
        assert found.total == 5
        assert found.how.startswith("scan, because the index holds the newest state only")


@pytest.mark.s3
def test_an_archive_in_s3_has_its_index_on_this_machine(s3_settings: Settings, tmp_path: Path) -> None:
    publish(s3_settings, TEXTS)
    connections = index(s3_settings)
    assert keep_index(connections).articles == len(TEXTS)
    assert index_path(s3_settings).is_relative_to(tmp_path)
