"""The extractor's version: a digest of what decides a text, so that nobody has to remember to raise a number."""

from __future__ import annotations

import ast
import functools
import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

# Packages whose code and data decide the columns that are derived from a page; the second holds folding and ids.
DECIDING = ("extract", "storage.identity")
DIGITS = 12
_UNSAID = {"ctx", "type_comment", "kind"}  # follows from the rest, is a comment, is a spelling
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@functools.cache
def extractor_version() -> str:
    """As it stands in each row: the digest of our rules, and trafilatura's version."""
    return f"{rules_digest(*(files(package) for package in DECIDING))}+trafilatura-{version('trafilatura')}"


def rules_digest(*folders: Traversable) -> str:
    """A digest of code and data below some folders; comments, docstrings and formatting do not count."""
    digest = hashlib.sha256()
    for folder in folders:
        for name, file in _files(folder, folder.name):
            content = file.read_bytes()
            told = "".join(_said(ast.parse(content), [])).encode() if name.endswith(".py") else content
            digest.update(f"{name}\0{len(told)}\0".encode() + told)
    return digest.hexdigest()[:DIGITS]


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "__pycache__")) or entry.name.endswith(("py.typed", "_sql.py")):
            continue  # the SQL spelling of the folding serves readers and decides no column
        if entry.is_dir():
            yield from _files(entry, f"{name}/{entry.name}")
        else:
            yield f"{name}/{entry.name}", entry


def _said(node: ast.AST, told: list[str]) -> list[str]:
    """The code as parts of a flat text, the same under every Python: empty fields, which versions add, are left out."""
    told.append(f"{type(node).__name__}(")
    for field, value in ast.iter_fields(node):
        if value is None or value == [] or field in _UNSAID:
            continue
        parts = value if isinstance(value, list) else [value]
        if field == "body" and isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            parts = parts[1:]
        told.append(f"{field}=")
        for part in parts:
            if isinstance(part, ast.AST):
                _said(part, told)
            else:
                told.append(f"{type(part).__name__}:{part!r},")
    told.append(")")
    return told
