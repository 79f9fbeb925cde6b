"""What a query answers, batch by batch: a table for people; CSV, JSON, Parquet or Arrow for programs."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO, cast

import click
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from storage.errors import UsageError
from storage.read.query import Answer
from storage.schema.parquet import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_ROWS
from warraq.api.export.names import check_name, form_named
from warraq.api.export.whole_file import check_place, whole_file
from warraq.cli.rtl_cells import cell
from warraq.cli.terminal_text import json_text, safe_line, safe_text

TABLE_ROWS = 200  # what a person scrolls through; programs get all
CELL_CHARACTERS = 160
LEAST_COLUMN = 7  # characters; below that a table is borders and nothing else
CELL_LIMIT = 32_767  # characters; Excel's, and no other spreadsheet holds fewer
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
STANDARD_OUTPUT = Path("-")
PIPE_WIDTH = 200  # columns of a table that no terminal bounds


def form_of(form: str | None, output: Path | None, *, spreadsheet: bool = False) -> str:
    """How to write: as asked, else as the file's name says, else a table for a terminal and CSV for a pipe.

    Raises UsageError for what does not fit.
    """
    output = None if output == STANDARD_OUTPUT else output
    if form is None:
        form = "csv" if spreadsheet and output is None else _form_of_name(output)
    elif output is not None:
        check_name(output, form)
    if spreadsheet and form != "csv":
        raise UsageError(f"--spreadsheet is about CSV, not {form}", remedy="leave it out, or write CSV")
    if form in BINARY_FORMS and output is None:
        raise UsageError(f"{form.capitalize()} is not for the terminal", remedy="add --output FILE")
    if output is not None:
        check_place(output)
    return "spreadsheet" if spreadsheet else form


def one_form(form: str | None, *, as_json: bool) -> str | None:
    """What --format and --json ask for together. Raises UsageError where they ask for two things."""
    if as_json and form not in (None, "json"):
        raise UsageError(f"--json and --format {form} ask for two forms", remedy="leave one of them out")
    return "json" if as_json else form


def _form_of_name(output: Path | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "csv"
    remedy = "choose another name, or name a --format; for Excel: --spreadsheet --output x.csv"
    return form_named(output, ("csv", "json", "jsonl", *BINARY_FORMS), remedy=remedy)


def write_answer(found: Answer, *, form: str, output: Path | None) -> None:
    """The whole answer on standard output, or in a file that appears when it is complete."""
    if output is None or output == STANDARD_OUTPUT:
        _write_text(found, form, sys.stdout)
        return
    with whole_file(output) as part:
        if form in BINARY_FORMS:
            BINARY_FORMS[form](found, part)
            return
        with part.open("w", encoding="utf-8", newline="") as file:
            _write_text(found, form, file)


def _write_text(found: Answer, form: str, file: TextIO) -> None:
    if file.isatty() and form != "table":
        file = cast("TextIO", _Terminal(file))
    if form == "table":
        write_table(found, Console(file=file, width=None if file.isatty() else PIPE_WIDTH))
    elif form == "spreadsheet":
        cut = write_spreadsheet(found, file)
        if cut:
            told = ", ".join(f"{count} in {name}" for name, count in cut.items())
            click.echo(
                f"cells cut at the {CELL_LIMIT:,} characters that a spreadsheet's cell holds: {told}; "
                "--format csv or parquet gives them whole",
                err=True,
            )
    else:
        {"csv": write_csv, "json": write_json, "jsonl": write_json_lines}[form](found, file)


class _Terminal(io.TextIOBase):
    """Standard output where it is a terminal: what was archived may not command it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(safe_text(text))


def write_table(found: Answer, console: Console) -> int:
    """The first rows as a table; says if there are more. Returns the number shown."""
    rows: list[dict[str, Any]] = []
    is_cut = False
    for batch in found.batches:
        rows += batch.slice(0, TABLE_ROWS + 1 - len(rows)).to_pylist()
        if len(rows) > TABLE_ROWS:
            is_cut = True
            break
    names = found.schema.names
    if len(names) * (LEAST_COLUMN + 3) > console.width:
        _print_records(rows[:TABLE_ROWS], names, console)
    else:
        console.print(_table(rows[:TABLE_ROWS], found.schema))
    shown = min(len(rows), TABLE_ROWS)
    rows_told = "1 row" if shown == 1 else f"{shown} rows"
    more = f"the first {rows_told}; --format csv, json or parquet gives all" if is_cut else rows_told
    console.print(Text(more, style="dim"))
    return shown


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> Table:
    table = Table(header_style="bold")
    for field in schema:
        is_number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        table.add_column(Text(safe_line(field.name)), justify="right" if is_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell(_shown(row[name])) for name in schema.names))
    return table


