"""The catalog, which knows each table's newest metadata: SQLite beside a local archive, or what is configured."""

from __future__ import annotations

import contextlib
import errno
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
from pyiceberg.catalog import Catalog, load_catalog
from pyiceberg.exceptions import CommitFailedException, NamespaceAlreadyExistsError, NoSuchNamespaceError, RESTError
from pyiceberg.utils.config import Config
from sqlalchemy import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    ProgrammingError,
)

from storage.errors import (
    DamagedObject,
    ObjectExists,
    ObjectMissing,
    RetryLater,
    StoreDenied,
    StoreUnreachable,
    UsageError,
    WarraqError,
)
from storage.iceberg.multi_table_commit import NAMESPACE, ArchiveCatalog, metadata_places
from storage.model.record_json import note_fields, sealed_json
from storage.objects.keys import catalog_marker_key, table_prefix
from storage.objects.open import open_store
from storage.objects.store import ObjectStore
from storage.settings import Settings

CATALOG_NAME = "warraq"
# How long a writer waits for others on SQLite; a commit takes well under a second.
SQLITE_WAIT_SECONDS = 120
CONNECT_SECONDS = 10
REQUEST_SECONDS = 60
CREATION_TRIES = 5  # two processes may create the catalog's own tables at once; the loser looks again
ARCHIVE_ID, ARCHIVE_PLACE = "archive-id", "archive"
_URL_EXAMPLES = "postgresql+psycopg2://user:password@host/warraq or sqlite:////var/lib/warraq/catalog.db"


def open_catalog(settings: Settings) -> Catalog:
    """The configured catalog, reached once. Raises UsageError, StoreUnreachable, StoreDenied."""
    storage = file_properties(settings)
    url = settings.catalog
    if url is None:
        configured = Config().get_catalog_config(CATALOG_NAME)
        if configured is not None:
            return _configured(dict(configured), storage)
        if settings.is_s3:
            raise UsageError(
                f"WARRAQ_CATALOG is not set, and {settings.archive} needs a catalog that all its users share",
                remedy=f"set it, for example to {_URL_EXAMPLES}",
            )
        Path(settings.archive).mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{settings.archive}/catalog.db"
    return _sql_catalog(url, storage)


def require_catalog(settings: Settings) -> None:
    """Raise UsageError where somebody is about to write to a bucket and did not say through which catalog.

    Readers find the tables without it, and only it may say what is committed.
    """
    if settings.is_s3 and not is_configured(settings):
        raise UsageError(
            f"WARRAQ_CATALOG is not set, and this command writes to {settings.archive}: that needs the catalog that "
            "all its users share",
            remedy=f"set it, for example to {_URL_EXAMPLES}; nothing was written",
        )


def may_hold_tables(settings: Settings) -> bool:
    """False where only a directory could say so, and it is empty or not there: looking must not make it."""
    place = Path(settings.archive)
    if settings.is_s3 or is_configured(settings):
        return True
    return any(place.iterdir()) if place.is_dir() else place.exists()


def is_configured(settings: Settings) -> bool:
    """Whether somebody said which catalog it is."""
    return settings.catalog is not None or Config().get_catalog_config(CATALOG_NAME) is not None


