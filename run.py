#!/usr/bin/env python3
"""Sets everything up and serves the demo county: python3 run.py. Proves it: python3 run.py test.

Keeps it: python3 run.py backup, python3 run.py restore ARCHIVE.

Only the standard library: this file must run where there is no pip, no venv, nothing but Python.
"""

from __future__ import annotations

import argparse
import base64
import configparser
import fcntl
import hashlib
import html.parser
import io
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VAR = ROOT / "var"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed-by-run.json"
DEMO_NOW = "2026-08-03T08:30"
DEFAULT_PORT = 8000
OLDEST_PYTHON = (3, 11)
DEFAULT_INDEX = "https://pypi.org/simple"

# The one thing fetched before anything can be checked by a lock file: pinned by content.
UV_VERSION = "0.13.9"
UV_WHEELS = {
    "x86_64": (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    "aarch64": (
        f"uv-{UV_VERSION}-py3-none-manylinux_2_28_aarch64.whl",
        "ecb6028d79dc96fbeafffe5c8af62a7099487ebc05a701e76714eebcffd06375",
    ),
}
# Groups of packages in pyproject.toml, each list with all before it: to run, to develop, for nightly tests.
TO_RUN: tuple[str, ...] = ()
TO_DEVELOP = ("dev",)
FOR_NIGHTLY = ("dev", "nightly")
UV = VAR / "tools" / f"uv-{UV_VERSION}"


class Stop(Exception):
    """A sentence for the person at the terminal: what happened and what to do, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")


class Step:
    """Prints one line per step, with the seconds it took."""

    def __init__(self, zh: str, en: str) -> None:
        self.text = f"{zh} / {en}"

    def __enter__(self) -> None:
        self.start = time.monotonic()
        print(f"· {self.text} …", flush=True)

    def __exit__(self, failed: object, *_: object) -> None:
        if not failed:
            print(f"  {time.monotonic() - self.start:.1f} s", flush=True)


# --- where packages come from ------------------------------------------------------------------


def configured_index() -> str:
    """The package index this machine is set to, or empty for the default one."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"):
        if os.environ.get(name):
            return os.environ[name].rstrip("/")
    return _pip_setting("index-url").rstrip("/")


def _pip_setting(name: str) -> str:
    files = [Path("/etc/xdg/pip/pip.conf"), Path("/etc/pip.conf")]
    files += [Path.home() / ".pip/pip.conf", Path.home() / ".config/pip/pip.conf"]
    if os.environ.get("PIP_CONFIG_FILE"):
        files.append(Path(os.environ["PIP_CONFIG_FILE"]))
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(files, encoding="utf-8")
    except (configparser.Error, OSError):
        return ""
    return parser.get("global", name, fallback="").strip()


def trust_configured_certificates() -> None:
    """Let Python and uv trust the certificates that pip is set to trust."""
    certificates = os.environ.get("PIP_CERT") or _pip_setting("cert")
    if certificates and "SSL_CERT_FILE" not in os.environ and Path(certificates).is_file():
        os.environ["SSL_CERT_FILE"] = certificates


class _Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attributes if tag == "a" and name == "href" and value]


def fetch(url: str, tries: int = 3) -> tuple[bytes, str]:
    """The bytes at an address and the address they came from; a slow or broken answer is asked for again."""
    parts = urllib.parse.urlsplit(url)
    request = urllib.request.Request(url, headers={"Accept": "text/html, */*"})
    if parts.username:
        secret = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        request = urllib.request.Request(bare, headers={"Accept": "text/html, */*"})
        request.add_unredirected_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
    for left in range(tries - 1, -1, -1):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read(), answer.geturl()
        except (OSError, urllib.error.URLError):
            if not left:
                raise
            time.sleep(1)
    raise AssertionError


