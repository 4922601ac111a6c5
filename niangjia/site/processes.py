"""The processes of a running site: the web server and the ticker, stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from niangjia.site import environment

ROOT = Path(__file__).resolve().parent.parent.parent
THREADS = 4
START_SECONDS = 60.0
STOP_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1
# `core.clock` reads it: all processes of one demo stage share one clock.
STARTED_VARIABLE = "NIANGJIA_DEMO_STARTED"


class ServerDied(Exception):
    """A process ended that should go on."""


class PortTaken(Exception):
    """Another program listens there."""


def check_port(host: str, port: int) -> None:
    """Raise `PortTaken` when somebody listens there already.

    The web server shares its port between workers, so a second site would silently share it too.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port) from None


class Processes:
    """Starts the web server and the ticker, watches them, and never leaves one behind."""

    def __init__(self, host: str, port: int, played: Path, workers: int = 1) -> None:
        self._host, self._port = host, port
        self._address = f"http://{host}:{port}/"
        # One is enough for a stage, and twice as quick to start where cores are few.
        count = max(1, workers)
        # How long the demo day has run: a second start goes on there, never before what is recorded.
        self._played = played
        self._started = time.time() - self._seconds_played()
        self._web = (
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
             "--workers", str(count), "--blocking-threads", str(THREADS), "--backpressure", str(4 * THREADS * count),
             "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
             "--no-access-log",  # addresses hold what was searched for
             "niangjia.site.wsgi:application"]
        )  # fmt: skip
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the web server."""
        check_port(self._host, self._port)
        self._start(self._web)

    def start_ticker(self) -> None:
        """Start the ticker: after the first page, which would otherwise wait for it on a small machine."""
        self._start([sys.executable, str(ROOT / "manage.py"), "ticker"])

    def _start(self, command: list[str]) -> None:
        environment = {**os.environ, STARTED_VARIABLE: str(self._started)}
        # A session of its own: Ctrl-C reaches this process alone, which stops them in order.
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, start_new_session=True, preexec_fn=_die_with_parent
        )
        self._running.append(process)

    def _seconds_played(self) -> float:
        try:
            return float(self._played.read_text())
        except (OSError, ValueError):
            return 0.0

    def _note_seconds_played(self) -> None:
        beside = self._played.with_suffix(".new")
        beside.write_text(str(time.time() - self._started))
        beside.replace(self._played)

    def wait_for_first_page(self) -> None:
        """Wait until the front page answers."""
        deadline = time.monotonic() + START_SECONDS
        asked = urllib.request.Request(self._address, headers=_as_the_proxy_asks())  # noqa: S310  our own address
        while time.monotonic() < deadline:
            self._check()
            with contextlib.suppress(OSError):
                try:
                    urllib.request.urlopen(asked, timeout=5).close()  # noqa: S310  our own address
                except urllib.error.HTTPError as answer:
                    raise ServerDied(f"HTTP {answer.code}") from None
                return
            time.sleep(0.05)
        raise ServerDied("timeout")

    def wait(self) -> None:
        """Watch until one of them ends."""
        while True:
            self._check()
            self._note_seconds_played()
            time.sleep(1.0)

    def _check(self) -> None:
        for process in self._running:
            if process.poll() is not None:
                raise ServerDied(f"{process.args[2]}: exit code {process.returncode}")  # type: ignore[index]

    def stop(self) -> None:
        """Ask both to stop, and make them if they do not."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave one behind
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # what is left of its session: a worker that hung
            process.wait()


def _as_the_proxy_asks() -> dict[str, str]:
    """The first name the site answers to: asked by its address, a server with names of its own refuses."""
    name = environment.hosts()[0].removeprefix(".")  # ".example.cn" is the name itself and all below it
    return {} if name == "*" else {"Host": name, "X-Forwarded-Proto": "https"}


def _die_with_parent() -> None:
    # Should this process be killed outright, the kernel tells its children.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
