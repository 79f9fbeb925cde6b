"""How keys of the archive are spelled; no other module joins a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from storage.errors import UsageError
from storage.model.partition import FOLDERS, Partition
from storage.model.window import RunId

_RUN_KEY = re.compile(r"(?:raw|staging)/portal=([^/]+)/date=[^/]+/([^/]+)/")
PACKED = 250  # entries of the log in one object: 10,000 are 40, and at most as many of the newest are alone
_PACK_KEY = re.compile(r"log/packs/(\d{9,})\.entries")
_WAITING_KEY = re.compile(r"staging/waiting/portal=([^/]+)/([^/]+)\.json")


def raw_prefix(run: RunId) -> str:
    """Folder of a run's raw archive, with a slash at its end."""
    return f"raw/portal={run.portal}/date={run.window.start:%Y-%m-%d}/{run.window}/"


def raw_root(portal: str | None = None) -> str:
    """Folder of the raw archives of a portal's runs, or of all, with a slash at its end."""
    return f"raw/portal={portal}/" if portal else "raw/"


def run_of_raw_key(key: str) -> RunId | None:
    """The run whose raw archive an object belongs to; None for a key that is not spelled as raw_prefix() does."""
    return _run_of(key, raw_prefix)


def run_of_staging_key(key: str) -> RunId | None:
    """The run whose staged rows an object belongs to; None for another key."""
    return _run_of(key, staging_prefix)


def run_of_waiting_key(key: str) -> RunId | None:
    """The run that a note of waiting_key() is about; None for another key."""
    match = _WAITING_KEY.fullmatch(key)
    return RunId.parse(f"{match[1]}/{match[2]}") if match else None


def _run_of(key: str, prefix: Callable[[RunId], str]) -> RunId | None:
    match = _RUN_KEY.match(key)
    if not match:
        return None
    try:
        run = RunId.parse(f"{match[1]}/{match[2]}")
    except UsageError:
        return None
    return run if key.startswith(prefix(run)) else None


def chunk_key(run: RunId, *, round_: int, attempt: int, number: int) -> str:
    """A WARC chunk of the run."""
    return f"{raw_prefix(run)}r{round_:02d}-a{attempt:02d}-{number:05d}.warc.gz"


def chunk_index_key(chunk: str) -> str:
    """The index beside a chunk, uploaded after it: a chunk without an index does not count."""
    return chunk.removesuffix(".warc.gz") + ".index.jsonl.gz"


def links_key(run: RunId, *, round_: int) -> str:
    """One LinkRecord a line: how the crawl left each link."""
    return f"{raw_prefix(run)}r{round_:02d}-links.jsonl.gz"


def crawl_key(run: RunId) -> str:
    """The crawl report, written last: without it the crawl is not finished."""
    return f"{raw_prefix(run)}crawl.json"


def staging_prefix(run: RunId) -> str:
    """Folder of a run's staged rows, with a slash at its end."""
    return f"staging/portal={run.portal}/date={run.window.start:%Y-%m-%d}/{run.window}/"


def staging_root() -> str:
    """Folder of all staged rows."""
    return "staging/"


def waiting_root() -> str:
    """Folder of the runs whose files are stored and which wait for their turn to be committed."""
    return "staging/waiting/"


def waiting_key(run: RunId) -> str:
    """The files of one of them: whoever commits next may take them along."""
    return f"{waiting_root()}portal={run.portal}/{run.window}.json"


def learnt_key(portal: str, version: str) -> str:
    """Lines that repeat over a portal's articles, learnt in one reference window."""
    return f"learnt/portal={portal}/{version}.json"


def learnt_prefix(portal: str) -> str:
    """Folder of all learnt sets of a portal."""
    return f"learnt/portal={portal}/"


def remembered_sources_key(portal: str) -> str:
    """Which of a portal's sources discovery saw working."""
    return f"learnt/sources/portal={portal}.json"


def told_apart_key(portal: str) -> str:
    """By which parameters that look like tracking a portal's listings tell stories apart."""
    return f"learnt/parameters/portal={portal}.json"


def tables_prefix() -> str:
    """Folder of the Iceberg tables."""
    return "tables/"


def table_prefix(table: str) -> str:
    """Folder of one Iceberg table, without a slash at its end, as Iceberg wants it."""
    return f"{tables_prefix()}news/{table}"


def data_prefix(table: str, partition: Partition) -> str:
    """Folder of a table's Parquet files of a portal's month or year of windows, with a slash at its end."""
    kind = FOLDERS[partition.spec]
    return f"{table_prefix(table)}/data/portal={partition.portal}/{kind}={partition.name}/"


def catalog_marker_key() -> str:
    """Which catalog the archive belongs to: a second one beside it would split the archive."""
    return "catalog.json"


# Folders of small objects that are written again and again; each carries its own seal.
NOTE_PREFIXES = ("learnt/", "reextract/", "maintenance/", "alerts/", "log/raw/", "removed/", "staging/waiting/")


