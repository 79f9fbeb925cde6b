"""`warraq verify`: prove that the archive is what was written."""

from __future__ import annotations

import click


@click.command()
@click.option("--portal", metavar="NAME", help="Only this portal.")
@click.option("--from", "start", metavar="TIME", help="Only windows that begin at this time or later.")
@click.option("--to", "end", metavar="TIME", help="Only windows that begin before this time.")
@click.option("--sample", type=click.IntRange(1), metavar="N", help="At most N chunks and N articles of each run.")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes; by default one a processor core.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with all findings.")
def command(
    *, portal: str | None, start: str | None, end: str | None, sample: int | None, workers: int | None, as_json: bool
) -> int:
    """Compare stored bytes with their digests, and published texts with what the raw archive gives today.

    Hashes WARC chunks, indexes, crawl reports and Parquet files again, and derives each text again from its captured
    bytes. Texts of another extractor version are compared by digest only. Names runs whose pages wait for their rows.
    Exit codes: 0 sound, 3 sound but runs are unfinished, 5 anything differs.

    \b
    Examples:
      warraq verify
      warraq verify --portal almasaa --from 2024-12-01 --to 2025-01-01 --sample 50
    """
    from warraq.verify_command import verify_and_tell

    return verify_and_tell(portal=portal, start=start, end=end, sample=sample, workers=workers, as_json=as_json)
