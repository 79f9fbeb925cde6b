"""The data dictionary, in English and Arabic; `make docs` writes it to docs/reference/data_dictionary.md."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storage.model.meanings import CLOSED_LISTS, word_table
from storage.schema.columns import SCHEMA_VERSION, TABLES, Column, TableSpec
from storage.schema.view_columns import VIEW_COLUMNS

_HEAD = """# Data dictionary · قاموس البيانات

Written from `storage/schema/columns.py` by `make docs`; do not edit. Schema version {version}.
All times are UTC with microseconds. Columns are only ever added, at the end, nullable; a file written before a column
existed reads as null there. «since» is the schema version that brought the column. `DESCRIBE` calls every
column nullable: SQL reads through views. Comments in `duckdb_columns()` say «never null» where the table says no.
"""
_COLUMNS = "| column | type | null | unit | description | الوصف | source | since |\n" + "| --- " * 8 + "|"


def render(tables: Iterable[TableSpec] = TABLES) -> str:
    """The whole dictionary as Markdown."""
    rows = (line for spec in tables for line in _table(spec))
    return "\n".join([_HEAD.format(version=SCHEMA_VERSION), *rows, *_views()])


def _views() -> Iterator[str]:
    yield "## Views · العروض\n"
    yield "Derived at reading time, for SQL and the Python API; columns that are not listed are those of `articles`.\n"
    for view, ((en, ar), columns) in VIEW_COLUMNS.items():
        yield f"### {view}\n"
        yield f"{en} · {ar}\n"
        yield "| column | description | الوصف |\n| --- | --- | --- |"
        yield from (f"| `{name}` | {said} | {said_ar} |" for name, (said, said_ar) in columns.items())
        yield ""


def _table(spec: TableSpec) -> Iterator[str]:
    yield f"## news.{spec.name}\n"
    yield f"{spec.en} · {spec.ar}\n"
    order = ", ".join(f"`{name}`" for name in spec.sort)
    yield f"Partitioned by `portal` and the month of `window_start`, or its year (small portals); sorted by {order}.\n"
    yield _COLUMNS
    yield from (_row(column) for column in spec.columns)
    yield ""
    for column, words in CLOSED_LISTS.get(spec.name, {}).items():
        yield f"### Words of `{column}`\n"
        yield from word_table(column, words)
        yield ""


def _row(column: Column) -> str:
    null = "yes" if column.nullable else "no"
    kind = column.type.replace("|", "\\|")
    return (
        f"| `{column.name}` | {kind} | {null} | {column.unit} | {column.en} | {column.ar} "
        f"| {column.source} | {column.since} |"
    )