def _print_records(rows: list[dict[str, Any]], names: list[str], console: Console) -> None:
    """Row below row, a line a column: side by side, so many columns would have no room for a word."""
    for number, row in enumerate(rows, start=1):
        console.print(Text(f"row {number}", style="bold"))
        record = Table(show_header=False, box=None, pad_edge=False)
        record.add_column(style="dim", no_wrap=True)
        record.add_column(overflow="fold")
        for name in names:
            record.add_row(Text(safe_line(name)), cell(_shown(row[name])))
        console.print(record)
        console.print()


def write_csv(found: Answer, out: TextIO) -> int:
    """All rows as CSV with a header; lists and maps as JSON, times in ISO 8601."""
    writer = csv.writer(out)
    writer.writerow(found.schema.names)
    count = 0
    for row in _rows(found):
        writer.writerow(map(_plain, row.values()))
        count += 1
    return count


def write_spreadsheet(found: Answer, out: TextIO) -> dict[str, int]:
    """All rows as CSV for a spreadsheet; returns how many cells of which column were too long and are cut.

    It begins with a byte order mark, without which Excel takes Arabic for another encoding; text that Excel would
    compute stands behind an apostrophe (OWASP, CSV injection); times are written as spreadsheets read them, in UTC.
    """
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(map(_no_formula, found.schema.names))
    cut: dict[str, int] = {}
    for row in _rows(found):
        cells = []
        for name, value in row.items():
            shown = _no_formula(f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else _plain(value))
            # Excel counts UTF-16 units, and an Arabic letter is one.
            if isinstance(shown, str) and len(shown) > CELL_LIMIT // 2 and _units(shown) > CELL_LIMIT:
                cut[name] = cut.get(name, 0) + 1
                shown = shown.encode("utf-16-le")[: 2 * CELL_LIMIT - 2].decode("utf-16-le", "ignore") + "…"
            cells.append(shown)
        writer.writerow(cells)
    return cut


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def write_json(found: Answer, out: TextIO) -> int:
    """All rows as one JSON array, one row a line."""
    count = 0
    out.write("[")
    for row in _rows(found):
        out.write(("\n" if count == 0 else ",\n") + as_json(row))
        count += 1
    out.write("\n]\n" if count else "]\n")
    return count


def write_json_lines(found: Answer, out: TextIO) -> int:
    """All rows as JSON, one a line."""
    count = 0
    for row in _rows(found):
        out.write(as_json(row) + "\n")
        count += 1
    return count


def write_arrow(found: Answer, path: Path) -> int:
    """All rows as an Arrow IPC file, which is what Feather is today."""
    count = 0
    with pa.ipc.new_file(path, found.schema) as writer:
        for batch in found.batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def write_parquet(found: Answer, path: Path) -> int:
    """All rows as a Parquet file."""
    count = 0
    with pq.ParquetWriter(path, found.schema, compression=COMPRESSION, compression_level=COMPRESSION_LEVEL) as writer:
        for batch in found.batches:
            writer.write_batch(batch, row_group_size=ROW_GROUP_ROWS)
            count += batch.num_rows
    return count


def as_json(value: object) -> str:
    """JSON with Arabic as it is, times in ISO 8601 and anything else as its text."""
    return json_text(value, default=_simple)


def _rows(found: Answer) -> Iterator[dict[str, Any]]:
    for batch in found.batches:
        yield from batch.to_pylist()


def _simple(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


def _plain(value: object) -> object:
    if isinstance(value, list | dict | tuple):
        return as_json(value)
    return _simple(value) if isinstance(value, datetime | date) else value


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
    text = safe_line(str(_plain(value)))
    return text if len(text) <= CELL_CHARACTERS else text[: CELL_CHARACTERS - 1] + "…"


BINARY_FORMS = {"parquet": write_parquet, "arrow": write_arrow}
