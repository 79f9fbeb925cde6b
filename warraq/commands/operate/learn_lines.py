"""`warraq learn-lines`: lines that repeat over a portal's articles."""

from __future__ import annotations

import click


@click.command()
@click.argument("portal")
@click.option("--from", "start", help="Begin of the reference window, e.g. 2024-11-01; UTC.")
@click.option("--to", "end", help="Its end, which is not part of it.")
@click.option("--use", "version", help="Use a version learnt before, or `none`, instead of learning.")
@click.option("--dry-run", is_flag=True, help="Show what would be learnt; store nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with the version and its lines.")
def command(
    portal: str, start: str | None, end: str | None, *, version: str | None, dry_run: bool, as_json: bool
) -> None:
    """Learn lines that stand in many articles of PORTAL, and use them in extraction from now on.

    Reads the bodies archived in the window. Slogans, promotions and prompts that no rule knows repeat from article to
    article; extraction strips them and keeps them in removed_blocks under the rule learnt:<version>. A version never
    changes, and each row's extractor_version names the one it was made with.

    \b
    Examples:
      warraq learn-lines almasaa --from 2024-11-01 --to 2024-12-01 --dry-run
      warraq learn-lines almasaa --from 2024-11-01 --to 2024-12-01
      warraq learn-lines almasaa --use none
    """
    from warraq.learn_lines_command import learn_and_tell, use_and_tell

    if version is not None:
        use_and_tell(portal, version, other_options=bool(start or end or dry_run), as_json=as_json)
    else:
        learn_and_tell(portal, start, end, dry_run=dry_run, as_json=as_json)
