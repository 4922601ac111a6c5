"""An installation's first unions, founded by who runs the server; later ones are placed by officers who may."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.models import Union
from niangjia.federation.services.tree import found_union


class Command(BaseCommand):
    """Found the union at the top of this installation, or one under another."""

    help = "Found a union: without --under it is the top of this installation, of which there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and where it stands."""
        parser.add_argument("code", help="the union in files and imports")
        parser.add_argument("--name", required=True)
        parser.add_argument("--name-en", default="")
        parser.add_argument("--level", required=True, choices=Union.Level.values)
        parser.add_argument("--kind", default=Union.Kind.FEDERATION, choices=Union.Kind.values)
        parser.add_argument("--under", default="", help="code of the union it stands under")
        parser.add_argument("--on", type=date.fromisoformat, help="founded on (today)")
        parser.add_argument("--telephone", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Found it; nothing is half-made."""
        parent = Union.objects.filter(code=options["under"]).first() if options["under"] else None
        if options["under"] and parent is None:
            raise CommandError(f"No union has the code {options['under']}.")
        if parent is None and Union.objects.exists():
            raise CommandError("This installation has its top already; say with --under where the new union stands.")
        if Union.objects.filter(code=options["code"]).exists():
            raise CommandError(f"A union has the code {options['code']} already.")
        try:
            union = found_union(
                code=options["code"], name=options["name"], name_en=options["name_en"], kind=options["kind"],
                level=options["level"], parent=parent, on=options["on"] or clock.today(), acting_user=None,
                telephone=options["telephone"],
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from None
        self.stdout.write(f"{union.name} ({union.code}) is founded.")
