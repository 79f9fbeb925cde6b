"""SQL over the live tables: DuckDB reads the Parquet files through Arrow, columns and rows pushed down."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import MappingProxyType

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
from duckdb.func import FunctionNullHandling
from duckdb.sqltypes import VARCHAR
from pyiceberg.table import Table

from storage.errors import RetryLater, StoreUnreachable, UsageError, WarraqError, is_interrupt
from storage.iceberg.catalog import file_error
from storage.iceberg.live_files import live_dataset
from storage.read.edits import add_edition_changes
from storage.read.steady_rows import steady_rows
from storage.read.views import MACROS, OPT_OUTS_OF_ROWS, VIEWS
from storage.schema.columns import ARTICLES, TABLES
from storage.schema.view_columns import VIEW_COLUMNS
from storage.search.queries import any_words, one_phrase
from storage.settings import Settings
from storage.tables.archive_tables import open_tables

_MISTAKE = re.compile(r"(Conversion|Invalid Input|Out of Range|Mismatch Type|Invalid Type) Error")
# What DuckDB's client says of a text with half a character: bytes that are no UTF-8 reach Python as such.
_NO_TEXT = re.compile("incompatible function arguments|Unable to cast Python instance of type <class 'str'>")
_UNKNOWN_COLUMN = re.compile(r'Binder Error: Referenced column "(.*?)" (?:was )?not found')
# What Arrow says of rows that it cannot give, without the way through our code.
_UNREAD = re.compile(r"arrow_scan: get_next failed\(\): (.*?)(?:\.? Detail: Python exception.*)?$")
# What a function of ours says in SQL: what is wrong, and what to do.
_OWN = re.compile("Invalid Input Error: (.+) — (.+)")
_QUESTIONS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
# What the SQL calls a table: `articles` is the view of latest editions.
SQL_NAMES = {"articles": "editions", "fetches": "fetches", "runs": "runs"}
ASKED = ("articles", *SQL_NAMES.values(), *VIEW_COLUMNS)


def connect(settings: Settings, *, outside_files: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that sees the archive as of now: `articles`, `editions`, `fetches`, `runs`, `coverage`, macros.

    It cannot change the archive; with `outside_files` SQL may read and write other files. Raises ObjectMissing where
    nothing is archived, and whatever reaching the store may raise.
    """
    return connect_to(open_tables(settings, create=False).load(), settings, outside_files=outside_files)


