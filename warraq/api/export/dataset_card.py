"""The papers of a data set folder: the card that Hugging Face shows, and Croissant metadata."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from storage.schema.columns import ARTICLES
from warraq.api.export.tally import LOW_QUALITY, Tally

RIGHTS = (
    "The rights in the texts are their publishers'. The archive was made for research; whoever passes texts on needs a "
    "licence or an exception of copyright law, such as that for text and data mining."
)
MAX_LICENCES = 20  # that are named one by one
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


@dataclass(frozen=True)
class Described:
    """What was selected and from which state of the archive, in words; the same rows have the same."""

    title: str
    selection: Mapping[str, str]
    citation: str
    left_out: str  # what was left out for its rights, and how that is known
    created: str  # a moment in UTC
    licences: Mapping[str, int]  # articles by the licence that their pages state for them

    def metadata(self) -> dict[str, str]:
        """The same for the schema of a file."""
        chosen = ", ".join(f"{name}: {value}" for name, value in self.selection.items())
        return {
            "title": self.title,
            "selection": chosen,
            "citation": self.citation,
            "left_out": self.left_out,
            "rights": self.rights,
        }

    @property
    def rights(self) -> str:
        """Whose the texts are, and under which licences their pages say they are."""
        stated = "; ".join(f"{licence} ({count:,})" for licence, count in list(self.licences.items())[:MAX_LICENCES])
        more = len(self.licences) - MAX_LICENCES
        stated += f"; {more:,} others" if more > 0 else ""
        return (
            f"{RIGHTS} Licences that pages state for themselves, and articles of each: {stated or 'none'}. What was "
            "extracted before Warraq read them does not say."
        )


def card(
    schema: pa.Schema,
    files: Mapping[str, int],
    splits: Sequence[str],
    tally: Tally,
    described: Described,
    *,
    empty: Sequence[str] = (),
) -> str:
    """README.md with the block of YAML that `datasets` reads; `empty` splits were asked for and have no row."""
    rows = {split: sum(count for path, count in files.items() if path.startswith(f"data/{split}-")) for split in splits}
    size = next((name for limit, name in _SIZES if tally.rows < limit), "1M<n<10M")
    paths = "\n".join(f"  - split: {split}\n    path: data/{split}-*.parquet" for split in splits)
    languages = "\n".join(f"- {language}" for language, _ in tally.languages.most_common()) or "- ar"
    head = (
        f"---\npretty_name: {json.dumps(described.title, ensure_ascii=False)}\nlicense: other\n"
        f"license_name: publishers-rights\nlicense_link: README.md\nlanguage:\n{languages}\n"
        f"size_categories:\n- {size}\ntask_categories:\n- text-generation\n- text-classification\n"
        f"configs:\n- config_name: default\n  data_files:\n{paths}\n---\n"
    )
    parts = [
        f"# {described.title}",
        "Articles of Arabic news portals, from an archive made with Warraq.",
        "## Selection\n\n" + _table(("what", "value"), described.selection.items()),
        "## Splits\n\n"
        + _table(("split", "articles"), ((split, f"{count:,}") for split, count in rows.items()))
        + "\n\nArticles of one story (near copies of one text) stand in one split, so that no copy of a test text is "
        f"trained on; `story_id` is the same for them.{_of_empty(empty)}",
        "## Sources\n\n"
        + _table(("portal", "articles"), ((name, f"{n:,}") for name, n in sorted(tally.portals.items()))),
        f"## Licence and rights\n\n{described.rights}\n\nLeft out: {described.left_out}",
        "## Quality\n\n" + _table(("measure", "value"), _quality(tally)),
        "## Columns\n\n" + _table(("column", "type", "what", "ما هو"), _columns(schema)),
        f"## Citation\n\n{described.citation}",
    ]
    return head + "\n\n".join(parts) + "\n"


def _of_empty(splits: Sequence[str]) -> str:
    if not splits:
        return ""
    return (
        f" No story fell to {', '.join(splits)}, so there is no such split: chance deals the stories out, and these "
        "are few. More articles, other shares or another seed give one."
    )


def _quality(tally: Tally) -> list[tuple[str, str]]:
    span = f"{tally.earliest:%Y-%m-%d} – {tally.latest:%Y-%m-%d}" if tally.earliest and tally.latest else "none"
    flags = ", ".join(f"{name} {count:,}" for name, count in tally.flags.most_common(12)) or "none"
    return [
        ("articles", f"{tally.rows:,}"),
        ("stories whose first article is here", f"{tally.stories:,}"),
        ("words", f"{tally.words:,}"),
        ("published", span),
        ("without a credible date", f"{tally.undated:,}"),
        (f"quality below {LOW_QUALITY}", f"{tally.low_quality:,}"),
        ("flags", flags),
        ("agencies", ", ".join(f"{name} {count:,}" for name, count in tally.agencies.most_common(12)) or "none"),
    ]


def _columns(schema: pa.Schema) -> list[tuple[str, str, str, str]]:
    known = {column.name: column for column in ARTICLES.columns}
    own = ("Story the article tells: the earliest article of its near copies", "الخبر الذي يرويه: أقدم نسخه المتشابهة")
    return [
        (
            f"`{name}`",
            str(schema.field(name).type).replace("|", "/"),
            known[name].en if name in known else own[0],
            known[name].ar if name in known else own[1],
        )
        for name in schema.names
    ]


def _table(head: Sequence[str], rows: Any) -> str:
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    lines += [f"| {' | '.join(str(cell).replace('|', '/') for cell in row)} |" for row in rows]
    return "\n".join(lines)


def croissant(
    schema: pa.Schema, digests: Mapping[str, str], sizes: Mapping[str, int], splits: Sequence[str], described: Described
) -> str:
    """Metadata in Croissant 1.0 (mlcommons.org/croissant): the files, and the fields of each split."""
    files = [
        {
            "@type": "cr:FileObject",
            "@id": path,
            "name": path,
            "contentUrl": path,
            "contentSize": f"{sizes[path]} B",
            "encodingFormat": "application/x-parquet",
            "sha256": digests[path],
        }
        for path in digests
    ]
    sets = [
        {
            "@type": "cr:FileSet",
            "@id": f"{split}-files",
            "name": f"{split}-files",
            "encodingFormat": "application/x-parquet",
            "includes": f"data/{split}-*.parquet",
        }
        for split in splits
    ]
    records = [
        {
            "@type": "cr:RecordSet",
            "@id": split,
            "name": split,
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": f"{split}/{field.name}",
                    "name": field.name,
                    "dataType": _croissant_type(field.type),
                    **({"repeated": True} if pa.types.is_list(field.type) else {}),
                    "source": {"fileSet": {"@id": f"{split}-files"}, "extract": {"column": field.name}},
                }
                for field in schema
                if not pa.types.is_nested(field.type)
                or (pa.types.is_list(field.type) and not pa.types.is_nested(field.type.value_type))
            ],
        }
        for split in splits
    ]
    whole = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "arabic-news-portals",
        "description": f"{described.title}. {RIGHTS}",
        "url": _name_of(digests),
        "license": described.rights,
        "citeAs": described.citation,
        "datePublished": described.created[:10],
        "version": "1.0.0",
        "creator": {"@type": "sc:Organization", "name": "Warraq"},
        "distribution": [*files, *sets],
        "recordSet": records,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _name_of(digests: Mapping[str, str]) -> str:
    """The set's own name, as RFC 6920 makes one of a hash: Croissant wants an address, and a folder has none."""
    listed = "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items()))
    digest = base64.urlsafe_b64encode(hashlib.sha256(listed.encode()).digest()).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _croissant_type(kind: pa.DataType) -> str:
    kind = kind.value_type if pa.types.is_list(kind) else kind
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind):
        return "sc:Float"
    return "sc:DateTime" if pa.types.is_timestamp(kind) else "sc:Text"


_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
