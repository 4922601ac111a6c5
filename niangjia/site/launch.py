"""Serve the site: python -m niangjia.site.launch --port 8000. Prepares it first where anything changed.

This process imports no Django: reading the whole house takes seconds, and when nothing has changed
since the last start only the web server has to.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from niangjia.site.processes import PortTaken, Processes, ServerDied, check_port

ROOT = Path(__file__).resolve().parent.parent.parent
WATCHED = ("niangjia", "programmes")
LEFT_OUT = {"__pycache__", "tests"}
PREPARED, ANNOUNCEMENT = "prepared", "announcement.txt"


class NotPrepared(Exception):
    """A step before serving failed; it has said why."""


def home() -> Path:
    """The folder of this installation's data, as the settings read it."""
    return Path(os.environ.get("NIANGJIA_HOME", str(ROOT / "var")))


def fingerprint() -> str:
    """Changes when a file of the house changes, or when the database is another one; empty if it cannot be told."""
    database = home() / "niangjia.sqlite3"
    if os.environ.get("DATABASE_URL") or not database.exists():
        return ""  # what a server's database holds is asked at every start
    digest = hashlib.sha256(f"{database.stat().st_ino} {os.environ.get('NIANGJIA_DEMO_NOW', '')}".encode())
    for top in WATCHED:
        for folder, folders, files in os.walk(ROOT / top):
            folders[:] = sorted(set(folders) - LEFT_OUT)
            for name in sorted(files):
                if not name.endswith((".mo", ".pyc")):
                    state = os.stat(os.path.join(folder, name))
                    digest.update(f"{folder}/{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare() -> None:
    """Bring database, messages and static files up to date, unless nothing changed since the last time."""
    home().mkdir(parents=True, exist_ok=True)
    mark = home() / PREPARED
    # Two starts at once must not build the demo county twice.
    with locked("prepare.lock", fcntl.LOCK_EX):
        before = fingerprint()
        if before and mark.exists() and mark.read_text() == before:
            return
        mark.unlink(missing_ok=True)
        _run_prepare()
        mark.write_text(fingerprint())


def _run_prepare() -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "prepare", "--announcement", str(home() / ANNOUNCEMENT)]
    # A session of its own: Ctrl-C reaches this process alone, which passes it on once.
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        if process.wait():
            raise NotPrepared
    except BaseException:
        process.terminate()
        process.wait()
        raise


@contextlib.contextmanager
def locked(name: str, kind: int) -> Iterator[None]:
    """Hold a lock of this installation for the block."""
    with open(home() / name, "w") as file:
        fcntl.flock(file, kind)
        yield


def serve(host: str, port: int, workers: int) -> None:
    """Serve until told to stop; the lock keeps the stage from being reset meanwhile."""
    with locked("serving.lock", fcntl.LOCK_SH):
        processes = Processes(host, port, home() / "demo-seconds", workers)
        try:
            processes.start()
            processes.wait_for_first_page()
            _say(f"\n娘家 / Niangjia: http://{host}:{port}\n")
            _say((home() / ANNOUNCEMENT).read_text(encoding="utf-8"))
            _say("按 Ctrl-C 停止 / Press Ctrl-C to stop.")
            processes.start_ticker()
            processes.wait()
        finally:
            processes.stop()


def main(argv: list[str]) -> int:
    """Read what is asked for, prepare, serve; the answer is the exit code."""
    parser = argparse.ArgumentParser(prog="serve", description="Prepare the installation and serve it.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=1, help="web processes; a busy server wants one per core")
    options = parser.parse_args(argv)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _interrupt)
    try:
        check_port(options.host, options.port)
        prepare()
        serve(options.host, options.port, options.workers)
    except KeyboardInterrupt:
        _say("\n已停止 / Stopped.")
        return 130
    except PortTaken as taken:
        _say(
            f"端口 {taken} 已被别的程序占用。请换一个端口，例如 --port {int(str(taken)) + 1}\n"
            f"Port {taken} is taken by another program. Choose another, such as --port {int(str(taken)) + 1}"
        )
    except ServerDied as died:
        _say(f"网页服务没有起来（原因见上）：{died}\nThe web server did not start (see above): {died}")
    except NotPrepared:
        _say("准备没有做完（原因见上）；排除原因后再运行一次。")
        _say("Preparing was not finished (see above); mend the cause and run again.")
    return 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
