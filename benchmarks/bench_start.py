"""From the command to the first page, a stage built before: what a second start costs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAGE = ROOT / "var" / "demo"
TRIES = 3


def measure() -> dict[str, str]:
    """Seconds of the second start, the best and the worst of a few."""
    if not (STAGE / "niangjia.sqlite3").exists():
        return {"not measured": "there is no stage yet; run python3 run.py once"}
    seconds = sorted(_start() for _ in range(TRIES))
    return {"second start": f"{seconds[0]:.1f} to {seconds[-1]:.1f} s ({TRIES} starts)"}


def _start() -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    command = [sys.executable, str(ROOT / "run.py"), "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL)
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
            except OSError:
                if process.poll() is not None or time.monotonic() - began > 120:
                    raise RuntimeError("The site did not start.") from None
                time.sleep(0.02)
            else:
                return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
