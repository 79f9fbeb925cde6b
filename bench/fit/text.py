"""Which blocks are text: the scorecard and how its voice is joined with the others, fitted on labelled pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from bench.fit.labelled_pages import LabelledPage, words_of
from extract.body.text_card import Join
from extract.body.trafilatura_text import found_in, read_whole_page
from extract.body.voices import is_arabic, is_known
from extract.html.block import Block
from extract.html.decoding import decode_page
from extract.html.parsing import NotHtml, TooComplex, parse_html
from extract.profile import UNKNOWN_PORTAL
from extract.text.reading import Reading, boilerplate, read_page

FOLDS = 10
REGULARISATION = 1.0
MIN_AGREEMENT = 0.85
THIN_WORDS = 45
# A block is text when it stands in the right text, or when most of its runs of three words do.
MIN_TRIGRAMS = 0.5
MIN_INSIDE = 25


@dataclass
class Row:
    """One page with its blocks, their features, the right answer, and what the other voices say."""

    page: LabelledPage
    features: list[tuple[float, ...]]
    words: list[Counter[str]]
    is_text: list[bool]
    counts: list[bool]  # false for optional lines
    rules: list[bool]  # what the rules keep
    known: list[bool]  # what a rule knows for something else
    is_arabic: bool
    whole: list[bool]  # what trafilatura has, asked for the page
    want: Counter[str] = field(default_factory=Counter)
    optional: Counter[str] = field(default_factory=Counter)


def read_rows(pages: Iterable[LabelledPage]) -> list[Row]:
    """A row for each article."""
    rows = []
    for labelled in pages:
        if labelled.text is None:
            continue
        try:
            root = parse_html(decode_page(labelled.page))
        except (NotHtml, TooComplex):
            continue
        reading = read_page(root, labelled.page, UNKNOWN_PORTAL)
        if reading.blocks:
            rows.append(_row(labelled, reading))
    return rows


def _row(labelled: LabelledPage, reading: Reading) -> Row:
    candidates = reading.region.blocks if reading.region is not None else []
    verdicts = boilerplate(reading, candidates, None)
    kept = {block.order for index, block in enumerate(candidates) if index not in verdicts}
    known = {candidates[index].order for index, rule in verdicts.items() if is_known(rule)}
    blocks = reading.blocks
    text, optional = labelled.text or "", "\n".join(labelled.optional)
    is_text = _labels(blocks, text)
    maybe = _labels(blocks, optional) if optional else [False] * len(blocks)
    return Row(
        page=labelled,
        features=reading.features,
        words=[Counter(words_of(block.text)) for block in blocks],
        is_text=is_text,
        counts=[sure or not other for sure, other in zip(is_text, maybe, strict=True)],
        rules=[block.order in kept for block in blocks],
        known=[block.order in known for block in blocks],
        is_arabic=is_arabic(blocks),
        whole=found_in(read_whole_page(reading.root, blocks), blocks),
        want=Counter(words_of(text)),
        optional=Counter(words_of(optional)),
    )


def _labels(blocks: Sequence[Block], text: str) -> list[bool]:
    squeezed = "".join(words_of(text))
    lines = {"".join(words_of(line)) for line in text.splitlines()}
    words = words_of(text)
    runs = set(zip(words, words[1:], words[2:], strict=False))
    found = []
    for block in blocks:
        own = words_of(block.text)
        joined = "".join(own)
        if len(joined) < MIN_INSIDE:
            found.append(joined in lines and bool(joined))
            continue
        triples = list(zip(own, own[1:], own[2:], strict=False))
        share = sum(run in runs for run in triples) / len(triples) if triples else 0.0
        found.append(joined in squeezed or share > MIN_TRIGRAMS)
    return found


def f1(row: Row, chosen: Sequence[bool]) -> float:
    """Word F1 of the chosen blocks; optional words may be there or not."""
    got: Counter[str] = Counter()
    for counted, is_chosen in zip(row.words, chosen, strict=True):
        if is_chosen:
            got.update(counted)
    return _f1(row.want, got, row.optional)


def f1_of_text(page: LabelledPage, body: str) -> float:
    """Word F1 of a body."""
    optional = Counter(words_of("\n".join(page.optional)))
    return _f1(Counter(words_of(page.text or "")), Counter(words_of(body)), optional)


def _f1(want: Counter[str], got: Counter[str], optional: Counter[str]) -> float:
    hit = (want & got).total()
    false = (got - want - optional).total()
    precision = hit / (hit + false) if hit + false else float(not want)
    recall = hit / want.total() if want else 1.0
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True)
class Matrix:
    """All blocks of all rows."""

    features: Any
    is_text: Any
    weights: Any  # each page weighs the same, longer blocks more
    publishers: Any
    counts: Any
    spans: list[slice]


def matrix(rows: Sequence[Row]) -> Matrix:
    """The rows as arrays."""
    spans, start = [], 0
    weights, publishers = [], []
    for row in rows:
        spans.append(slice(start, start + len(row.features)))
        start += len(row.features)
        lengths = numpy.sqrt([counted.total() + 1 for counted in row.words])
        weights.append(lengths / lengths.sum())
        publishers += [row.page.publisher] * len(row.features)
    joined = numpy.concatenate(weights)
    return Matrix(
        features=numpy.array([vector for row in rows for vector in row.features]),
        is_text=numpy.array([label for row in rows for label in row.is_text]),
        weights=joined / joined.mean(),
        publishers=numpy.array(publishers),
        counts=numpy.array([counted for row in rows for counted in row.counts]),
        spans=spans,
    )


def fit(data: Matrix, which: Any, columns: Sequence[int]) -> tuple[Any, float]:
    """Weights of the columns, and the bias, in log-odds a unit of the feature. `which`: indexes of the blocks."""
    used = which[data.counts[which]]
    features = data.features[numpy.ix_(used, columns)]
    mean, spread = features.mean(0), features.std(0) + 1e-9
    model = LogisticRegression(C=REGULARISATION, solver="newton-cholesky", max_iter=100, tol=1e-4)
    model.fit((features - mean) / spread, data.is_text[used], sample_weight=0.2 * data.weights[used])
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - (weights * mean).sum())


def held_out_scores(data: Matrix, columns: Sequence[int]) -> Any:
    """Log-odds of each block by weights that no page of its publisher had a part in."""
    scores = numpy.zeros(len(data.is_text))
    for seen, unseen in GroupKFold(FOLDS).split(data.features, data.is_text, data.publishers):
        weights, bias = fit(data, seen, columns)
        scores[unseen] = data.features[numpy.ix_(unseen, columns)] @ weights + bias
    return scores


def worths(data: Matrix) -> list[float]:
    """What each feature is worth: log-likelihood a block that is lost on publishers left out where it is unknown."""
    lost = numpy.zeros(data.features.shape[1])
    columns = list(range(len(lost)))
    for seen, unseen in GroupKFold(FOLDS).split(data.features, data.is_text, data.publishers):
        weights, bias = fit(data, seen, columns)
        features, sign = data.features[unseen], numpy.where(data.is_text[unseen], 1.0, -1.0)
        scores, means = features @ weights + bias, data.features[seen].mean(0)
        counted = data.weights[unseen] * data.counts[unseen]
        whole = (numpy.logaddexp(0, -sign * scores) * counted).sum()
        for column in columns:
            without = scores - weights[column] * (features[:, column] - means[column])
            lost[column] += (numpy.logaddexp(0, -sign * without) * counted).sum() - whole
    return [float(value) for value in lost / (data.weights * data.counts).sum()]


Joins = Mapping[tuple[bool, bool], Join]  # by (is Arabic, is in doubt)


def choose(row: Row, scores: Any, joins: Joins) -> list[bool]:
    """As `extract.body.voices` chooses, without what trafilatura and the rules say afterwards."""
    doubt = is_in_doubt(row, scores)
    join = joins[row.is_arabic, doubt]
    total = scores + join.rules * numpy.array(row.rules) + join.bias
    if doubt:
        total = total + join.trafilatura * numpy.array(row.whole)
    return list((total > 0) & ~numpy.array(row.known))


def is_in_doubt(row: Row, scores: Any) -> bool:
    """Whether rules and scorecard disagree, or the rules find little."""
    words = numpy.array([max(1, counted.total()) for counted in row.words])
    rules, card = numpy.array(row.rules), scores > 0
    ours = words[rules].sum()
    return bool(ours < THIN_WORDS or 2 * words[rules & card].sum() < MIN_AGREEMENT * (ours + words[card].sum()))


def figures(rows: Sequence[Row], data: Matrix, scores: Any, joins: Joins) -> dict[str, float]:
    """Mean F1 of each source, over the pages that count."""
    found: dict[str, list[float]] = {}
    for row, span in zip(rows, data.spans, strict=True):
        if row.page.counts:
            found.setdefault(row.page.source, []).append(f1(row, choose(row, scores[span], joins)))
    return {source: sum(values) / len(values) for source, values in found.items()}


SURE = [Join(rules, 0.0, -rules * share) for rules, share in product((1.0, 2.0, 3.0, 5.0, 8.0), (0.4, 0.5, 0.6, 0.75))]
DOUBTFUL = [
    Join(rules, other, -(rules + other) * share)
    for rules, other, share in product((1.0, 1.5, 2.0, 4.0, 8.0), (0.0, 1.0, 1.5, 2.0, 3.0), (0.3, 0.4, 0.5, 0.6))
]


def best_joins(rows: Sequence[Row], data: Matrix, scores: Any) -> Joins:
    """For each kind of page the join with the highest F1, all sources weighing the same."""
    counted = [(row, scores[span]) for row, span in zip(rows, data.spans, strict=True) if row.page.counts]
    sizes = Counter(row.page.source for row, _ in counted)
    found = {}
    for arabic, doubt in product((False, True), (False, True)):
        mine = [(row, own) for row, own in counted if (row.is_arabic, is_in_doubt(row, own)) == (arabic, doubt)]
        totals = []
        for join in DOUBTFUL if doubt else SURE:
            joins = {(arabic, doubt): join}
            totals.append(sum(f1(row, choose(row, own, joins)) / sizes[row.page.source] for row, own in mine))
        # Of equal joins the one that asks most of a block that the rules do not keep.
        best = [
            join for join, total in zip(DOUBTFUL if doubt else SURE, totals, strict=True) if total > max(totals) - TIE
        ]
        found[arabic, doubt] = min(best, key=lambda join: join.bias)
    return found


TIE = 1e-9
RULES_ALONE = {key: Join(1.0, 0.0, -0.5) for key in product((False, True), (False, True))}
