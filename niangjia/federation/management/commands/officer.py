"""An installation's first officers: an account with one role over one union, made by who runs the server."""

from __future__ import annotations

from datetime import timedelta
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.federation.models import Officer, Union
from niangjia.federation.rights import roles
from niangjia.federation.services.grants import grant_role


class Command(BaseCommand):
    """Make an officer; later ones are given their roles by officers who may."""

    help = "Make an account with one role over one union. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, where, as what, how long."""
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="the name shown on pages and papers")
        parser.add_argument("--union", required=True, help="code of the union")
        parser.add_argument("--role", required=True, choices=[r.code for r in roles.all() if r.scope_kind == "union"])
        parser.add_argument("--post", default="", help="the post under the name")
        parser.add_argument("--years", type=int, default=1, help="the role ends after so many years")
        parser.add_argument("--password-from-input", action="store_true", help="read the password from standard input")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; nothing is half-made."""
        union = Union.objects.filter(code=options["union"]).first()
        if union is None:
            raise CommandError(f"No union has the code {options['union']}.")
        password = input() if options["password_from_input"] else getpass("Password: ")
        try:
            user = create_user(username=options["username"], display_name=options["name"], password=password)
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from None
        until = clock.now() + timedelta(days=365 * options["years"])
        grant_role(user=user, role=options["role"], union=union, expires_at=until, acting_user=None)
        if options["post"]:
            Officer.objects.create(user=user, union=union, post=options["post"], valid_from=clock.today())
        self.stdout.write(f"{user.display_name} may log in as {user.username} until {until:%Y-%m-%d}.")
