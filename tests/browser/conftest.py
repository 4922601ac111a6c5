"""A real server on the demo county, and real Chromium on phone and desk size, with and without scripts."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser.findings import serious_findings
from tests.browser.serving import Started

ROOT = Path(__file__).resolve().parent.parent.parent
DEMO_NOW = "2026-08-03T08:30"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1366, "height": 768}}
CHROMIUM_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
START_SECONDS = 60
RENEWALS = 50
STOP_SECONDS = 10
WAIT_MS = 20_000


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test.

    A journey has up to four forms: with scripts and without, on two sizes with a language each. Each commit walks
    one of the two that have nothing in common, journey after journey the other one; the night walks all.
    """
    journeys: dict[tuple[str, str], list[pytest.Item]] = {}
    for item in items:
        if not Path(str(item.fspath)).is_relative_to(Path(__file__).parent):
            continue
        item.add_marker(pytest.mark.browser)
        form = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        if {"scripts", "size"} <= form.keys() and (form["scripts"] in ("scripts", True)) != (form["size"] == "desk"):
            item.add_marker(pytest.mark.nightly)
        elif item.get_closest_marker("nightly") is None and isinstance(item, pytest.Function):
            journeys.setdefault((str(item.fspath), item.originalname), []).append(item)
    for at, forms in enumerate(journeys.values()):
        for place, item in enumerate(forms):
            if place != at % len(forms):
                item.add_marker(pytest.mark.nightly)


def _environment(home: Path) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NIANGJIA_", "DATABASE_URL"))}
    env["DJANGO_SETTINGS_MODULE"] = "niangjia.site.settings"
    return {**env, "NIANGJIA_HOME": str(home), "NIANGJIA_DEMO_NOW": DEMO_NOW}


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county on the morning of the demo date, built once for all that run tests side by side."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home, is_built = shared / "browser-stage", shared / "browser-stage-is-built"
    with (shared / "browser-stage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_built.exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            command = [sys.executable, str(ROOT / "manage.py"), "prepare"]
            subprocess.run(command, env=_environment(home), check=True, cwd=ROOT)
            is_built.touch()
    return home


@pytest.fixture(scope="session")
def started(stage: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Started, Path]:
    """What servers are forked from, and the home folder that all of them find."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(stage, home)
    return Started(_environment(home)), home


@dataclass
class Site:
    """A running site: its address, its home folder, and how to run a command beside it."""

    url: str
    home: Path
    started: Started

    def manage(self, *words: str) -> None:
        """Run a management command on the same database."""
        log = self.home / "command.log"
        command = self.started.module(log, "manage", *words)
        command.join()
        assert command.exitcode == 0, log.read_text(errors="replace")[-4000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(stage: Path, started: tuple[Started, Path]) -> Iterator[Site]:
    """A fresh copy of a stage, served by the real web server."""
    house, home = started
    _anew(stage, home)
    port, log = _free_port(), home / "server.log"
    words = f"granian --interface wsgi --host 127.0.0.1 --port {port} --workers 1 --log-level warning"
    server = house.module(log, *words.split(), "niangjia.site.wsgi:application")
    try:
        _wait_for(f"http://127.0.0.1:{port}/", server, log)
        yield Site(f"http://127.0.0.1:{port}", home, house)
    finally:
        _stop(server)


@pytest.fixture
def scene(stage: Path) -> Path:
    """What a test's own site is a copy of; a file may begin later in the story."""
    return stage


@pytest.fixture
def site(scene: Path, started: tuple[Started, Path]) -> Iterator[Site]:
    """A site of its own for each test."""
    with serving(scene, started) as site:
        yield site


def _anew(stage: Path, home: Path) -> None:
    """The home as the stage has it; what the last server left running may for a moment still write into the old one."""
    for attempt in range(RENEWALS):
        gone = home.with_name(f"gone-{time.monotonic_ns()}")
        with contextlib.suppress(FileNotFoundError):
            home.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
        try:
            shutil.copytree(stage, home)
        except FileExistsError:
            if attempt + 1 == RENEWALS:
                raise
            time.sleep(0.2)
        else:
            return


def _stop(server: ForkServerProcess) -> None:
    """Ask the server to end; on a busy machine one that does not hear is ended."""
    assert server.pid is not None
    for how, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, None)):
        if server.is_alive():
            os.killpg(server.pid, how)
            server.join(seconds)


def _wait_for(url: str, server: ForkServerProcess, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.is_alive():
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(log.read_text(errors="replace")[-4000:])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; let go after each module, for its event loop keeps Django from the database."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


# axe waits for promises, and without scripts none is ever kept.
_without_scripts: list[BrowserContext] = []
OpenPage = Callable[..., Page]


@pytest.fixture(params=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Every journey runs twice: with scripts, and without."""
    return bool(request.param == "scripts")


@pytest.fixture
def open_page(chromium: Browser, site: Site, scripts: bool) -> Iterator[OpenPage]:
    """Open a page of the site as a new visitor: `open_page("/login/", size="phone", language="en")`.

    When the test ends, no request may have left the site's own origin, and no script may have failed.
    """
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    broken: list[str] = []

    def _stays(url: str) -> bool:
        return url.startswith((site.url, "data:", "blob:"))

    def open_(path: str = "/", *, size: str = "desk", language: str = "zh-hans") -> Page:
        context = chromium.new_context(
            viewport=SIZES[size], has_touch=size == "phone", java_script_enabled=scripts, base_url=site.url
        )
        context.add_cookies([{"name": "language", "value": language, "url": site.url}])
        if not scripts:
            _without_scripts.append(context)
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _stays(request.url) or foreign.append(request.url))
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not foreign, f"requests left the origin: {foreign}"
    assert not broken, f"scripts failed: {broken}"


def no_findings(page: Page) -> None:
    """axe finds nothing serious on the page as it stands; it needs scripts, so it looks where they run."""
    if page.context not in _without_scripts:
        found = serious_findings(page)
        assert not found, f"{page.url}: {found}"


def log_in(page: Page, name: str) -> Page:
    """Log in as one of the demo's people, as a visitor would: from the list on the log-in page."""
    page.goto("/login/")
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()
    if "/login/code/" in page.url:
        code = re.search(r"(?<!\d)\d{6}(?!\d)", page.inner_text("main"))
        assert code, "the demo shows the message that would have been sent"
        page.fill("input[name=code]", code.group())
        press_main(page)
    assert "/login/" not in page.url, page.url
    return page


def look_again(page: Page, address: str) -> None:
    """Open a page that may at this moment be looking again by itself: then it is asked for once more."""
    try:
        page.goto(address)
    except Error as broken:
        if "ERR_ABORTED" not in broken.message:
            raise
        page.goto(address)


def press(page: Page, button: str) -> None:
    """Press a button or link, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(button).first.click()


def press_main(page: Page) -> None:
    """Press the page's one main button."""
    press(page, "main .button-main")


def text_of(page: Page) -> str:
    """The words of the page's main part, blanks squeezed, as a reader sees them."""
    return re.sub(r"\s+", "", page.inner_text("main"))
