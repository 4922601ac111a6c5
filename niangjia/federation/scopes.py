"""Scopes: what one user may see or do for one right, read from the grants at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.models import Grant, UnionClosure
from niangjia.federation.rights import rights, roles

# What one page has read of its reader's grants: it asks for a dozen rights, and all stand in one row or two.
_read_once: ContextVar[dict[int, list[Grant]] | None] = ContextVar("grants of one page", default=None)


@dataclass(frozen=True)
class Scope:
    """The unions (with all below), employers and persons one user reaches for one right.

    Empty means nothing is seen: a scope fails closed. `everything` is for the system alone.
    """

    user: User | None
    right: str
    roots: frozenset[int] = field(default_factory=frozenset)
    employers: frozenset[int] = field(default_factory=frozenset)
    persons: frozenset[int] = field(default_factory=frozenset)
    everything: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether this scope reaches nothing at all."""
        return not (self.roots or self.employers or self.persons or self.everything)

    def union_ids(self) -> QuerySet[UnionClosure, int]:
        """Ids of all unions in scope, as a subquery on today's tree."""
        rows = UnionClosure.objects.all()
        if not self.everything:
            rows = rows.filter(ancestor_id__in=self.roots)
        return rows.values_list("descendant_id", flat=True)

    def unions(self, column: str = "union_id") -> Q:
        """The condition that a row's union lies in scope."""
        return Q() if self.everything else Q(**{f"{column}__in": self.union_ids()})

    def reaches_union(self, union_id: int) -> bool:
        """Whether one union lies in scope."""
        return self.everything or self.union_ids().filter(descendant_id=union_id).exists()


def system_scope() -> Scope:
    """The scope of listed system acts: sweeps, sealing, seeding."""
    return Scope(user=None, right="system", everything=True)


def active_grants(user: User) -> QuerySet[Grant]:
    """Grants of this user that count at this moment."""
    moment = clock.now()
    return Grant.objects.filter(
        Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment), user=user, valid_from__lte=moment, expires_at__gt=moment
    )


@contextmanager
def one_reading() -> Iterator[None]:
    """Within it each user's grants are read once: for a request that only shows, never for one that writes."""
    before = _read_once.set({})
    try:
        yield
    finally:
        _read_once.reset(before)


def _grants_of(user: User) -> list[Grant]:
    kept = _read_once.get()
    if kept is None:
        return list(active_grants(user))
    if user.pk not in kept:
        kept[user.pk] = list(active_grants(user))
    return kept[user.pk]


def scope_of(user: Any, right: str) -> Scope:
    """The scope of a user for one registered right; an unknown right raises."""
    rights.get(right)
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Scope(user=None, right=right)
    held = [grant for grant in _grants_of(user) if right in roles.get(grant.role).rights]
    return Scope(
        user=user,
        right=right,
        roots=frozenset(grant.union_id for grant in held if grant.union_id is not None),
        employers=frozenset(g.scope_id for g in held if g.scope_kind == "employer" and g.scope_id is not None),
        persons=frozenset(g.scope_id for g in held if g.scope_kind == "self" and g.scope_id is not None),
        everything=any(grant.scope_kind == "system" for grant in held),
    )


def require(user: Any, right: str, union_id: int | None = None) -> Scope:
    """The user's scope for a right, or `RightMissing`; with a union, that union must lie in it."""
    scope = scope_of(user, right)
    if scope.is_empty:
        raise RightMissing(right)
    if union_id is not None and not scope.reaches_union(union_id):
        raise NotFoundHere
    return scope


def rights_of(user: Any) -> frozenset[str]:
    """All rights a user holds anywhere: for menus, never for reading rows."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    held: set[str] = set()
    for grant in _grants_of(user):
        held |= roles.get(grant.role).rights
    return frozenset(held)


def home_area(user: Any) -> str:
    """The area a user lands in after logging in: desk before employer before my."""
    areas = {roles.get(grant.role).area for grant in _grants_of(user)}
    return next((area for area in ("desk", "employer", "my") if area in areas), "")