@contextlib.contextmanager
def python_interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt where DuckDB or Arrow met Ctrl-C first and have an error of their own for it."""
    try:
        yield
    except Exception as error:
        if is_interrupt(error):
            raise KeyboardInterrupt from None
        raise


@python_interrupts()
def connect_to(
    tables: Mapping[str, Table],
    settings: Settings,
    *,
    outside_files: bool = False,
    rows_of: Callable[[Table], ds.Dataset] | None = None,
    kept: Mapping[str, ds.Dataset] = MappingProxyType({}),
    without_fetches: str | None = None,
    is_described: bool = True,
) -> duckdb.DuckDBPyConnection:
    """The same over tables that were loaded before; `rows_of` says which of their rows.

    `without_fetches` names a state that holds none: asking for them is refused, and the views that they tell are in
    `kept`. Without such rows `opt_outs` has what the articles say, and `gone` and `edits` are refused too.

    Without `is_described` no column has its comment: they take a third of the time, and no SQL of ours asks for them.
    """
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET temp_directory = ?", [_spill(settings)])
    for name, sql_name in SQL_NAMES.items():
        table = tables[name]
        connection.register(sql_name, rows_of(table) if rows_of else steady_rows(live_dataset(table)))
    # The words of a phrase in all their forms, as a regular expression over folded text; null where there is no word.
    connection.create_function("ar_pattern", _pattern, [VARCHAR], VARCHAR, null_handling=FunctionNullHandling.SPECIAL)
    connection.create_function(
        "phrase_refusal", _phrase_refusal, [VARCHAR], VARCHAR, null_handling=FunctionNullHandling.SPECIAL
    )
    add_edition_changes(connection)
    for statement in (*VIEWS, *MACROS):
        connection.execute(statement)
    if without_fetches:
        _refuse_fetches(connection, without_fetches)
    for view, rows in kept.items():
        connection.execute(f"DROP VIEW {view}")
        connection.register(view, rows)
    if is_described:
        connection.execute(";".join(_comments(connection)))
    if not outside_files:
        connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _refuse_fetches(connection: duckdb.DuckDBPyConnection, where: str) -> None:
    """Have the table of fetches say that there is none: a table without rows would be an answer."""
    views = [_refusing(connection, view, where) for view in ("fetches", "edits")]
    connection.unregister("fetches")
    for view in views:
        connection.execute(view)
    connection.execute(f"CREATE OR REPLACE VIEW opt_outs AS {OPT_OUTS_OF_ROWS}")


def _refusing(connection: duckdb.DuckDBPyConnection, view: str, where: str) -> str:
    """SQL for a view of these columns that says so to whoever asks it."""
    remedy = "ask the archive itself, without a release; gone and edits are in releases that this version makes"
    told = f"error('{where} holds no {view} — {remedy}')"
    columns = connection.execute(f"DESCRIBE {view}").fetchall()
    # Both: what asks for columns only need not come to the condition, and what counts rows needs no column.
    named = ", ".join(f'CAST({told} AS {kind}) AS "{name}"' for name, kind, *_ in columns)
    return f"CREATE OR REPLACE VIEW {view} AS SELECT {named} WHERE {told} IS NULL"


def _spill(settings: Settings) -> str:
    """Where a query may put what its memory has no room for; nowhere for somebody who may not write."""
    spill = settings.cache / "duckdb"
    try:
        spill.mkdir(parents=True, exist_ok=True)
    except OSError:
        return ""
    return str(spill)


def _comments(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """What the data dictionary says of each column, for `duckdb_columns()`."""
    for spec in TABLES:
        for name in {SQL_NAMES[spec.name], spec.name}:
            for column in spec.columns:
                yield _comment(name, column.name, *column.meaning)
    of_articles = {column.name: (column.en, column.ar) for column in ARTICLES.columns}
    held = connection.execute("SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal").fetchall()
    for view, name in held:
        if view in VIEW_COLUMNS:
            yield _comment(view, name, *(VIEW_COLUMNS[view][1].get(name) or of_articles[name]))


def _comment(table: str, column: str, en: str, ar: str) -> str:
    text = f"{en} · {ar}".replace("'", "''")
    return f"""COMMENT ON COLUMN {table}."{column}" IS '{text}'"""


def _pattern(phrase: str | None) -> str | None:
    found = None if phrase is None else any_words(phrase)
    return None if found is None else found.pattern


def _phrase_refusal(phrase: str | None) -> str | None:
    """Why it is not looked for as one phrase, and what to do; None where it is."""
    try:
        one_phrase("" if phrase is None else phrase)
    except UsageError as error:
        return f"{error.message} — {error.remedy}"
    return None


@dataclass(frozen=True)
class Answer:
    """What a query answers: the columns, and the rows batch by batch, never all at once."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


def answer(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    values: Sequence[object] = (),
    *,
    batch_rows: int = 2_000,
    only_questions: bool = False,
) -> Answer:
    """Run SQL, with `values` for its question marks; failures, also later ones, are raised as sql_errors() says.

    `only_questions` refuses what would change the connection for who asks next.
    """
    with sql_errors(), _interruptible(connection):
        # PIVOT becomes several statements, all without a text of their own, and the last of them asks.
        statements = [
            one for one in connection.extract_statements(sql) if one.query or one.type == duckdb.StatementType.SELECT
        ]
        if not statements:
            raise UsageError("no SQL was given", remedy='for example: warraq query "SELECT count(*) FROM articles"')
        if len(statements) > 1:
            raise UsageError(
                f"these are {len(statements)} statements, and one is answered at a time", remedy="ask them one by one"
            )
        if only_questions and statements[0].type not in _QUESTIONS:
            raise UsageError(
                f"{statements[0].type.name} is no question: an archive is only read", remedy="begin with SELECT or FROM"
            )
        connection.execute(sql, list(values))
        reader = connection.to_arrow_reader(batch_rows)
    names = _told_apart(reader.schema.names)
    batches = (batch.rename_columns(names) for batch in _translated(connection, reader))
    return Answer(pa.schema(field.with_name(name) for field, name in zip(reader.schema, names, strict=True)), batches)


