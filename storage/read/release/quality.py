"""What a release is worth: counts of its rows beside those of an earlier one, and whether anything changed at all."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

LOW_QUALITY = 0.5
# A portal's editions beyond these shares of the earlier release's are pointed out.
FEW, MANY = 0.5, 2.0


def articles_facts(path: Path, *, opt_outs: Collection[str]) -> dict[str, Any]:
    """Counts of a file of articles; `opt_outs` are the ids of those that reserved text and data mining."""
    rows = pq.read_table(path, columns=["article_id", "published_at", "quality", "word_count", "licence"])
    mean = pc.mean(rows["quality"]).as_py()
    return {
        "editions": rows.num_rows,
        "articles": pc.count_distinct(rows["article_id"]).as_py(),
        "without_date": rows["published_at"].null_count,
        "mean_quality": None if mean is None else round(mean, 4),
        "low_quality": pc.sum(pc.less(rows["quality"], LOW_QUALITY)).as_py() or 0,
        "opt_outs": sum(article in opt_outs for article in pc.unique(rows["article_id"]).to_pylist()),
        "licences": _counts(rows["licence"].drop_null()),
        "words": pc.sum(rows["word_count"]).as_py() or 0,
    }


def runs_facts(path: Path) -> dict[str, int]:
    """Runs by verdict."""
    return _counts(pq.read_table(path, columns=["verdict"])["verdict"])


def _counts(values: pa.ChunkedArray) -> dict[str, int]:
    return {str(count["values"]): int(count["counts"]) for count in values.value_counts().to_pylist()}


def quality_facts(
    facts: Mapping[str, Mapping[str, Any]],
    runs: Mapping[str, int],
    *,
    before: str | None,
    rows_before: Mapping[str, int],
) -> dict[str, Any]:
    """quality.json: counts by portal, compared with the editions of the release before."""
    compared = {}
    for portal, own in sorted(facts.items()):
        last = rows_before.get(portal)
        share = None if not last else round(own["editions"] / last, 3)
        note = "new" if last is None else "few" if share is not None and share < FEW else ""
        note = note or ("many" if share is not None and share > MANY else "as before")
        compared[portal] = {**own, "editions_before": last, "share_of_before": share, "note": note}
    missing = sorted(set(rows_before) - set(facts))
    return {"portals": compared, "runs": dict(sorted(runs.items())), "compared_with": before, "missing": missing}


def same_rows(one: ds.Dataset, other: ds.Dataset, columns: list[str]) -> bool:
    """Whether two states of a table hold the same rows, by the columns that tell rows apart."""
    return _digest(one, columns) == _digest(other, columns)


def _digest(rows: ds.Dataset, columns: list[str]) -> str:
    table = rows.to_table(columns=columns).sort_by([(name, "ascending") for name in columns])
    digest = hashlib.sha256()
    for name in columns:
        for value in pc.cast(table[name], pa.string()).to_pylist():
            digest.update(f"{value}\n".encode())
    return digest.hexdigest()