def file_properties(settings: Settings) -> dict[str, str]:
    """How pyiceberg reaches the data files. Credentials are not among them: pyarrow finds them where AWS tools do."""
    if not settings.is_s3:
        return {}
    # Newer AWS libraries add checksums that some S3-compatible servers refuse; an explicit setting wins.
    os.environ.setdefault("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    os.environ.setdefault("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required")
    properties = {
        "s3.region": settings.s3_region or "us-east-1",
        "s3.connect-timeout": str(CONNECT_SECONDS),
        "s3.request-timeout": str(REQUEST_SECONDS),
    }
    if settings.s3_endpoint:
        properties["s3.endpoint"] = settings.s3_endpoint
    return properties


def _sql_catalog(url: str, storage: dict[str, str]) -> Catalog:
    parsed = _parsed(url)
    try:
        shown = parsed.render_as_string(hide_password=True)
        if parsed.get_backend_name() == "sqlite":
            parsed = parsed.update_query_dict({"timeout": str(SQLITE_WAIT_SECONDS)})
        full_url = parsed.render_as_string(hide_password=False)
        for tries_left in reversed(range(CREATION_TRIES)):
            try:
                return ArchiveCatalog(CATALOG_NAME, uri=full_url, **storage)
            except (OperationalError, ProgrammingError, IntegrityError) as error:
                # PostgreSQL says "duplicate key" of its own tables where two create the same table at once.
                if not tries_left or not any(word in str(error) for word in ("already exists", "duplicate key")):
                    raise
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise UsageError(
            f"WARRAQ_CATALOG is not an address SQLAlchemy can use: {error}", remedy=f"write it like {_URL_EXAMPLES}"
        ) from error
    except DBAPIError as error:
        raise _database_error(error, shown) from error
    raise AssertionError("the loop above returns or raises")


def _parsed(url: str) -> URL:
    """An address of a database. Raises UsageError, which does not repeat it."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError("WARRAQ_CATALOG is not an address", remedy=f"write it like {_URL_EXAMPLES}") from None
    # A password that is cut at a sign of its own would be told as the host, and asked for in the DNS.
    if "@" in f"{parsed.host or ''}{parsed.database or ''}" and not parsed.drivername.startswith("sqlite"):
        raise UsageError(
            "WARRAQ_CATALOG: user or password hold a sign that addresses give a meaning to",
            remedy="write @ as %40, / as %2F, : as %3A, # as %23, ? as %3F",
        )
    return parsed


def _configured(properties: dict[str, object], storage: dict[str, str]) -> Catalog:
    """The catalog that pyiceberg's own configuration calls `warraq`."""
    uri = str(properties.get("uri") or "")
    is_sql = properties.get("type") == "sql" or ("type" not in properties and not uri.startswith(("http", "thrift")))
    try:
        if is_sql and "py-catalog-impl" not in properties:
            return _sql_catalog(uri, storage | {k: str(v) for k, v in properties.items() if k not in {"uri", "type"}})
        return load_catalog(CATALOG_NAME, **storage)
    except (ValueError, ImportError) as error:
        raise UsageError(
            f"pyiceberg's configuration of the catalog `{CATALOG_NAME}` does not work: {error}",
            remedy="correct .pyiceberg.yaml or PYICEBERG_CATALOG__WARRAQ__*, or set WARRAQ_CATALOG",
        ) from error
    except OSError as error:
        raise StoreUnreachable(f"the catalog at {uri} does not answer: {error}", remedy="try again later") from error


def claim_archive(catalog: Catalog, store: ObjectStore) -> None:
    """Tie archive and catalog to each other at first use. Raises UsageError where either belongs to another.

    Two catalogs over one archive would each see half of it, and the maintenance of one would delete the other's files.
    One catalog over two archives would name files that lie in the other.
    """
    check_claim(catalog, store)
    marker = sealed_json({"archive_id": _made_id(catalog, store), "catalog": CATALOG_NAME})
    try:
        store.put(catalog_marker_key(), marker, if_absent=True)
    except ObjectExists:
        check_claim(catalog, store)


def check_claim(catalog: Catalog, store: ObjectStore) -> None:
    """Raise UsageError unless the archive was made with this catalog, and the catalog for this archive."""
    _check_home(catalog, store)
    theirs = archive_id(store)
    if theirs is not None and theirs != _kept(catalog).get(ARCHIVE_ID):
        raise UsageError(
            f"{store.url} was made with another catalog than the one WARRAQ_CATALOG names",
            remedy=f"point WARRAQ_CATALOG at the catalog it was made with, or WARRAQ_ARCHIVE at an empty place "
            f"({catalog_marker_key()} in the archive says which); if it is lost: warraq maintain --rebuild-catalog",
        )


def refuse_foreign_catalog(settings: Settings) -> None:
    """Raise UsageError where the catalog that is configured belongs to another archive; for stages that need none."""
    if settings.catalog is None and Config().get_catalog_config(CATALOG_NAME) is None:
        return  # the archive's own, beside it
    with translated(settings.archive):
        check_claim(open_catalog(settings), open_store(settings))


def _check_home(catalog: Catalog, store: ObjectStore) -> None:
    """Raise UsageError where the catalog's tables lie in another archive, or were to: nothing may be written then."""
    homes = {place.partition(f"/{table_prefix(name)}/")[0] for name, place in metadata_places(catalog).items()}
    promised = _kept(catalog).get(ARCHIVE_PLACE)
    for home in sorted(homes or ({promised} if promised else ())):
        if not is_same_place(home, store.url):
            raise UsageError(
                f"the catalog belongs to the archive in {home}, and WARRAQ_ARCHIVE is {store.url}",
                remedy="correct WARRAQ_ARCHIVE or WARRAQ_CATALOG; if the archive was copied or renamed: warraq move",
            )


def home_of(catalog: Catalog) -> str | None:
    """Where the catalog's tables lie by its own word; None for a catalog without tables."""
    homes = {place.partition(f"/{table_prefix(name)}/")[0] for name, place in metadata_places(catalog).items()}
    return next(iter(homes), None)


def keep_home(catalog: Catalog, place: str) -> None:
    """Let the catalog know where its archive is now."""
    catalog.update_namespace_properties(NAMESPACE, updates={ARCHIVE_PLACE: place})


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses mean one archive: a directory may be spelled in several ways."""
    if "://" in one.removeprefix("file://") or "://" in other:
        return one.rstrip("/") == other.rstrip("/")
    return Path(one.removeprefix("file://")).resolve() == Path(other).resolve()


def archive_id(store: ObjectStore) -> str | None:
    """The id of the catalog the archive was made with; None before its first use, "" for a marker that is damaged."""
    try:
        return str(note_fields(store.get(catalog_marker_key()), where=catalog_marker_key())["archive_id"])
    except ObjectMissing:
        return None
    except (DamagedObject, KeyError):
        return ""


def _kept(catalog: Catalog) -> dict[str, str]:
    """What the catalog keeps of its archive; nothing before its first use."""
    try:
        return {name: str(value) for name, value in catalog.load_namespace_properties(NAMESPACE).items()}
    except NoSuchNamespaceError:
        return {}


def _made_id(catalog: Catalog, store: ObjectStore) -> str:
    """The id the catalog keeps for its archive; made at first use, by whoever comes first."""
    for _ in range(CREATION_TRIES):
        kept = _kept(catalog)
        if ARCHIVE_ID in kept:
            return kept[ARCHIVE_ID]
        try:
            facts = {"exists": "true", ARCHIVE_ID: uuid.uuid4().hex, ARCHIVE_PLACE: store.url}
            catalog.create_namespace(NAMESPACE, facts)
        except (NamespaceAlreadyExistsError, DBAPIError):
            continue  # another process made it between our two looks
    raise StoreUnreachable(f"the catalog does not keep the namespace `{NAMESPACE}`", remedy="look at the catalog")


@contextlib.contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn failures of catalog, database and file system into errors a caller decides by."""
    try:
        yield
    except CommitFailedException as error:
        raise RetryLater(
            f"other writers kept changing the tables of {place}: {error}", remedy="run it again"
        ) from error
    except DBAPIError as error:
        raise _database_error(error, f"the catalog of {place}") from error
    except RESTError as error:
        raise StoreUnreachable(f"the catalog of {place} fails: {_first_line(error)}", remedy="try again") from error
    except pa.ArrowInvalid as error:
        raise _damaged(error, place) from error
    except PermissionError as error:
        raise StoreDenied(f"{place}: permission denied: {_first_line(error)}", remedy="check credentials") from error
    except OSError as error:
        raise file_error(error, place) from error


def _database_error(error: DBAPIError, place: str) -> WarraqError:
    cause = _first_line(error.orig or error)
    if "not a database" in cause or "malformed" in cause:  # SQLite's words
        remedy = "correct WARRAQ_CATALOG; if its file is damaged: docs/how_to/operate/recipes.md, The catalog is lost"
        return DamagedObject(f"{place} cannot be read: {cause}", remedy=remedy)
    if any(word in cause for word in ("permission denied for", "readonly database", "read-only transaction")):
        remedy = "let WARRAQ_CATALOG name a role that may write"
        return UsageError(f"{place} may only be read: {cause}", remedy=remedy)
    if any(word in cause for word in ("authentication", "permission denied", "no password")):
        return StoreDenied(f"{place} refuses: {cause}", remedy="check user, password and permissions in WARRAQ_CATALOG")
    return StoreUnreachable(f"{place} does not answer: {cause}", remedy="check WARRAQ_CATALOG, or try again later")


def file_error(error: OSError, place: str) -> StoreUnreachable | StoreDenied | RetryLater | DamagedObject:
    """What a failure of Arrow's file systems, or of the system's, means."""
    cause = _first_line(error)
    # Arrow's word for bytes that are no Parquet; the system's own errors have a number, those of S3 say whose they are.
    if type(error) is OSError and error.errno is None and "AWS Error" not in cause:
        return _damaged(error, place)
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return RetryLater(f"{place}: no space left", remedy="free some space, then run it again")
    if "REQUEST_EXPIRED" in cause or "ExpiredToken" in cause:
        return StoreDenied(f"{place}: the credentials are not valid any more: {cause}", remedy="renew them")
    if any(word in cause for word in ("ACCESS_DENIED", "SIGNATURE", "INVALID_ACCESS_KEY", "INVALID_CLIENT_TOKEN")):
        return StoreDenied(f"{place} refuses the credentials: {cause}", remedy="check the AWS_* variables")
    return StoreUnreachable(f"{place} does not answer: {cause}", remedy="try again later")


def _damaged(error: Exception, place: str) -> DamagedObject:
    return DamagedObject(f"{place}: a file cannot be read: {_first_line(error)}", remedy="see `warraq verify`")


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
