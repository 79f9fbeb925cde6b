"""What CSV and JSON Lines cannot say of themselves stands beside them: columns, source, rights, what was left out.

Named and written as the W3C's CSV on the Web (www.w3.org/TR/tabular-metadata) wants it for a CSV file.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa

from storage.schema.columns import ARTICLES
from warraq.api.export.dataset_card import Described


def metadata_path(output: Path) -> Path:
    """Where it stands: `x.csv-metadata.json` for x.csv."""
    return output.with_name(f"{output.name}-metadata.json")


def metadata_text(schema: pa.Schema, output: Path, described: Described) -> str:
    """The document for rows of this schema that stand in `output`."""
    told = described.metadata()
    known = {column.name: column.en for column in ARTICLES.columns}
    columns = [
        {"name": field.name, "titles": field.name, "datatype": _datatype(field.type)}
        | ({"dc:description": known[field.name]} if field.name in known else {})
        for field in schema
    ]
    whole = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": output.name,
        "dc:title": told["title"],
        "dc:description": told["selection"],
        "dc:bibliographicCitation": told["citation"],
        "dc:rights": told["rights"],
        "rdfs:comment": f"Left out: {told['left_out']}",
        "tableSchema": {"columns": columns},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _datatype(kind: pa.DataType) -> object:
    if pa.types.is_boolean(kind):
        return {"base": "boolean", "format": "True|False"}
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "double"
    if pa.types.is_nested(kind):
        return "json"
    return "datetime" if pa.types.is_timestamp(kind) else "string"
