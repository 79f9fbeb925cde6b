"""`warraq query` itself."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import click
import pyarrow as pa
from rich.console import Console

from storage.errors import RetryLater, UsageError
from storage.read.query import Answer, answer, connect
from storage.settings import read_settings
from warraq.cli.query_output import (
    CELL_LIMIT,
    write_arrow,
    write_csv,
    write_json,
    write_json_lines,
    write_parquet,
    write_spreadsheet,
    write_table,
)

MAX_SQL_CHARACTERS = 1_000_000
FORM_BY_SUFFIX = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}
BINARY_FORMS = {"parquet": write_parquet, "arrow": write_arrow}
PIPE_WIDTH = 200  # columns of a table that no terminal bounds


def run_query(
    sql: str, *, form: str | None, output: Path | None, spreadsheet: bool = False, outside_files: bool = False
) -> int:
    """Answer `sql` (or what standard input says, for "-") on standard output or in a file."""
    if sql == "-":
        sql = sys.stdin.read(MAX_SQL_CHARACTERS)
    form = form or ("csv" if spreadsheet and output is None else _form_of(output))
    if spreadsheet and form != "csv":
        raise UsageError(f"--spreadsheet is about CSV, not {form}", remedy="leave it out, or write CSV")
    if form in BINARY_FORMS and output is None:
        raise UsageError(f"{form.capitalize()} is not for the terminal", remedy="add --output FILE")
    # The system's allocator gives back what a batch took: a fifth less memory than Arrow's own, and no slower.
    pa.set_memory_pool(pa.system_memory_pool())
    with connect(read_settings(), outside_files=outside_files) as connection:
        _write(answer(connection, sql), form="spreadsheet" if spreadsheet else form, output=output)
    return 0


def _form_of(output: Path | None) -> str:
    """What the file's name says; else a table for a terminal and CSV for a pipe. Raises UsageError."""
    if output is None:
        return "table" if sys.stdout.isatty() else "csv"
    form = FORM_BY_SUFFIX.get(output.suffix.lower())
    if form is None:
        raise UsageError(
            f"{output.name} does not say how to write it: {', '.join(FORM_BY_SUFFIX)} are known",
            remedy="choose another name, or name a --format; for Excel: --spreadsheet --output x.csv",
        )
    return form


def _write(found: Answer, *, form: str, output: Path | None) -> None:
    if output is None:
        _write_text(found, form, sys.stdout)
        return
    with _whole_file(output) as part:
        if form in BINARY_FORMS:
            BINARY_FORMS[form](found, part)
            return
        with part.open("w", encoding="utf-8", newline="") as file:
            _write_text(found, form, file)


def _write_text(found: Answer, form: str, file: TextIO) -> None:
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


@contextlib.contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """A name to write under; the file gets its own name when it is complete."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except FileNotFoundError as error:
        raise UsageError(f"{path.parent} does not exist", remedy="choose another --output") from error
    except OSError as error:
        raise RetryLater(f"cannot write {path}: {error.strerror}", remedy="choose another --output") from error
