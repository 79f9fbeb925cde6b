"""Ports on loopback for what is started: free ones, and each for one process."""

from __future__ import annotations

import atexit
import contextlib
import random
import socket
import sys

from storage.errors import UsageError

_OTHER_PORTS = (20_000, 32_000)


def free_port(*preferred: int) -> int:
    """The first of these ports that is free, else a random one below the ephemeral range.

    It is this process's until that ends: what will listen there takes seconds to start, and a second `warraq demo`
    that begins meanwhile must choose another.
    """
    for port in (*preferred, *(random.randrange(*_OTHER_PORTS) for _ in range(100))):  # noqa: S311 - no secret
        with contextlib.suppress(UsageError):
            check_port(port)
            if _is_ours_now(port):
                return port
    raise UsageError("no free port found on loopback", remedy="end something that listens")


def _is_ours_now(port: int) -> bool:
    """Take a name that the kernel gives to one process at a time; elsewhere than on Linux there is none."""
    if sys.platform != "linux":
        return True
    holder = socket.socket(socket.AF_UNIX)
    try:
        holder.bind(f"\0warraq-port-{port}")
    except OSError:
        holder.close()
        return False
    atexit.register(holder.close)
    return True


def check_port(port: int) -> None:
    """Raises UsageError where somebody listens on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}", remedy="choose another with --port"
            ) from error
