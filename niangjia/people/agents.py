"""Agents as an officer sees them: who, for which employer or provider, given by whom, until when."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.accounts.phones import masked
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import agent_grants
from niangjia.federation.rights import roles
from niangjia.federation.rightspage import Owner, Reach, RightsBlock, reaches, rights_blocks
from niangjia.federation.scopes import Scope, scope_of
from niangjia.federation.services.grants import GIVE, OWN_DATA
from niangjia.people.models import Employer

MOST = 200
READ = "people.registry:read"


@dataclass(frozen=True)
class Principal:
    """Whom an agent acts for: an employer, or what a room above looks after; found in scope by the caller."""

    kind: str  # as in the scope of the role: employer | provider
    role: str  # what an agent of it holds
    id: int
    union_id: int
    name: str
    public_id: str
    page: str  # the name of its route
    take: str  # of the route that takes a role back

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse(self.page, args=[self.public_id])


@dataclass(frozen=True)
class AgentLine:
    """One agent of one principal."""

    id: int
    of: Principal
    name: str
    phone: str  # masked
    given_by: str  # empty: by who runs the installation
    begins: datetime
    ends: datetime  # the last moment, so that its date is the last day
    may_take: bool

    @property
    def take_url(self) -> str:
        """Where the role is taken back."""
        return reverse(self.of.take, args=[self.of.public_id, self.id])


def principal(employer: Employer) -> Principal:
    """An employer, as agents act for it."""
    return Principal(
        "employer", "employer_agent", employer.pk, employer.union_id, employer.name, employer.public_id,
        "employer_file", "agent_take",
    )  # fmt: skip


def agents_of(principals: Collection[Principal], viewer: User) -> list[AgentLine]:
    """The agents of principals of one kind in the viewer's scope."""
    by_id = {one.id: one for one in principals}
    kind, role = next(((one.kind, one.role) for one in principals), ("", ""))
    reached = {one.union_id for one in principals}
    for right in to_name(role) if role else ():
        scope = scope_of(viewer, right, as_deputy=False)
        reached &= set(scope.union_ids().filter(descendant_id__in=reached))
    return [
        AgentLine(
            id=grant.pk, of=by_id[grant.scope_id], name=grant.user.display_name,
            phone=masked(grant.user.phone) if grant.user.phone else "",
            given_by=grant.granted_by.display_name if grant.granted_by else "", begins=grant.valid_from,
            ends=grant.expires_at - timedelta(microseconds=1),
            may_take=by_id[grant.scope_id].union_id in reached and grant.user_id != viewer.pk,
        )
        for grant in agent_grants(kind, by_id)
        if grant.scope_id is not None
    ]  # fmt: skip


def agent_of(whom: Principal, grant_id: int) -> Any:
    """One agent's role for a principal found in scope, or `NotFoundHere`."""
    row = agent_grants(whom.kind, [whom.id]).filter(pk=grant_id).first()
    if row is None:
        raise NotFoundHere
    return row


def may_name(whom: Principal, viewer: User) -> bool:
    """Whether the viewer names agents of this principal."""
    scopes = (scope_of(viewer, right, as_deputy=False) for right in to_name(whom.role))
    return all(scope.reaches_union(whom.union_id) for scope in scopes)


def to_name(role: str) -> frozenset[str]:
    """The rights it takes to give this role: that to give roles, and its own unless they are about own data."""
    own = frozenset() if roles.get(role).scope_kind in OWN_DATA else roles.get(role).rights
    return own | {GIVE}


def register() -> None:
    """Offer employers' agents to the page of all roles."""
    offer(Employer, "employer", READ, principal, _("an employer"), _("Employers' agents"))


def offer(
    model: Any, kind: str, right: str, of: Callable[[Any], Principal], label: str | Promise, title: str | Promise
) -> None:
    """Offer the agents of one kind of principal to the page of all roles, to whoever may open the principal too.

    `model` has a union and a name; `of` makes a principal of one of its rows.
    """

    def seen(scope: Scope) -> QuerySet[Any]:
        rows: QuerySet[Any] = model.objects.filter(scope.unions(), scope_of(scope.user, right).unions())
        return rows

    def owners(ids: Collection[int]) -> dict[int, Owner]:
        found = (of(row) for row in model.objects.filter(pk__in=ids))
        return {one.id: Owner(one.name, one.union_id, one.url) for one in found}

    def of_the_desk(request: HttpRequest) -> list[AgentLine]:
        scope = scope_of(request.user, right)
        if scope.is_empty:
            return []
        mine = model.objects.filter(scope.unions())
        acted_for = agent_grants(kind, mine.values("pk")).values_list("scope_id", flat=True)[:MOST]
        found = mine.filter(pk__in=list(acted_for)).order_by("name")
        return agents_of([of(row) for row in found], request.user)

    reaches.register(kind, Reach(label, seen, owners))
    rights_blocks.register(f"{kind}.agents", RightsBlock(title, "people/_agents.html", of_the_desk))
