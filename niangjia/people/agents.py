"""Employers' agents as an officer sees them: who, for which employer, given by whom, until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.accounts.phones import masked
from niangjia.federation.listing.kinds import pages_of
from niangjia.federation.queries import employer_grants
from niangjia.federation.rightspage import Owner, Reach, RightsBlock, reaches, rights_blocks
from niangjia.federation.scopes import Scope, scope_of
from niangjia.federation.services.grants import GIVE
from niangjia.people.models import Employer

MOST = 200
READ = "people.registry:read"


@dataclass(frozen=True)
class AgentLine:
    """One agent of one employer."""

    id: int
    employer: Employer
    name: str
    phone: str  # masked
    given_by: str  # empty: by who runs the installation
    begins: datetime
    ends: datetime  # the last moment, so that its date is the last day
    may_take: bool


def agents_of(employers: Collection[Employer], viewer: User) -> list[AgentLine]:
    """The agents of employers in the viewer's scope."""
    by_id = {employer.pk: employer for employer in employers}
    give = scope_of(viewer, GIVE, as_deputy=False)
    reached = set(give.union_ids().filter(descendant_id__in={employer.union_id for employer in employers}))
    return [
        AgentLine(
            id=grant.pk, employer=by_id[grant.scope_id], name=grant.user.display_name,
            phone=masked(grant.user.phone) if grant.user.phone else "",
            given_by=grant.granted_by.display_name if grant.granted_by else "", begins=grant.valid_from,
            ends=grant.expires_at - timedelta(microseconds=1),
            may_take=by_id[grant.scope_id].union_id in reached and grant.user_id != viewer.pk,
        )
        for grant in employer_grants(by_id)
        if grant.scope_id is not None
    ]  # fmt: skip


def may_name(employer: Employer, viewer: User) -> bool:
    """Whether the viewer names agents of this employer."""
    return scope_of(viewer, GIVE, as_deputy=False).reaches_union(employer.union_id)


def register() -> None:
    """Offer the agents to the page of all roles."""
    reaches.register("employer", Reach(_("an employer"), _employers, _owners))
    rights_blocks.register("people.agents", RightsBlock(_("Employers' agents"), "people/_agents.html", _of_the_desk))


def _employers(scope: Scope) -> QuerySet[Employer]:
    """Employers whose agents a reader of roles may see: those whose files he may open too."""
    return Employer.objects.filter(scope.unions(), scope_of(scope.user, READ).unions())


def _owners(ids: Collection[int]) -> dict[int, Owner]:
    page = pages_of("employer_file")
    rows = Employer.objects.filter(pk__in=ids).only("name", "union_id", "public_id")
    return {row.pk: Owner(row.name, row.union_id, page(row.public_id)) for row in rows}


def _of_the_desk(request: HttpRequest) -> list[AgentLine]:
    scope = scope_of(request.user, READ)
    if scope.is_empty:
        return []
    mine = Employer.objects.filter(scope.unions())
    with_agent = employer_grants(mine.values("pk")).values_list("scope_id", flat=True)[:MOST]
    return agents_of(list(mine.filter(pk__in=list(with_agent)).order_by("name")), request.user)
