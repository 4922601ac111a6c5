"""A PostgreSQL of one's own that is set up, killed and brought back by the lines of the documents."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a-plant-grows@here"


def blocks(page: str) -> list[str]:
    """The code blocks of a document: runs of lines that begin with four blanks, without them."""
    found: list[list[str]] = []
    inside = False
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found = found if inside else [*found, []]
            found[-1].append(line[4:])
            inside = True
        elif line.strip() or not inside:
            inside = False
        else:
            found[-1].append("")
    return ["\n".join(lines).strip() for lines in found]


def block(page: str, holds: str) -> str:
    """The one block that holds these words."""
    (found,) = [text for text in blocks(page) if holds in text]
    return found


def part(text: str, name: str) -> str:
    """What stands in a block under the line that names this file, as far as the next file."""
    return text.split(f"# {name}\n", 1)[1].split("\n# /", 1)[0]


def setting(unit: str, name: str) -> str:
    """One setting of a systemd unit."""
    (found,) = [line.partition("=")[2] for line in unit.splitlines() if line.startswith(f"{name}=")]
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Cluster:
    """Its folder (with the socket, the log, the data and whatever is copied), who runs it, and its programs."""

    base: Path
    user: str
    programs: Path
    port: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The files of the database."""
        return self.base / "data"

    @property
    def url(self) -> str:
        """The address of the database by the socket, as the user who owns all."""
        server, _, database = postgres.url_of(str(self.base), self.user).rpartition("/")
        return f"{server}:{self.port}/{database}"

    def run(self, command: str, *, given: str = "", checked: bool = True) -> subprocess.CompletedProcess[str]:
        """A line of shell as the user who runs the server, with its programs at hand."""
        path = f"{self.programs / 'bin'}:{os.environ['PATH']}"
        environment = {"PATH": path, "PGHOST": str(self.base), "PGPORT": str(self.port), "PGUSER": self.user}
        done = subprocess.run(
            ["bash", "-c", command], user=self.user if os.getuid() == 0 else None, env=environment, cwd=self.base,
            input=given, capture_output=True, text=True, start_new_session=True,
        )  # fmt: skip
        assert not checked or done.returncode == 0, f"{command}: {done.stdout} {done.stderr}"
        return done

    def rows(self, statement: str, database: str = "niangjia") -> list[list[str]]:
        """What a statement answers, as text."""
        told = self.run(f"psql -XAt -F '|' -v ON_ERROR_STOP=1 -d {database} -f -", given=statement).stdout
        return [line.split("|") for line in told.splitlines()]

    def start(self, *options: str) -> None:
        """Start it, with settings of this once, and wait until it answers."""
        with (self.base / "log").open("ab") as log:
            process = subprocess.Popen(
                [str(self.programs / "bin/postgres"), "-D", str(self.data), "-p", str(self.port), *options],
                stdout=log, stderr=log, user=self.user if os.getuid() == 0 else None, cwd=self.base,
                preexec_fn=postgres.die_with_parent, start_new_session=True,
            )  # fmt: skip
        self.running = [process]
        postgres.wait_for(process, self.base, self.user, self.port)

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """Ask it to stop, or kill every process of it at one stroke."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                if number == signal.SIGKILL:
                    os.killpg(process.pid, number)
                process.send_signal(number)
            process.wait(60)
        self.running = []


@contextlib.contextmanager
def own_cluster(settings: str = "") -> Iterator[Cluster]:
    """A new cluster; it listens at its socket (no password) and at 127.0.0.1 (with one)."""
    base = Path(tempfile.mkdtemp(prefix="njpg", dir="/tmp"))
    try:
        user = postgres.owner_of(base)
        cluster = Cluster(base, user, postgres.programs_for(base, user), free_port())
        cluster.run(
            f"initdb -D {cluster.data} -U {user} -E UTF8 --no-locale --no-sync"
            " --auth-local=trust --auth-host=scram-sha-256"
        )
        with (cluster.data / "postgresql.conf").open("a") as conf:
            conf.write(f"listen_addresses = '127.0.0.1'\nunix_socket_directories = '{base}'\n{settings}\n")
        cluster.start()
        yield cluster
    finally:
        with contextlib.suppress(UnboundLocalError):
            cluster.end(signal.SIGQUIT)  # at once: it is thrown away
        shutil.rmtree(base, ignore_errors=True)
