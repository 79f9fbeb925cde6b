"""Tries seeds one by one in processes of their own, as a person would, and remembers what came of each."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from storage.errors import ExitCode, UsageError
from warraq.monitoring.seeds.seed_list import Seed
from warraq.pipeline.child_process import ChildProcess, Ended, warraq_command

PASSED, FAULTY, FAILED, LATER = "passed", "faulty", "failed", "later"
MAX_TOLD = 5  # problems of one trial that are kept


@dataclass(frozen=True)
class Trial:
    """What came of one seed. `links` were listed by its sources, `articles` of `pages` sampled ones were articles.

    passed: `check` found nothing wrong, the definition is written. faulty: it lists and has articles, and something is
    wrong with it. failed: nothing came out. later: the site did not answer; the next call tries it again.
    """

    url: str
    name: str
    state: str
    links: int = 0
    pages: int = 0
    articles: int = 0
    file: str | None = None
    problems: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[bool, float, str]:
        """The order of a report: what passed first, then by the links that are likely to be articles."""
        share = self.articles / self.pages if self.pages else 0.0
        return self.state != PASSED, -self.links * share, self.name


class Journal:
    """A file with one trial a line, the last of a seed counts: an interrupted list is gone on with."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def trials(self) -> dict[str, Trial]:
        """What is known, by address. Raises UsageError for a file that is no such report."""
        found: dict[str, Trial] = {}
        if not self.path.exists():
            return found
        *lines, rest = self.path.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            try:
                fields = json.loads(line)
                trial = Trial(**{**fields, "problems": tuple(fields["problems"])})
            except (ValueError, TypeError, KeyError):
                raise UsageError(
                    f"{self.path}, line {number}: is no trial of a portal", remedy="name another file with --report"
                ) from None
            found[trial.url] = trial
        if rest:  # a line that was being written when the machine stopped
            self.path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return found

    def add(self, trial: Trial) -> None:
        """Note a trial that has ended."""
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(trial), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())


def try_seeds(
    seeds: Iterable[Seed], journal: Journal, *, folder: Path, jobs: int, tell: Callable[[Trial], None]
) -> list[Trial]:
    """Try what the journal does not know; the trials of all seeds, the most promising first.

    Definitions that pass go to `folder`. `tell` hears of each trial as it ends.
    """
    known = journal.trials()
    seeds = list(seeds)
    results = {seed.url: known[seed.url] for seed in seeds if seed.url in known and known[seed.url].state != LATER}
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        waiting = {pool.submit(try_seed, seed, folder=folder): seed for seed in seeds if seed.url not in results}
        try:
            for done in as_completed(waiting):
                trial = done.result()
                journal.add(trial)
                results[trial.url] = trial
                tell(trial)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return sorted(results.values(), key=lambda trial: trial.rank)


def try_seed(seed: Seed, *, folder: Path) -> Trial:
    """Write a definition from what the site shows and check it. Raises UsageError where no site could be tried so."""
    with tempfile.TemporaryDirectory(prefix="warraq-seed-") as scratch:
        options = [f"--country={seed.country}"] if seed.country else []
        options += [f"--timezone={seed.timezone}"] if seed.timezone else []
        made = _run(["new-portal", seed.name, seed.url, *options, "--json"], portals=Path(scratch))
        draft = Path(scratch) / f"{seed.name}.py"
        if not draft.is_file():
            return _without_definition(seed, made)
        checked = _run(["check", seed.name, "--json"], portals=Path(scratch))
        found = checked.report
        pages = found.get("pages", [])
        articles = sum(page.get("rejection") is None for page in pages)
        problems = tuple(str(problem)[:300] for problem in found.get("problems", [])) or _said(checked)
        state = {ExitCode.DONE: PASSED, ExitCode.DEGRADED: FAULTY, ExitCode.RETRY_LATER: LATER}.get(
            ExitCode(checked.exit_code) if checked.exit_code in set(ExitCode) else ExitCode.FAILED, FAILED
        )
        kept = _keep(draft, folder) if state == PASSED else None
    return Trial(
        seed.url,
        seed.name,
        state,
        found.get("links", 0),
        len(pages),
        articles,
        kept,
        () if kept else problems[:MAX_TOLD],
    )


def _run(words: Sequence[str], *, portals: Path) -> Ended:
    environ = {**os.environ, "WARRAQ_PORTALS": str(portals)}
    return ChildProcess(warraq_command(*words), on_line=lambda line: None, environ=environ).run()


def _without_definition(seed: Seed, made: Ended) -> Trial:
    if made.exit_code == ExitCode.USAGE:
        raise UsageError(made.outcome.error, remedy=made.outcome.remedy)
    is_open = made.exit_code < 0 or made.exit_code == ExitCode.RETRY_LATER
    return Trial(seed.url, seed.name, LATER if is_open else FAILED, problems=_said(made))


def _said(ended: Ended) -> tuple[str, ...]:
    return (ended.outcome.error[:300],)


def _keep(draft: Path, folder: Path) -> str:
    """Move a definition to its place; one that a person has written there meanwhile stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / draft.name
    with path.open("x", encoding="utf-8") as file:
        file.write(draft.read_text(encoding="utf-8"))
    return str(path)
