"""`warraq new-portal`: a definition from what a site shows."""

from __future__ import annotations

import ast
import logging
import tempfile
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

import spiders.portals
from spiders.portal.definition import Portal
from spiders.registry import load_portals
from storage.errors import ExitCode, StageFailed, UsageError
from storage.model.window import PORTAL_NAME
from storage.settings import Settings, read_settings
from warraq.cli.terminal_text import json_text

if TYPE_CHECKING:
    from spiders.check.probe import Probe


@click.command("new-portal")
@click.argument("name", required=False)
@click.argument("url", required=False)
@click.option(
    "--from-list",
    "seeds",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Try all addresses of a list: one a line, fields apart by tabs, name, country and zone where known.",
)
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where trials of a list are noted, one a line; else beside the list. The same call goes on from there.",
)
@click.option("--jobs", type=click.IntRange(1, 16), default=2, show_default=True, help="Sites tried at a time.")
@click.option("--country", metavar="CODE", help="ISO code, or XX for pan-Arab and foreign; else by the domain.")
@click.option("--timezone", metavar="ZONE", help="IANA name such as Africa/Cairo; else the country's.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(
    *,
    name: str | None,
    url: str | None,
    seeds: Path | None,
    report: Path | None,
    jobs: int,
    country: str | None,
    timezone: str | None,
    as_json: bool,
) -> int:
    """Write the definition of a portal NAME from what its site at URL shows: sources, form of addresses, its name.

    Needs a network. The file goes to the folder WARRAQ_PORTALS, or into spiders/portals of a checkout. Read it
    before the first run: it holds what a probe saw, not what is known.

    With --from-list each site of a list is tried and checked, each with all limits of a crawl; the definitions that
    pass `warraq check` are written, and a report ranks all sites by what they list. An interrupted list goes on where
    it stood. Exit codes: 0 all are tried and one passed, 4 a site did not answer: the same call tries it again, 5 none
    passed.

    \b
    Examples:
      warraq new-portal example https://www.example.com/
      warraq new-portal example https://www.example.com/ --country JO --timezone Asia/Amman
      warraq new-portal --from-list seeds.tsv --jobs 4
    """
    if seeds is not None:
        if name or url or country or timezone:
            raise UsageError("--from-list takes names, countries and zones from the list", remedy="leave them out")
        return _try_list(seeds, report or seeds.with_name(f"{seeds.name}.report.jsonl"), jobs=jobs, as_json=as_json)
    if not (name and url):
        raise UsageError("NAME and URL are missing", remedy="write warraq new-portal example https://www.example.com/")
    return _write_one(name, url, country=country, timezone=timezone, as_json=as_json)


def _write_one(name: str, url: str, *, country: str | None, timezone: str | None, as_json: bool) -> int:
    from spiders.check.probe import probe_portal
    from spiders.check.scaffold import definition_text, unknown_portal

    logging.getLogger("trafilatura").setLevel(logging.ERROR)  # it warns of every page it finds no text in
    settings = read_settings()
    path = _free_path(name, settings)
    portal = unknown_portal(name, _root(url), country=_country(country), timezone=_zone(timezone))
    with tempfile.TemporaryDirectory(prefix="warraq-new-portal-") as folder:
        probe = probe_portal(portal, settings, Path(folder), now=datetime.now(UTC))
    if not probe.links:
        raise StageFailed(
            f"{url}: no sitemap, feed or page lists articles; {'; '.join(probe.problems[:3])}",
            remedy="look at the site in a browser and write the definition by hand",
        )
    text = definition_text(_described(portal, probe), probe.found, notes=_notes(portal, probe, country, timezone))
    ast.parse(text)  # what the site said must have stayed text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    _tell(path, probe, as_json=as_json)
    return ExitCode.DONE if any(page.rejection is None for page in probe.pages) else ExitCode.DEGRADED


