from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from niangjia.accounts.models import User
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.ids import new_public_id
from niangjia.federation.queries import union_by_public_id
from niangjia.federation.scopes import scope_of
from niangjia.policy.services.snapshots import TAKE, take_snapshot


class Command(BaseCommand):
    """Takes a sealed, pseudonymous snapshot of what the rules may see, for `niangjia sweep --facts`."""

    help = "Writes the facts of an area as sealed Parquet, without names and numbers, for the command line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose facts, where to, for what, for how long, and who answers for it."""
        parser.add_argument("--as", dest="user", required=True, help="log-in name of the officer who takes it")
        parser.add_argument("--why", required=True, help="what it is for; stands in the audit trail")
        parser.add_argument("--key", type=Path, required=True, help="file to make for the key; not beside the data")
        parser.add_argument("--union", default="", help="public id of the union (default: the officer's own)")
        parser.add_argument("--out", type=Path, help="folder to make (default: under `snapshots` beside the data)")
        parser.add_argument("--hours", type=int, default=24, help="how long it lives, at most 72 (24)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it, and say what is where."""
        place = options["out"] or Path(settings.HOME) / "snapshots" / new_public_id()
        try:
            user = User.objects.filter(username=options["user"], is_active=True).first()
            if user is None:
                raise NotFoundHere
            row = take_snapshot(
                area_id=_area(user, options["union"]), place=place, key_file=options["key"], why=options["why"],
                hours=options["hours"], acting_user=user,
            )  # fmt: skip
        except NotFoundHere:
            raise CommandError(
                "There is no such officer, or no such union that this officer may take facts of."
            ) from None
        except Refusal as refusal:
            raise CommandError(str(refusal.sentence)) from None
        rows = "、".join(f"{name} {count:,}" for name, count in row.rows.items())
        self.stdout.write(
            f"已写好 / Written: {row.place}\n  {rows} · {row.size_bytes / 1e6:,.1f} MB · sha256 {row.digest}\n"
            f"钥匙 / Key: {options['key'].absolute()}\n"
            f"到期自动删除 / Deleted by itself at {row.dies_at:%Y-%m-%d %H:%M %Z}\n"
            f"  niangjia sweep --facts {row.place} --key {options['key'].absolute()} --today … --programmes … --out …"
        )


def _area(user: User, public_id: str) -> int:
    scope = scope_of(user, TAKE)
    if public_id:
        return int(union_by_public_id(scope, public_id).pk)
    if len(scope.roots) != 1:
        raise NotFoundHere  # nobody, or somebody with several: he says which
    (root,) = scope.roots
    return root
