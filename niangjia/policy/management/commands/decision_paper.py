from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import system_scope
from niangjia.policy.explaining import explanation, paper


class Command(BaseCommand):
    """Print one decision with the text it was made by, for `niangjia replay` and `niangjia explain`."""

    help = "Prints a decision and its version as JSON, with personal values in the clear: keep it like the file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which decision."""
        parser.add_argument("public_id", help="the number in the decision's address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        try:
            found = explanation(options["public_id"], system_scope())
        except NotFoundHere:
            raise CommandError("There is no such decision.") from None
        self.stdout.write(json.dumps(paper(found.id), ensure_ascii=False, sort_keys=True))
