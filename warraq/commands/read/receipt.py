"""`warraq receipt`: proof of one article for somebody who has no Warraq and no archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from warraq.api.export.names import path_of
from warraq.cli.terminal_text import safe_line

if TYPE_CHECKING:
    from storage.iceberg.commit_log import LogEntry
    from storage.tables.archive_tables import ArchiveTables

FORM = 1  # of the file; the program that checks it knows this one


@click.command()
@click.argument("article", metavar="ARTICLE|EDITION|URL")
@click.option(
    "-o", "--output", "--out", "out", type=path_of, metavar="FILE", help="Where to; by default standard output."
)
@click.option(
    "--sign",
    "key",
    type=click.Path(path_type=Path),
    help="A private SSH key to sign with.",
)
@click.option("--stamp", "authority", metavar="URL", help="An authority that stamps its time (RFC 3161).")
def command(article: str, out: Path | None, key: Path | None, authority: str | None) -> int:
    """Make one small file that proves what the archive holds of an article, and since when.

    It holds the row, the WARC record as received, the commit's entry in the log with the way from the row to it, and
    the releases the article is in. docs/how_to/check_receipt.py checks it with Python alone, and says how a signature
    (`ssh-keygen -Y`) and a time stamp (`openssl ts`) are. Of an article with several editions, the latest is taken.

    \b
    Examples:
      warraq receipt https://portal.example/story/1 --output story.receipt.json
      warraq receipt 4f0c2d… --sign ~/.ssh/id_ed25519 > story.receipt.json
      warraq receipt 4f0c2d… --stamp https://freetsa.org/tsr --output story.receipt.json
    """
    import base64
    import json

    from storage.errors import ExitCode
    from storage.fixity.seals import check_key, ssh_signature, time_stamp
    from storage.settings import read_settings
    from storage.tables.archive_tables import open_tables
    from warraq.api.export.whole_file import whole_file

    check_key(key)
    tables = open_tables(read_settings(), create=False)
    receipt = _receipt(tables, article)
    sealed = _sealed_text(receipt)
    if key is not None:
        receipt["signature"] = ssh_signature(sealed, key, namespace="warraq-receipt").decode()
    if authority is not None:
        receipt["time_stamp"] = base64.b64encode(time_stamp(sealed, authority)).decode()
    text = json.dumps(receipt, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        with whole_file(out) as part:
            part.write_text(text, encoding="utf-8")
        name = safe_line(str(out))
        click.echo(f"{name}: {len(text.encode()):,} bytes; check it: python check_receipt.py {name}", err=True)
    return ExitCode.DONE


def _receipt(tables: ArchiveTables, article: str) -> dict[str, Any]:
    import base64

    from storage.model.records import WarcPlace
    from storage.model.row_digests import proof_of, root_of, row_digest, row_text
    from storage.model.window import RunId
    from storage.raw.run import read_record
    from storage.tables.row_filters import select

    row = _row(tables, article)
    run = RunId.parse(row["run_id"])
    leaves = [row_digest(one) for one in tables.scan("articles", row_filter=select(run=run)).to_pylist()]
    place = WarcPlace(row["warc_key"], row["warc_offset"], row["warc_length"], row["payload_sha256"])
    entry = _entry(tables, str(run), root_of(leaves))
    return {
        "form": FORM,
        "row": row_text(row).decode(),
        "path": proof_of(leaves, row_digest(row)),
        "root": root_of(leaves),
        "log": None if entry is None else {"key": entry.key, "entry": entry.data.decode()},
        "warc": {
            "key": place.key,
            "offset": place.offset,
            "record": base64.b64encode(read_record(tables.store, place)).decode(),
        },
        "releases": _releases(tables, row),
    }


def _row(tables: ArchiveTables, article: str) -> dict[str, Any]:
    """The latest edition an id or address means. Raises UsageError."""
    import re

    from storage.errors import UsageError

    name = article.strip()
    wanted = "article_id == '{0}' or edition_id == '{0}'" if re.fullmatch(r"[0-9a-f]{32}", name) else "url == '{0}'"
    if "'" in name or "\\" in name or not name.isprintable():
        raise UsageError(
            "the address holds a quote or what is no letter", remedy="give the article's id; `warraq show` tells it"
        )
    rows = tables.scan("articles", row_filter=wanted.format(name)).to_pylist()
    if not rows:
        raise UsageError(f"no article is {name}", remedy="give its id or address as `warraq show` or `query` tells it")
    return max(rows, key=lambda row: row["captured_at"])


def _entry(tables: ArchiveTables, run: str, root: str) -> LogEntry | None:
    """The newest entry of the log that states this digest of the run's articles."""
    from storage.iceberg.commit_log import entries, log_head

    for entry in entries(tables.store, log_head(tables.load())):
        stated = entry.facts.get("articles")
        of_run = stated.get(run) if isinstance(stated, dict) else stated if entry.facts.get("run") == run else None
        if of_run == root:
            return entry
    return None


def _releases(tables: ArchiveTables, row: dict[str, Any]) -> list[dict[str, str]]:
    """The releases of the row's month that have its portal, each with the digest of the file it is in."""
    from storage.read.release.names import has_month
    from storage.read.release.releases import read_release, release_names

    month = f"{row['window_start']:%Y-%m}"
    found = []
    for name in release_names(tables.store):
        for file in read_release(tables.store, name).files if has_month(name, month) else ():
            if file.table == "articles" and file.portal == row["portal"]:
                found.append({"release": name, "file": file.path, "sha256": file.sha256})
    return found


def _sealed_text(receipt: dict[str, Any]) -> bytes:
    """What is signed and stamped: the receipt without signature and time stamp, in one spelling."""
    import json

    return json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
