"""A series as a picture: one line a term and group, days that were not archived in grey."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import UsageError
from warraq.api.export.names import PICTURES
from warraq.api.export.whole_file import check_place, whole_file
from warraq.api.series.states import NOT_ARCHIVED, PARTIAL

if TYPE_CHECKING:
    from warraq.api.series.series import Series

NOT_ARCHIVED_GREY, PARTIAL_GREY = "0.75", "0.92"
MAX_LINES = 12  # more cannot be told apart


def check_picture(path: Path) -> str:
    """What the picture's name ends in. Raises UsageError for another form, or a place that cannot be written."""
    form = path.suffix.lower()
    if form not in PICTURES:
        raise UsageError(f"a plot is written as {' or '.join(PICTURES)}, not as {form!r}", remedy="choose another name")
    check_place(path)
    return form


def draw(series: Series, path: Path, *, title: str | None) -> Path:
    """Draw it. Raises UsageError for a name of another form, or where matplotlib is missing."""
    form = check_picture(path)
    try:
        import matplotlib as mpl  # noqa: PLC0415 - slow, and not everybody has it

        mpl.use("agg")
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError:
        raise UsageError("plots need matplotlib", remedy="pip install 'warraq[analyst]'") from None
    rows = series.table.to_pylist()
    lines = _lines(rows, series.group)
    if len(lines) > MAX_LINES:
        raise UsageError(f"{len(lines)} lines cannot be told apart", remedy="name portals, or group by country")
    # A dollar in a term begins no formula.
    with mpl.rc_context({"text.parse_math": False, "svg.hashsalt": "warraq", "svg.fonttype": "path"}):
        figure = Figure(figsize=(10, 5), layout="constrained")
        axes = figure.subplots()
        _shade(axes, rows, series.by)
        is_share = "share" in series.table.column_names
        for label, line in lines.items():
            # A null breaks the line: what is not archived is not drawn through.
            values = [row["share" if is_share else "articles"] for row in line]
            shown = [float("nan") if value is None else float(value) * (100 if is_share else 1) for value in values]
            axes.plot([row["period"] for row in line], shown, marker="o", markersize=3, label=label)
        axes.set_ylabel("% of articles · نسبة من الأخبار" if is_share else "articles · عدد الأخبار")
        axes.set_ylim(bottom=0)
        axes.set_title(title or "")
        if axes.get_legend_handles_labels()[0]:
            axes.legend(loc="best")
        figure.autofmt_xdate()
        # No date and no version in the file: the same series gives the same bytes.
        metadata = {"Software": None} if form == ".png" else {"Date": None, "Creator": None}
        with whole_file(path) as part:
            figure.savefig(part, metadata=metadata)
    return path


def _lines(rows: list[dict[str, Any]], group: str | None) -> dict[str, list[dict[str, Any]]]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["period"] is not None:
            label = row["term"] if group is None else f"{row['term']} · {row[group]}"
            lines.setdefault(label, []).append(row)
    return lines


def _shade(axes: Any, rows: list[dict[str, Any]], by: str) -> None:
    """Grey where nothing was archived, light grey where something is missing."""
    states: dict[date, set[str]] = {}
    for row in rows:
        if row["period"] is not None:
            states.setdefault(row["period"], set()).add(row["state"])
    length = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}[by]
    labels = {NOT_ARCHIVED: "not archived · غير مؤرشف", PARTIAL: "partly archived · مؤرشف جزئيًا"}
    for period, found in sorted(states.items()):
        state = NOT_ARCHIVED if found == {NOT_ARCHIVED} else PARTIAL if found != {"archived"} else ""
        if state:
            colour = NOT_ARCHIVED_GREY if state == NOT_ARCHIVED else PARTIAL_GREY
            half = timedelta(days=length / 2)
            label = labels.pop(state, None)
            axes.axvspan(period - half, period + half, color=colour, lw=0, label=label, zorder=0)
