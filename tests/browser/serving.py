"""Web servers and commands forked from a process that has read the house: each took seconds to read it anew."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parent.parent.parent


class Started:
    """The process that has read the house, for one home folder; what is forked from it finds that home."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.browser.started"])
        with mock.patch.dict(os.environ, {**environment, "PYTHONPATH": str(ROOT)}, clear=True):
            forkserver.ensure_running()

    def module(self, log: Path, *words: str) -> ForkServerProcess:
        """What `python -m WORDS` would be, in a session of its own; what it says goes into this file."""
        process = self._context.Process(target=_be, args=(str(log), words))
        process.start()
        return process


def _be(log: str, words: tuple[str, ...]) -> None:
    os.setsid()
    os.chdir(ROOT)
    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(target, stream)
    # The server forks its worker in turn, from what is read already; else it would begin a new interpreter.
    multiprocessing.set_start_method("fork", force=True)
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
