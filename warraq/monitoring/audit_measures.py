"""What an audit looked at, figure by figure with its limit: the evidence of a run's verdict."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spiders.http.retry_policy import FAILURES
from storage.errors import ObjectMissing, UsageError
from storage.model.outcomes import Outcome
from storage.model.record_json import record_from_json
from storage.model.records import Run
from storage.model.window import RunId
from storage.objects.keys import refused_key
from storage.objects.open import open_store
from storage.schema.arrow_and_iceberg import runs_from
from storage.settings import Settings
from storage.tables.archive_tables import open_tables
from storage.tables.row_filters import select
from warraq.pipeline.audit import (
    MAX_FAILED_SHARE,
    MAX_REJECTED_SHARE,
    MAX_REJECTED_SHARE_EVER,
    MAX_RISE,
    MAX_UNDATED_SHARE,
    MAX_WALL_SHARE,
    MIN_COMPARABLE,
    MIN_LINKS_FOR_SHARES,
    MIN_SHARE_OF_USUAL,
    MIN_YIELD_SHARE,
    WALLS,
    TextFacts,
    Yields,
    articles_of,
    captured_pages,
    comparable_runs,
    count_of,
)
from warraq.pipeline.publish import HISTORY_RUNS, TEXT_COLUMNS, text_facts, usual_texts


@dataclass(frozen=True)
class Measure:
    """One figure. `limit` is what it is held against, None where nothing is asked of it; `is_bad`: beyond its limit.

    `basis` says what it was counted in, or why it says nothing here.
    """

    name: str
    value: float
    limit: float | None
    is_bad: bool
    basis: str


def audit_measures(
    run: Run, texts: TextFacts | None, history: Sequence[Run], usual: TextFacts | None
) -> Iterator[Measure]:
    """The figures of `audit_run`, for the same arguments."""
    yields = Yields.of(comparable_runs(run, history))
    yield _yield(run, yields)
    beside = (Outcome.OUT_OF_WINDOW, Outcome.SKIPPED_SEEN, Outcome.BUDGET, Outcome.OFF_DOMAIN)
    asked = run.links - count_of(run, beside)
    yield _share("links that failed", count_of(run, FAILURES), asked, MAX_FAILED_SHARE)
    yield _share("walls instead of articles", count_of(run, WALLS), asked, MAX_WALL_SHARE)
    unreached = count_of(run, (Outcome.BUDGET, Outcome.INTERRUPTED))
    yield Measure("links not reached", unreached, 0, unreached > 0, f"of {run.links} links")
    shares = [other.rejected / pages for other in history if (pages := captured_pages(other))]
    limit = statistics.median(shares) + MAX_RISE if len(shares) >= MIN_COMPARABLE else MAX_REJECTED_SHARE
    yield _share("pages that are no articles", run.rejected, captured_pages(run), min(limit, MAX_REJECTED_SHARE_EVER))
    if texts is not None:
        yield from _texts(texts, usual)


def _yield(run: Run, yields: Yields) -> Measure:
    found = articles_of(run)
    if yields.mean is None:
        return Measure("articles", found, None, False, "no windows like it before")
    basis = f"{yields.mean:g} are usual in {yields.windows} windows like it"
    return Measure("articles", found, round(MIN_YIELD_SHARE * yields.mean, 2), yields.are_far_above(found), basis)


def _share(name: str, count: int, whole: int, limit: float) -> Measure:
    value = round(count / whole, 3) if whole else 0.0
    is_enough = whole >= MIN_LINKS_FOR_SHARES
    basis = f"{count} of {whole}" + ("" if is_enough else f"; below {MIN_LINKS_FOR_SHARES} shares say nothing")
    return Measure(name, value, round(limit, 3), is_enough and value > limit, basis)


def _texts(texts: TextFacts, usual: TextFacts | None) -> Iterator[Measure]:
    enough = usual is not None and usual.editions >= MIN_LINKS_FOR_SHARES
    limit = usual.undated / usual.editions + MAX_RISE if usual and enough else MAX_UNDATED_SHARE
    yield _share("articles without a date", texts.undated, texts.editions, limit)
    of = f"{texts.editions} articles"
    for name, value, known in (
        ("mean quality", texts.mean_quality, usual.mean_quality if usual else 0.0),
        ("median words", texts.median_words, usual.median_words if usual else 0.0),
    ):
        if enough:
            least = round(MIN_SHARE_OF_USUAL * known, 3)
            is_bad = texts.editions >= MIN_LINKS_FOR_SHARES and value < least
            yield Measure(name, round(value, 3), least, is_bad, f"{of}; {known:.3g} is usual")
        else:
            yield Measure(name, round(value, 3), None, False, f"{of}; too few before to compare")


def archived_audit(run: RunId, settings: Settings) -> tuple[Run, list[Measure]]:
    """A run's row, published or refused, and the figures its audit looked at.

    Raises UsageError where there is none, ObjectMissing where nothing is archived at all.
    """
    try:
        tables = open_tables(settings, create=False)
    except ObjectMissing:
        row = _refused(run, settings)  # the archive's first run may have been refused
        if row is None:
            raise
        return row, list(audit_measures(row, None, [], None))
    row = next(iter(runs_from(tables.scan("runs", row_filter=select(run=run)))), None) or _refused(run, settings)
    if row is None:
        raise UsageError(f"{run} is not in the archive", remedy=f"see what is: warraq coverage {run.portal}")
    texts = text_facts(tables.scan("articles", row_filter=select(run=run), columns=TEXT_COLUMNS))
    before = tables.history(run.portal, limit=HISTORY_RUNS, before=run.window.end)
    history = [other for other in before if other.run_id != str(run)]
    return row, list(audit_measures(row, texts, history, usual_texts(run, tables)))


def _refused(run: RunId, settings: Settings) -> Run | None:
    key = refused_key(run)
    try:
        return record_from_json(Run, open_store(settings).get(key), where=key)
    except ObjectMissing:
        return None
