"""`warraq remove`: take something out of the archive on request, for good, and keep a register of it."""

from __future__ import annotations

import getpass
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from storage.settings import Settings
    from storage.tables.removal_register import Removal
    from warraq.reextract.removal import Plan

MAX_NAMED = 20  # versions
_ARTICLE = re.compile(r"[0-9a-f]{32}")


@click.command()
@click.argument("target", required=False, metavar="[URL|ARTICLE]")
@click.option("--prefix", metavar="URL", help="All addresses that begin so.")
@click.option("--portal", metavar="NAME", help="Only this portal; alone: all of it in --from … --to.")
@click.option("--text", metavar="WORDS", help="All articles that say these words, such as a person's name.")
@click.option("--from", "start", metavar="TIME", help="Only windows that begin at this time or later.")
@click.option("--to", "end", metavar="TIME", help="Only windows that begin before this time.")
@click.option("--redact", is_flag=True, help="With --text: mask the words, keep the articles and the raw archive.")
@click.option("--embargo", metavar="TIME", help="Only hold the rows back until then; the raw archive stays.")
@click.option("--reason", metavar="TEXT", help="Why, for the register; do not repeat what is removed.")
@click.option("--basis", metavar="TEXT", help="On what ground, for the register: a law, a court's order, a policy.")
@click.option("--requester", metavar="CLASS", default="not said", help="Who asked, as a class: person, portal, court…")
@click.option("--by", metavar="NAME", help="Who does it; by default your user name.")
@click.option("--versions-too", is_flag=True, help="Delete the old versions that a bucket keeps of it as well.")
@click.option("--dry-run", is_flag=True, help="Show what would go and where; change nothing.")
@click.option("--again", is_flag=True, help="Go through all entries of the register again, as after a restore.")
@click.option("--list", "as_list", is_flag=True, help="Show the register.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(
    *,
    target: str | None,
    prefix: str | None,
    portal: str | None,
    text: str | None,
    start: str | None,
    end: str | None,
    redact: bool,
    embargo: str | None,
    reason: str | None,
    basis: str | None,
    requester: str,
    by: str | None,
    versions_too: bool,
    dry_run: bool,
    again: bool,
    as_list: bool,
    as_json: bool,
) -> int:
    """Remove an article, an address, all below a prefix, a portal's time or what names a person, for good.

    It goes from raw records (others stay where they are, and verify stays green), rows, branches, history, staged
    rows, alerts and releases (made again as a new revision). It is denied from then on to crawl, import, extraction
    and backfill. The register keeps who, why and how much, never what. Interrupted, the same command goes on.
    After a restore from an older backup: --again, with WARRAQ_REMOVALS naming the register's second place.

    \b
    Examples:
      warraq remove https://portal.example/story/1 --reason "court order" --basis "order 12/2026" --dry-run
      warraq remove --text "سلمى حداد" --portal almasaa --reason "right to be forgotten" --basis GDPR-17 --redact
      warraq remove --portal almasaa --from 2024-12-01 --to 2025-01-01 --reason "licence ended" --basis contract
      warraq remove --again
    """
    from storage.errors import ExitCode, UsageError
    from storage.objects.open import open_store
    from storage.settings import read_settings
    from storage.tables.removal_register import read_removals
    from warraq.api.search_index import index_files
    from warraq.pipeline.settings_to_write import settings_to_write
    from warraq.reextract.removal import carry_out, lift_embargo, plan_removal, told

    is_change = again or not (as_list or dry_run)
    settings, now = settings_to_write() if is_change else read_settings(), datetime.now(UTC)
    if as_list or again:
        entries = read_removals(open_store(settings), settings.removals)
        done = []
        for entry in entries if again else ():
            is_over = entry.until is not None and entry.until <= now
            if is_over and not entry.runs:
                continue
            done.append(
                lift_embargo(entry, settings, now=now)
                if is_over
                else carry_out(
                    entry, settings, now=now, caches=index_files(settings), versions_too=versions_too, say=_say
                )
            )
        for entry in done or entries:
            click.echo(told(entry))
        return ExitCode.DONE
    wanted = _wanted(
        settings,
        target=target,
        prefix=prefix,
        portal=portal,
        text=text,
        start=start,
        end=end,
        redact=redact,
        embargo=embargo,
        requester=requester,
        by=by,
    )
    if dry_run:
        _show(plan_removal(wanted, settings, say=_say), as_json=as_json)
        return ExitCode.DONE
    if not (reason and basis):
        raise UsageError("a removal needs its reason and its basis", remedy="give --reason and --basis; or --dry-run")
    entry = carry_out(
        replace(wanted, reason=reason, basis=basis),
        settings,
        now=now,
        caches=index_files(settings),
        versions_too=versions_too,
        say=_say,
    )
    if as_json:
        click.echo(told(entry))
    else:
        click.echo(f"removed as {entry.id}: {entry.rows} rows, {entry.captures} captures; denied from now on")
        if entry.revised:
            click.echo(f"releases made again: {', '.join(entry.revised)}")
    return ExitCode.DONE


