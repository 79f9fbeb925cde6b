"""The papers that go with a release: what the files are, how to cite them, how to check them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from storage.read.release.edits import SPEC as EDITS_SPEC
from storage.read.release.gone import SPEC as GONE_SPEC
from storage.read.release.latest import COLUMNS as LATEST_COLUMNS
from storage.read.release.names import base_of
from storage.read.release.opt_outs import SPEC as OPT_OUTS_SPEC
from storage.schema.columns import ARTICLES, BOOL, COUNTS, DOUBLE, INT, LONG, TABLE_BY_NAME, TEXT, TIME, Column
from storage.schema.data_dictionary import render

# Frictionless names for our types; lists and maps are arrays and objects there.
_FRICTIONLESS = {TEXT: "string", INT: "integer", LONG: "integer", DOUBLE: "number", TIME: "datetime", BOOL: "boolean"}

TITLE = "Arabic news portals"
_README = """# {title}

Arabic news portals, {month}: the windows that start then (UTC), frozen from the archive by Warraq.

- `articles/<portal>.parquet`: one row an edition, columns in `data_dictionary.md`
- `latest.parquet`: which edition of each article is its newest by first capture: joined to `articles/` by
  `edition_id` and `run_id` it gives one row an article. That an older text came back is in `edits.parquet` only
- `opt_outs.parquet`: articles whose page or site reserved text and data mining, with what was stated and when, also
  after their capture; by `article_id`
- `gone.parquet`: articles that were not at their address any more, by the day this was made; by `article_id`
- `edits.parquet`: what was seen to change then (`seen_at`, UTC), by the day this was made; the text before may
  be of an earlier month. By `article_id`, `edition_before`, `edition_after`
- `runs.parquet`: what was asked for when, how each link ended, and what the audit said of it
- `manifest.json`: rows, bytes and SHA-256 of each file; `SHA256SUMS` is the same for `sha256sum -c`
- `datapackage.json`: the same for Frictionless tools; `CITATION.cff`: how to cite this release
- `quality.json`: articles, dates and quality by portal, compared with the release that this one
  corrects, or else with the one before of as many months
- `datacite.json`, `zenodo.json`: metadata for a repository that gives a DOI{doi}

{portals} portals, {rows:,} editions. The release is never changed; a corrected one has another name ({base}-r2, …).
Made by {creator}. {licence}

أرشيف البوابات الإخبارية العربية، {month}: النوافذ التي تبدأ في هذه المدة بالتوقيت العالمي، مجمّدة كما هي. لا يُعدَّل هذا
الإصدار أبدًا؛ وما صُحّح بعده يحمل اسمًا آخر. حقوق النصوص لناشريها.
"""

_CITATION = """cff-version: 1.2.0
message: Cite the release whose rows were read.
type: dataset
title: "{title}"
version: "{name}"
date-released: "{day}"
identifiers:
  - type: other
    value: "{id}"
    description: SHA-256 of manifest.json, which names every file by its digest
authors:
  - name: {creator}
"""

RIGHTS = "The rights in the texts are their publishers'."
# Those of SPDX's names that data are given under; CITATION.cff and others take names of that list only. All of them
# let everybody have the files.
_SPDX = re.compile(
    r"CC0-1\.0|CC-BY(-NC)?(-SA|-ND)?-(1\.0|2\.0|2\.5|3\.0|4\.0)|ODbL-1\.0|ODC-By-1\.0|PDDL-1\.0|C-UDA-1\.0"
    r"|CDLA-Permissive-[12]\.0|CDLA-Sharing-1\.0",
    re.IGNORECASE,
)
_SMALL_LETTERS = {"odbl-1.0": "ODbL-1.0", "odc-by-1.0": "ODC-By-1.0"}
_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:licenses/(by[a-z-]*)|publicdomain/(zero))/([0-9.]+)(?:/.*)?", re.IGNORECASE
)


def spdx_name(licence: str) -> str | None:
    """A licence as SPDX spells its name, also for the address of one of Creative Commons; None for other terms."""
    text = licence.strip()
    if commons := _COMMONS.fullmatch(text):
        text = f"CC-{commons[1]}-{commons[3]}" if commons[1] else f"CC0-{commons[3]}"
    if not _SPDX.fullmatch(text):
        return None
    name = _SMALL_LETTERS.get(text.lower(), text.upper())
    return re.sub("CDLA-(PERMISSIVE|SHARING)", lambda match: f"CDLA-{match[1].title()}", name)


@dataclass(frozen=True)
class Credit:
    """Who made a release, under which terms, and its DOI if it was given one."""

    creator: str = "Warraq"
    licence: str = RIGHTS
    doi: str | None = None


NOBODY_NAMED = Credit()


def citation_line(credit: Credit, *, title: str, version: str, day: str, identifier: str) -> str:
    """How to cite something, in one line for a footnote."""
    doi = f"https://doi.org/{credit.doi}. " if credit.doi else ""
    return f"{credit.creator.rstrip('. ')}. {title}, {version}. {day}. {doi}{identifier}"


class PaperFile(Protocol):
    """What the papers say of a file."""

    @property
    def path(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def sha256(self) -> str: ...


def papers(
    name: str,
    *,
    month: str,
    files: Sequence[PaperFile],
    created_at: str,
    manifest: bytes,
    credit: Credit,
    quality: bytes,
    remark: str = "",
) -> dict[str, bytes]:
    """The papers by file name; the same release gives the same bytes."""
    title = f"{TITLE}, {name}"
    articles = [file for file in files if file.table == "articles"]
    texts = {
        "README.md": _README.format(
            title=title,
            month=month.replace("-to-", "–"),
            base=base_of(name),
            portals=len(articles),
            rows=sum(file.rows for file in articles),
            creator=credit.creator,
            licence=credit.licence,
            doi=f": {credit.doi}" if credit.doi else "",
        ),
        "quality.json": quality.decode(),
        "datacite.json": json.dumps(_datacite(name, title, created_at, credit), indent=1, ensure_ascii=False),
        "zenodo.json": json.dumps(_zenodo(name, title, created_at, credit), indent=1, ensure_ascii=False),
        "data_dictionary.md": render(),
        "datapackage.json": json.dumps(
            _datapackage(name, title, files, created_at, credit=credit), indent=1, ensure_ascii=False
        ),
        "CITATION.cff": _CITATION.format(
            title=title,
            name=name,
            day=created_at[:10],
            id=f"sha256:{sha256(manifest).hexdigest()}",
            creator=json.dumps(credit.creator, ensure_ascii=False),
        )
        + _terms_for_cff(credit),
    }
    texts["README.md"] += f"\n{remark}\n" if remark else ""
    written = {file: text.encode() for file, text in texts.items()}
    sums = {file.path: file.sha256 for file in files} | {
        file: sha256(content).hexdigest() for file, content in {**written, "manifest.json": manifest}.items()
    }
    written["SHA256SUMS"] = "".join(f"{digest}  {file}\n" for file, digest in sorted(sums.items())).encode()
    return written


def _terms_for_cff(credit: Credit) -> str:
    """DOI and terms of use as the Citation File Format has them: a name of SPDX's list, an address, or words."""
    doi = f"doi: {json.dumps(credit.doi)}\n" if credit.doi else ""
    if named := spdx_name(credit.licence):
        return f"{doi}license: {named}\n"
    name = "license-url" if re.fullmatch(r"https?://\S+", credit.licence) else "abstract"
    return f"{doi}{name}: {json.dumps(credit.licence, ensure_ascii=False)}\n"


