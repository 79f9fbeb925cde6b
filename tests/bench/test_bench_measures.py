"""The benchmark's figures: each by hand, and all together against the corpus's own scorer."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.extract.cases import corpus_cases, demo_cases
from bench.extract.measures import Figures, Gold, Prediction, fold, judge, means
from bench.markdown_tables import Column, markdown_table, put_between_markers

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
GOLD = Gold(
    title="عنوان الخبر",
    body="واحد اثنان ثلاثة أربعة",
    published="2024-12-25T10:00:00+02:00",
    author="سامي النجار",
    must_not_contain=("اقرأ أيضا", "حمل التطبيق"),
    optional=("صورة أرشيفية",),
)


def test_folding_drops_marks_tatweel_and_punctuation() -> None:
    assert fold("قــالَ: «نَعَم»!\u200f ﷲ") == "قال نعم الله"


def test_the_truth_itself_scores_full_marks() -> None:
    figures = judge(GOLD, Prediction(GOLD.title, GOLD.body, GOLD.published, ("سامي النجار",)))
    assert figures == Figures(1, 1, 1, 0, 1, 1, 0, 0, 1, None, rejected=0)


def test_nothing_predicted_scores_nothing_but_is_not_wrong() -> None:
    assert judge(GOLD, Prediction()) == Figures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, None, rejected=1.0)


def test_missing_and_needless_words_count_once_each() -> None:
    figures = judge(GOLD, Prediction(body="واحد اثنان ثلاثة زائد صورة أرشيفية"))
    assert (figures.precision, figures.recall, figures.f1) == (0.75, 0.75, 0.75)


def test_boilerplate_in_the_body_is_a_leak() -> None:
    assert judge(GOLD, Prediction(body=GOLD.body + "\nاقرأ أيضًا: خبر")).leak == 0.5


@pytest.mark.parametrize(
    ("published", "right", "wrong"),
    [
        ("2024-12-25", 1, 0),
        ("2024-12-24T22:30:00+00:00", 1, 0),
        ("2024-12-26T20:00:00Z", 0, 0),
        ("2024-12-29", 0, 1),
        ("not a date", 0, 0),
        ("٢٠٢٤-١٢-٢٥", 0, 0),
    ],
)
def test_a_day_is_right_near_or_wrong(published: str, right: int, wrong: int) -> None:
    figures = judge(GOLD, Prediction(published=published))
    assert (figures.date, figures.wrong) == (right, wrong)


def test_an_author_is_right_invented_or_rightly_left_out() -> None:
    assert judge(GOLD, Prediction(authors=("كتب سامي النجار",))).author == 1
    assert judge(GOLD, Prediction(authors=("admin",))).author == 0
    unsigned = Gold(title="", body="نص", published=None, author=None)
    assert judge(unsigned, Prediction(authors=("admin",))).author_false == 1
    assert judge(unsigned, Prediction()).author_false == 0
    desk = Gold(title="", body="نص", published=None, author="قسم الأخبار", other_authors=(None,))
    assert judge(desk, Prediction()).author is None


def test_means_count_only_the_pages_that_have_the_figure() -> None:
    unsigned = Gold(title="", body="نص", published=None, author=None)
    rows = [judge(GOLD, Prediction(authors=("سامي النجار",))), judge(unsigned, Prediction(authors=("admin",)))]
    mean = means(rows)
    assert (mean.author, mean.author_false, mean.date) == (1, 1, 0)


def test_demo_cases_carry_the_truth_of_every_layout() -> None:
    cases = demo_cases(articles=20, seed=3)
    for case in cases:
        perfect = Prediction(
            case.gold.title, case.gold.body, case.gold.published, tuple(filter(None, [case.gold.author]))
        )
        figures = judge(case.gold, perfect)
        assert (figures.f1, figures.leak, figures.title, figures.date, figures.wrong) == (1, 0, 1, 1, 0)
        assert case.gold.title in case.html


@pytest.mark.corpus
def test_all_figures_equal_those_of_the_corpus_scorer() -> None:
    if not (CORPUS / "score.py").exists():
        pytest.skip("no corpus beside the repository")
    cases = corpus_cases(CORPUS)
    others = [*cases[1:], cases[0]]
    lines, rows = [], []
    for turn, (case, other) in enumerate(zip(cases, others, strict=True)):
        gold, wrong = case.gold, other.gold
        predicted = (
            Prediction(gold.title, gold.body, gold.published, tuple(filter(None, [gold.author]))),
            Prediction(
                wrong.title,
                wrong.body[:200] + gold.body[:900],
                wrong.published,
                ("admin", *filter(None, [gold.author])),
            ),
            Prediction(
                gold.title + " | موقع", gold.body + " ".join(gold.must_not_contain[:2]), "2024-01-01", ("admin",)
            ),
            Prediction(),
        )[turn % 4]
        lines.append(json.dumps(asdict(predicted) | {"file": case.name}))
        if case.counts:
            rows.append(judge(gold, predicted))
    scorer = [sys.executable, str(CORPUS / "score.py"), "-", "--json"]
    theirs = json.loads(
        subprocess.run(scorer, input="\n".join(lines), capture_output=True, text=True, check=True).stdout
    )
    assert theirs.pop("pages") == len(rows)
    assert {key: round(value, 4) for key, value in asdict(means(rows)).items() if key in theirs} == theirs


def test_a_table_is_put_where_its_markers_are(tmp_path: Path) -> None:
    table = "\n".join(markdown_table([("a", {"x": 0.5}), ("b", {})], [Column("X", "x")], first="who"))
    assert table.splitlines()[2:] == ["| a | 0.500 |", "| b | – |"]
    document = tmp_path / "README.md"
    document.write_text("above\n<!-- here -->\nold\n<!-- /here -->\nbelow\n", encoding="utf-8")
    assert put_between_markers(document, "here", table)
    assert document.read_text(encoding="utf-8") == f"above\n<!-- here -->\n{table}\n<!-- /here -->\nbelow\n"
    assert not put_between_markers(document, "elsewhere", table)
