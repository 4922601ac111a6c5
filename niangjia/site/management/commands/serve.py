from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from niangjia.site import launch


class Command(BaseCommand):
    """Prepares the installation where anything changed, and serves it until it is told to stop."""

    help = "Prepare and serve: the web server and the ticker. The same as `python -m niangjia.site.launch`."
    requires_system_checks: list[str] = []  # the web server runs them; here they would cost a second twice

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to serve, and with how many workers."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--workers", default="1", help="web processes; a busy server wants one per core")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hand over to the launcher."""
        words = [f"--{name}={options[name]}" for name in ("host", "port", "workers")]
        raise SystemExit(launch.main(words))
