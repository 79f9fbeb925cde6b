"""What a query answers, batch by batch: a table for people; CSV, JSON or Parquet for programs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from storage.read.query import Answer
from storage.schema.parquet import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_ROWS
from warraq.cli.rtl_cells import cell
from warraq.cli.terminal_text import safe_line

TABLE_ROWS = 200  # what a person scrolls through; programs get all
CELL_CHARACTERS = 160
LEAST_COLUMN = 7  # characters; below that a table is borders and nothing else
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


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


def write_csv(found: Answer, out: TextIO, *, spreadsheet: bool = False) -> int:
    """All rows as CSV with a header; lists and maps as JSON, times in ISO 8601.

    For a spreadsheet it begins with a byte order mark, without which Excel takes Arabic for another encoding, and text
    that Excel would compute stands behind an apostrophe (OWASP, CSV injection).
    """
    if spreadsheet:
        out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(found.schema.names)
    count = 0
    for row in _rows(found):
        values = map(_plain, row.values())
        writer.writerow([_no_formula(value) for value in values] if spreadsheet else list(values))
        count += 1
    return count


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
    return json.dumps(value, ensure_ascii=False, default=_simple)


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
