"""`make compose-test`: the production stack on the demo portal, from nothing to a restored backup and an upgrade.

Needs a container engine (DOCKER_HOST) and docker compose; uses a project, image tags and secrets of its own, so that
a stack that runs beside it is not touched. Exit code 0 only if every step held.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import time
from pathlib import Path

import click

from storage.errors import RetryLater, WarraqError
from storage.settings import read_settings
from tests.compose.stack import BUILT_IMAGE, Broken, Progress, Stack
from tests.compose.steps import STEPS
from warraq.airflow.compose_secrets import write_environment
from warraq.airflow.ports import free_port
from warraq.cli.signals import ended_by_signal


@click.command()
@click.option("--image", help="Try this image instead of building one.")
@click.option("--keep", is_flag=True, help="Leave the stack up when a step fails or Ctrl-C is pressed.")
@click.option("--resume", is_flag=True, help="Go on with the stack that --keep left, at the step that did not end.")
def main(*, image: str | None, keep: bool, resume: bool) -> None:
    """Try the production stack of docker-compose.yml; the exit code says whether it works."""
    folder = read_settings().cache / "compose-test"
    with ended_by_signal():
        try:
            stack = left_stack(folder) if resume else new_stack(folder, image)
            sys.exit(run_steps(stack, keep=keep or resume))
        except Broken as error:
            raise click.ClickException(str(error)) from None


def left_stack(folder: Path) -> Stack:
    """The stack that a call with --keep left. Raises Broken."""
    return Stack(folder, Progress.read(folder), time.monotonic())


def new_stack(folder: Path, image: str | None) -> Stack:
    """An empty stack with secrets of its own; what an earlier test left is deleted."""
    if (folder / "progress.json").exists():
        left_stack(folder).down()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    write_environment(folder / ".env")
    progress = Progress(free_port(18_090), image or BUILT_IMAGE, is_built=not image)
    progress.write(folder)
    return Stack(folder, progress, time.monotonic())


def run_steps(stack: Stack, *, keep: bool) -> int:
    """Run the steps that are not done, in order; everything is taken down at the end, however it comes, unless kept."""
    took: dict[str, float] = {}
    ended_well = False
    try:
        for step, services in STEPS.items():
            name = step.__name__.replace("_", " ")
            if step.__name__ in stack.progress.done:
                continue
            begun = time.monotonic()
            stack.say(f"{name} …")
            try:
                step(stack)
            except (Broken, RetryLater, WarraqError) as error:
                stack.say(f"FAILED after {time.monotonic() - begun:.0f} s: {name}: {error}")
                stack.explain(services)
                return 1
            took[name] = time.monotonic() - begun
            stack.say(f"{name}: yes, {took[name]:.0f} s")
            stack.progress.done.append(step.__name__)
            stack.progress.write(stack.folder)
        ended_well = True
    finally:
        if keep and not ended_well:
            stack.say("the stack is left up: go on with --resume, or begin again, which deletes it")
        else:
            clean_up(stack)
    for name, seconds in took.items():
        click.echo(f"{seconds:7.0f} s  {name}")
    stack.say("the production stack works")
    return 0


def clean_up(stack: Stack) -> None:
    """Containers, networks, volumes, secrets and backups; the images stay, which makes the next test faster."""
    stack.say("deleting containers, volumes and secrets")
    with contextlib.suppress(Broken):
        stack.down()
        shutil.rmtree(stack.folder)


if __name__ == "__main__":
    main()
