"""`make fit`: learn the scorecards of extraction from labelled pages, score them on publishers left out, write them."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy

from bench.fit import page_kind, text
from bench.fit.arabic_pages import arabic_pages
from bench.fit.archived_pages import archived_pages
from bench.fit.labelled_pages import labelled_pages
from extract.body.block_features import BLOCK_FEATURES
from extract.verdict.listing_pages import REJECT_BELOW

TEXT_CARD = Path("extract/body/text_card.py")
PAGE_CARD = Path("extract/verdict/page_card.py")
DIGITS = 3
MADE_PAGES = 12
_PAGE_HEAD = PAGE_CARD.read_text(encoding="utf-8").split("# On publishers")[0].split("PAGE_CARD = ")[0]
_HEAD = TEXT_CARD.read_text(encoding="utf-8").split("# Mean word F1")[0].split("TEXT_CARD = ")[0]


def main() -> int:
    """Fit, print the figures, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("text", "pages"), help="first the blocks of a text, then what reads them")
    parser.add_argument("folders", nargs="*", type=Path, help="sets of labelled pages, besides the project's own")
    parser.add_argument("--archives", nargs="*", default=[], help="whose pages that state their text are labels too")
    parser.add_argument("--no-write", action="store_true", help="print only")
    parser.add_argument("--no-worth", action="store_true", help="do not measure what each weight is worth; much faster")
    asked = parser.parse_args()
    pages = [*labelled_pages(asked.folders), *chain.from_iterable(map(archived_pages, asked.archives))]
    if asked.what == "text":
        fit_text(text.read_rows(pages), write=not asked.no_write, with_worth=not asked.no_worth)
        return 0
    rows = page_kind.told_apart(page_kind.read_page_rows(chain(pages, arabic_pages(MADE_PAGES))))
    fit_pages(rows, write=not asked.no_write, with_worth=not asked.no_worth)
    return 0


def fit_pages(rows: Sequence[page_kind.PageRow], *, write: bool, with_worth: bool) -> None:
    """The scorecard of pages."""
    data = page_kind.page_matrix(rows)
    columns = list(range(len(data.names)))
    held_out = page_kind.held_out_scores(data, columns)
    weights, bias = page_kind.fit(data, numpy.arange(len(rows)), columns)
    figures = page_kind.figures(data, held_out, REJECT_BELOW)
    base = _separation(data, held_out)
    lines = []
    for index, name in enumerate(data.names):
        pages = int((data.features[:, index] != 0).sum())
        worth = 0.0
        if with_worth:
            without = page_kind.held_out_scores(data, [column for column in columns if column != index])
            worth = base - _separation(data, without)
        lines.append(f'        "{name}": {weights[index]:.{DIGITS}f},  # {pages} pages, worth {worth:+.4f}')
    table = "\n".join(lines)
    print(f"pages held out: {_said(figures)}\n{table}")
    if write:
        PAGE_CARD.write_text(
            f"{_PAGE_HEAD}# On publishers left out of the fitting: {_wrapped(_said(figures))}\n"
            "# Worth: mean log-likelihood on publishers left out that is lost without the feature.\n"
            f'PAGE_CARD = Scorecard(\n    "article",\n    bias={bias:.{DIGITS}f},\n    weights={{\n'
            f"{table}\n    }},\n)\n",
            encoding="utf-8",
        )


def _separation(data: page_kind.PageMatrix, scores: numpy.ndarray) -> float:
    signed = numpy.where(data.is_article, scores, -scores)
    return float(-(numpy.logaddexp(0, -signed) * data.weights).sum() / data.weights.sum())


def _wrapped(text_: str) -> str:
    return "\n# ".join(textwrap.wrap(text_, 70))


def fit_text(rows: Sequence[text.Row], *, write: bool, with_worth: bool) -> None:
    """The scorecard of blocks."""
    data = text.matrix(rows)
    columns = list(range(len(BLOCK_FEATURES)))
    scores = text.held_out_scores(data, columns)
    joins = text.best_joins(rows, data, scores)
    held_out = text.figures(rows, data, scores, joins)
    weights, bias = text.fit(data, numpy.arange(len(data.is_text)), columns)
    fitted_on = text.figures(rows, data, data.features[:, columns] @ weights + bias, joins)
    rules_alone = text.figures(rows, data, scores * 0, text.RULES_ALONE)
    print(
        json.dumps(
            {"held out": _rounded(held_out), "fitted on": _rounded(fitted_on), "rules alone": _rounded(rules_alone)}
        )
    )
    print(joins)
    worths = text.worths(data) if with_worth else [0.0] * len(columns)
    lines = []
    for index, name in enumerate(BLOCK_FEATURES):
        pages = sum(bool((data.features[span, index] != 0).any()) for span in data.spans)
        lines.append(
            f"        Weight({name!r}, {weights[index]:.{DIGITS}f}, pages={pages}, worth={worths[index]:.4f}),".replace(
                "'", '"'
            )
        )
    table = "\n".join(lines)
    body = (
        f"Mean word F1 on publishers left out: {_said(held_out)}; on the pages fitted on: {_said(fitted_on)}; "
        f"of the rules alone: {_said(rules_alone)}."
    )
    print(body + table)
    if write:
        TEXT_CARD.write_text(
            f'{_HEAD}TEXT_CARD = VectorScorecard(\n    "text",\n    {bias:.{DIGITS}f},\n    (\n{table}\n    ),\n)\n'
            f"# By (is the page Arabic, is it in doubt).\nJOINS = {{\n{_joined(joins)}}}\n",
            encoding="utf-8",
        )


def _joined(joins: text.Joins) -> str:
    return "".join(f"    {key}: {join},\n" for key, join in joins.items())


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _said(figures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4f}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
