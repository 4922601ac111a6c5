"""Who may do what in my unit: each role with who gave it and until when, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.registries import Registry
from niangjia.federation.listing.kinds import State
from niangjia.federation.models import Grant, Officer, UnionClosure
from niangjia.federation.queries import OVER_UNIONS
from niangjia.federation.rights import Role, rights, roles
from niangjia.federation.scopes import Scope, active_grants, grants_in_force, rights_in
from niangjia.federation.services.grants import GIVE

SOON = timedelta(days=30)


@dataclass(frozen=True)
class RightsBlock:
    """Roles over what a room above looks after, on the page of all roles; an empty `rows` hides the block."""

    title: str | Promise
    template: str
    rows: Callable[[HttpRequest], Collection[Any]]


rights_blocks: Registry[RightsBlock] = Registry("rights blocks")


@dataclass(frozen=True)
class ProgrammeBook:
    """The programmes of the room above: those a scope may narrow a role to, and names by code."""

    offered: Callable[[Scope], list[tuple[str, str]]]
    names: Callable[[Collection[str]], dict[str, str]]


programme_books: Registry[ProgrammeBook] = Registry("programme books")


def programme_names(codes: Collection[str]) -> dict[str, str]:
    """Names of programmes by code."""
    return {code: name for book in programme_books.all() for code, name in book.names(codes).items()} if codes else {}


def programmes_offered(scope: Scope) -> list[tuple[str, str]]:
    """Programmes that a role within a scope can be narrowed to."""
    return [choice for book in programme_books.all() for choice in book.offered(scope)]


@dataclass(frozen=True)
class Owner:
    """What a role that is over no union is over."""

    name: str
    union_id: int
    url: str


@dataclass(frozen=True)
class Reach:
    """Roles over what a room above looks after: which of it a reader sees, and what it is called."""

    label: str | Promise
    seen: Callable[[Scope], QuerySet]  # rows that belong to a union
    owners: Callable[[Collection[int]], Mapping[int, Owner]]


# By the kind of scope a role has.
reaches: Registry[Reach] = Registry("what roles are over")


def _owners_of(rows: Collection[Grant]) -> dict[int, Owner]:
    """What each of these roles is over, where that is no union; by the role's key."""
    found: dict[int, Owner] = {}
    for kind in reaches:
        ours = {row.pk: row.scope_id for row in rows if row.scope_kind == kind and row.scope_id is not None}
        named = reaches.get(kind).owners(set(ours.values())) if ours else {}
        found |= {pk: named[over] for pk, over in ours.items() if over in named}
    return found


@dataclass(frozen=True)
class GrantLine:
    """One role of one person, in words."""

    id: int
    name: str
    username: str
    post: str
    role: str | Promise
    union: str  # or what else it is over
    union_id: int | None
    url: str  # the page of what it is over, where that is no union
    programme: str  # empty: for all programmes
    given_by: str  # empty: by who runs the installation
    stands_in_for: str
    begins: datetime
    ends: datetime  # the last moment, so that its date is the last day; when it was taken back, that moment
    state: State
    may_take: bool


def lines(rows: Collection[Grant], viewer: User | None) -> list[GrantLine]:
    """Rows in words, with what the viewer may do about each; a fixed number of queries."""
    giver = Giver(viewer, {row.union_id for row in rows if row.union_id}) if viewer else None
    today = clock.today()
    counting = set(grants_in_force().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    owners = _owners_of(rows)
    programmes = programme_names({row.programme for row in rows} - {""})
    posts = {
        (post.user_id, post.union_id): post.post
        for post in Officer.objects.filter(user_id__in={row.user_id for row in rows})
        if post.valid_from <= today and (post.valid_to is None or post.valid_to > today)
    }
    return [
        GrantLine(
            id=row.pk,
            name=row.user.display_name,
            # Who logs in by telephone has a name that says nothing.
            username="" if row.pk in owners else row.user.username,
            post=posts.get((row.user_id, row.union_id or 0), ""),
            role=roles.get(row.role).label,
            union=owner.name if (owner := owners.get(row.pk)) else row.union.name if row.union else "",
            union_id=owner.union_id if owner else row.union_id,
            url=owner.url if owner else "",
            programme=programmes.get(row.programme, row.programme),
            given_by=row.granted_by.display_name if row.granted_by else "",
            stands_in_for=row.stands_in_for.display_name if row.stands_in_for else "",
            begins=row.valid_from,
            ends=row.revoked_at or row.expires_at - timedelta(microseconds=1),
            state=_state(row, row.pk in counting),
            may_take=viewer is not None and giver is not None and _may_take(row, viewer, giver),
        )
        for row in rows
    ]


def _state(row: Grant, counts: bool) -> State:
    moment = clock.now()
    if row.revoked_at is not None:
        return State("no", _("taken back"))
    if row.expires_at <= moment:
        return State("no", _("Ended"))
    if row.valid_from > moment:
        return State("go", _("Not yet"))
    if not counts:
        return State("no", _("rests"))  # a deputy's, while he whom he stands in for does not hold the role
    return State("late", _("Ends soon")) if row.expires_at < moment + SOON else State("yes", _("counts now"))


def _may_take(row: Grant, viewer: User, giver: Giver) -> bool:
    if row.revoked_at is not None or row.expires_at <= clock.now():
        return False
    return row.stands_in_for_id == viewer.pk or (row.user_id != viewer.pk and giver.may_give(row))


class Giver:
    """What one user may give where, asked about many rows with two queries."""

    def __init__(self, user: User, union_ids: Collection[int]) -> None:
        self._held = [(row.union_id, roles.get(row.role).rights) for row in _own(user)]
        self._above: dict[int, set[int]] = {}
        pairs = UnionClosure.objects.filter(descendant_id__in=union_ids)
        for below, above in pairs.values_list("descendant_id", "ancestor_id"):
            self._above.setdefault(below, set()).add(above)

    def may_give(self, grant: Grant) -> bool:
        """Whether every right of a role over a union, and the right to give it, is held there."""
        above = self._above.get(grant.union_id or 0, set())
        held = frozenset().union(*(rights_there for root, rights_there in self._held if root in above))
        return grant.union_id is not None and (rights_in(grant) | {GIVE}) <= held


def _own(user: User) -> QuerySet[Grant]:
    return active_grants(user).filter(scope_kind="union", stands_in_for__isnull=True)


def roles_to_give(user: User) -> list[Role]:
    """The roles whose every right this user holds where he may give roles."""
    there = frozenset().union(*(roles.get(row.role).rights for row in _own(user)))
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
    rows = active_grants(user).filter(scope_kind__in=OVER_UNIONS)
    rows = rows.select_related("user", "union", "granted_by", "stands_in_for")
    return lines(list(rows.order_by("pk")), user)


def deputies_of(user: User) -> list[GrantLine]:
    """Who stands in for somebody, now or later."""
    rows = Grant.objects.filter(stands_in_for=user, revoked_at__isnull=True, expires_at__gt=clock.now()).select_related(
        "user", "union", "granted_by", "stands_in_for"
    )
    return lines(list(rows.order_by("valid_from", "pk")), user)
