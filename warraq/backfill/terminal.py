"""How a backfill looks on a terminal: the plan first, then a line a window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rich.console import Console
from rich.text import Text

from storage.errors import ExitCode
from warraq.backfill.outcomes import WindowOutcome, gain
from warraq.backfill.plan import PortalPlan

_SHOWN_OVERLAPS = 3
_COVER = "begin the range a window earlier, or use --via local"
_WORDS = {ExitCode.DONE: ("done", "green"), ExitCode.DEGRADED: ("degraded", "dark_orange")}


def print_plan(console: Console, plans: Sequence[PortalPlan]) -> None:
    """What will be done, what it costs, and what to know before saying yes."""
    for plan in plans:
        console.print(Text(f"{plan.portal.name}  {plan.portal.title_ar}", style="bold"))
        for line in plan_lines(plan):
            console.print(Text(f"  {line}"), soft_wrap=True)


def plan_lines(plan: PortalPlan) -> list[str]:
    """A portal's plan in words."""
    holes = [f"not covered: {hole}, Airflow names no run for it; {_COVER}" for hole in plan.not_covered]
    if not plan.windows:
        return [*holes, f"nothing to do: {plan.already_archived} windows are archived already"]
    first, last = plan.windows[0].run.window, plan.windows[-1].run.window
    lines = [
        *holes,
        f"{len(plan.windows)} windows, first {first}, last {last}",
        f"{plan.already_archived} windows of the range are archived already",
        "sources that list the past: " + (", ".join(plan.sources_of_the_past) or "none, old windows will be empty"),
    ]
    if plan.cost is None:
        lines.append(
            f"cost unknown, the portal has no run yet; at most {plan.most_requests:,} requests, "
            f"one every {plan.portal.politeness.delay_seconds:g} s"
        )
    else:
        cost = plan.cost
        lines.append(
            f"about {cost.requests:,} requests ({cost.low:,} to {cost.high:,}), {cost.bytes / 1e6:,.1f} MB, "
            f"{timedelta(seconds=round(cost.seconds))} at the portal's politeness; going by {cost.basis}"
        )
    overlaps = sorted({name for window in plan.windows for name in window.overlaps})
    if overlaps:
        more = f" and {len(overlaps) - _SHOWN_OVERLAPS} more" if len(overlaps) > _SHOWN_OVERLAPS else ""
        lines.append(f"overlaps with runs of other windows: {', '.join(overlaps[:_SHOWN_OVERLAPS])}{more}")
    return lines


def print_outcome(console: Console, outcome: WindowOutcome, *, number: int, total: int) -> None:
    """One line for a window that has ended."""
    words, colour = _WORDS.get(ExitCode(outcome.exit_code), (f"failed: {outcome.cause}", "red"))
    line = Text(f"[{number}/{total}] {outcome.run}  ")
    line.append(words, style=colour)
    if not outcome.has_failed:
        line.append(f"  {gain([outcome])}", style="dim")
    console.print(line, soft_wrap=True)


def plan_as_json(plan: PortalPlan) -> dict[str, object]:
    """The plan for programs."""
    return {
        "portal": plan.portal.name,
        "lines": plan_lines(plan),
        "windows": [
            {"run_id": str(window.run), "is_archived": window.is_archived, "overlaps": list(window.overlaps)}
            for window in plan.windows
        ],
        "already_archived": plan.already_archived,
        "not_covered": [str(hole) for hole in plan.not_covered],
        "sources_of_the_past": list(plan.sources_of_the_past),
        "requests": plan.cost and plan.cost.requests,
        "requests_low": plan.cost and plan.cost.low,
        "requests_high": plan.cost and plan.cost.high,
        "basis": plan.cost and plan.cost.basis,
        "most_requests": plan.most_requests,
        "seconds": plan.cost and plan.cost.seconds,
        "bytes": plan.cost and plan.cost.bytes,
    }
