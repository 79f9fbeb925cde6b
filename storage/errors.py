"""Errors a caller decides by: each type says what the caller should do, and carries the exit code that says it."""

from __future__ import annotations

import enum
import re


class ExitCode(enum.IntEnum):
    """What the end of a command means; Airflow tasks and shell scripts decide by it."""

    DONE = 0
    USAGE = 2
    DEGRADED = 3
    RETRY_LATER = 4
    FAILED = 5


# user:password@ in an address, up to the last @, because some passwords hold one that nobody escaped. What looks like
# a port is none. And the values of parameters that hold a secret.
_USER_INFO = re.compile(r"(://[^\s:/@]*:)(?!\d+(?:[/?#\s'\"]|$))\S*@")
_PARAMETER = re.compile(
    r"(?i)([?&;](?:password|passwd|pwd|token|secret|api_?key|access_?key|sig|signature)=)"
    r"[^&\s]+?(?=&|['\")\]>]*[:,.;]?(?:\s|$))"
)


def without_passwords(text: str) -> str:
    """A text in which passwords of addresses are masked: errors quote what somebody set."""
    return _PARAMETER.sub(r"\1***", _USER_INFO.sub(r"\1***@", text))


class WarraqError(Exception):
    """Base of all expected failures: one line that names the thing, one that says what to do.

    `retry_after_seconds` is set where the other side said when to come back.
    """

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, remedy: str = "", retry_after_seconds: float | None = None) -> None:
        self.message = without_passwords(message)
        self.remedy = without_passwords(remedy)
        super().__init__(self.message)
        self.retry_after_seconds = retry_after_seconds


class UsageError(WarraqError):
    """The request itself is wrong (unknown portal, reversed window): correct it, a retry is useless."""

    exit_code = ExitCode.USAGE


class RetryLater(WarraqError):
    """The world is not ready (store unreachable, portal answers 503): the same call may succeed later."""

    exit_code = ExitCode.RETRY_LATER


class Interrupted(RetryLater):
    """Somebody asked the stage to stop: no failure of the portal's, and nothing is written any more on the way out."""


class StageFailed(WarraqError):
    """The stage ended and its result must not be used (nothing found, audit refused): a person has to look."""

    exit_code = ExitCode.FAILED


class StoreUnreachable(RetryLater):
    """The object store or catalog does not answer: try again later."""


class StoreDenied(StageFailed):
    """The store refuses the credentials or the permission: a retry is useless, correct the configuration."""


class ObjectMissing(StageFailed):
    """No object under this key: the caller decides whether that is normal."""


class ObjectExists(StageFailed):
    """A conditional put found the key taken: somebody else wrote first."""


class DamagedObject(StageFailed):
    """Bytes do not match their recorded digest or format: fetch again or report, never skip."""


# Errors that libraries raise in place of Python's KeyboardInterrupt.
_INTERRUPTS = ("InterruptException", "ArrowCancelled")
_LIBRARIES = ("duckdb", "_duckdb", "pyarrow")


def is_interrupt(error: BaseException | None) -> bool:
    """Whether an error is somebody's Ctrl-C, whichever library met it first, or was made from such a one."""
    return error is not None and (_tells_of_interrupt(error) or is_interrupt(error.__cause__))


def _tells_of_interrupt(error: BaseException) -> bool:
    kind = type(error)
    if isinstance(error, KeyboardInterrupt) or kind.__name__ in _INTERRUPTS:
        return True
    if kind is RuntimeError:  # of DuckDB's client
        return "Query interrupted" in str(error)
    # A function of ours that the library was calling met it.
    return kind.__module__.partition(".")[0] in _LIBRARIES and "KeyboardInterrupt" in str(error)
