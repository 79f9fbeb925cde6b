"""What a name says of the form that is written under it: whoever opens a file believes its name."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from storage.errors import UsageError

FORM_BY_SUFFIX = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".wacz": "wacz",
}
PAGES, PICTURES, SPREADSHEETS = (".html", ".htm"), (".png", ".svg"), (".xlsx", ".xls", ".ods")
PACKED = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar")
EXTENSIONS = frozenset((*FORM_BY_SUFFIX, *PAGES, *PICTURES, *SPREADSHEETS, *PACKED))


def path_of(path: str | os.PathLike[str]) -> Path:
    """Where to write. Raises UsageError for what is no name, as where a script's variable was empty."""
    if not isinstance(path, str | os.PathLike) or not os.fspath(path):
        raise UsageError(f"{path!r} is no name of a file or folder", remedy="for example corpus.parquet")
    found = Path(path)
    if found.name.lower() in EXTENSIONS:
        raise UsageError(f"{str(path)!r} is an extension without a name", remedy=f"for example x{found.name}")
    return found


def form_named(output: Path, forms: Collection[str], *, remedy: str, bare: str | None = None) -> str:
    """Which of the forms the name ends in; `bare` for one without an ending. Raises UsageError."""
    known = {suffix: form for suffix, form in FORM_BY_SUFFIX.items() if form in forms}
    suffix = output.suffix.lower()
    form = known.get(suffix) if suffix else bare
    if form is None:
        raise UsageError(f"{output.name} does not say how to write it: {', '.join(known)} are known", remedy=remedy)
    return form


def check_name(output: Path, form: str) -> None:
    """Refuse a form under the name of another one. Raises UsageError."""
    suffix = output.suffix.lower()
    named = FORM_BY_SUFFIX.get(suffix, suffix if suffix in EXTENSIONS else form)
    if named.removesuffix("l") != form.removesuffix("l"):  # JSON Lines under .json is common
        raise UsageError(f"{output.name} is no name for {form}", remedy="choose another name, or the form it names")