def install_uv() -> None:
    """Fetch the pinned installer from the configured index and check its content."""
    if UV.exists():
        return
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform != "linux" or machine not in UV_WHEELS:
        raise Stop(
            f"这台机器（{sys.platform} {machine}）还没有试过；现在支持 x86_64 和 aarch64 的 Linux。",
            f"This kind of machine ({sys.platform} {machine}) has not been tried; Linux on x86_64 and aarch64 work.",
        )
    name, expected = UV_WHEELS[machine]
    index = configured_index() or DEFAULT_INDEX
    try:
        page, base = fetch(f"{index}/uv/")
        links = _Links()
        links.feed(page.decode())
        link = next((link for link in links.found if urllib.parse.unquote(link).split("#")[0].endswith(name)), "")
        if not link:
            raise Stop(f"软件源里没有 {name}。请换一个软件源。", f"The package index has no {name}. Use another index.")
        wheel, _ = fetch(urllib.parse.urljoin(base, link.split("#")[0]))
    except (OSError, urllib.error.URLError) as error:
        raise Stop(
            f"连不上软件源（{error}）。请检查网络和证书，或用 UV_DEFAULT_INDEX 指定能连上的软件源。什么都没有改动。",
            f"The package index cannot be reached ({error}). Check network and certificates, or name another index "
            "in UV_DEFAULT_INDEX. Nothing was changed.",
        ) from None
    if hashlib.sha256(wheel).hexdigest() != expected:
        raise Stop(
            f"下载的 {name} 与登记的校验值不符，没有使用。请换一个可信的软件源。",
            f"The {name} that came is not the one on record; it was not used. Use an index you can trust.",
        )
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        program = archive.read(f"uv-{UV_VERSION}.data/scripts/uv")
    UV.parent.mkdir(parents=True, exist_ok=True)
    beside = UV.with_name(f"{UV.name}.{os.getpid()}")
    beside.write_bytes(program)
    beside.chmod(0o755)
    beside.replace(UV)


# --- the environment ---------------------------------------------------------------------------


def wanted_stamp() -> dict[str, str]:
    """What the installed environment must have come from."""
    lock = hashlib.sha256((ROOT / "uv.lock").read_bytes()).hexdigest()
    return {"lock": lock, "python": platform.python_version(), "at": str(ROOT)}


def is_installed(groups: tuple[str, ...]) -> bool:
    """Whether the environment is complete for this lock file, this Python and these groups of packages."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return PYTHON.exists() and set(groups) <= set(stamp.pop("groups", ())) and stamp == wanted_stamp()


def install(groups: tuple[str, ...]) -> None:
    """Put everything Python needs into .venv, each file checked against its hash."""
    if is_installed(groups):
        return
    VAR.mkdir(exist_ok=True)
    with open(VAR / "install.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_installed(groups):
            return
        with Step("取安装工具", "Fetching the installer"):
            install_uv()
        with Step("安装 Python 依赖（逐个核对校验值）", "Installing what Python needs, each file checked"):
            _sync(groups)
        STAMP.write_text(json.dumps({**wanted_stamp(), "groups": groups}), encoding="utf-8")


def _sync(groups: tuple[str, ...]) -> None:
    # The same Python that runs this file; nothing is downloaded but the locked packages.
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment |= {
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PROJECT_ENVIRONMENT": str(VENV),
        "UV_NO_PROGRESS": "1",
        "UV_SYSTEM_CERTS": "1",
    }
    index = configured_index()
    if not index:
        commands = [["sync", "--frozen", "--inexact", "--no-default-groups", *(f"--group={name}" for name in groups)]]
    else:
        # The lock file names the default index's files; with another index the exported hashes decide.
        environment["UV_DEFAULT_INDEX"] = index
        lock = f"requirements-{groups[-1]}.lock" if groups else "requirements.lock"
        commands = [["pip", "install", "--python", str(PYTHON), "--require-hashes", "--no-deps", "-r", lock]]
        if not PYTHON.exists():
            commands.insert(0, ["venv", "--clear", str(VENV)])
    for command in commands:
        done = subprocess.run([str(UV), "--quiet", *command], cwd=ROOT, env=environment)
        if done.returncode:
            raise Stop(
                "依赖没有装好（原因见上）。已有的数据没有动；排除原因后再运行一次。",
                "The packages could not be installed (see above). Your data is as it was; mend the cause, run again.",
            )


# --- what can be asked for ---------------------------------------------------------------------


def serve(arguments: argparse.Namespace) -> int:
    """Set up and serve; the demo county unless NIANGJIA_DEMO_NOW is set to nothing."""
    check_port(arguments.port)
    choose_installation()
    if arguments.reset:
        reset_stage()
    install(TO_RUN)
    os.execv(PYTHON, [str(PYTHON), "-m", "niangjia.site.launch", "--port", str(arguments.port)])


def choose_installation() -> None:
    """The demo stage, unless NIANGJIA_DEMO_NOW is set to nothing; then the one that the environment names."""
    os.environ.setdefault("NIANGJIA_DEMO_NOW", DEMO_NOW)
    if os.environ["NIANGJIA_DEMO_NOW"]:
        # The stage has a folder of its own, so that resetting it can never touch real data.
        os.environ.setdefault("NIANGJIA_HOME", str(VAR / "demo"))


def keep(verb: str, rest: list[str]) -> int:
    """Back up or restore the installation that `python3 run.py` would serve."""
    choose_installation()
    # The address of a database may hold a password: only that there is one is said.
    place = "DATABASE_URL" if os.environ.get("DATABASE_URL") else os.environ.get("NIANGJIA_HOME", str(VAR))
    print(f"· 安装 / Installation: {place}", flush=True)
    install(TO_RUN)
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "manage.py"), verb, *rest])


def check_port(port: int) -> None:
    """Say so at once when somebody else has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise Stop(
                f"端口 {port} 已被别的程序占用。请换一个端口：python3 run.py --port {port + 1}",
                f"Port {port} is taken by another program. Choose another: python3 run.py --port {port + 1}",
            ) from None


