"""Is a page one article or a list: the scorecard, fitted on labelled pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bench.fit.labelled_pages import LabelledPage
from extract.html.decoding import decode_page
from extract.html.parsing import NotHtml, TooComplex, parse_html
from extract.profile import UNKNOWN_PORTAL
from extract.text.article_text import article_text, page_evidence
from extract.text.reading import read_page
from extract.verdict.page_features import page_features

FOLDS = 10
REGULARISATION = 0.1
# Pages made for the fit are many and alike; lists are fewer than articles.
MADE_WEIGHT = 0.5
LIST_WEIGHT = 2.0
# A feature of fewer pages has no support.
MIN_PAGES = 8
_LISTS = ("listing", "front")


@dataclass(frozen=True)
class PageRow:
    """What one page shows, and whether it is an article."""

    page: LabelledPage
    features: dict[str, float]
    is_article: bool


def read_page_rows(pages: Iterable[LabelledPage]) -> list[PageRow]:
    """A row for each page that can be parsed."""
    rows = []
    for labelled in pages:
        try:
            root = parse_html(decode_page(labelled.page))
        except (NotHtml, TooComplex):
            continue
        reading = read_page(root, labelled.page, UNKNOWN_PORTAL)
        found = page_features(page_evidence(reading, labelled.page, article_text(reading, labelled.page, None)))
        rows.append(PageRow(labelled, found, labelled.text is not None))
    return rows


def told_apart(rows: Sequence[PageRow]) -> list[PageRow]:
    """The rows of articles and lists, without the other pages that are no articles."""
    return [
        row
        for row in rows
        if row.is_article or row.page.source != "saved" or any(word in row.page.name for word in _LISTS)
    ]


@dataclass(frozen=True)
class PageMatrix:
    """All rows as arrays."""

    names: list[str]
    features: Any
    is_article: Any
    weights: Any
    publishers: Any
    sources: Any


def page_matrix(rows: Sequence[PageRow]) -> PageMatrix:
    """The rows as arrays; features of few pages are left out."""
    names = sorted({name for row in rows for name in row.features})
    names = [name for name in names if sum(name in row.features for row in rows) >= MIN_PAGES]
    is_article = numpy.array([row.is_article for row in rows])
    sources = numpy.array([row.page.source for row in rows])
    made = numpy.where(numpy.isin(sources, ["made", "demo"]), MADE_WEIGHT, 1.0)
    return PageMatrix(
        names=names,
        features=numpy.array([[row.features.get(name, 0.0) for name in names] for row in rows]),
        is_article=is_article,
        weights=numpy.where(is_article, made, made * LIST_WEIGHT),
        publishers=numpy.array([row.page.publisher for row in rows]),
        sources=sources,
    )


def fit(data: PageMatrix, which: Any, columns: Sequence[int]) -> tuple[Any, float]:
    """Weights and bias in log-odds of an article, fitted on the rows `which`."""
    features = data.features[numpy.ix_(which, columns)]
    mean, spread = features.mean(0), features.std(0) + 1e-9
    model = LogisticRegression(C=REGULARISATION, solver="newton-cholesky", max_iter=300)
    model.fit((features - mean) / spread, data.is_article[which], sample_weight=data.weights[which])
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - (weights * mean).sum())


def held_out_scores(data: PageMatrix, columns: Sequence[int]) -> Any:
    """Log-odds of each page by weights that no page of its publisher had a part in."""
    scores = numpy.zeros(len(data.is_article))
    for seen, unseen in GroupKFold(FOLDS).split(data.features, data.is_article, data.publishers):
        weights, bias = fit(data, seen, columns)
        scores[unseen] = data.features[numpy.ix_(unseen, columns)] @ weights + bias
    return scores


def figures(data: PageMatrix, scores: Any, threshold: float) -> dict[str, float]:
    """Share of each source's articles that are lost, and of its lists that are kept out."""
    found: dict[str, float] = {}
    for source in sorted(set(data.sources)):
        mine = data.sources == source
        for name, those in (("lost", mine & data.is_article), ("kept out", mine & ~data.is_article)):
            if those.any():
                found[f"{source} {name}"] = float((scores[those] < threshold).mean())
    return found
