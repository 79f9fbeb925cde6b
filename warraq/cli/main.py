"""The `warraq` command: finds subcommands by their folders, without importing them; turns errors into exit codes."""

from __future__ import annotations

import contextlib
import difflib
import errno
import importlib
import importlib.metadata
import os
import pkgutil
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

import warraq
from storage.errors import ExitCode, RetryLater, StageFailed, UsageError, WarraqError, is_interrupt
from storage.schema.start_up import start_quickly
from warraq.cli.signals import INTERRUPTED, in_a_child
from warraq.cli.terminal_text import safe_line
from warraq.findings.stage_outcome import error_line

COMMANDS = Path(warraq.__file__).parent / "commands"
GROUPS = ("start", "portals", "run", "read", "operate")  # in the order of `warraq --help`

# Modules whose distribution has another name.
_DISTRIBUTIONS = {"airflow": "apache-airflow", "psycopg2": "psycopg2-binary", "playwright": "scrapy-playwright"}


@contextlib.contextmanager
def _while_read() -> Iterator[None]:
    """End well where the reader (head, less) has closed."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as error:
        # Rich turns the one into the other.
        if not isinstance(error, BrokenPipeError) and not isinstance(error.__context__, BrokenPipeError):
            raise
        # Point stdout away so that the interpreter's flush stays silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(ExitCode.DONE) from None


class CommandFolder(click.Group):
    """Subcommands are the modules of warraq/commands/<group>/, each with a `command`, imported when called.

    `new-portal` is in new_portal.py, and `import`, which Python keeps for itself, in import_.py.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.modules())

    def modules(self) -> dict[str, str]:
        """Where each command is, by its name."""
        found = {}
        for group in GROUPS:
            for info in pkgutil.iter_modules([str(COMMANDS / group)]):
                found[info.name.rstrip("_").replace("_", "-")] = f"warraq.commands.{group}.{info.name}"
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by group, as their folders are; the first line of a folder's docstring is its title."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, module in sorted(self.modules().items()):
            command = self.get_command(ctx, name)
            if command and not command.hidden:
                groups.setdefault(module.rpartition(".")[0], []).append((name, command.get_short_help_str(200)))
        for group in GROUPS:
            package = f"warraq.commands.{group}"
            title = (importlib.import_module(package).__doc__ or group).splitlines()[0].rstrip(".")
            with formatter.section(title):
                formatter.write_dl(groups[package])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in self.modules() or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        near = difflib.get_close_matches(args[0], self.modules(), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"no command is named {args[0]!r}", remedy=f"{hint}`warraq --help` lists all")

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _while_read():
                return super().invoke(ctx)
        except KeyboardInterrupt:
            # Click would print an empty line first.
            raise click.Abort from None

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _while_read():  # --help is answered here
            return super().make_context(info_name, args, parent, **extra)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = self.modules().get(cmd_name)
        if name is None:
            return None
        command = importlib.import_module(name).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{name}: `command` is not a click command")
        for param in command.params:
            if param.type is click.STRING and param.callback is None:
                param.callback = _something
        return command


def _something(ctx: click.Context, param: click.Parameter, value: Any) -> Any:
    """The value that was given, which is refused where it is empty: a script's variable was, and nothing else is meant.

    Taken for left out, `remove --portal x --from "$DAY"` would remove all of the portal.
    """
    given = value if isinstance(value, tuple) else (value,)
    is_typed = ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
    if is_typed and any(isinstance(one, str) and not one.strip() for one in given):
        name = param.opts[-1] if isinstance(param, click.Option) else param.make_metavar(ctx)
        raise UsageError(f"{name}: an empty text says nothing", remedy="leave it out, or look at what was to be in it")
    return value


def refuse_unused(*names: str, where: str) -> None:
    """Raise UsageError for options that were given and say nothing `where` the command is asked this way."""
    context = click.get_current_context()
    for param in context.command.params:
        if param.name in names and context.get_parameter_source(param.name) is ParameterSource.COMMANDLINE:
            raise UsageError(f"{param.opts[-1]} says nothing {where}", remedy="leave it out")


def of_a_state(body: Callable[..., Any]) -> Callable[..., Any]:
    """The options --release and --as-of, which open_archive() takes by these names."""
    body = click.option(
        "--as-of", metavar="T", help="Over the state that readers saw then, by the commits that are still kept."
    )(body)
    return click.option("--release", metavar="NAME", help="Over this release, as 2024-12; it has no fetches.")(body)


def for_spreadsheets(body: Callable[..., Any]) -> Callable[..., Any]:
    """The option --spreadsheet, of what is written by `form_of` and `write_answer`."""
    meaning = "CSV for Excel and LibreOffice: they see that it is UTF-8, read times, and take no title for a formula."
    return click.option("--spreadsheet", is_flag=True, help=meaning)(body)


@click.group(cls=CommandFolder, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="warraq", prog_name="warraq")
def command_line() -> None:
    """Archive Arabic news portals: crawl, extract, publish, read.

    \b
    Examples:
      warraq portals
      warraq archive almasaa --from 2024-12-25 --to 2024-12-26
      warraq query "SELECT portal, count(*) FROM articles GROUP BY portal"
    """