def _say(line: str) -> None:
    click.echo(line, err=True)


def _wanted(
    settings: Settings,
    *,
    target: str | None,
    prefix: str | None,
    portal: str | None,
    text: str | None,
    start: str | None,
    end: str | None,
    redact: bool,
    embargo: str | None,
    requester: str,
    by: str | None,
) -> Removal:
    """The removal the options mean, without its reason. The same options have the same id, so that it can go on."""
    from spiders.registry import find_portal, load_portals
    from storage.errors import UsageError
    from storage.model.window import parse_time
    from storage.tables.removal_register import Kind, Removal, Step, digest_of, words_of
    from warraq.reextract.removal import tables_of
    from warraq.reextract.removal_scope import marks_of_article, marks_of_url, portal_of

    since = parse_time(start, name="--from") if start else None
    before = parse_time(end, name="--to") if end else None
    if portal:
        find_portal(portal, settings)
    given = [name for name, value in (("URL", target), ("--prefix", prefix), ("--text", text)) if value]
    if len(given) > 1 or not (given or portal):
        raise UsageError("name one thing to remove", remedy="a URL, an article's id, --prefix, --text or --portal")
    step = Step.EMBARGO if embargo else Step.REDACT if redact else Step.REMOVE
    if redact and not text:
        raise UsageError("--redact masks words", remedy="name them with --text")
    size, kind, seed = 0, Kind.PORTAL, portal or ""
    marks: tuple[str, ...] = ()
    tables = tables_of(settings)
    if target and _ARTICLE.fullmatch(target):
        if tables is None:
            raise UsageError("nothing is archived yet", remedy="check WARRAQ_ARCHIVE")
        kind, seed = Kind.ARTICLE, target
        portal, marks = marks_of_article(target, tables, settings)
    elif target:
        kind = Kind.URL
        portal, marks = marks_of_url(target, tables, settings)
        seed = portal_of(portal, settings).canonical(target)
    elif prefix:
        kind = Kind.PREFIX
        found = next((one for one in load_portals(settings).values() if one.hosts.owns(prefix)), None)
        if found is None:
            raise UsageError("the prefix is on no portal's host", remedy="warraq portals lists them")
        seed = portal_of(found.name, settings).canonical(prefix)
        portal, size, marks = found.name, len(seed), (digest_of(seed),)
    elif text:
        kind, words = Kind.TEXT, words_of(text)
        if not words:
            raise UsageError("--text has no word", remedy="write the words as they stand in the articles")
        seed = " ".join(words)
        size, marks = len(words), (digest_of(seed),)
    parts = (kind, step, portal or "", seed, str(since), str(before), embargo or "")
    return Removal(
        id=hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16],
        kind=kind,
        step=step,
        portal=portal,
        since=since,
        before=before,
        marks=marks,
        size=size,
        reason="",
        basis="",
        requester=requester,
        by=by or getpass.getuser(),
        made_at=datetime.now(UTC).replace(microsecond=0),
        until=parse_time(embargo, name="--embargo") if embargo else None,
    )


def _show(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        click.echo(json_text(plan.as_json()))
        return
    for scope in plan.scopes:
        counts = f"{len(scope.articles) or len(scope.editions)} articles, {len(scope.links)} links"
        click.echo(f"{scope.run}: {counts}, {len(scope.captures)} captures in the raw archive")
    for name, rows in plan.releases.items():
        click.echo(f"release {name}: {rows} rows; it would be withdrawn and made again")
    if plan.branches:
        click.echo(f"re-extractions that would be dropped: {', '.join(plan.branches)}")
    if plan.alerts:
        click.echo(f"alerts that would be deleted: {len(plan.alerts)}")
    if plan.versions:
        click.echo(
            f"old versions that the bucket keeps; --versions-too deletes them, --json names all: {len(plan.versions)}"
        )
        for name in plan.versions[:MAX_NAMED]:
            click.echo(f"  {name}")
    click.echo("nothing was changed" if plan.scopes else "nothing of it is in the archive; denying it is possible")