def _datacite(name: str, title: str, created_at: str, credit: Credit) -> dict[str, Any]:
    """DataCite metadata (schema 4.5), to be registered with a DOI."""
    told = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "creators": [{"name": credit.creator}],
        "titles": [{"title": title}],
        "publisher": {"name": credit.creator},
        "publicationYear": created_at[:4],
        "types": {"resourceTypeGeneral": "Dataset"},
        "version": name,
        "rightsList": [_rights_for_datacite(credit.licence)],
        "dates": [{"date": created_at[:10], "dateType": "Created"}],
        "language": "ar",
    }
    return told | ({"doi": credit.doi} if credit.doi else {})


def _rights_for_datacite(licence: str) -> dict[str, str]:
    name = spdx_name(licence)
    return {"rights": licence} | ({"rightsIdentifier": name, "rightsIdentifierScheme": "SPDX"} if name else {})


def _zenodo(name: str, title: str, created_at: str, credit: Credit) -> dict[str, Any]:
    """Metadata that Zenodo reads; it names licences as SPDX does, in small letters."""
    name_of_licence = spdx_name(credit.licence)
    told = {
        "title": title,
        "upload_type": "dataset",
        "description": f"{title}. {credit.licence}",
        "creators": [{"name": credit.creator}],
        "version": name,
        "publication_date": created_at[:10],
        "language": "ara",
    }
    told |= (
        {"access_right": "open", "license": name_of_licence.lower()}
        if name_of_licence
        else {"access_right": "restricted", "access_conditions": credit.licence}
    )
    return told | ({"doi": credit.doi} if credit.doi else {})


def _datapackage(
    name: str, title: str, files: Sequence[PaperFile], created_at: str, *, credit: Credit
) -> dict[str, Any]:
    """A Frictionless Data Package (specs.frictionlessdata.io), version 1."""
    licence = credit.licence
    return {
        "profile": "data-package",
        "name": f"arabic-news-{name}",
        "title": title,
        "created": created_at,
        "licenses": [{"name": spdx_name(licence) or "other", "title": licence}],
        "contributors": [{"title": credit.creator, "role": "author"}],
        "resources": [_resource(file) for file in files],
    }


def _resource(file: PaperFile) -> dict[str, Any]:
    return {
        "name": file.path.removesuffix(".parquet").replace("/", "-"),
        "path": file.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "schema": {"fields": [_field(column) for column in _columns(file.table)]},
    }


def _columns(table: str) -> Sequence[Column]:
    for kept in (OPT_OUTS_SPEC, GONE_SPEC, EDITS_SPEC):
        if table == kept.name:
            return kept.columns
    return [ARTICLES.column(name) for name in LATEST_COLUMNS] if table == "latest" else TABLE_BY_NAME[table].columns


def _field(column: Column) -> dict[str, Any]:
    kind = _FRICTIONLESS.get(column.type, "object" if column.type == COUNTS else "array")
    field: dict[str, Any] = {"name": column.name, "type": kind, "title": column.ar, "description": column.en}
    if not column.nullable:
        field["constraints"] = {"required": True}
    if column.unit:
        field["unit"] = column.unit
    return field