def report_error(error: WarraqError, *, as_json: bool = False) -> None:
    """Print an expected failure on standard error: what is wrong, then what to do."""
    if as_json:
        line = error_line(safe_line(error.message), safe_line(error.remedy), error.retry_after_seconds)
        click.echo(line, err=True)
        return
    text = f"error: {error.message}" + (f" — {error.remedy}" if error.remedy else "")
    click.echo(safe_line(text), err=True)


def _mistyped(error: click.ClickException) -> UsageError:
    """Click's word on options and arguments, on one line like our own."""
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    where = context.command_path if context else "warraq"
    return UsageError(message[:1].lower() + message[1:], remedy=f"`{where} --help` shows how")


def as_told(error: BaseException) -> WarraqError | None:
    """What the caller can do about it; None for a defect of ours, which keeps its traceback."""
    if isinstance(error, ModuleNotFoundError):
        return _missing(error)
    if type(error).__module__ in ("duckdb", "_duckdb"):
        return _of_duckdb(error)
    if isinstance(error, MemoryError):
        return RetryLater("this needs more memory than there is", remedy="ask for less at once")
    if isinstance(error, UnicodeEncodeError):
        sign = error.object[error.start]
        return UsageError(f"{error.encoding} has no {sign!a}", remedy="set PYTHONIOENCODING=utf-8, or name an --output")
    from storage.iceberg.catalog import translated  # noqa: PLC0415 - slow import, needed by a failure alone

    # A full disk may be that of a pipe's other end too.
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    try:
        with translated("the output or the archive" if is_full else "the archive"):
            raise error
    except WarraqError as told:
        return told
    except Exception:
        return None


def _missing(error: ModuleNotFoundError) -> UsageError | None:
    """A library of an extra that is not installed."""
    name = (error.name or "").partition(".")[0]
    wanted = _DISTRIBUTIONS.get(name, name).replace("_", "-").lower()
    for line in importlib.metadata.requires("warraq") or ():
        match = re.match(r"([A-Za-z0-9._-]+).*extra == ['\"]([^'\"]+)['\"]", line)
        if match and match[1].lower() == wanted and match[2] not in ("test", "dev", "bench"):
            return UsageError(f"{name} is not installed", remedy=f"pip install 'warraq[{match[2]}]'")
    return None


def _of_duckdb(error: BaseException) -> WarraqError:
    """Sorting and reviewing spill to disk, and read files of the tables."""
    line = (str(error).strip() or type(error).__name__).splitlines()[0]
    if "No space left" in str(error) or "failed to offload" in str(error):
        return RetryLater("no space left for sorting", remedy="free some below WARRAQ_CACHE, then run it again")
    if "AWS Error" in line:
        from storage.iceberg.catalog import file_error  # noqa: PLC0415 - slow import, of failures alone

        return file_error(OSError(line), "the archive")
    return StageFailed(f"rows could not be read or sorted: {line}", remedy="see `warraq verify`; then run it again")


def _in_utf8() -> None:
    """Start over in Python's UTF-8 mode where the locale has another encoding: few have Arabic, and no two alike."""
    if sys.getfilesystemencoding() != "utf-8" and os.environ.get("PYTHONUTF8") != "1":
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - what was called, once more


def _going_on(words: list[str]) -> str:
    """What to do after Ctrl-C: an answer that was not waited for has nothing to go on with."""
    is_answer = words[:1] != ["export"] and ".read." in command_line.modules().get(" ".join(words[:1]), "")
    return "" if is_answer else "; run the same command again to go on"


def main(arguments: list[str] | None = None, *, is_child: bool = False) -> None:
    """Run the command line and exit with a meaningful code (see storage.errors.ExitCode).

    `is_child`: of in_a_child, where the parent tells that it was interrupted.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if arguments is None:
            _in_utf8()
            start_quickly()
            if words[:1] == ["query"]:
                sys.exit(in_a_child(lambda: main(words, is_child=True)))
        result = command_line.main(args=words, prog_name="warraq", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:
        if _was_interrupted(error):
            if arguments is None:  # said once; who asks again waits for threads that do not end
                signal.signal(signal.SIGINT, signal.SIG_DFL)
            if not is_child:
                click.echo(f"interrupted{_going_on(words)}", err=True)
            sys.exit(INTERRUPTED)
        code = _told(error, as_json="--json" in words)
        if code is None:
            raise
        sys.exit(code)
    sys.exit(result if isinstance(result, int) else ExitCode.DONE)


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C ended a command, or what cleaning up behind it raised; what we tell ourselves is told."""
    if error is None or isinstance(error, (click.Abort, WarraqError, click.exceptions.Exit, click.ClickException)):
        return isinstance(error, click.Abort) or is_interrupt(error)
    return is_interrupt(error) or (not error.__suppress_context__ and _was_interrupted(error.__context__))


def _told(error: BaseException, *, as_json: bool) -> int | None:
    """Print what a command ended with; its exit code, None for a defect of ours."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return ExitCode.USAGE
    if isinstance(error, click.ClickException):
        error = _mistyped(error)
    told = error if isinstance(error, WarraqError) else as_told(error)
    if told is None:
        return None
    report_error(told, as_json=as_json)
    return told.exit_code
