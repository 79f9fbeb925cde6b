"""`python -m bench.fit.held_out FOLDER…`: extraction with weights that no page of the same publisher had a part in."""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import numpy
from sklearn.model_selection import GroupKFold

from bench.fit import page_kind, text
from bench.fit.arabic_pages import arabic_pages
from bench.fit.labelled_pages import LabelledPage, labelled_pages
from extract.body import voices
from extract.body.block_features import BLOCK_FEATURES
from extract.decide.scorecard import Scorecard, VectorScorecard, Weight
from extract.extractor import extract_article
from extract.verdict import listing_pages
from storage.model.records import ArticleText

FOLDS = 5
MADE_PAGES = 12


def measure(rows: Sequence[text.Row], page_rows: Sequence[page_kind.PageRow], pages: Sequence[LabelledPage]) -> None:
    """Print word F1, articles rejected and lists kept out of each source; each page is read once."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    publishers = numpy.array([page.publisher for page in pages])
    blocks, kinds = text.matrix(rows), page_kind.page_matrix(page_rows)
    for _, unseen in GroupKFold(FOLDS).split(publishers, groups=publishers):
        left_out = set(publishers[unseen])
        with fitted_without(left_out, blocks, kinds):
            for index in unseen:
                page = pages[index]
                result = extract_article(page.page)
                is_article = isinstance(result, ArticleText)
                if page.text is None:
                    found[page.source, "kept out"].append(float(not is_article))
                    continue
                found[page.source, "rejected"].append(float(not is_article))
                if page.counts:
                    body = result.body if isinstance(result, ArticleText) else ""
                    found[page.source, "f1"].append(text.f1_of_text(page, body))
    for (source, name), values in sorted(found.items()):
        print(f"{source:8} {name:9} {sum(values) / len(values):.4f}  of {len(values)}")


@contextmanager
def fitted_without(left_out: set[str], blocks: text.Matrix, kinds: page_kind.PageMatrix) -> Iterator[None]:
    """Both scorecards, fitted without some publishers, in the place of those that are stored."""
    before = voices.TEXT_CARD, listing_pages.PAGE_CARD
    seen = numpy.flatnonzero(~numpy.isin(blocks.publishers, list(left_out)))
    weights, bias = text.fit(blocks, seen, list(range(len(BLOCK_FEATURES))))
    table = tuple(Weight(name, float(weight), 0, 0.0) for name, weight in zip(BLOCK_FEATURES, weights, strict=True))
    others = numpy.flatnonzero(~numpy.isin(kinds.publishers, list(left_out)))
    page_weights, page_bias = page_kind.fit(kinds, others, list(range(len(kinds.names))))
    try:
        voices.TEXT_CARD = VectorScorecard("text", bias, table)
        listing_pages.PAGE_CARD = Scorecard("article", page_bias, dict(zip(kinds.names, page_weights, strict=True)))
        yield
    finally:
        voices.TEXT_CARD, listing_pages.PAGE_CARD = before


def main() -> int:
    """Read the pages, fit, extract, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, help="sets of labelled pages, besides the project's own")
    asked = parser.parse_args()
    pages = list(labelled_pages(asked.folders))
    kinds = page_kind.told_apart(page_kind.read_page_rows(chain(pages, arabic_pages(MADE_PAGES))))
    measure(text.read_rows(pages), kinds, [page for page in pages if page.source != "saved"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
