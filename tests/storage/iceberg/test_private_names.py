"""What we use of pyiceberg that it does not promise: each name stands here with what to do when it changes."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap

import storage.iceberg
from tests.fixtures.paths import ROOT

# module of ours, class of pyiceberg's, name: what to do when a new pyiceberg has it no longer
PRIVATE = {
    ("digest_names", "OutputFile", "_location"): "where a file goes; ours is known only once its bytes are",
    ("multi_table_commit", "Catalog", "_delete_old_metadata"): "removal of metadata files beyond the configured number",
    (
        "multi_table_commit",
        "MetastoreCatalog",
        "_create_staged_table",
    ): "a table that is made but not yet in the catalog",
    (
        "multi_table_commit",
        "MetastoreCatalog",
        "_update_and_stage_table",
    ): "the metadata after a change, not yet written",
    ("multi_table_commit", "MetastoreCatalog", "_write_metadata"): "writes a metadata file through the given FileIO",
    ("multi_table_commit", "SqlCatalog", "_convert_orm_to_iceberg"): "a table from the catalog's row",
    ("snapshots", "Transaction", "_requirements"): "what must still hold at the commit: checked for the group",
    (
        "snapshots",
        "Transaction",
        "_stage",
    ): "overridden: changes are kept for the group; compare with the base",
    ("snapshots", "Transaction", "_table"): "the table as it was when the change was staged",
    ("snapshots", "Transaction", "_updates"): "the staged changes that the group writes",
    ("snapshots", "UpdateTableMetadata", "_transaction"): "the transaction whose table the snapshot is of",
    ("snapshots", "_SnapshotProducer", "_added_data_files"): "the files it adds: where append_data_file keeps them",
    (
        "snapshots",
        "_SnapshotProducer",
        "_deleted_data_files",
    ): "the files it removes: where delete_data_file keeps them",
    (
        "snapshots",
        "_SnapshotProducer",
        "_deleted_entries",
    ): "overridden: entries of removed files; compare with the base",
    ("snapshots", "_SnapshotProducer", "_existing_manifests"): "overridden: manifests that stay; compare with the base",
    ("snapshots", "_SnapshotProducer", "_io"): "the FileIO that manifests are read and written with",
    (
        "snapshots",
        "_SnapshotProducer",
        "_manifests",
    ): "overridden: all manifests of the snapshot; compare with the base",
    ("snapshots", "_SnapshotProducer", "_operation"): "what the snapshot calls itself in its summary",
    ("snapshots", "_SnapshotProducer", "_snapshot_id"): "the number of the new snapshot",
    ("snapshots", "_SnapshotProducer", "_target_branch"): "the branch that the snapshot becomes the head of",
}


def uses() -> dict[tuple[str, str, str], type]:
    """Private names of pyiceberg's base classes that classes in storage/iceberg read, set or override."""
    found = {}
    for info in pkgutil.iter_modules(storage.iceberg.__path__):
        module = importlib.import_module(f"storage.iceberg.{info.name}")
        for ours in vars(module).values():
            if not inspect.isclass(ours) or ours.__module__ != module.__name__:
                continue
            bases = [base for base in ours.__mro__ if base.__module__.startswith("pyiceberg.")]
            tree = ast.parse(textwrap.dedent(inspect.getsource(ours)))
            names = {
                node.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
            } | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            for name in names:
                owner = next((base for base in reversed(bases) if knows(base, name)), None)
                if owner and re.match(r"_[a-z]", name):
                    found[info.name, owner.__name__, name] = owner
    return found


def knows(base: type, name: str) -> bool:
    """Whether the class itself defines, annotates or assigns the name."""
    return name in vars(base) or bool(re.search(rf"\b(self\.)?{name}\s*[:=]", inspect.getsource(base)))


def test_the_private_names_in_use_are_those_that_are_written_down() -> None:
    found = set(uses())
    assert found <= set(PRIVATE), f"say here what to do when these change: {sorted(found - set(PRIVATE))}"
    gone = set(PRIVATE) - found
    assert not gone, "\n".join(f"{key}: no longer there or no longer used: {PRIVATE[key]}" for key in sorted(gone))


def test_pyiceberg_is_bounded_above() -> None:
    assert re.search(r"pyiceberg\[[^]]+\]>=[\d.]+,<[\d.]+", (ROOT / "setup.cfg").read_text(encoding="utf-8"))
