"""A series as a picture: one line a term and group, days that were not archived in grey."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import UsageError
from warraq.api.export.names import PICTURES
from warraq.api.export.whole_file import check_place, whole_file
from warraq.api.series.states import ARCHIVED, NOT_ARCHIVED, PARTIAL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from warraq.api.series.series import Series

NOT_ARCHIVED_GREY, PARTIAL_GREY = "0.75", "0.92"
MAX_LINES = 12  # more cannot be told apart
DAYS, MONTHS = {"day": 1, "week": 7}, {"month": 1, "quarter": 3, "year": 12}


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
    except ImportError:
        raise UsageError("plots need matplotlib", remedy="pip install 'warraq[analyst]'") from None
    mpl.use("agg")
    # A dollar in a term begins no formula.
    with mpl.rc_context({"text.parse_math": False, "svg.hashsalt": "warraq", "svg.fonttype": "path"}):
        figure = figure_of(series, title=title)
        # No date and no version in the file: the same series gives the same bytes.
        metadata = {"Software": None} if form == ".png" else {"Date": None, "Creator": None}
        with whole_file(path) as part:
            figure.savefig(part, metadata=metadata)
    return path


def figure_of(series: Series, *, title: str | None) -> Figure:
    """The picture before it is written. Raises UsageError where its lines are too many."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow, and not everybody has it

    rows = [row for row in series.table.to_pylist() if row["period"] is not None]
    lines = _lines(rows, series.group)
    if len(lines) > MAX_LINES:
        raise UsageError(f"{len(lines)} lines cannot be told apart", remedy="name portals, or group by country")
    figure = Figure(figsize=(10, 5), layout="constrained")
    axes: Any = figure.subplots()  # its stubs know no dates
    _shade(axes, rows, series.by)
    is_share = "share" in series.table.column_names
    for label, line in lines.items():
        # A null breaks the line: what is not archived is not drawn through.
        values = [row["share" if is_share else "articles"] for row in line]
        shown = [float("nan") if value is None else float(value) * (100 if is_share else 1) for value in values]
        middles = [_middle(*_span(row["period"], series.by)) for row in line]
        axes.plot(middles, shown, marker="o", markersize=3, label=label)
    if spans := [_span(row["period"], series.by) for row in rows]:
        # White beside the first and last period would look like days that are archived.
        axes.set_xlim(min(spans)[0], max(spans)[1])
    axes.set_ylabel("% of articles · نسبة من الأخبار" if is_share else "articles · عدد الأخبار")
    axes.set_ylim(bottom=0)
    axes.set_title(title or "")
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="best")
    figure.autofmt_xdate()
    return figure


def _lines(rows: list[dict[str, Any]], group: str | None) -> dict[str, list[dict[str, Any]]]:
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        label = row["term"] if group is None else f"{row['term']} · {row[group]}"
        lines.setdefault(label, []).append(row)
    return lines


def _span(period: date, by: str) -> tuple[datetime, datetime]:
    """When a period begins, and when the next one does; no time is after the year 9999."""
    if by in DAYS:
        following = period + min(timedelta(days=DAYS[by]), date.max - period)
    else:
        year, month = divmod(period.year * 12 + period.month - 1 + MONTHS[by], 12)
        following = date(year, month + 1, 1) if year <= date.max.year else date.max
    return datetime.combine(period, time()), datetime.combine(following, time())


def _middle(start: datetime, end: datetime) -> datetime:
    return start + (end - start) / 2


def _shade(axes: Any, rows: list[dict[str, Any]], by: str) -> None:
    """Grey over the days of a period of which nothing was archived, light grey where something is missing."""
    states: dict[date, set[str]] = {}
    for row in rows:
        states.setdefault(row["period"], set()).add(row["state"])
    labels = {NOT_ARCHIVED: "not archived · غير مؤرشف", PARTIAL: "partly archived · مؤرشف جزئيًا"}
    for period, found in sorted(states.items()):
        state = NOT_ARCHIVED if found == {NOT_ARCHIVED} else PARTIAL if found != {ARCHIVED} else ""
        if state:
            colour = NOT_ARCHIVED_GREY if state == NOT_ARCHIVED else PARTIAL_GREY
            axes.axvspan(*_span(period, by), color=colour, lw=0, label=labels.pop(state, None), zorder=0)
