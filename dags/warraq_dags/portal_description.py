"""The description of a portal's DAG, as Markdown made from its definition."""

from __future__ import annotations

from dataclasses import fields

from spiders.portal.definition import Portal, Source


def describe(portal: Portal) -> str:
    """What the DAG does, from where, how gently, and what to do when it fails."""
    sources = "\n".join(f"- {_source(source)}" for source in portal.sources)
    notes = "".join(f"\n- {note}" for note in portal.notes)
    politeness = portal.politeness
    return f"""\
# {portal.title_ar} · {portal.title_en}

<{portal.start_url}> · country {portal.country} · language {portal.language} · times in {portal.timezone} · \
schedule `{portal.schedule}` in that zone · facts of {portal.facts_as_of or "unknown date"} · \
last checked against the live site: {portal.verified_live or "never"}

## Where links come from
{sources}
{f"{chr(10)}Notes:{notes}{chr(10)}" if notes else ""}
## How gently
One request at a time starts at least every {politeness.delay_seconds:g} s, at most {politeness.concurrency} are open, \
at most {politeness.max_requests_per_run:,} in a run. robots.txt is obeyed; when it cannot be read, nothing is fetched.

## Tasks
| task | what it types | what it leaves |
| --- | --- | --- |
| `crawl` | `warraq crawl {portal.name} --from … --to …` | the raw archive of the run: WARC chunks, then `crawl.json` |
| `extract` | `warraq extract {portal.name}/…` | staged rows; no network |
| `publish` | `warraq publish {portal.name}/…` | audit, then one atomic commit: readers see the run |
| `passed_audit` | nothing | green; pink (skipped) when the run was published degraded |

A manual run needs `from` and `to` (UTC); with `dry_run` it asks the sources only and skips the rest.
Backfills use their own dates. A run that is repeated replaces its rows.

## When it fails
- **Retrying (yellow)**: portal or store is not ready. Nothing to do; where the portal names a waiting time, it is kept.
- **`crawl` red**: the last lines of its log say why. Layout or address changed: `warraq check {portal.name}`.
- **`extract` red**: a damaged raw object or a bug; the raw archive is safe. Clear the task after the cause is gone.
- **`publish` red**: the audit refused the run; its findings are in the log. Nothing was published; older rows stay.
- **`passed_audit` pink**: published, and something is odd: the findings are in the log of `publish`.
"""


def _source(source: Source) -> str:
    """One source: its kind, its fields that are set, and whether it reaches into the past."""
    values = {field.name: getattr(source, field.name) for field in fields(source)}
    values = {field.name: getattr(source, field.name) for field in fields(source)}
    told = ", ".join(f"{name} `{value}`" for name, value in values.items() if value not in (None, ""))
    past = "lists the past" if source.lists_past else "recent only"
    return f"**{source.kind}**" + (f": {told}" if told else "") + f" ({past})"
