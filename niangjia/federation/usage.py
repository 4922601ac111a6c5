"""Who uses the installation: accounts and log-ins, for rooms above to count by union and level."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from niangjia.federation.models import AuditRow, UnionClosure, UnionEdge
from niangjia.federation.queries import OVER_UNIONS, standing_in
from niangjia.federation.scopes import Scope, grants_in_force

LOG_IN = "federation.session:open"


@dataclass(frozen=True)
class Branch:
    """One union in scope: its level, and the union directly below the reader's own under which it stands."""

    union_id: int
    level: str
    under: int  # the reader's own union for itself


def branches(scope: Scope, root_id: int) -> list[Branch]:
    """Every standing union in scope below a root, each with the direct child of the root it stands under."""
    below = UnionClosure.objects.filter(ancestor_id=root_id, hierarchy=UnionEdge.Hierarchy.PLACE)
    children = list(below.filter(depth=1).values_list("descendant_id", flat=True))
    rows = UnionClosure.objects.filter(ancestor_id__in=children, hierarchy=UnionEdge.Hierarchy.PLACE)
    under = dict(rows.values_list("descendant_id", "ancestor_id"))
    wanted = standing_in(scope).filter(pk__in=below.values("descendant_id"))
    return [Branch(pk, level, under.get(pk, pk)) for pk, level in wanted.order_by("code").values_list("pk", "level")]


def officer_accounts(scope: Scope) -> set[tuple[int, int]]:
    """User and union of every officer whose role counts today, for unions in scope."""
    rows = grants_in_force().filter(scope.unions(), scope_kind__in=OVER_UNIONS, user__is_active=True)
    return {(user, union) for user, union in rows.values_list("user_id", "union_id") if union is not None}


def own_accounts(person_ids: QuerySet[int]) -> dict[int, int]:
    """User and person of every log-in of a worker's own, for persons already in scope."""
    rows = grants_in_force().filter(scope_kind="self", scope_id__in=person_ids, user__is_active=True)
    return {user: person for user, person in rows.values_list("user_id", "scope_id") if person is not None}


def log_ins(user_ids: Collection[int], since: datetime) -> dict[int, int]:
    """How often each of these users logged in since a moment."""
    rows = AuditRow.objects.filter(action=LOG_IN, at__gte=since, actor_id__in=user_ids).values_list("actor_id")
    return dict(rows.annotate(n=Count("pk")).order_by())
