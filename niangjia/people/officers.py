"""The officers behind the numbers of usage, as the one list mechanism shows them: who has an account, who logs in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation import usage
from niangjia.federation.listing.house import union_choices, union_named
from niangjia.federation.listing.kinds import Column, Condition, Line, ListKind, State, list_kinds
from niangjia.federation.listing.units import Count
from niangjia.federation.queries import descendants, own_union, union_by_public_id, union_names
from niangjia.federation.scopes import Scope
from niangjia.people.permissions import USAGE

OFFICERS = "people.officers"
PERIOD = timedelta(days=30)
LEVELS: dict[str, str | Promise] = {
    "province": _("Province"), "city": _("City"), "county": _("County"), "town": _("Town"),
    "primary": _("Primary unions"),
}  # fmt: skip


@dataclass(frozen=True)
class OfficerLine:
    """One officer: his unions, and how often he logged in within the period."""

    user_id: int
    name: str
    unions: str
    log_ins: int


def _rows(scope: Scope, about: str, given: Mapping[str, Any]) -> list[OfficerLine]:
    if scope.user is None:
        return []
    root = own_union(scope.user, USAGE)
    branches = {branch.union_id: branch for branch in usage.branches(scope, root.pk)}
    wanted = {pk for pk, branch in branches.items() if given.get("level") in {None, branch.level}}
    if "union" in given:
        wanted &= set(descendants(union_by_public_id(scope, given["union"]).pk))
    held = defaultdict(set)
    for user_id, union_id in usage.officer_accounts(scope):
        if union_id in wanted:
            held[user_id].add(union_id)
    seen = usage.log_ins(held, clock.now() - PERIOD)
    names, people = union_names(wanted), dict(User.objects.filter(pk__in=held).values_list("pk", "display_name"))
    rows = [
        OfficerLine(pk, people[pk], "、".join(sorted(names[one] for one in unions)), seen.get(pk, 0))
        for pk, unions in held.items()
        if "in" not in given or (pk in seen) is (given["in"] == "yes")
    ]
    return sorted(rows, key=lambda row: (row.unions, row.name, row.user_id))


def _lines(rows: Sequence[OfficerLine], wanted: Collection[str]) -> list[Line]:
    yes, no = State("yes", _("has logged in")), State("no", _("has not logged in"))
    return [
        Line({
            "name": row.name, "union": row.unions, "times": Count(row.log_ins, "person_time"),
            "in": yes if row.log_ins else no,
        })
        for row in rows
    ]  # fmt: skip


LIST = ListKind(
    code=OFFICERS, title=_("Officers with an account"), unit="person", right=USAGE, export_right=USAGE,
    columns=(
        Column("name", _("Name"), key=lambda row: row.name),
        Column("union", _("Union"), key=lambda row: (row.unions, row.name, row.user_id)),
        Column("times", _("Log-ins of the last 30 days"), "number", key=lambda row: row.log_ins),
        Column("in", _("State"), "state"),
    ),
    conditions=(
        Condition("union", _("Union"), None, union_choices, named=union_named),
        Condition("level", _("Level"), None, lambda scope: [*LEVELS.items()]),
        Condition(
            "in", _("Log-ins of the last 30 days"), None,
            lambda scope: [("yes", _("has logged in")), ("no", _("has not logged in"))],
        ),
    ),
    standing=_("whose role over a union counts today"),
    rows=_rows, lines=_lines, address=lambda about: reverse("usage_officers"), default="union",
)  # fmt: skip


def register() -> None:
    """Offer it."""
    list_kinds.register(LIST.code, LIST)
