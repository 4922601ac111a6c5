"""Scopes: what one user may see or do for one right, read from the grants at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import BigAutoField, DateTimeField, Exists, F, OuterRef, Q, QuerySet

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.core.lookups import InOnce
from niangjia.core.prepared import Asked, Prepared
from niangjia.federation.models import Grant, UnionClosure
from niangjia.federation.rights import rights, roles

# What one page has read of its reader's grants: it asks for a dozen rights, and all stand in one row or two.
_read_once: ContextVar[dict[int, list[Grant]] | None] = ContextVar("grants of one page", default=None)


@dataclass(frozen=True)
class Scope:
    """The unions (with all below), employers, providers and persons one user reaches for one right.

    Empty means nothing is seen: a scope fails closed. `everything` is for the system alone.
    """

    user: User | None
    right: str
    roots: frozenset[int] = field(default_factory=frozenset)
    employers: frozenset[int] = field(default_factory=frozenset)
    providers: frozenset[int] = field(default_factory=frozenset)
    persons: frozenset[int] = field(default_factory=frozenset)
    everything: bool = False
    # Union and programme of roles narrowed to one programme: reached through `of_programme` and `parts` alone, so
    # that whoever does not know of programmes sees nothing of them.
    programmes: frozenset[tuple[int, str]] = field(default_factory=frozenset)

    @property
    def is_empty(self) -> bool:
        """Whether this scope reaches nothing at all."""
        own = self.employers or self.providers or self.persons
        return not (self.roots or own or self.everything or self.programmes)

    def of_programme(self, code: str) -> Scope:
        """The same for the things of one programme: whole roles, and those narrowed to it."""
        narrowed = {union_id for union_id, programme in self.programmes if programme == code}
        return replace(self, roots=self.roots | narrowed, programmes=frozenset())

    def parts(self) -> list[tuple[str, Scope]]:
        """What is reached of all programmes (code empty), and for each one that a role is narrowed to what of that."""
        codes = sorted({programme for _union, programme in self.programmes})
        return [("", replace(self, programmes=frozenset())), *((code, self.of_programme(code)) for code in codes)]

    @property
    def seats(self) -> frozenset[int]:
        """The unions somebody acts from with this right, whole or for one programme: for words, never for reading."""
        return self.roots | {union_id for union_id, _programme in self.programmes}

    @property
    def seat_mark(self) -> str:
        """Names what is kept for a while of a reader in these seats: when he loses one, it is kept no longer."""
        return f"{self.everything} {sorted(self.roots)} {sorted(self.programmes)}"

    def union_ids(self) -> QuerySet[UnionClosure, int]:
        """Ids of all unions in scope, as a subquery on today's tree."""
        rows = UnionClosure.objects.all()
        if not self.everything:
            rows = rows.filter(ancestor_id__in=self.roots)
        return rows.values_list("descendant_id", flat=True)

    def unions(self, column: str = "union_id") -> Q:
        """The condition that a row's union lies in scope."""
        return Q() if self.everything else Q(**{f"{column}__in": self.union_ids()})

    def unions_walked(self, column: str = "union_id") -> Q:
        """The same as `unions`, for a list that is walked in its order: the unions are looked up once for all rows."""
        return Q() if self.everything else Q(InOnce(F(column), self.union_ids()))

    def reaches_union(self, union_id: int) -> bool:
        """Whether one union lies in scope."""
        return self.everything or self.union_ids().filter(descendant_id=union_id).exists()


def system_scope() -> Scope:
    """The scope of listed system acts: sweeps, sealing, seeding."""
    return Scope(user=None, right="system", everything=True)


def grants_in_force() -> QuerySet[Grant]:
    """Grants of anybody that count at this moment; a deputy's only while he whom he stands in for holds the role."""
    counts = _counts(clock.now())
    held = Grant.objects.filter(
        counts, user=OuterRef("stands_in_for"), user__is_active=True, role=OuterRef("role"), union=OuterRef("union"),
        stands_in_for__isnull=True, scope_kind=OuterRef("scope_kind"),
    )  # fmt: skip
    return Grant.objects.filter(counts).filter(Q(stands_in_for__isnull=True) | Exists(held))


def _counts(moment: datetime | Asked) -> Q:
    return Q(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment), valid_from__lte=moment, expires_at__gt=moment)


_held = Prepared(
    lambda: Grant.objects.filter(_counts(Asked("moment", DateTimeField())), user_id=Asked("user", BigAutoField()))
)


def active_grants(user: User) -> QuerySet[Grant]:
    """Grants of this user that count at this moment."""
    return grants_in_force().filter(user=user)


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
        return _read_grants(user)
    if user.pk not in kept:
        kept[user.pk] = _read_grants(user)
    return kept[user.pk]


def _read_grants(user: User) -> list[Grant]:
    """The same as `active_grants`; whether somebody stood in for still holds his role is asked where there is one."""
    own = _held(user=user.pk, moment=clock.now())
    return own if all(grant.stands_in_for_id is None for grant in own) else list(active_grants(user))


def rights_in(grant: Grant) -> frozenset[str]:
    """The rights a grant carries: those of its role, or where it is narrowed those that can be held for a programme."""
    carried = roles.get(grant.role).rights
    if grant.scope_kind != "programme":
        return carried
    return frozenset(code for code in carried if rights.get(code).by_programme)


def scope_of(user: Any, right: str, *, as_deputy: bool = True) -> Scope:
    """The scope of a user for one registered right; an unknown right raises.

    Without `as_deputy`, roles held in somebody's place are left out: they do the work, and pass no power on.
    """
    rights.get(right)
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Scope(user=None, right=right)
    held = [
        grant
        for grant in _grants_of(user)
        if right in rights_in(grant) and (as_deputy or grant.stands_in_for_id is None)
    ]
    whole = [grant.union_id for grant in held if grant.scope_kind == "union"]
    narrowed = [(grant.union_id, grant.programme) for grant in held if grant.scope_kind == "programme"]
    return Scope(
        user=user,
        right=right,
        roots=frozenset(pk for pk in whole if pk is not None),
        employers=_of_kind(held, "employer"),
        providers=_of_kind(held, "provider"),
        persons=_of_kind(held, "self"),
        everything=any(grant.scope_kind == "system" for grant in held),
        programmes=frozenset((pk, programme) for pk, programme in narrowed if pk is not None),
    )


def _of_kind(held: list[Grant], kind: str) -> frozenset[int]:
    return frozenset(grant.scope_id for grant in held if grant.scope_kind == kind and grant.scope_id is not None)


def require(
    user: Any, right: str, union_id: int | None = None, *, programme: str = "", as_deputy: bool = True
) -> Scope:  # fmt: skip
    """The user's scope for a right, or `RightMissing`; with a union, that union must lie in it.

    With a programme it is the scope for the things of that one.
    """
    scope = scope_of(user, right, as_deputy=as_deputy)
    if scope.is_empty:
        raise RightMissing(right)
    if programme:
        scope = scope.of_programme(programme)
    if union_id is not None and not scope.reaches_union(union_id):
        raise NotFoundHere
    return scope


def rights_of(user: Any) -> frozenset[str]:
    """All rights a user holds anywhere: for menus, never for reading rows."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    held: set[str] = set()
    for grant in _grants_of(user):
        held |= rights_in(grant)
    return frozenset(held)


def home_area(user: Any) -> str:
    """The area a user lands in after logging in: desk before employer before partner before my."""
    areas = {roles.get(grant.role).area for grant in _grants_of(user)}
    return next((area for area in ("desk", "employer", "partner", "my") if area in areas), "")
