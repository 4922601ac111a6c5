"""Child processes that read what strangers sent: under limits, without keys, and ended whatever they do."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import niangjia

WRITTEN_BYTES = 1024 * 1024 * 1024


class ChildTooSlow(Exception):
    """The child took longer than it may."""


def run_child(module: str, words: Sequence[str], *, memory: int, seconds: float) -> int:
    """Run one of our modules with these words; returns how it ended, negative when a limit ended it."""
    # Neither keys nor the database's address go along.
    environment = {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part), "PATH": os.defpath}
    child = subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=Path(niangjia.__file__).parent.parent, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    # Set from outside: a function run between fork and exec is not safe where threads run.
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(child.pid, resource.RLIMIT_AS, (memory, memory))
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (WRITTEN_BYTES, WRITTEN_BYTES))
        resource.prlimit(child.pid, resource.RLIMIT_CORE, (0, 0))
    try:
        return child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise ChildTooSlow from None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