def removals_root() -> str:
    """Folder of the register of removals."""
    return "removed/"


def removal_key(name: str) -> str:
    """One removal: who asked, why, how much went, and what is denied from then on, as digests."""
    return f"{removals_root()}{name}.json"


def removal_work_key(name: str) -> str:
    """The files that a removal still has to delete."""
    return f"maintenance/removal-{name}.json"


def newest_tables_key() -> str:
    """Where the tables' newest metadata is, for readers without the catalog."""
    return "newest.json"


def log_prefix() -> str:
    """Folder of the entries of the log of commits."""
    return "log/commits/"


def log_folder(number: int) -> str:
    """The folder of an entry: each holds those of a thousand commits."""
    return f"{log_prefix()}{number // 1000:06d}/"


def log_entry_key(number: int, sha256: str) -> str:
    """One entry of the log; its name holds the digest of its bytes."""
    return f"{log_folder(number)}{number:09d}.{sha256}.json"


def log_packs_root() -> str:
    """Folder of the packs of the log: each holds PACKED entries whose numbers follow each other."""
    return "log/packs/"


def log_pack_key(first: int) -> str:
    """The pack that begins with an entry's number, a multiple of PACKED (the first has no entry 0)."""
    return f"{log_packs_root()}{first:09d}.entries"


def number_of_pack(key: str) -> int | None:
    """The number that a pack begins with; None for another key."""
    match = _PACK_KEY.fullmatch(key)
    return int(match[1]) if match and int(match[1]) % PACKED == 0 else None


def raw_register_root() -> str:
    """Folder that remembers which crawls finished: what is gone from raw/ is known by it."""
    return "log/raw/"


def raw_register_key(run: RunId) -> str:
    """The digest of a finished run's crawl report."""
    return f"{raw_register_root()}portal={run.portal}/{run.window}.json"


def reextraction_key(branch: str) -> str:
    """How far a re-extraction has come."""
    return f"reextract/{branch}.json"


def unreferenced_key() -> str:
    """Since when maintenance has seen files that no snapshot names."""
    return "maintenance/unreferenced.json"


def troubles_root() -> str:
    """Folder of the troubles operators have been, or will be, told about."""
    return "alerts/open/"


def trouble_key(subject: str, cause: str) -> str:
    """One trouble: a portal (or a DAG of the archive) and a cause. Who makes the object first tells it."""
    return f"{troubles_root()}portal={subject}/{cause}.json"


def troubles_prefix(subject: str) -> str:
    """Folder of the open troubles of one portal."""
    return f"{troubles_root()}portal={subject}/"


def silences_root() -> str:
    """Folder of all silences."""
    return "alerts/silences/"


def silence_key(subject: str) -> str:
    """Until when and why a portal's alerts are not sent."""
    return f"{silences_root()}portal={subject}.json"


def actions_root() -> str:
    """Folder of the log of what people did: silences, acknowledgements, backfills, verdicts."""
    return "alerts/actions/"


def action_key(at: datetime, digest: str) -> str:
    """One action; names are in the order of time."""
    return f"{actions_root()}{at:%Y-%m}/{at:%Y-%m-%dT%H%M%S.%f}Z-{digest}.json"


def verdicts_prefix(portal: str) -> str:
    """Folder of what people said of a portal's pages."""
    return f"alerts/verdicts/portal={portal}/"


def verdict_key(portal: str, link_id: str, at: datetime) -> str:
    """One person's word on one page; a later one stands beside it."""
    return f"{verdicts_prefix(portal)}{link_id}/{at:%Y-%m-%dT%H%M%S.%f}Z.json"


def crawls_root() -> str:
    """Folder of the crawls under way."""
    return "alerts/crawls/"


def crawl_now_key(portal: str) -> str:
    """Where the portal's crawl stands at the moment; the next crawl writes over it."""
    return f"{crawls_root()}portal={portal}.json"


def refused_root() -> str:
    """Folder of the runs the audit refused and that were not published since."""
    return "alerts/refused/"


def refused_key(run: RunId) -> str:
    """The row of a run that the audit refused, with its findings; gone when the run is published."""
    return f"{refused_root()}portal={run.portal}/{run.window}.json"


def failures_root() -> str:
    """Folder of the last failure of each portal."""
    return "alerts/failed/"


def failure_key(portal: str) -> str:
    """How the portal's last stage that failed ended."""
    return f"{failures_root()}portal={portal}.json"


def probe_prefix(name: str) -> str:
    """Folder of the objects with which `warraq doctor` tries the store; it removes them."""
    return f"probe/{name}/"


def releases_root() -> str:
    """Folder of all releases."""
    return "releases/"


def release_prefix(name: str) -> str:
    """Folder of one release, e.g. 2024-12 or 2024-12-r2."""
    return f"releases/{name}/"
