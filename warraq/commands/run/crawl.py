"""`warraq crawl`: one window of a portal into the raw archive."""

from __future__ import annotations

import click


@click.command()
@click.argument("portal")
@click.option("--from", "start", required=True, metavar="T", help="Start of the window, UTC: 2024-12-25[T06:00Z].")
@click.option("--to", "end", required=True, metavar="T", help="End of the window, UTC, not part of it.")
@click.option(
    "--revisit",
    type=click.Choice(["due", "never", "all"]),
    default="due",
    show_default=True,
    help="Which links that are archived already are asked for again, if they changed.",
)
@click.option(
    "--max-requests", type=click.IntRange(min=1), metavar="N", help="Send no more; default: the portal's own."
)
@click.option("--max-seconds", type=click.FloatRange(min=1), metavar="S", help="Stop asking then; default: six hours.")
@click.option("--dry-run", is_flag=True, help="Ask the sources only: how many pages, how long. Nothing is kept.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
@click.option(
    "--progress",
    type=click.Choice(["auto", "lines", "json", "none"]),
    default="auto",
    show_default=True,
    help="How progress is told on standard error; auto: a bar on a terminal, lines elsewhere.",
)
def command(
    *,
    portal: str,
    start: str,
    end: str,
    revisit: str,
    max_requests: int | None,
    max_seconds: float | None,
    dry_run: bool,
    as_json: bool,
    progress: str,
) -> int:
    """Crawl a window of a portal into the raw archive.

    The window [from, to) is the slice of time the run is responsible for. One that ends within the last two days is of
    the present: all that is not archived yet is taken. About the past only sources are asked that list the past.
    Interrupted, the same command goes on from the chunks it has uploaded.
    Exit codes: 0 done, 2 usage, 3 degraded, 4 try again later, 5 failed for good.

    \b
    Examples:
      warraq crawl almasaa --from 2024-12-25 --to 2024-12-26
      warraq crawl demo --from 2024-12-25T06:00Z --to 2024-12-25T12:00Z --json
      warraq crawl aljazeera --from 2024-03-01 --to 2024-04-01 --dry-run
    """
    from warraq.crawl_command import crawl_window  # noqa: PLC0415 - slow import

    return crawl_window(
        portal,
        start,
        end,
        revisit=revisit,
        max_requests=max_requests,
        max_seconds=max_seconds,
        dry_run=dry_run,
        as_json=as_json,
        progress=progress,
    )
