"""What `warraq why` tells, as tables for people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warraq.cli.rtl_cells import cell
from warraq.cli.terminal_text import isolated, safe_line

PIPE_WIDTH = 10_000  # nothing is cut or folded where no terminal bounds it
MAX_LINE = 160
SHOWN_FEATURES = 3
_NUMBERS = ("weight", "score", "value", "links", "articles lost")


def show(told: dict[str, Any]) -> None:
    """Print what was told."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    for name, shown in (("page", _page), ("link", _link), ("day", _day)):
        if name in told:
            shown(console, told[name])
    if "run" in told:
        _run(console, told)


def _table(console: Console, title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    table = Table(title=Text(title), title_justify="left", header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell(safe_line("" if value is None else str(value))) for value in row))
    console.print(table)


def _page(console: Console, page: dict[str, Any]) -> None:
    if "missing" in page:
        _table(console, "its page cannot be explained", ("why",), [(page["missing"],)])
    if "rejection" in page:
        _table(console, "not an article", ("reason", "detail"), [(page["rejection"], page["detail"])])
    for part in ("kind", "title", "date", "author"):
        if decision := page.get(part):
            rows = [
                ("decides" if piece["weight"] is None else f"{piece['weight']:+.2f}", piece["name"], piece["where"])
                for piece in decision["evidence"]
            ]
            _table(console, f"{part}: {_value(part, decision)}", ("weight", "evidence", "where"), rows)
    if "unread" in page:
        _table(console, "trafilatura has not read the text", ("why",), [(page["unread"],)])
    if "body" in page:
        columns = ("rule", "score", "in", "features", "line")
        _table(console, "body: lines of the text and those taken out", columns, [_line(each) for each in page["body"]])


def _line(line: dict[str, Any]) -> tuple[Any, ...]:
    pieces = [piece for piece in line["evidence"] if piece["name"] != "bias"][:SHOWN_FEATURES]
    said = [f"{line['words']} words", f"links {line['link_share']:g}"]
    said += [f"{piece['name']} {piece['weight']:+.2f}" for piece in pieces]
    score = None if line["score"] is None else f"{line['score']:+.2f}"
    where = line["tag"] if line["source"] == "page" else f"{line['source']}: {line['tag']}"
    return line["rule"] or "kept", score, where, ", ".join(said), line["text"][:MAX_LINE]


def _value(part: str, decision: dict[str, Any]) -> str:
    value = decision["value"]
    if part == "kind":
        return "an article" if value else "no article"
    if not value:
        return "none"
    if part == "date":
        return f"{value.isoformat()}, confidence {decision['score']:.2f}"
    return isolated(safe_line("، ".join(value) if part == "author" else value))


def _link(console: Console, endings: list[dict[str, Any]]) -> None:
    for ending in endings:
        rows: list[tuple[Any, ...]] = [
            ("listed", ending["listed_at"], f"{ending['source']} {ending['source_url'] or ''}".strip()),
        ]
        for answer in ending["answers"]:
            waited = f"after {answer['waited_seconds']:.1f} s, " if answer["waited_seconds"] is not None else ""
            target = f" → {answer['leads_to']}" if answer["leads_to"] else ""
            rows.append((f"{waited}status {answer['status']}", answer["captured_at"], f"{answer['url']}{target}"))
        if ending["missing"]:
            rows.append(("answers", None, ending["missing"]))
        rows.append((f"ended {ending['outcome']}", None, ending["detail"] or ending["final_url"]))
        title = f"{ending['run_id']}: {safe_line(ending['url'])}"
        _table(console, title, ("step", "when", "what"), rows)


def _run(console: Console, told: dict[str, Any]) -> None:
    run = told["run"]
    rows = [
        ("beyond" if measure["is_bad"] else "", measure["name"], measure["value"], measure["limit"], measure["basis"])
        for measure in told["measures"]
    ]
    _table(console, f"{run['run_id']}: {run['verdict']}", ("", "figure", "value", "limit", "basis"), rows)
    outcomes = [(name, count) for name, count in run["outcomes"].items()]
    _table(console, "links by outcome", ("outcome", "links"), outcomes)
    if run["findings"]:
        _table(console, "findings", ("finding",), [(finding,) for finding in run["findings"]])


def _day(console: Console, day: dict[str, Any]) -> None:
    if not day["runs"]:
        _table(console, "no run covers this day", ("remedy",), [(_remedy(day),)])
    usual = f"{day['usual_days']} days before" if day["usual_days"] else "too few days before"
    whole = f"of no known day, in {day['undated_days']} days of its run"
    has_undated = bool(day["undated_outcomes"])
    rows = [
        (step["name"], f"{step['count']:g}", *([f"{step['undated'] or ''}"] if has_undated else []), _usual(step))
        for step in day["steps"]
    ]
    columns = ("step", "value", *([whole] if has_undated else []), f"usual: {usual}")
    _table(console, f"{day['portal']} on {day['day']}, {len(day['runs'])} runs", columns, rows)
    names = dict.fromkeys((*day["outcomes"], *day["undated_outcomes"]))
    ended = [
        (name, day["outcomes"].get(name), *([day["undated_outcomes"].get(name)] if has_undated else []))
        for name in names
    ]
    if ended:
        _table(console, "its links by outcome", ("outcome", "links", *([whole] if has_undated else [])), ended)
    losses = [(_lost(loss), loss["name"], loss["told"], loss["next_step"]) for loss in day["losses"]]
    if losses:
        _table(console, f"largest cause: {losses[0][1]}", ("articles lost", "cause", "told", "next step"), losses)
    if day["findings"]:
        _table(console, "findings of its runs", ("finding",), [(finding,) for finding in day["findings"]])


def _remedy(day: dict[str, Any]) -> str:
    """The command that archives a day."""
    return f"warraq archive {day['portal']} --from {day['day']} --to {day['day'] + timedelta(days=1)}"


def _usual(step: dict[str, Any]) -> str | None:
    return None if step["usual"] is None else f"{step['usual']:g}"


def _lost(loss: dict[str, Any]) -> str:
    return f"{loss['articles']:g}" if loss["days"] == 1 else f"{loss['articles']:g} in {loss['days']} days"
