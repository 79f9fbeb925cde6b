"""What looks at the time is right at hours at which clocks are odd; `make clocks` tries more of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.clocks import IN_CI, INSTANTS, faketime, moved, run

needs_faketime = pytest.mark.skipif(faketime() is None, reason="needs Debian's package faketime")


@needs_faketime
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", IN_CI)
def test_what_looks_at_the_time_is_right_then(name: str) -> None:
    library = faketime()
    assert library
    ended = run(INSTANTS[name], library)
    assert ended.returncode == 0, ended.stdout


@needs_faketime
def test_the_clock_of_children_is_moved_too() -> None:
    library = faketime()
    assert library
    child = "import subprocess, sys; print(subprocess.check_output(['date', '-u', '+%F'], text=True))"
    environ = moved("2028-02-29T21:30Z", library, {"PATH": "/usr/bin:/bin"})
    ended = subprocess.run([sys.executable, "-c", child], env=environ, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "2028-02-29"
