from __future__ import annotations

import contextlib
import fcntl
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from niangjia.site import stage
from niangjia.site.processes import PortTaken, Processes, ServerDied


class Command(BaseCommand):
    """Brings the installation up to date and serves it until it is told to stop."""

    help = "Compile messages, migrate, collect static files, build the demo county once, then serve."
    requires_system_checks: list[str] = []  # the web server runs them; here they would cost a second twice

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to serve, and with how many workers."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=0, help="web processes; 0 means one per core, at most two")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, wait, stop."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _interrupt)
        try:
            with _locked("prepare.lock", fcntl.LOCK_EX):
                for zh, en, work in stage.steps():
                    self._step(zh, en, work)
            with _locked("serving.lock", fcntl.LOCK_SH):
                self._serve(options["host"], options["port"], options["workers"])
        except KeyboardInterrupt:
            self._say("\n已停止 / Stopped.")
            raise SystemExit(130) from None
        except PortTaken as taken:
            self._say(
                f"端口 {taken} 已被别的程序占用。请换一个端口，例如 --port {int(str(taken)) + 1}\n"
                f"Port {taken} is taken by another program. Choose another, such as --port {int(str(taken)) + 1}"
            )
            raise SystemExit(1) from None
        except ServerDied as died:
            self._say(f"网页服务没有起来（原因见上）：{died}\nThe web server did not start (see above): {died}")
            raise SystemExit(1) from None

    def _step(self, zh: str, en: str, work: Any) -> None:
        start = time.monotonic()
        self._say(f"· {zh} / {en} …")
        work()
        self._say(f"  {time.monotonic() - start:.1f} s")

    def _serve(self, host: str, port: int, workers: int) -> None:
        processes = Processes(host, port, workers)
        try:
            processes.start()
            processes.wait_for_first_page()
            self._announce(host, port)
            processes.wait()
        finally:
            processes.stop()

    def _announce(self, host: str, port: int) -> None:
        self._say(f"\n娘家 / Niangjia: http://{host}:{port}\n")
        accounts = stage.demo_accounts()
        if accounts:
            self._say("演示账号 / Demo accounts:")
        for account in accounts:
            secret = account.secret or "手机验证码 / code by phone"
            self._say(f"  {account.role_zh} / {account.role_en}  {account.name}  {account.login}  {secret}")
        self._say("\n按 Ctrl-C 停止 / Press Ctrl-C to stop.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def _locked(name: str, kind: int) -> Iterator[None]:
    # Two starts at once must not build the demo county twice; resetting waits for none served.
    with open(Path(settings.HOME) / name, "w") as file:
        fcntl.flock(file, kind)
        yield
