"""Who uses the platform, level by level and union by union: each level counts its own part of the tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation import usage
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.queries import own_union, public_ids, union_names
from niangjia.federation.scopes import rights_of, scope_of
from niangjia.people.models import Person
from niangjia.people.officers import LEVELS, OFFICERS, PERIOD
from niangjia.people.permissions import USAGE

UNIONS = "federation.unions"


@dataclass
class UsageLine:
    """The counts of one level, or of one union with all below it."""

    name: str | Promise
    unions: int = 0
    unions_url: str = ""
    officers: int = 0
    officers_url: str = ""
    officers_in: int = 0
    officers_in_url: str = ""
    officer_log_ins: int = 0
    registered: int = 0
    workers: int = 0
    workers_in: int = 0


@dataclass(frozen=True)
class Usage:
    """The page: whose, and both tables."""

    union: Any
    by_level: list[UsageLine]
    by_union: list[UsageLine]
    total: UsageLine


def usage_of(user: User) -> Usage:
    """Accounts and log-ins of the last thirty days in the reader's own part of the tree."""
    scope, root = scope_of(user, USAGE), own_union(user, USAGE)
    branches = {branch.union_id: branch for branch in usage.branches(scope, root.pk)}
    people = Person.objects.filter(scope.unions())
    officers = usage.officer_accounts(scope)
    workers = usage.own_accounts(people.values("pk"))
    homes = dict(people.filter(pk__in=workers.values()).values_list("pk", "union_id"))
    seen = usage.log_ins({user_id for user_id, _union in officers} | workers.keys(), clock.now() - PERIOD)
    registered = dict(people.values_list("union_id").annotate(n=Count("pk")).order_by())
    placed = {user_id: homes[person] for user_id, person in workers.items()}
    may_open = "federation.union:read" in rights_of(user)

    def line(name: Any, inside: Callable[[int], bool], **asked: str) -> UsageLine:
        own = {user_id for user_id, union in officers if union in branches and inside(union)}
        workers_here = {user_id for user_id, union in placed.items() if union in branches and inside(union)}
        return UsageLine(
            name, unions=sum(1 for pk in branches if inside(pk)), officers=len(own),
            officers_url=list_url(OFFICERS, **asked), officers_in_url=list_url(OFFICERS, **asked, **{"in": "yes"}),
            unions_url=list_url(UNIONS, **{"union": root.public_id, "state": "stands", **asked}) if may_open else "",
            officers_in=len(own & seen.keys()), officer_log_ins=sum(seen.get(pk, 0) for pk in own),
            registered=sum(n for pk, n in registered.items() if pk in branches and inside(pk)),
            workers=len(workers_here), workers_in=len(workers_here & seen.keys()),
        )  # fmt: skip

    levels = [code for code in LEVELS if any(branch.level == code for branch in branches.values())]
    under = Counter(branch.under for branch in branches.values())
    names, ids = union_names(under), public_ids(under)
    return Usage(
        union=root,
        by_level=[line(LEVELS[code], lambda pk, code=code: branches[pk].level == code, level=code) for code in levels],
        by_union=[
            line(
                names[top],
                lambda pk, top=top: branches[pk].under == top,
                # The reader's own union stands alone in its row: of its level there is no other below it.
                **({"level": branches[top].level} if top == root.pk else {"union": ids[top]}),
            )
            for top in under
        ],
        total=line(_("In all"), lambda _pk: True),
    )