def _told_apart(names: Sequence[str]) -> list[str]:
    """Columns of one name, as joins have them, named as DuckDB does within a query: a row by name holds each."""
    told: list[str] = []
    for name in names:
        free = (f"{name}_{number}" for number in count(1))
        told.append(name if name not in told else next(one for one in free if one not in (*told, *names)))
    return told


def _translated(connection: duckdb.DuckDBPyConnection, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    with sql_errors(), _interruptible(connection):
        yield from reader


@contextlib.contextmanager
def _interruptible(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Ctrl-C stops DuckDB's threads too; otherwise closing the connection waits for the end of the query."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # closed already, where the answer is dropped half read
            connection.interrupt()
        raise


@contextlib.contextmanager
def sql_errors() -> Iterator[None]:
    """Turn DuckDB's failures into errors a caller decides by, each one line, and its word for Ctrl-C into Python's."""
    try:
        with python_interrupts():
            yield
    except duckdb.OutOfMemoryException as error:
        raise _of_memory(error) from error
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError) as error:
        if unread := _UNREAD.search(_one_line(error)):
            message = f"a file of the tables cannot be read: {unread[1]}"
            remedy = "run the query again; warraq verify names damaged files"
            raise _of_the_store(message) or StoreUnreachable(message, remedy=remedy) from error
        told = _of_ours(error) or _too_long(error)
        raise told or UsageError(_one_line(error), remedy=_remedy(_one_line(error))) from error
    except duckdb.PermissionException as error:
        raise UsageError(_one_line(error), remedy="SQL may touch other files only with --outside-files") from error
    except duckdb.Error as error:
        message = _one_line(error)
        raise _of_the_store(message) or StoreUnreachable(message, remedy="run the query again") from error
    except MemoryError as error:  # also Arrow's
        raise _of_memory(error) from error
    except (TypeError, RuntimeError) as error:
        if not _NO_TEXT.search(str(error)):
            raise
        raise UsageError("a text that was given is not Unicode", remedy="give it in UTF-8") from error
    except (OSError, pa.ArrowException) as error:
        # Met while rows stream through Arrow, DuckDB's errors come as these.
        if _MISTAKE.match(str(error)):
            remedy = "cast with TRY_CAST, or filter such rows out"
            raise _of_ours(error) or _too_long(error) or UsageError(_one_line(error), remedy=remedy) from error
        message = _one_line(error)
        raise _of_the_store(message) or StoreUnreachable(message, remedy="run the query again") from error


def _of_ours(error: Exception) -> UsageError | None:
    """What a function of ours refused."""
    said = _OWN.fullmatch(_one_line(error))
    return UsageError(said[1], remedy=said[2]) if said else None


def _too_long(error: Exception) -> UsageError | None:
    """Of a text that is longer than an Arrow column takes at once."""
    if "maximum total string size" not in str(error):
        return None
    return UsageError(
        "a text of the answer is longer than 2 GiB", remedy="shorten it with left(), or ask for fewer rows"
    )


def _of_memory(error: Exception) -> RetryLater:
    # What DuckDB advises behind the first paragraph are settings, which are locked.
    message = _one_line(Exception(str(error).partition("\n\n")[0]))
    return RetryLater(f"the query needs more memory: {message}", remedy="select less, or LIMIT")


def _of_the_store(message: str) -> WarraqError | None:
    """What a store refused while rows came from it, which tells by its words alone."""
    return file_error(OSError(message), "the archive") if "AWS Error" in message else None


def _remedy(message: str) -> str:
    tables = f'tables: {", ".join(ASKED)}; "DESCRIBE articles" lists the columns of one'
    column = _UNKNOWN_COLUMN.match(message)
    if column and "'" not in column[1]:
        return f"a text stands in single quotes: '{column[1]}'; {tables}"
    return tables


def _one_line(error: Exception) -> str:
    """DuckDB's message without the drawing of the statement, and with what it suggests."""
    lines = [line.strip() for line in str(error).splitlines()]
    kept = [line for line in lines if line and not line.startswith(("LINE ", "^"))]
    return " ".join(kept) or type(error).__name__
