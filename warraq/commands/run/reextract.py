"""`warraq reextract`: today's rules over the raw archive, reviewed before they show."""

from __future__ import annotations

import click


@click.command()
@click.option("--portal", required=True, metavar="NAME", help="Whose runs.")
@click.option("--from", "start", required=True, metavar="T", help="Runs whose windows start at or after this, UTC.")
@click.option("--to", "end", required=True, metavar="T", help="Runs whose windows start before this, UTC.")
@click.option("--compare", "action", flag_value="compare", help="Show the worst changes word by word as well.")
@click.option("--promote", "action", flag_value="promote", help="Make the re-extracted rows visible, in one commit.")
@click.option("--discard", "action", flag_value="discard", help="Drop the re-extracted rows.")
@click.option("--accept", is_flag=True, help="With --promote: although a gate is shut.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes; default: one a core.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *, portal: str, start: str, end: str, action: str | None, accept: bool, workers: int | None, as_json: bool
) -> int:
    """Extract published runs again from the raw archive, without the network, into a branch; compare; then decide.

    Readers see nothing of it until --promote. Interrupted, the same command goes on. Gates guard promotion: at most
    1 % of rows may lose a fifth of their text, of dates may be lost, of articles may be lost.
    Exit codes: 0 done, 2 usage, 3 a gate is shut or a run could not be read, 4 try again later, 5 failed or refused.

    \b
    Examples:
      warraq reextract --portal almasaa --from 2024-12-01 --to 2025-01-01
      warraq reextract --portal almasaa --from 2024-12-01 --to 2025-01-01 --compare
      warraq reextract --portal almasaa --from 2024-12-01 --to 2025-01-01 --promote
    """
    from warraq.reextract_command import reextract_and_tell

    return reextract_and_tell(portal, start, end, action=action, accept=accept, workers=workers, as_json=as_json)
