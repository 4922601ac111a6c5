from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from niangjia.federation.queries import unions_in
from niangjia.federation.scopes import system_scope
from niangjia.site.demo.accounts import demo_accounts
from niangjia.site.demo.build import build
from niangjia.site.demo.reset import empty_database


class Command(BaseCommand):
    """Build the demo county; with --reset, empty the stage first."""

    help = "Builds the demo county in an empty database; a county that stands there already is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="empty the database first (demo stage only)")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if options["reset"]:
            empty_database()
            self.stdout.write("The stage is empty.")
        if unions_in(system_scope()).exists():
            self.stdout.write("The demo county stands already; it was kept. Use --reset to begin again.")
            return
        build(say=lambda line: self.stdout.write(f"{time.monotonic() - started:5.1f} s  {line}"))
        for account in demo_accounts():
            self.stdout.write(
                f"  {account.role_zh} {account.name}: {account.login} {account.secret or '（手机验证码）'}"
            )
