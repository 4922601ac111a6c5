"""Reads of this room for rooms above: all start from a scope or from a union already in scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import (
    Approval,
    ChainWalk,
    Grant,
    Officer,
    Union,
    UnionClosure,
    UnionEdge,
    standing,
)
from niangjia.federation.rights import roles
from niangjia.federation.scopes import Scope, grants_in_force, require

OVER_UNIONS = ("union", "programme")
_SHORTEST_NAME, _MOST_NAMED = 2, 200
_WIDEST_FIRST = list(Union.Level.values)


@dataclass(frozen=True)
class OfficerCard:
    """Who holds a matter: name, post and a number to call."""

    user_id: int
    name: str
    post: str
    telephone: str
    union_id: int
    union_name: str


def unions_in(scope: Scope) -> QuerySet[Union]:
    """All unions in scope."""
    return Union.objects.filter(scope.unions("id"))


def standing_in(scope: Scope) -> QuerySet[Union]:
    """The unions in scope that exist today: those that something can be given to."""
    return unions_in(scope).filter(standing(clock.today()))


def union_by_public_id(scope: Scope, public_id: str) -> Union:
    """One union in scope, or `NotFoundHere`."""
    union = unions_in(scope).filter(public_id=public_id).first()
    if union is None:
        raise NotFoundHere
    return union


def own_union(user: User, right: str) -> Union:
    """The union somebody acts for with a right: the one his role is over (the first, where he has several)."""
    scope = require(user, right)
    found = standing_in(scope).filter(pk__in=scope.roots).order_by("code").first()
    if found is None:
        raise NotFoundHere
    return found


def top_union_names() -> list[str]:
    """Names of the unions that stand under no other today: whose installation this is."""
    placed = UnionClosure.objects.filter(depth__gt=0).values("descendant_id")
    return list(Union.objects.exclude(pk__in=placed).values_list("name", flat=True))


def existing_union_ids(ids: Collection[int]) -> list[int]:
    """Those of the ids (or of a subquery of ids) that are unions."""
    return list(Union.objects.filter(pk__in=ids).values_list("pk", flat=True))


def life_of(ids: Collection[int] | None) -> dict[int, tuple[date | None, date | None]]:
    """The day each union was founded and the day it was dissolved, where known; None asks for all unions."""
    rows = Union.objects.all() if ids is None else Union.objects.filter(pk__in=ids)
    return {pk: (founded, ended) for pk, founded, ended in rows.values_list("pk", "founded_on", "ended_on")}


def union_names(ids: Collection[int]) -> dict[int, str]:
    """Names of unions by id."""
    return dict(Union.objects.filter(pk__in=ids).values_list("id", "name"))


def public_ids(ids: Collection[int]) -> dict[int, str]:
    """Public ids of unions by id."""
    return dict(Union.objects.filter(pk__in=ids).values_list("id", "public_id"))


def descendants(union_id: int) -> QuerySet[UnionClosure, int]:
    """Ids of a union and all below it today, as a subquery."""
    return UnionClosure.objects.filter(ancestor_id=union_id).values_list("descendant_id", flat=True)


def stands_below(column: str, above: str) -> Exists:
    """The condition that the union of one column is that of another, or stands below it today."""
    return Exists(UnionClosure.objects.filter(descendant_id=OuterRef(column), ancestor_id=OuterRef(above)))


def ancestors(union_id: int) -> QuerySet[UnionClosure, int]:
    """Ids of a union and all above it today, as a subquery."""
    return UnionClosure.objects.filter(descendant_id=union_id).values_list("ancestor_id", flat=True)


def all_below(ids: Collection[int]) -> dict[int, set[int]]:
    """For each of the unions, the ids of itself and all below it today."""
    found: dict[int, set[int]] = {pk: set() for pk in ids}
    rows = UnionClosure.objects.filter(ancestor_id__in=found).values_list("ancestor_id", "descendant_id")
    for above, below in rows:
        found[above].add(below)
    return found


def towns_of(ids: Collection[int]) -> Mapping[int, Union]:
    """For each union id, the town-level union it stands under today (itself if it is one)."""
    rows = UnionClosure.objects.filter(
        descendant_id__in=set(ids), ancestor__level=Union.Level.TOWN, hierarchy=UnionEdge.Hierarchy.PLACE
    ).select_related("ancestor")
    return {row.descendant_id: row.ancestor for row in rows}


def union_levels(ids: Collection[int]) -> dict[int, str]:
    """The level of each union: province, city, county, town or primary."""
    return dict(Union.objects.filter(pk__in=ids).values_list("id", "level"))


def towns_in(scope: Scope) -> QuerySet[Union]:
    """Town-level unions in scope, in their order."""
    return unions_in(scope).filter(level=Union.Level.TOWN)


def tree_above(ids: Collection[int], root_id: int) -> dict[int, int | None]:
    """These unions and every union between them and a root, today: each with its parent, the root with none."""
    below = UnionClosure.objects.filter(ancestor_id=root_id).values("descendant_id")
    rows = UnionClosure.objects.filter(descendant_id__in=ids, ancestor_id__in=below)
    found = {root_id, *rows.values_list("ancestor_id", flat=True)}
    edges = UnionEdge.objects.filter(
        child_id__in=found - {root_id}, hierarchy=UnionEdge.Hierarchy.PLACE, valid_to__isnull=True
    )
    parents = {child: parent for child, parent in edges.values_list("child_id", "parent_id") if parent in found}
    return {root_id: None, **parents}


def parent_on(union_id: int, on: date) -> int | None:
    """The parent in the place hierarchy on a date: figures of a date use the tree of that date."""
    return (
        UnionEdge.objects.filter(child_id=union_id, hierarchy=UnionEdge.Hierarchy.PLACE, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        .values_list("parent_id", flat=True)
        .first()
    )


def below_on(union_ids: Collection[int], on: date, hierarchy: str = UnionEdge.Hierarchy.PLACE) -> set[int]:
    """Ids of unions and all that stood below them on a date: figures of a date use the tree of that date."""
    found, edge_of = set(union_ids), set(union_ids)
    while edge_of:
        rows = UnionEdge.objects.filter(parent_id__in=edge_of, hierarchy=hierarchy, valid_from__lte=on)
        edge_of = set(rows.exclude(valid_to__lte=on).values_list("child_id", flat=True)) - found
        found |= edge_of
    return found


def officer_card(user: User | None) -> OfficerCard | None:
    """The post a user holds today."""
    if user is None:
        return None
    return next(iter(_cards(_posts().filter(user=user)[:1])), None)


def officers_of(union_id: int) -> list[OfficerCard]:
    """Officers holding a post in a union today."""
    return _cards(_posts().filter(union_id=union_id))


def post_unions(user_ids: Collection[int]) -> dict[int, str]:
    """The union each of these users holds a post in today, by name."""
    return dict(_posts().filter(user_id__in=list(user_ids)).values_list("user_id", "union__name"))


def _posts() -> QuerySet[Officer]:
    today = clock.today()
    held = Officer.objects.filter(valid_from__lte=today).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    return held.order_by("id")


def _cards(posts: QuerySet[Officer]) -> list[OfficerCard]:
    columns = ("user_id", "user__display_name", "post", "telephone", "union__telephone", "union_id", "union__name")
    return [
        OfficerCard(user_id, name, post, own or unions, union_id, union_name)
        for user_id, name, post, own, unions, union_id, union_name in posts.values_list(*columns)
    ]


def open_approvals(scope: Scope, kind: str) -> QuerySet[Approval]:
    """Confirmations of one kind that wait in scope."""
    return Approval.objects.filter(scope.unions(), kind=kind, decided_at__isnull=True).select_related("asked_by")


def open_approval_of(kind: str, object_id: int) -> Approval | None:
    """The confirmation of one thing that waits; the caller has checked its scope."""
    return Approval.objects.filter(kind=kind, object_id=object_id, decided_at__isnull=True).first()


def newest_walk(user: User) -> ChainWalk | None:
    """The walk along the chain that somebody asked for last."""
    return ChainWalk.objects.filter(asked_by=user).order_by("-pk").first()


def last_answer_of(kind: str, object_id: int) -> Approval | None:
    """What was said last about one thing, a yes or a return with its sentence; the caller has checked its scope."""
    answers = (Approval.Verdict.CONFIRMED, Approval.Verdict.RETURNED)
    said = Approval.objects.filter(kind=kind, object_id=object_id, verdict__in=answers)
    return said.select_related("decided_by").order_by("-pk").first()


def is_confirmed(kind: str, object_id: int) -> bool:
    """Whether a second person said yes to one thing, and nobody has asked anew since."""
    newest = Approval.objects.filter(kind=kind, object_id=object_id).order_by("-pk").first()
    return newest is not None and newest.verdict == Approval.Verdict.CONFIRMED


def waiting_ids(kind: str) -> QuerySet[Approval, int]:
    """Ids of the things of one kind that wait for a second person, as a subquery."""
    return Approval.objects.filter(kind=kind, decided_at__isnull=True).values_list("object_id", flat=True)


def waiting_objects(kind: str, object_ids: Collection[int]) -> set[int]:
    """Which of these things wait for a second person; the caller has checked their scope."""
    return set(waiting_ids(kind).filter(object_id__in=object_ids))


def grant_in(scope: Scope, grant_id: int) -> Grant:
    """One role over a union in scope that counts now or will, or `NotFoundHere`."""
    found = (
        Grant.objects.filter(
            scope.unions(), scope_kind__in=OVER_UNIONS, revoked_at__isnull=True, expires_at__gt=clock.now()
        )
        .filter(pk=grant_id)
        .select_related("user", "union", "granted_by", "stands_in_for")
        .first()
    )
    if found is None:
        raise NotFoundHere
    return found


def agent_grants(kind: str, ids: Collection[int]) -> QuerySet[Grant]:
    """Roles for employers or providers already in scope that count now, by whom they are for, and name."""
    rows = grants_in_force().filter(scope_kind=kind, scope_id__in=ids)
    return rows.select_related("user", "granted_by").order_by("scope_id", "user__display_name", "pk")


def acted_for(kind: str, user_ids: Collection[int]) -> dict[int, int]:
    """Whom each of these users acted for last, also where that is over: to say who somebody was."""
    rows = Grant.objects.filter(scope_kind=kind, user_id__in=list(user_ids)).order_by("pk")
    return {user: pk for user, pk in rows.values_list("user_id", "scope_id") if pk is not None}


def own_deputy(user: User, grant_id: int) -> Grant:
    """The role somebody holds in one's own place, or `NotFoundHere`."""
    found = Grant.objects.filter(pk=grant_id, stands_in_for=user, revoked_at__isnull=True).first()
    if found is None:
        raise NotFoundHere
    return found


def union_named(text: str) -> Union | None:
    """The union somebody means by a name or a part of one; the widest of several, None when that is not one."""
    words = "".join(text.split())
    if len(words) < _SHORTEST_NAME:
        return None
    found = list(Union.objects.filter(standing(clock.today()), name__contains=words)[:_MOST_NAMED])
    exact = [union for union in found if union.name == words]
    widest = min((_WIDEST_FIRST.index(union.level) for union in found), default=0)
    meant = exact or [union for union in found if _WIDEST_FIRST.index(union.level) == widest]
    return meant[0] if len(meant) == 1 else None


def nearest_served(union_id: int, right: str) -> int:
    """The union itself, or the nearest above it, that has an officer with this right; else the topmost."""
    above = list(
        UnionClosure.objects.filter(descendant_id=union_id, hierarchy=UnionEdge.Hierarchy.PLACE)
        .order_by("depth")
        .values_list("ancestor_id", flat=True)
    )
    able = [code for code in roles if right in roles.get(code).rights]
    held = grants_in_force().filter(scope_kind="union", union_id__in=above, role__in=able, user__is_active=True)
    served = set(held.values_list("union_id", flat=True))
    return next((pk for pk in above if pk in served), above[-1])
