"""List pages and searches among 1,000,000 persons on PostgreSQL, through the real web server on this machine.

The server runs two processes, the clients are threads of this one; database, server and clients share the
cores. Each client waits for its answer before it asks again, so the waiting grows with the clients.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from benchmarks.million import BEGAN, in_child

# What a page asks with when it exchanges a part of itself: hits while typing, the rows of a list.
FRAGMENT = {"HX-Request": "true", "HX-Target": "list-page"}
SERVERS, CLIENTS, SECONDS, WARM_UP = 2, (1, 4, 8), 10, 20
LISTS = ("households, first pages", "persons, first pages")
ROOT = Path(__file__).resolve().parent.parent


def measure() -> dict[str, str]:
    """Milliseconds by kind of page for one client, then answers each second and p95 for more of them."""
    return in_child("benchmarks.bench_registry")


def measured(built: dict[str, Any]) -> dict[str, str]:
    """The same, in the process that has the million."""
    found = {}
    with _server() as port:
        for who in ("county", "town"):
            cookie, pages = _cookie(built["users"][who]), _pages(built["people"])
            for kind, paths in pages.items():
                _ask(port, cookie, paths[:WARM_UP], kind)
                found[f"{who} officer, {kind}"] = _spread(_ask(port, cookie, paths, kind))
            lists = {kind: paths for kind, paths in pages.items() if kind in LISTS}
            turned = {kind: [f"#{path}" for path in paths] for kind, paths in lists.items()}
            for words, some in (("all kinds mixed", pages), ("lists alone", lists), ("turning pages", turned)):
                mixed = [path for together in zip(*some.values(), strict=True) for path in together]
                for clients in CLIENTS:
                    found[f"{who} officer, {words}, {clients} clients"] = _under_load(port, cookie, mixed, clients)
    return found


def _pages(people: Sequence[tuple[str, str, Any, str]]) -> dict[str, list[str]]:
    """Addresses of each kind, a different one each time; a fragment is what a pause in typing asks for."""
    from niangjia.people.readings import readings  # noqa: PLC0415  Django starts with the million

    some = people[:60]
    return {
        "search, surname": [f"/desk/search/?q={quote(name[0])}" for name, *_ in some],
        "search, whole name": [f"/desk/search/?q={quote(name)}" for name, *_ in some],
        "results while typing, pinyin letters": [f"#/desk/search/?q={readings(name).initials}" for name, *_ in some],
        "results while typing, syllables": [f"#/desk/search/?q={readings(name).syllables}" for name, *_ in some],
        "search, tail of a number": [f"/desk/search/?q={number[-4:]}" for _, number, *_ in some],
        "search, name in a town": [f"/desk/search/?q={quote(name[:2])}+{quote('第3镇')}" for name, *_ in some],
        "search, nothing found": [f"/desk/search/?q={quote('苍耳')}{at}" for at in range(len(some))],
        LISTS[0]: [f"/desk/households/?page={at % 5 + 1}" for at in range(len(some))],
        LISTS[1]: [f"/desk/persons/?page={at % 5 + 1}" for at in range(len(some))],
    }


def _cookie(user: Any) -> str:
    from django.test import Client  # noqa: PLC0415

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@contextmanager
def _server() -> Iterator[int]:
    from benchmarks.installation import DEMO_NOW, HOME  # noqa: PLC0415
    from niangjia.site.processes import STARTED_VARIABLE  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "niangjia.site.settings", "NIANGJIA_HOME": str(HOME),
        "NIANGJIA_DEMO_NOW": DEMO_NOW, STARTED_VARIABLE: str(BEGAN),
        "DATABASE_URL": os.environ["NIANGJIA_BENCH_DATABASE"],
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
               "--workers", str(SERVERS), "--blocking-threads", "4", "--log-level", "warning",
               "niangjia.site.wsgi:application"]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sys.stderr)
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("The web server did not start.")


def _ask(port: int, cookie: str, paths: Sequence[str], kind: str) -> list[float]:
    connection, seconds = http.client.HTTPConnection("127.0.0.1", port, timeout=60), []
    for path in paths:
        seconds.append(_one(connection, cookie, path))
    connection.close()
    return seconds


def _one(connection: http.client.HTTPConnection, cookie: str, path: str) -> float:
    headers = {"Cookie": cookie, "Host": "localhost", **(FRAGMENT if path[0] == "#" else {})}
    began = time.perf_counter()
    connection.request("GET", path.removeprefix("#"), headers=headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}.")
    return time.perf_counter() - began


def _under_load(port: int, cookie: str, paths: Sequence[str], clients: int) -> str:
    seconds: dict[int, list[float]] = defaultdict(list)
    end = time.monotonic() + SECONDS

    def run(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for path in cycle(paths[number * 7 :] + paths[: number * 7]):  # type: ignore[operator]
            if time.monotonic() > end:
                break
            seconds[number].append(_one(connection, cookie, path))
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = [one for some in seconds.values() for one in some]
    return f"{len(together) / SECONDS:.0f} answers a second, {_spread(together)}"


def _spread(seconds: Sequence[float]) -> str:
    return f"median {median(seconds) * 1000:.0f} ms, p95 {quantiles(seconds, n=20)[-1] * 1000:.0f} ms"
