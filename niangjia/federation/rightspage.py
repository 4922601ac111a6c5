"""Who may do what in my unit: each role with who gave it and until when, and what may be done about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.federation.models import Grant, Officer, UnionClosure
from niangjia.federation.rights import Role, rights, roles
from niangjia.federation.scopes import Scope, active_grants
from niangjia.federation.services.grants import GIVE

SOON = timedelta(days=30)


@dataclass(frozen=True)
class GrantLine:
    """One role of one person, in words."""

    id: int
    name: str
    username: str
    post: str
    role: str | Promise
    union: str
    given_by: str  # empty: by who runs the installation
    stands_in_for: str
    begins: datetime
    ends: datetime  # the last moment, so that its date is the last day
    is_coming: bool
    ends_soon: bool
    may_take: bool


def grants_in(scope: Scope, *, role: str = "", name: str = "", union: str = "") -> QuerySet[Grant]:
    """Roles over unions in scope that count now or will, the higher union first."""
    rows = Grant.objects.filter(
        scope.unions(), scope_kind="union", revoked_at__isnull=True, expires_at__gt=clock.now()
    ).select_related("user", "union", "granted_by", "stands_in_for")
    if role:
        rows = rows.filter(role=role)
    if name:
        rows = rows.filter(user__display_name__icontains=name) | rows.filter(user__username=name)
    if union:
        rows = rows.filter(union__public_id=union)
    return rows.order_by("union__code", "role", "user__display_name", "pk")


def lines(rows: Collection[Grant], viewer: User) -> list[GrantLine]:
    """Rows in words; a fixed number of queries."""
    giver = Giver(viewer, {row.union_id for row in rows if row.union_id})
    today, moment = clock.today(), clock.now()
    posts = {
        (post.user_id, post.union_id): post.post
        for post in Officer.objects.filter(user_id__in={row.user_id for row in rows})
        if post.valid_from <= today and (post.valid_to is None or post.valid_to > today)
    }
    return [
        GrantLine(
            id=row.pk,
            name=row.user.display_name,
            username=row.user.username,
            post=posts.get((row.user_id, row.union_id or 0), ""),
            role=roles.get(row.role).label,
            union=row.union.name if row.union else "",
            given_by=row.granted_by.display_name if row.granted_by else "",
            stands_in_for=row.stands_in_for.display_name if row.stands_in_for else "",
            begins=row.valid_from,
            ends=row.expires_at - timedelta(microseconds=1),
            is_coming=row.valid_from > moment,
            ends_soon=row.expires_at < moment + SOON,
            may_take=row.stands_in_for_id == viewer.pk
            or (row.user_id != viewer.pk and giver.may_give(roles.get(row.role), row.union_id or 0)),
        )
        for row in rows
    ]


class Giver:
    """What one user may give where, asked about many rows with two queries."""

    def __init__(self, user: User, union_ids: Collection[int]) -> None:
        self._held = [(row.union_id, roles.get(row.role).rights) for row in active_grants(user)]
        self._above: dict[int, set[int]] = {}
        pairs = UnionClosure.objects.filter(descendant_id__in=union_ids)
        for below, above in pairs.values_list("descendant_id", "ancestor_id"):
            self._above.setdefault(below, set()).add(above)

    def may_give(self, role: Role, union_id: int) -> bool:
        """Whether every right of a role, and the right to give it, reaches a union."""
        above = self._above.get(union_id, set())
        held = frozenset().union(*(rights_there for root, rights_there in self._held if root in above))
        return role.scope_kind == "union" and (role.rights | {GIVE}) <= held


def roles_to_give(user: User) -> list[Role]:
    """The roles whose every right this user holds where he may give roles."""
    there = frozenset().union(*(roles.get(row.role).rights for row in active_grants(user)))
    return [role for role in roles.all() if role.scope_kind == "union" and GIVE in there and role.rights <= there]


@dataclass(frozen=True)
class RoleInWords:
    """What a role may do, said for whoever reads the list."""

    label: str | Promise
    rights: tuple[str, ...]
    most_days: int


def roles_in_words() -> list[RoleInWords]:
    """Every officer's role with its rights in words."""
    return [
        RoleInWords(role.label, tuple(sorted(str(rights.get(code).label) for code in role.rights)), role.most_days)
        for role in roles.all()
        if role.scope_kind == "union"
    ]


def own_grants(user: User) -> list[GrantLine]:
    """One's own roles over unions that count now."""
    rows = active_grants(user).filter(scope_kind="union").select_related("user", "union", "granted_by", "stands_in_for")
    return lines(list(rows.order_by("pk")), user)


def deputies_of(user: User) -> list[GrantLine]:
    """Who stands in for somebody, now or later."""
    rows = Grant.objects.filter(stands_in_for=user, revoked_at__isnull=True, expires_at__gt=clock.now()).select_related(
        "user", "union", "granted_by", "stands_in_for"
    )
    return lines(list(rows.order_by("valid_from", "pk")), user)