def reset_stage() -> None:
    """Throw the demo county away, so that it is built afresh; real data is refused."""
    stage = Path(os.environ.get("NIANGJIA_HOME", ""))
    if os.environ.get("DATABASE_URL") or stage != VAR / "demo":
        raise Stop(
            "--reset 只重置 var/demo 里的演示县；现在设置了别的数据库或目录，所以什么都没有动。",
            "--reset only resets the demo county in var/demo; another database or folder is set. Nothing was touched.",
        )
    stage.mkdir(parents=True, exist_ok=True)
    with open(stage / "serving.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stop(
                "演示县正在别的窗口里运行。请先在那里按 Ctrl-C 停掉，再重置。",
                "The demo county is being served elsewhere. Stop it there with Ctrl-C, then reset.",
            ) from None
        with Step("重置演示县", "Resetting the demo county"):
            for path in stage.iterdir():
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.suffix != ".lock":
                    path.unlink()


def run_module(module: str, rest: list[str], groups: tuple[str, ...]) -> int:
    """Run one of the project's own modules in the environment with these groups installed."""
    install(groups)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *rest])


def main(argv: list[str]) -> int:
    """Read what is asked for and do it; the answer is the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        raise Stop("需要 Python 3.11 或更新的版本。", "Python 3.11 or newer is needed.")
    os.chdir(ROOT)
    trust_configured_certificates()
    if argv[:1] == ["test"]:
        return run_module("tests.gate", argv[1:], FOR_NIGHTLY if "--nightly" in argv else TO_DEVELOP)
    if argv[:1] == ["bench"]:
        return run_module("benchmarks", argv[1:], FOR_NIGHTLY)
    if argv == ["install"]:
        install(TO_RUN)
        return 0
    if argv[:1] in (["backup"], ["restore"]):
        return keep(argv[0], argv[1:])
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Serve the demo county. Also: run.py test [--nightly] …, run.py bench …, "
        "run.py install, "
        "run.py backup [--to FOLDER] [--keep N], run.py restore ARCHIVE [--keys FILE] [--replace NAME] [--only-check]",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"the port to serve on ({DEFAULT_PORT})")
    parser.add_argument("--reset", action="store_true", help="build the demo county afresh")
    return serve(parser.parse_args(argv))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(stop, file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\n已停止 / Stopped.", file=sys.stderr)
        sys.exit(130)
    except OSError as error:
        print(f"做不下去：{error}\nThis cannot go on: {error}", file=sys.stderr)
        sys.exit(1)
