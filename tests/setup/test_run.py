"""run.py: what it says when it cannot go on, and that it stops without leaving anything behind."""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import io
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from niangjia.site import processes

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 90
HOST = "union.example.cn"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """run.py as a module, with its folders and the machine's settings out of the way."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    indexes = ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "PIP_CONFIG_FILE")
    for name in (*indexes, "NIANGJIA_HOME", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(module, "VAR", tmp_path / "var")
    monkeypatch.setattr(module, "UV", tmp_path / "var" / "tools" / "uv")
    return module


class Index:
    """A package index on this machine that serves one wheel."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.asked.append((self.path, self.headers.get("Authorization", "")))
                body = index.files.get(self.path)
                self.send_response(200 if body is not None else 404)
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def index() -> Iterator[Index]:
    served = Index()
    yield served
    served.server.shutdown()
    served.server.server_close()


def wheel(module: ModuleType, program: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(f"uv-{module.UV_VERSION}.data/scripts/uv", program)
    return stream.getvalue()


def offer(module: ModuleType, index: Index, content: bytes, monkeypatch: pytest.MonkeyPatch, pinned: bytes) -> None:
    name = "uv-test.whl"
    machine = module.platform.machine()
    monkeypatch.setattr(module, "UV_WHEELS", {machine: (name, hashlib.sha256(pinned).hexdigest())})
    index.files["/simple/uv/"] = f'<a href="../../files/{name}#sha256=x">{name}</a>'.encode()
    index.files[f"/files/{name}"] = content


def test_the_installer_comes_from_the_configured_index_and_is_checked(
    run: ModuleType, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = wheel(run, b"#!/bin/sh\n")
    offer(run, index, content, monkeypatch, pinned=content)
    monkeypatch.setenv("PIP_INDEX_URL", f"{index.url.replace('://', '://plum:se%40cret@')}/simple/")
    run.install_uv()
    assert run.UV.read_bytes() == b"#!/bin/sh\n"
    assert os.access(run.UV, os.X_OK)
    assert index.asked[0] == ("/simple/uv/", "Basic cGx1bTpzZUBjcmV0")


def test_an_installer_with_another_content_is_not_used(
    run: ModuleType, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(run, index, wheel(run, b"evil"), monkeypatch, pinned=wheel(run, b"good"))
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"{index.url}/simple")
    with pytest.raises(run.Stop, match="not the one on record"):
        run.install_uv()
    assert not run.UV.exists()


def test_an_index_out_of_reach_gets_a_sentence_with_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        monkeypatch.setattr(run.time, "sleep", lambda seconds: None)
        with pytest.raises(run.Stop, match=r"连不上软件源(.|\n)*UV_DEFAULT_INDEX"):
            run.install_uv()


def test_the_index_of_pip_s_own_settings_is_used(run: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "pip"
    folder.mkdir(parents=True)
    (folder / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple/\n")
    assert run.configured_index() == "https://mirror.example/simple"


def test_only_the_wheels_on_record_are_pinned(run: ModuleType) -> None:
    assert set(run.UV_WHEELS) == {"x86_64", "aarch64"}
    for name, digest in run.UV_WHEELS.values():
        assert run.UV_VERSION in name
        assert re.fullmatch("[0-9a-f]{64}", digest)


@pytest.mark.parametrize(
    ("demo_now", "home", "said"), [(None, "demo", "demo"), ("", "", "var"), ("", "elsewhere", "elsewhere")]
)
def test_backup_and_restore_work_on_what_would_be_served(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    demo_now: str | None, home: str, said: str,
) -> None:  # fmt: skip
    called: list[list[str]] = []
    monkeypatch.setattr(run, "install", lambda groups: None)
    monkeypatch.setattr(run.os, "execv", lambda path, words: called.append(words))
    for name, value in (("NIANGJIA_DEMO_NOW", demo_now), ("NIANGJIA_HOME", home if home == "elsewhere" else None)):
        monkeypatch.setenv(name, value or "")
        if value is None:
            monkeypatch.delenv(name)
    run.main(["restore", "x.backup", "--only-check"])
    assert called[0][1:] == [str(ROOT / "manage.py"), "restore", "x.backup", "--only-check"]
    assert capsys.readouterr().out.strip().endswith(said)
    assert os.environ.get("NIANGJIA_HOME", "") == (str(tmp_path / "var" / "demo") if home == "demo" else home)


def test_installing_alone_asks_for_no_port(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside a running service the port is taken, and what an update brings must be installed all the same."""
    installed: list[tuple[str, ...]] = []
    monkeypatch.setattr(run, "install", installed.append)
    monkeypatch.setattr(run, "check_port", lambda port: pytest.fail("it asked for the port"))
    assert run.main(["install"]) == 0
    assert installed == [run.TO_RUN]


def test_the_address_of_a_database_is_not_printed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "install", lambda groups: None)
    monkeypatch.setattr(run.os, "execv", lambda path, words: None)
    monkeypatch.setenv("NIANGJIA_DEMO_NOW", "")
    monkeypatch.setenv("DATABASE_URL", "postgresql://niangjia:a-secret@db/niangjia")
    run.main(["backup"])
    assert "a-secret" not in capsys.readouterr().out


def test_resetting_refuses_anything_but_the_stage(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "niangjia.sqlite3").write_text("real people")
    for name, value in (("NIANGJIA_HOME", str(tmp_path / "real")), ("DATABASE_URL", "postgresql:///real")):
        monkeypatch.setenv("NIANGJIA_HOME", str(tmp_path / "var" / "demo"))
        monkeypatch.setenv(name, value)
        with pytest.raises(run.Stop, match="Nothing was touched"):
            run.reset_stage()
    assert (tmp_path / "real" / "niangjia.sqlite3").read_text() == "real people"


def test_a_stage_that_is_being_served_is_not_reset(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = run.VAR / "demo"
    stage.mkdir(parents=True)
    (stage / "niangjia.sqlite3").touch()
    monkeypatch.setenv("NIANGJIA_HOME", str(stage))
    with open(stage / "serving.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(run.Stop, match="Ctrl-C"):
            run.reset_stage()
    assert (stage / "niangjia.sqlite3").exists()
    run.reset_stage()
    assert not (stage / "niangjia.sqlite3").exists()


def test_the_exported_hashes_are_those_of_the_lock_file() -> None:
    locked = set(re.findall(r"sha256:[0-9a-f]{64}", (ROOT / "uv.lock").read_text()))
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-nightly.lock"):
        exported = set(re.findall(r"sha256:[0-9a-f]{64}", (ROOT / name).read_text()))
        assert exported
        assert exported <= locked, f"{name} is older than uv.lock: export it again, see CONTRIBUTING.md"


def test_a_taken_port_gets_a_plain_sentence_in_both_languages_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, str(ROOT / "run.py"), "--port", str(port)], capture_output=True, text=True, timeout=20
        )
    assert done.returncode == 1
    assert f"端口 {port} 已被别的程序占用" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _processes_naming(text: str) -> list[str]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in command:
            found.append(command)
    return found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A site without a demo county, served as on a server behind its proxy: process, address and log."""
    port, log = _free_port(), tmp_path / "log"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "NIANGJIA_HOME": str(tmp_path / "home"),
        "NIANGJIA_KEY_FILE": str(tmp_path / "keys.json"),
        "NIANGJIA_DEMO_NOW": "",
        # As on a server with a name behind a proxy, which is what it must start as.
        "NIANGJIA_HOSTS": HOST,
        "NIANGJIA_TLS": "yes",
    }
    with log.open("w") as out:
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port), "--workers", "1"]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, text=True, cwd=ROOT)
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_SECONDS
        while address not in log.read_text() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        yield process, address, log
        if process.poll() is None:
            process.kill()
            process.wait()


def test_a_site_answers_then_stops_on_ctrl_c_without_traceback_or_orphan(
    site: tuple[subprocess.Popen[str], str, Path],
) -> None:
    process, address, log = site
    port = address.rpartition(":")[2]
    assert process.poll() is None, log.read_text()
    behind = urllib.request.Request(address, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    with urllib.request.urlopen(behind, timeout=10) as answer:
        assert answer.status == 200
    assert len(_processes_naming(f"--port {port}")) >= 2
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 130, "what the unit of docs/how-to/deploy.md takes for a good end"
    assert "Traceback" not in log.read_text()
    assert _processes_naming(f"--port {port}") == []


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [(" union.example.cn , 10.0.0.8", "union.example.cn"), (".example.cn", "example.cn"), ("*", None)],
)
def test_the_first_page_is_asked_for_by_the_first_name(
    hosts: str, asked: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIANGJIA_HOSTS", hosts)
    assert processes._as_the_proxy_asks().get("Host") == asked


@pytest.mark.nightly
def test_a_site_killed_outright_leaves_no_orphan(site: tuple[subprocess.Popen[str], str, Path]) -> None:
    process, address, _log = site
    port = address.rpartition(":")[2]
    process.kill()
    process.wait()
    deadline = time.monotonic() + 15
    while _processes_naming(f"--port {port}") and time.monotonic() < deadline:
        time.sleep(0.2)
    assert _processes_naming(f"--port {port}") == []
