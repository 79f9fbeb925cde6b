"""From columns (storage/schema/columns.py) to Arrow and Iceberg schemas, and from records to strictly typed tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any

import pyarrow as pa
from pyiceberg.schema import Schema
from pyiceberg.types import (
    BooleanType,
    DoubleType,
    IcebergType,
    IntegerType,
    ListType,
    LongType,
    MapType,
    NestedField,
    StringType,
    StructType,
    TimestamptzType,
)

from storage.errors import StageFailed
from storage.model.records import ArticleText, Edition, Fetch, RemovedBlock, Run, WarcPlace
from storage.schema.columns import (
    ARTICLES,
    BLOCKS,
    BOOL,
    COUNTS,
    DOUBLE,
    INT,
    LONG,
    TEXT,
    TEXTS,
    TIME,
    Column,
    TableSpec,
)

ARROW: Mapping[str, pa.DataType] = {
    TEXT: pa.string(),
    INT: pa.int32(),
    LONG: pa.int64(),
    DOUBLE: pa.float64(),
    TIME: pa.timestamp("us", tz="UTC"),
    BOOL: pa.bool_(),
}
ICEBERG: Mapping[str, IcebergType] = {
    TEXT: StringType(),
    INT: IntegerType(),
    LONG: LongType(),
    DOUBLE: DoubleType(),
    TIME: TimestamptzType(),
    BOOL: BooleanType(),
}


class SchemaMismatch(StageFailed):
    """A record does not fit its table: a mistake in the code that made it; nothing was written."""


def doc(column: Column) -> str:
    """The column's description in both languages, as it stands in table and file metadata."""
    unit = f" [{column.unit}]" if column.unit else ""
    return f"{column.en}{unit} · {column.ar}"


def arrow_schema(spec: TableSpec) -> pa.Schema:
    """The table's Arrow schema; fields carry the Iceberg id, the descriptions, unit and source."""
    return pa.schema([_arrow_field(column) for column in spec.columns])


def _arrow_field(column: Column) -> pa.Field:
    facts = {
        "PARQUET:field_id": str(column.ids[0]),
        "doc": doc(column),
        "description_en": column.en,
        "description_ar": column.ar,
        "unit": column.unit,
        "source": column.source,
    }
    metadata = {key: value for key, value in facts.items() if value}
    return pa.field(column.name, _arrow_type(column), nullable=column.nullable, metadata=metadata)


def _arrow_type(column: Column) -> pa.DataType:
    nested = column.ids[1:]
    if column.type == TEXTS:
        return pa.list_(_part("element", pa.string(), nested[0]))
    if column.type == COUNTS:
        return pa.map_(_part("key", pa.string(), nested[0]), _part("value", pa.int64(), nested[1]))
    if column.type == BLOCKS:
        struct = pa.struct([_part("rule", pa.string(), nested[1]), _part("text", pa.string(), nested[2])])
        return pa.list_(_part("element", struct, nested[0]))
    return ARROW[column.type]


def _part(name: str, kind: pa.DataType, field_id: int) -> pa.Field:
    return pa.field(name, kind, nullable=False, metadata={"PARQUET:field_id": str(field_id)})


def iceberg_schema(spec: TableSpec, *, version: int | None = None) -> Schema:
    """The table's Iceberg schema with its fixed field ids, as of a schema version (default: today's)."""
    columns = [column for column in spec.columns if version is None or column.since <= version]
    return Schema(*(iceberg_field(column) for column in columns))


def iceberg_field(column: Column) -> NestedField:
    """One column as an Iceberg field."""
    return NestedField(
        field_id=column.ids[0],
        name=column.name,
        field_type=_iceberg_type(column),
        required=not column.nullable,
        doc=doc(column),
    )


def _iceberg_type(column: Column) -> IcebergType:
    nested = column.ids[1:]
    if column.type == TEXTS:
        return ListType(element_id=nested[0], element_type=StringType(), element_required=True)
    if column.type == COUNTS:
        return MapType(
            key_id=nested[0], key_type=StringType(), value_id=nested[1], value_type=LongType(), value_required=True
        )
    if column.type == BLOCKS:
        struct = StructType(
            NestedField(nested[1], "rule", StringType(), required=True),
            NestedField(nested[2], "text", StringType(), required=True),
        )
        return ListType(element_id=nested[0], element_type=struct, element_required=True)
    return ICEBERG[column.type]


def table_of(spec: TableSpec, records: Iterable[Edition | Fetch | Run]) -> pa.Table:
    """Records as an Arrow table with exactly the columns of `spec`. Raises SchemaMismatch naming the column."""
    rows = list(records)
    schema = arrow_schema(spec)
    arrays = []
    for column, field in zip(spec.columns, schema, strict=True):
        read = _reader(column)
        try:
            values = [read(row) for row in rows]
            array = pa.array(values, type=field.type)
        except (pa.ArrowException, TypeError, ValueError, AttributeError) as error:
            raise SchemaMismatch(f"news.{spec.name}.{column.name}: {error}") from error
        if array.null_count and not column.nullable:
            raise SchemaMismatch(f"news.{spec.name}.{column.name} may not be null and is in {array.null_count} rows")
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)


def conform(spec: TableSpec, table: pa.Table) -> pa.Table:
    """A table read from anywhere, in the columns and types of `spec`; a column it lacks is null."""
    arrays = []
    for field in arrow_schema(spec):
        if field.name in table.column_names:
            arrays.append(table[field.name].cast(field.type))
        else:
            arrays.append(pa.nulls(table.num_rows, field.type))
    return pa.Table.from_arrays(arrays, schema=arrow_schema(spec))


def _reader(column: Column) -> Callable[[Any], object]:
    """How to take the column's value out of a record: `link.place.key` is null where the place is."""
    steps = [attrgetter(name) for name in column.path.split(".")]

    def read(record: object) -> object:
        value: Any = record
        for step in steps:
            if value is None:
                return None
            value = step(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        if column.type == COUNTS:
            # Arrow would cut 1.5 down to 1 inside a map without a word.
            if not all(isinstance(count, int) for count in value.values()):
                raise TypeError(f"a count that is no integer: {value}")
            return sorted(value.items())
        if column.type == BLOCKS:
            return [{"rule": block.rule, "text": block.text} for block in value]
        return value

    return read


def runs_from(table: pa.Table) -> list[Run]:
    """Rows of `news.runs` as records, in the order of the table."""
    rows = []
    for row in table.to_pylist():
        row["findings"] = tuple(row["findings"])
        row["outcomes"] = dict(row["outcomes"])
        rows.append(Run(**row))
    return rows


def editions_from(table: pa.Table) -> list[Edition]:
    """Rows of `news.articles` as records, in the order of the table; columns it has no field for are passed over."""
    own: dict[str, list[Column]] = {}
    for column in ARTICLES.columns:
        own.setdefault(column.path.rpartition(".")[0], []).append(column)

    def fields(row: Mapping[str, Any], prefix: str) -> dict[str, Any]:
        return {column.path.rpartition(".")[2]: _frozen(row[column.name]) for column in own[prefix]}

    rows = conform(ARTICLES, table).to_pylist()
    return [
        Edition(**fields(row, ""), text=ArticleText(**fields(row, "text")), place=WarcPlace(**fields(row, "place")))
        for row in rows
    ]


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(RemovedBlock(**item) if isinstance(item, dict) else item for item in value)
    return value