def _try_list(seeds: Path, report: Path, *, jobs: int, as_json: bool) -> int:
    from warraq.monitoring.seeds.seed_list import named, read_seeds
    from warraq.monitoring.seeds.trials import LATER, PASSED, Journal, Trial, try_seeds

    settings = read_settings()
    portals = load_portals(settings)
    journal = Journal(report)
    listed = read_seeds(seeds.read_text(encoding="utf-8", errors="replace"), where=str(seeds))
    before = journal.trials()
    unknown = [s for s in listed if s.url in before or not any(p.hosts.owns(s.url) for p in portals.values())]
    tried = {trial.name for trial in before.values()}
    names = {url: trial.name for url, trial in before.items()}
    kept = [replace(s, name=names[s.url]) for s in unknown if s.url in names]
    fresh = list(named([s for s in unknown if s.url not in names], taken={*portals, *tried}))

    def tell(trial: Trial) -> None:
        click.echo(f"{trial.name} {trial.url}: {trial.state}", err=True)

    trials = try_seeds([*kept, *fresh], journal, folder=_folder(settings), jobs=jobs, tell=tell)
    if as_json:
        fields = {"report": str(report), "defined": len(listed) - len(unknown), "trials": [asdict(t) for t in trials]}
        click.echo(json_text(fields))
    else:
        click.echo(f"{len(listed) - len(unknown)} of {len(listed)} sites have definitions already")
        for trial in trials:
            told = trial.file or "; ".join(trial.problems[:1])
            yield_ = f"{trial.links:6} links {trial.articles} of {trial.pages} articles"
            click.echo(f"{trial.state:7} {yield_}  {trial.name}  {told}")
        click.echo(f"all of it: {report}")
    if any(trial.state == LATER for trial in trials):
        return ExitCode.RETRY_LATER
    return ExitCode.DONE if not trials or any(trial.state == PASSED for trial in trials) else ExitCode.FAILED


def _free_path(name: str, settings: Settings) -> Path:
    if not PORTAL_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a portal", remedy="a name is 2 to 40 of a-z and 0-9, a letter first")
    if name in load_portals(settings):
        raise UsageError(f"a portal {name} exists", remedy=f"`warraq portals {name}` shows it; choose another name")
    return _folder(settings) / f"{name}.py"


def _folder(settings: Settings) -> Path:
    folder = settings.portals_folder or Path(next(iter(spiders.portals.__path__)))
    if not settings.portals_folder and "site-packages" in folder.parts:
        raise UsageError("there is no folder for portals of your own", remedy="set WARRAQ_PORTALS to one")
    return folder


def _root(url: str) -> str:
    parts = urlsplit(url if "://" in url else f"https://{url}")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{url!r} is not a web address", remedy="write it as https://www.example.com/")
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}"


def _country(code: str | None) -> str | None:
    if code is not None and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise UsageError(f"--country: {code!r} is not a country code", remedy="two letters, such as EG")
    return code.upper() if code else None


def _zone(name: str | None) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"--timezone: {name!r} is unknown", remedy="an IANA name such as Africa/Cairo") from None


def _described(portal: Portal, probe: Probe) -> Portal:
    from spiders.check.scaffold import article_pattern, site_names

    front = next((c.body for c in probe.captures if c.url == portal.start_url and c.status == 200), b"")
    names = site_names(front, otherwise=portal.name)
    return replace(
        portal,
        title_ar=names.site_name,
        title_en=portal.name.capitalize(),
        language=names.language,
        article_url=article_pattern(list(probe.links)),
    )


def _notes(portal: Portal, probe: Probe, country: str | None, timezone: str | None) -> tuple[str, ...]:
    notes = [f"Written by `warraq new-portal` on {datetime.now(UTC):%Y-%m-%d}: what a probe saw, not what is known."]
    if not country or not timezone:
        notes.append("Country and time zone are guessed from the domain.")
    return (*notes, *(f"Seen: {problem}"[:200] for problem in probe.problems[:5]))


def _tell(path: Path, probe: Probe, *, as_json: bool) -> None:
    articles = sum(page.rejection is None for page in probe.pages)
    if as_json:
        found = [{"kind": source.kind, **asdict(source)} for source in probe.found]
        fields = {"file": str(path), "found": found, "links": len(probe.links), "pages": len(probe.pages)}
        click.echo(json_text({**fields, "articles": articles, "problems": list(probe.problems)}))
        return
    click.echo(f"{path} is written: {len(probe.links)} links, {articles} of {len(probe.pages)} pages are articles")
    for source in probe.found:
        click.echo(f"  {source.kind} {getattr(source, 'url', '')}")
    for problem in probe.problems:
        click.echo(f"  problem: {problem}")
    click.echo(f"read it, then try it: warraq check {path.stem}")
