"""Whether a run's rows are behind: behind its own raw archive, or behind what other runs published meanwhile."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from storage.errors import DamagedObject, ObjectMissing
from storage.model.outcomes import Outcome
from storage.model.records import CrawlReport, Run
from storage.model.window import RunId
from storage.objects.keys import raw_root, run_of_raw_key
from storage.objects.store import ObjectStore
from storage.raw.run import RawRun
from storage.tables.known_articles import KnownArticles

_OF_A_ROUND = re.compile(r"r(\d+)-")


@dataclass(frozen=True)
class Unfinished:
    """A run with captured pages whose rows nobody sees, and the commands that finish it."""

    run: RunId
    pages: int
    why: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.run}: {self.why} ({self.pages} pages wait) — finish it: {self.remedy}"


def is_published(report: CrawlReport, row: Run | None) -> bool:
    """Whether the rows that readers see are of the run's last finished round."""
    return row is not None and (row.rounds, row.attempts) == (report.round, report.attempt)


def unfinished_runs(store: ObjectStore, rows: Mapping[str, Run], *, portal: str | None = None) -> Iterator[Unfinished]:
    """The runs whose raw archive holds pages that are in no row yet; `rows` are those of `news.runs`.

    A run at work is among them until it is published. Reads a listing, and objects of those runs only that may be
    unfinished; what cannot be read is left to `warraq verify`.
    """
    found = ((run_of_raw_key(info.key), info.key.rpartition("/")[2]) for info in store.list(raw_root(portal)))
    for run, names in itertools.groupby(found, key=itemgetter(0)):
        if run is None:
            continue
        rounds = {int(match[1]) for _, name in names if (match := _OF_A_ROUND.match(name))}
        row = rows.get(str(run))
        if max(rounds, default=0) > (row.rounds if row else 0):
            yield from _unfinished(RawRun(store, run), row, last_round=max(rounds, default=0))


def _unfinished(raw: RawRun, row: Run | None, *, last_round: int) -> Iterator[Unfinished]:
    try:
        report, chunks = raw.report(), raw.chunks()
    except (DamagedObject, ObjectMissing):
        return
    is_cut_off = report is None or last_round > report.round
    shown = 0 if row is None else row.rounds
    pages = sum(chunk.captures for chunk in chunks if _round_of(chunk.key) > shown)
    window = raw.run.window
    if not pages:
        return
    if is_cut_off:
        again = f"warraq archive {raw.run.portal} --from {_typed(window.start)} --to {_typed(window.end)}"
        yield Unfinished(raw.run, pages, "its crawl has not finished", f"{again}, or the import that began it")
    else:
        why = "its rows are of an earlier round" if row else "it is not published"
        yield Unfinished(raw.run, pages, why, f"warraq extract {raw.run} && warraq publish {raw.run}")


def _round_of(chunk: str) -> int:
    match = _OF_A_ROUND.match(chunk.rpartition("/")[2])
    return int(match[1]) if match else 0


def _typed(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z").removesuffix("T00:00:00Z")


def is_overtaken(editions: pa.Table, fetches: pa.Table, known: KnownArticles) -> bool:
    """Whether staged rows say of a text or an article that it is new, and the archive has it by now.

    Two runs that list the same article overlap under Airflow: the second is extracted before the first is published.
    """
    new = fetches.filter(pc.equal(fetches["outcome"], Outcome.NEW))["article_id"].drop_null().to_pylist()
    texts = editions["edition_id"].to_pylist()
    return any(map(known.has_edition, texts)) or any(map(known.has_article, new))
