"""A look at the live site: a small crawl with all its limits into a throw-away archive, then what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from spiders.check.report import PageFinding, SourceFinding, inspect_page, inspect_sources, silent_rules
from spiders.crawl.run import run_job
from spiders.job.job import prepare
from spiders.links.options import CrawlOptions, Revisit
from spiders.links.working_sources import read_found
from spiders.portal.definition import Portal, Source
from spiders.sources.records import ListedLink
from storage.errors import ExitCode
from storage.identity.ids import link_id
from storage.model.records import Capture, CrawlReport, Role
from storage.model.window import RunId, Window
from storage.objects.open import open_store
from storage.raw.run import RawRun
from storage.settings import Settings

SAMPLE_PAGES = 5
PROBE_SECONDS = 600.0  # a portal that asks for long pauses is left after so long
PROBE_WINDOW = timedelta(days=1)


@dataclass(frozen=True)
class Probe:
    """All that a probe found. `problems` has one line each; none means that the definition holds."""

    portal: Portal
    report: CrawlReport
    robots_status: int | None
    sources: tuple[SourceFinding, ...]
    links: tuple[ListedLink, ...]
    pages: tuple[PageFinding, ...]
    found: tuple[Source, ...]  # by auto discovery
    problems: tuple[str, ...]
    captures: tuple[Capture, ...]  # robots.txt, listings and pages, in the order they came

    @property
    def exit_code(self) -> ExitCode:
        """FAILED where no article came out, DEGRADED where something is wrong."""
        if not any(page.rejection is None for page in self.pages):
            return ExitCode.FAILED
        return ExitCode.DEGRADED if self.problems else ExitCode.DONE


def probe_portal(portal: Portal, settings: Settings, folder: Path, *, now: datetime) -> Probe:
    """Ask each source of the last day once and fetch some pages. Once a process; raises what a crawl raises."""
    now = now.replace(microsecond=0)
    window = Window(now - PROBE_WINDOW, now)
    own = replace(settings, archive=str(folder / "archive"), catalog=None, cache=folder / "cache")
    options = CrawlOptions(Revisit.ALL, sample_pages=SAMPLE_PAGES, max_seconds=PROBE_SECONDS)
    job = prepare(portal, window, own, options, now=now)
    report = run_job(job)
    store = open_store(own)
    raw = RawRun(store, RunId(portal.name, window))
    captures = {role: list(raw.captures(role=role)) for role in (Role.OTHER, Role.ROBOTS, Role.SOURCE, Role.PAGE)}
    answers = [*captures[Role.OTHER], *captures[Role.ROBOTS], *captures[Role.SOURCE]]
    # By the crawl's own window and clock: under others one would choose, and miss, sources that it never asked.
    sources, links = inspect_sources(answers, job.discovery)
    listed = {link_id(link.url): link for link in links}
    pages = [inspect_page(capture, listed.get(link_id(capture.url)), portal) for capture in captures[Role.PAGE]]
    probe = Probe(
        portal=portal,
        report=report,
        robots_status=next((capture.status for capture in captures[Role.ROBOTS]), None),
        sources=tuple(sources),
        links=tuple(links),
        pages=tuple(pages),
        found=read_found(store, portal).sources,
        problems=(),
        captures=(*captures[Role.ROBOTS], *captures[Role.SOURCE], *captures[Role.PAGE]),
    )
    return replace(probe, problems=_problems(probe, silent_rules(captures[Role.PAGE], portal)))


def _problems(probe: Probe, rules: list[str]) -> tuple[str, ...]:
    lines = [line for source in probe.sources for line in source.problems]
    lines += [line for line in probe.report.problems if not line.startswith("budget")]
    lines += probe.report.findings
    if not probe.links:
        lines.append(f"no source of {probe.portal.name} lists a link")
    elif not probe.pages:
        lines.append("none of the sampled pages could be fetched")
    lines += [line for page in probe.pages for line in page.problems]
    return tuple(dict.fromkeys([*lines, *rules]))
