"""How the tables are laid out: partitions, order, properties; made at first use, widened when the schema grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import TableAlreadyExistsError
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.table import Table
from pyiceberg.table.sorting import SortField, SortOrder
from pyiceberg.table.update import AddPartitionSpecUpdate, AssertLastAssignedPartitionId, AssertTableUUID
from pyiceberg.transforms import IdentityTransform, MonthTransform, YearTransform

from storage.errors import StageFailed
from storage.iceberg.commit_log import Told
from storage.iceberg.multi_table_commit import NAMESPACE, commit_group, load_tables
from storage.iceberg.snapshots import StagedTransaction, TableChange
from storage.model.partition import FOLDERS, MONTHS, YEARS
from storage.objects.keys import table_prefix
from storage.schema.arrow_and_iceberg import doc, iceberg_field, iceberg_schema
from storage.schema.columns import FIRST_SCHEMA, TABLES, TableSpec
from storage.schema.parquet import COMPRESSION, COMPRESSION_LEVEL, ROW_GROUP_ROWS

SCHEMA_PROPERTY = "warraq.schema-version"
# For writers that are not us; ours sort, compress and group by storage/schema/parquet.py, which says why.
PROPERTIES = {
    "format-version": "2",
    "write.parquet.compression-codec": COMPRESSION,
    "write.parquet.compression-level": str(COMPRESSION_LEVEL),
    "write.parquet.row-group-limit": str(ROW_GROUP_ROWS),
    # A run's manifest is merged into a larger one after this many, or each scan would open one per run.
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "16",
    # Metadata files of the last commits stay, for readers that have just looked them up.
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    # Four busy writers exhausted pyiceberg's four tries.
    "commit.retry.num-retries": "50",
    "commit.retry.max-wait-ms": "2000",
    "commit.retry.total-timeout-ms": "600000",
    # Whole run ids tell which files hold one run only; bounds of long texts are of no use to anybody.
    "write.metadata.metrics.column.run_id": "full",
}
_YEAR_FIELD = 1002  # id of the year among the partition fields; portal and month have 1000 and 1001
UNBOUNDED_TEXT = ("title", "body", "description", "removed_blocks.element.text", "findings.element", "detail")


def create_tables(catalog: Catalog, archive: str) -> None:
    """Make the tables that do not exist, in the first schema; evolve_tables() brings them to today's.

    Made the same way whatever the version, so that field ids are the same in every archive.
    """
    existing = load_tables(catalog)
    for spec in TABLES:
        if spec.name in existing:
            continue
        schema = iceberg_schema(spec, version=FIRST_SCHEMA)
        id_of = {field.name: field.field_id for field in schema.fields}
        metrics = {f"write.metadata.metrics.column.{name}": "counts" for name in UNBOUNDED_TEXT if name in id_of}
        try:
            catalog.create_table(
                (NAMESPACE, spec.name),
                schema,
                location=f"{archive}/{table_prefix(spec.name)}",
                partition_spec=PartitionSpec(
                    PartitionField(id_of["portal"], 1000, IdentityTransform(), "portal"),
                    PartitionField(id_of["window_start"], 1001, MonthTransform(), FOLDERS[MONTHS]),
                ),
                sort_order=SortOrder(*(SortField(id_of[name], IdentityTransform()) for name in spec.sort)),
                properties={**PROPERTIES, **metrics, SCHEMA_PROPERTY: str(FIRST_SCHEMA)},
            )
        except TableAlreadyExistsError:
            continue  # another process made it between our look and now


def evolve_tables(catalog: Catalog, specs: Sequence[TableSpec] = TABLES) -> None:
    """Add the columns that the tables lack, in their order, in one commit. Files written before read as null there."""
    wanted = {spec.name: spec for spec in specs}

    def plan(tables: Mapping[str, Table]) -> list[TableChange]:
        changes = (_widened(table, wanted[name]) for name, table in tables.items())
        return [change for change in changes if change]

    if plan(load_tables(catalog)):
        commit_group(catalog, plan, Told("add columns"))


def _widened(table: Table, spec: TableSpec) -> TableChange | None:
    present = {field.name for field in table.schema().fields}
    missing = [column for column in spec.columns if column.name not in present]
    if not missing:
        return None
    transaction = StagedTransaction(table)
    with transaction.update_schema() as schema:
        for column in missing:
            schema.add_column(column.name, iceberg_field(column).field_type, doc=doc(column))
    version = max(column.since for column in missing)
    transaction.set_properties({SCHEMA_PROPERTY: str(version)})
    return transaction.change()


def add_year_spec(catalog: Catalog) -> None:
    """Let the tables hold files of a portal's year beside those of months, which stay what writers make.

    Raises StageFailed where another writer has given a table a partition spec of that id.
    """

    def plan(tables: Mapping[str, Table]) -> list[TableChange]:
        return [_with_years(table) for table in tables.values() if YEARS not in table.specs()]

    if plan(load_tables(catalog)):
        commit_group(catalog, plan, Told("partition by year"))
    for name, table in load_tables(catalog).items():
        found = table.specs().get(YEARS)
        if found is None or found.fields != _year_fields(table):
            raise StageFailed(
                f"news.{name} has a partition spec {YEARS} of another writer",
                remedy="remove it by the tool that made it",
            )


def _with_years(table: Table) -> TableChange:
    last = table.metadata.last_partition_id
    update = AddPartitionSpecUpdate(spec=PartitionSpec(*_year_fields(table), spec_id=YEARS))
    required = AssertLastAssignedPartitionId.model_validate({"last-assigned-partition-id": last})
    return TableChange(table, (AssertTableUUID(uuid=table.metadata.table_uuid), required), (update,), ())


def _year_fields(table: Table) -> tuple[PartitionField, ...]:
    of_portal, of_month = table.specs()[MONTHS].fields
    return of_portal, PartitionField(of_month.source_id, _YEAR_FIELD, YearTransform(), FOLDERS[YEARS])


def schema_version(table: Table) -> int:
    """The schema version a table is in."""
    return int(table.properties.get(SCHEMA_PROPERTY, FIRST_SCHEMA))
